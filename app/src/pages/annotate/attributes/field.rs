//! One attribute of what is selected, as a field.

use crate::components::{Checkbox, SelectField, TextInput};
use crate::pages::annotate::desk::Desk;
use crate::pages::annotate::objects::is_unset;
use crate::t;
use visionflow_engine::Edit;
use visionflow_model::{Annotation, Attribute, AttributeKind, AttributeValue};
use yew::prelude::*;

/// One attribute of everything that is selected; a change is one undo step.
pub fn attribute_row(desk: &Desk, shapes: &[Annotation], attribute: &Attribute) -> Html {
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
            let missing = attribute.required
                && shapes
                    .iter()
                    .any(|shape| is_unset(value_of(shape).as_ref()));
            return html! {
                <div class={classes!("property", "property-check", missing.then_some("property-missing"))} key={attribute.id.to_string()}>
                    <Checkbox label={name} {checked} {onchange} {disabled} />
                    if missing { <button type="button" class="property-note property-answer" onclick={set.reform(|_: MouseEvent| Some(AttributeValue::Bool(false)))}>{ t!("attribute-answer-no") }</button> }
                </div>
            };
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
    let missing = attribute.required
        && shapes
            .iter()
            .any(|shape| is_unset(shape.attributes.get(&attribute.id)));
    html! {
        <div class={classes!("property", missing.then_some("property-missing"))} key={attribute.id.to_string()}>
            <span title={name.clone()}>{ name }if attribute.required { <span aria-hidden="true">{ " *" }</span> }</span>{ control }
            if missing { <span class="property-note">{ t!("attribute-missing") }</span> }
        </div>
    }
}
