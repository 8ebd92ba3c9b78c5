//! What an attribute of a new annotation begins with, as a field for its kind.

use crate::components::{SelectField, TextInput};
use crate::t;
use visionflow_model::{Attribute, AttributeKind, AttributeValue};
use yew::prelude::*;

pub fn default_field(
    attribute: &Attribute,
    disabled: bool,
    onchange: &Callback<Option<AttributeValue>>,
) -> Html {
    let label = t!("attribute-default");
    let placeholder = t!("attribute-default-none");
    let default = attribute.default.as_ref();
    match &attribute.kind {
        AttributeKind::Text => {
            let value = match default {
                Some(AttributeValue::Text(text)) => text.clone(),
                _ => String::new(),
            };
            let oninput = onchange.reform(|text: String| {
                (!text.trim().is_empty()).then_some(AttributeValue::Text(text))
            });
            html! { <TextInput {label} {value} {placeholder} maxlength="1000" {oninput} {disabled} /> }
        }
        AttributeKind::Number => {
            let value = match default {
                Some(AttributeValue::Number(number)) => number.to_string(),
                _ => String::new(),
            };
            // Only when the person is done: half a number is none.
            let onchange = onchange.reform(|text: String| {
                let number = text.trim().parse().ok().filter(|n: &f64| n.is_finite());
                number.map(AttributeValue::Number)
            });
            html! { <TextInput {label} kind="number" {value} {placeholder} {onchange} {disabled} /> }
        }
        AttributeKind::Checkbox => {
            let value = match default {
                Some(AttributeValue::Bool(true)) => "yes",
                Some(AttributeValue::Bool(false)) => "no",
                _ => "",
            };
            let options = vec![
                (AttrValue::Static(""), placeholder.into()),
                ("yes".into(), t!("attribute-default-yes").into()),
                ("no".into(), t!("attribute-default-no").into()),
            ];
            let onchange = onchange.reform(|key: String| {
                (!key.is_empty()).then(|| AttributeValue::Bool(key == "yes"))
            });
            html! { <SelectField {label} {value} {options} {onchange} {disabled} /> }
        }
        AttributeKind::Select { options } => {
            let value = match default {
                Some(AttributeValue::Text(text)) => text.clone(),
                _ => String::new(),
            };
            let choices = options
                .iter()
                .map(|option| (option.clone().into(), option.clone().into()));
            let options: Vec<(AttrValue, AttrValue)> =
                std::iter::once((AttrValue::Static(""), placeholder.into()))
                    .chain(choices)
                    .collect();
            let onchange = onchange
                .reform(|text: String| (!text.is_empty()).then_some(AttributeValue::Text(text)));
            html! { <SelectField {label} {value} {options} {onchange} {disabled} /> }
        }
    }
}
