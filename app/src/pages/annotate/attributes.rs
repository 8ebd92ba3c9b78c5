//! What is selected: its label, its attributes, where it lies.

use super::desk::Desk;
use super::section::Section;
use crate::components::{Checkbox, SelectField, TextInput};
use crate::t;
use visionflow_engine::Edit;
use visionflow_model::{Annotation, Attribute, AttributeKind, AttributeValue, LabelId};
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
                desk.edit_selection(|shape| Edit::SetLabel(shape, label));
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
                if let ([only], Some(bounds)) = (shapes.as_slice(), first.shape.bounds()) {
                    <dl class="numbers">
                        <dt>{ "X" }</dt><dd>{ format!("{:.1}", bounds.min.x) }</dd><dt>{ "Y" }</dt><dd>{ format!("{:.1}", bounds.min.y) }</dd>
                        <dt>{ t!("selection-width") }</dt><dd>{ format!("{:.1}", bounds.width()) }</dd>
                        <dt>{ t!("selection-height") }</dt><dd>{ format!("{:.1}", bounds.height()) }</dd>
                        if let visionflow_model::Shape::Polygon(polygon) = &only.shape {
                            <dt>{ t!("selection-vertices") }</dt><dd>{ polygon.vertex_count() }</dd>
                        }
                    </dl>
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

/// One attribute of everything that is selected; a change is one undo step.
fn attribute_row(desk: &Desk, shapes: &[Annotation], attribute: &Attribute) -> Html {
    let value_of = |shape: &Annotation| shape.attributes.get(&attribute.id).cloned();
    let first = shapes.first().and_then(value_of);
    let mixed = shapes.iter().any(|shape| value_of(shape) != first);
    let set = {
        let (desk, id) = (desk.clone(), attribute.id);
        Callback::from(move |value: Option<AttributeValue>| {
            desk.edit_selection(|shape| Edit::SetAttribute(shape, id, value.clone()));
        })
    };
    let disabled = !desk.can_edit;
    let name = attribute.name.clone();
    let text = match (&first, mixed) {
        (Some(AttributeValue::Text(text)), false) => text.clone(),
        (Some(AttributeValue::Number(number)), false) => number.to_string(),
        _ => String::new(),
    };
    let placeholder = if mixed {
        t!("selection-mixed")
    } else {
        String::new()
    };
    let control = match &attribute.kind {
        AttributeKind::Checkbox => {
            let checked = !mixed && first == Some(AttributeValue::Bool(true));
            let onchange = set.reform(|on: bool| Some(AttributeValue::Bool(on)));
            return html! { <div class="property property-check"><Checkbox label={name} {checked} {onchange} {disabled} /></div> };
        }
        AttributeKind::Text => {
            let onchange = set.reform(|text: String| {
                (!text.trim().is_empty()).then(|| AttributeValue::Text(text.trim().to_owned()))
            });
            html! { <TextInput label={name.clone()} value={text} {placeholder} {onchange} {disabled} /> }
        }
        AttributeKind::Number => {
            let onchange = set.reform(|text: String| {
                text.trim()
                    .parse()
                    .ok()
                    .filter(|n: &f64| n.is_finite())
                    .map(AttributeValue::Number)
            });
            html! { <TextInput label={name.clone()} kind="number" value={text} {placeholder} {onchange} {disabled} /> }
        }
        AttributeKind::Select { options } => {
            let none = if mixed {
                t!("selection-mixed")
            } else {
                t!("attribute-unset")
            };
            let options = std::iter::once((AttrValue::Static(""), none.into()))
                .chain(
                    options
                        .iter()
                        .map(|option| (option.clone().into(), option.clone().into())),
                )
                .collect::<Vec<_>>();
            let onchange =
                set.reform(|text: String| (!text.is_empty()).then_some(AttributeValue::Text(text)));
            html! { <SelectField label={name.clone()} value={text} {options} {onchange} {disabled} /> }
        }
    };
    let missing = attribute.required && !mixed && first.is_none();
    html! {
        <div class={classes!("property", missing.then_some("property-missing"))} key={attribute.id.to_string()}>
            <span title={name.clone()}>{ name }if attribute.required { <span aria-hidden="true">{ " *" }</span> }</span>{ control }
        </div>
    }
}
