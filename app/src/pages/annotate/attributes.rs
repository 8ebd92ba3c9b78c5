//! What is selected: its label, its attributes, its style, where it lies.

mod field;
mod joints;
mod numbers;
mod style;

use super::desk::Desk;
use super::history::Touches;
use super::section::Section;
use crate::components::SelectField;
use crate::t;
use field::attribute_row;
use visionflow_engine::{Command, SaveState};
use visionflow_model::{Annotation, LabelId};
use yew::prelude::*;

#[component]
pub fn SelectionPanel() -> Html {
    let Some(desk) = use_context::<Option<Desk>>().flatten() else {
        return html! {};
    };
    // More than anyone looks at in detail; reading them all would cost a frame.
    let shapes: Vec<Annotation> = desk
        .selection
        .iter()
        .take(500)
        .filter_map(|id| desk.engine.annotation(*id))
        .collect();
    let Some(first) = shapes.first() else {
        return html! {};
    };
    let same_label = shapes.iter().all(|shape| shape.label == first.label);
    let options: Vec<(AttrValue, AttrValue)> = (!same_label)
        .then(|| (AttrValue::Static(""), t!("selection-mixed").into()))
        .into_iter()
        .chain(label_options(&desk, first.label))
        .collect();
    let onchange = {
        let desk = desk.clone();
        Callback::from(move |value: String| {
            if let Ok(label) = value.parse() {
                desk.run(&Command::SetLabel(label));
            }
        })
    };
    let value = if same_label {
        first.label.to_string()
    } else {
        String::new()
    };
    let attributes = desk
        .ontology
        .label(first.label)
        .filter(|_| same_label)
        .map(|label| label.attributes.clone());
    html! {
        <Section id="selection" title={t!("selection-title")} count={Some(desk.selection.len())}>
            <div class="selection">
                <div class="property"><span>{ t!("selection-label") }</span>
                    <SelectField label={t!("selection-label")} {value} {options} {onchange} disabled={!desk.can_edit} /></div>
                { for attributes.unwrap_or_default().iter().map(|attribute| attribute_row(&desk, &shapes, attribute)) }
                { joints::rows(&desk, &shapes) }
                { numbers::numbers(&shapes) }
                { style::fields(&desk, &shapes) }
                if let [only] = shapes.as_slice() {
                    <Touches image_id={desk.image_id} id={only.id} version={desk.version} is_saved={desk.save_state == SaveState::Saved} />
                }
            </div>
        </Section>
    }
}

fn label_options(desk: &Desk, current: LabelId) -> Vec<(AttrValue, AttrValue)> {
    let shown = desk
        .ontology
        .labels
        .iter()
        .filter(|label| !label.archived || label.id == current);
    shown
        .map(|label| (label.id.to_string().into(), label.name.clone().into()))
        .collect()
}
