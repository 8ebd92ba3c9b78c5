//! Who else is at which photograph now, read again every few seconds while the page is looked at.

use crate::api_client;
use crate::components::{Avatar, Menu, MenuItem, crowd, icon};
use crate::router::Route;
use crate::session::use_session;
use crate::t;
use gloo::events::EventListener;
use gloo::timers::callback::Interval;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{People, PersonAt};
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

const EVERY_MS: u32 = 4_000;

/// Everyone else in the project, by photograph.
#[hook]
pub fn use_people(project_id: Uuid) -> Rc<[PersonAt]> {
    let people = use_state_eq(|| Rc::<[PersonAt]>::from([]));
    let me = use_session().me().map(|me| me.id);
    {
        let people = people.setter();
        use_effect_with((project_id, me), move |(project_id, me)| {
            let (path, me) = (format!("/api/v1/projects/{project_id}/people"), *me);
            let read = Callback::from(move |()| {
                if crate::browser::document().hidden() {
                    return;
                }
                let (path, people) = (path.clone(), people.clone());
                spawn_local(async move {
                    // Without an answer the last one stays.
                    if let Ok(People { mut items }) = api_client::get::<People>(&path).await {
                        items.retain(|person| Some(person.user_id) != me);
                        people.set(items.into());
                    }
                });
            });
            read.emit(());
            let again = {
                let read = read.clone();
                Interval::new(EVERY_MS, move || read.emit(()))
            };
            let document = crate::browser::document();
            let shown = EventListener::new(&document, "visibilitychange", move |_| read.emit(()));
            move || drop((again, shown))
        });
    }
    (*people).clone()
}

#[derive(Properties, PartialEq)]
pub struct HereProps {
    pub project_id: Uuid,
    pub people: Rc<[PersonAt]>,
}

/// Everyone once; each leads to where they are.
#[component]
pub fn Here(props: &HereProps) -> Html {
    let navigator = use_navigator();
    let mut known: Vec<(&PersonAt, Vec<MenuItem>)> = Vec::new();
    for person in props.people.iter() {
        let (navigator, project_id, image_id) =
            (navigator.clone(), props.project_id, person.image_id);
        let go = move || {
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Annotate {
                    project_id,
                    image_id,
                });
            }
        };
        let item = MenuItem::new(person.filename.clone(), icon::IMAGE, go);
        match known
            .iter_mut()
            .find(|(one, _)| one.user_id == person.user_id)
        {
            Some((_, items)) => items.push(item),
            None => known.push((person, vec![item])),
        }
    }
    let people = known.into_iter().map(|(person, items)| {
        let (name, id) = (person.name.clone(), person.user_id.to_string());
        html! {
            <li key={id.clone()}>
                <Menu label={t!("presence-menu", name = name.clone())} {items} class="presence-menu" align_right=true>
                    <Avatar {name} {id} />
                </Menu>
            </li>
        }
    });
    crowd("", Some(t!("people-here")), people.collect())
}

/// The discs of those who are at one photograph.
pub fn at_photograph(people: &[PersonAt], image_id: Uuid) -> Html {
    let here = people.iter().filter(|person| person.image_id == image_id);
    let here: Vec<Html> = here
        .map(|person| {
            html! { <li><Avatar name={person.name.clone()} id={person.user_id.to_string()} /></li> }
        })
        .collect();
    if here.is_empty() {
        return html! {};
    }
    crowd("tile-people", None, here)
}
