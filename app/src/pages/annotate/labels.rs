//! The project's labels: the current one, their keys, how often each is used here.

use super::commands::label_keys;
use super::desk::Desk;
use super::section::Section;
use crate::commands::keymap::use_keymap;
use crate::components::Keys;
use crate::router::Route;
use crate::t;
use visionflow_model::Label;
use yew::prelude::*;
use yew_router::prelude::*;

#[component]
pub fn LabelsPanel() -> Html {
    use_keymap();
    let Some(desk) = use_context::<Option<Desk>>().flatten() else {
        return html! { <Section id="labels" title={t!("labels-title")}><div class="panel-wait" /></Section> };
    };
    let objects = desk.objects.borrow();
    let row = |(place, label): (usize, &Label)| {
        let current = desk.label == Some(label.id);
        let count = objects.count(label.id);
        let onclick = {
            let (onchoose, id) = (desk.choose.clone(), label.id);
            Callback::from(move |_: MouseEvent| onchoose.emit(id))
        };
        html! {
            <button type="button" key={label.id.to_string()} role="option" class={classes!("label-option", current.then_some("label-current"))}
                aria-selected={if current { "true" } else { "false" }} aria-label={label.name.clone()} {onclick}>
                <span class="dot" style={format!("background:{}", label.color)} />
                <span class="grow ellipsis">{ &label.name }</span>
                if count > 0 { <span class="count" aria-hidden="true">{ count }</span> }
                if let Some(key) = label_keys(&desk, place, label).into_iter().next() { <Keys keys={key} /> }
            </button>
        }
    };
    let none = desk.ontology.active().next().is_none();
    html! {
        <Section id="labels" title={t!("labels-title")}>
            if none {
                <div class="panel-note">
                    <p>{ t!("annotate-no-labels") }</p>
                    <Link<Route> to={Route::Settings { project_id: desk.project.id }}>{ t!("annotate-add-labels") }</Link<Route>>
                </div>
            } else {
                <div class="label-options" role="listbox" aria-label={t!("labels-title")}>{ for desk.ontology.active().enumerate().map(row) }</div>
            }
        </Section>
    }
}
