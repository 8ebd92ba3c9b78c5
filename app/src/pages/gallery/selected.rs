//! Which photographs are selected, and what can be done with them together.

use crate::components::{Button, IconButton, Tone, icon};
use crate::pages::image_list::ImageList;
use crate::t;
use std::collections::HashSet;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::Image;
use yew::prelude::*;

/// The selection, and how to change it.
#[derive(Clone, PartialEq)]
pub struct Selected {
    pub ids: Rc<HashSet<Uuid>>,
    /// One more or one less; with Shift, all from the last one to this.
    pub toggle: Callback<(Uuid, bool)>,
    pub all: Callback<()>,
    pub none: Callback<()>,
}

#[hook]
pub fn use_selected(list: &ImageList) -> Selected {
    let ids = use_state_eq(|| Rc::new(HashSet::<Uuid>::new()));
    let last = use_mut_ref(|| None::<Uuid>);
    let toggle = {
        let (ids, images) = (ids.clone(), list.images().clone());
        Callback::from(move |(id, range): (Uuid, bool)| {
            let mut next = (**ids).clone();
            let at = |id: Uuid| images.iter().position(|image| image.id == id);
            let from = last.replace(Some(id)).filter(|_| range).and_then(at);
            match from.zip(at(id)) {
                Some((a, b)) => {
                    let range = &images[a.min(b)..=a.max(b)];
                    next.extend(range.iter().map(|image| image.id));
                }
                None if !next.remove(&id) => drop(next.insert(id)),
                None => {}
            }
            ids.set(Rc::new(next));
        })
    };
    let all = {
        let (ids, images) = (ids.setter(), list.images().clone());
        Callback::from(move |()| ids.set(Rc::new(images.iter().map(|image| image.id).collect())))
    };
    let none = {
        let ids = ids.setter();
        Callback::from(move |()| ids.set(Rc::default()))
    };
    Selected {
        ids: (*ids).clone(),
        toggle,
        all,
        none,
    }
}

impl Selected {
    /// The selected ones that are still there, in the order of the list.
    pub fn images(&self, list: &ImageList) -> Vec<Image> {
        let images = list.images().iter();
        let chosen = images.filter(|image| self.ids.contains(&image.id));
        chosen.cloned().collect()
    }
}

#[derive(Properties, PartialEq)]
pub struct SelectedBarProps {
    pub count: usize,
    pub selected: Selected,
    pub onrun: Callback<()>,
}

/// Stands in the toolbar while something is selected.
#[component]
pub fn SelectedBar(props: &SelectedBarProps) -> Html {
    html! {
        <div class="selected-bar" role="group" aria-label={t!("selected-photographs", n = props.count as i64)}>
            <span class="toolbar-count" role="status">{ t!("selected-photographs", n = props.count as i64) }</span>
            <Button label={t!("run-model")} icon={icon::SPARKLES} tone={Tone::Primary} small=true onclick={props.onrun.reform(|_| ())} />
            <Button label={t!("select-all-shown")} tone={Tone::Quiet} small=true onclick={props.selected.all.reform(|_| ())} />
            <IconButton label={t!("select-none")} icon={icon::X} onclick={props.selected.none.reform(|_| ())} />
        </div>
    }
}
