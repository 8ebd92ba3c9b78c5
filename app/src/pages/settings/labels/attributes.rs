//! The questions that a label asks of each annotation.

mod default;

use crate::components::{Button, Checkbox, IconButton, SelectField, TextInput, icon};
use crate::t;
use default::default_field;
use uuid::Uuid;
use visionflow_model::{Attribute, AttributeId, AttributeKind};
use yew::prelude::*;

const KINDS: [&str; 4] = ["text", "number", "checkbox", "select"];

fn kind_key(kind: &AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Text => "text",
        AttributeKind::Number => "number",
        AttributeKind::Checkbox => "checkbox",
        AttributeKind::Select { .. } => "select",
    }
}

fn kind_name(key: &str) -> String {
    match key {
        "number" => t!("attribute-number"),
        "checkbox" => t!("attribute-checkbox"),
        "select" => t!("attribute-select"),
        _ => t!("attribute-text"),
    }
}

fn kind_from(key: &str) -> AttributeKind {
    match key {
        "number" => AttributeKind::Number,
        "checkbox" => AttributeKind::Checkbox,
        "select" => AttributeKind::Select {
            options: Vec::new(),
        },
        _ => AttributeKind::Text,
    }
}

#[derive(Properties, PartialEq)]
pub struct AttributesProps {
    pub label_name: AttrValue,
    pub attributes: Vec<Attribute>,
    pub can_edit: bool,
    pub onchange: Callback<Vec<Attribute>>,
}

#[component]
pub fn Attributes(props: &AttributesProps) -> Html {
    let label_name = &props.label_name;
    let attributes = &props.attributes;
    let can_edit = props.can_edit;
    let onchange = &props.onchange;
    let add = {
        let (attributes, onchange) = (attributes.clone(), onchange.clone());
        Callback::from(move |_: MouseEvent| {
            let mut attributes = attributes.clone();
            attributes.push(Attribute {
                id: AttributeId(Uuid::now_v7()),
                name: t!("attribute-new-name", n = attributes.len() as i64 + 1),
                kind: AttributeKind::Text,
                required: false,
                default: None,
            });
            onchange.emit(attributes);
        })
    };
    let row = |(index, attribute): (usize, &Attribute)| {
        let with = {
            let (attributes, onchange) = (attributes.clone(), onchange.clone());
            move |change: Box<dyn FnOnce(&mut Attribute)>| {
                let mut attributes = attributes.clone();
                change(&mut attributes[index]);
                let attribute = &mut attributes[index];
                // Another kind, or an option less: what was the default is no answer any more.
                if attribute.usable_default().is_none() {
                    attribute.default = None;
                }
                onchange.emit(attributes);
            }
        };
        let set_name = {
            let with = with.clone();
            Callback::from(move |name: String| with(Box::new(move |a| a.name = name)))
        };
        let set_kind = {
            let with = with.clone();
            Callback::from(move |key: String| with(Box::new(move |a| a.kind = kind_from(&key))))
        };
        let set_options = {
            let with = with.clone();
            Callback::from(move |text: String| {
                let options = crate::pages::projects::parse_names(&text);
                with(Box::new(move |a| {
                    a.kind = AttributeKind::Select { options }
                }));
            })
        };
        let set_default = {
            let with = with.clone();
            Callback::from(move |value| with(Box::new(move |a| a.default = value)))
        };
        let set_required = Callback::from(move |on: bool| with(Box::new(move |a| a.required = on)));
        let remove = {
            let (attributes, onchange) = (attributes.clone(), onchange.clone());
            Callback::from(move |_: MouseEvent| {
                let mut attributes = attributes.clone();
                attributes.remove(index);
                onchange.emit(attributes);
            })
        };
        let options: Vec<(AttrValue, AttrValue)> = KINDS
            .iter()
            .map(|key| ((*key).into(), kind_name(key).into()))
            .collect();
        html! {
            <li key={attribute.id.to_string()} class="attribute-row">
                <TextInput label={t!("attribute-name")} value={attribute.name.clone()} oninput={set_name} disabled={!can_edit} />
                <SelectField label={t!("attribute-kind")} value={kind_key(&attribute.kind)} {options} onchange={set_kind} disabled={!can_edit} />
                if let AttributeKind::Select { options } = &attribute.kind {
                    <TextInput label={t!("attribute-options")} class="grow" value={options.join(", ")} onchange={set_options}
                        placeholder={t!("attribute-options-placeholder")} disabled={!can_edit} />
                } else {
                    <span class="grow" />
                }
                <span class="attribute-default"><span aria-hidden="true">{ t!("attribute-default") }</span>{ default_field(attribute, !can_edit, &set_default) }</span>
                <Checkbox label={t!("attribute-required")} checked={attribute.required} onchange={set_required} disabled={!can_edit} />
                if can_edit { <IconButton label={t!("attribute-remove", name = attribute.name.clone())} icon={icon::X} tip="left" onclick={remove} /> }
            </li>
        }
    };
    html! {
        <div class="attributes">
            if attributes.is_empty() { <p class="field-note">{ t!("attributes-none") }</p> }
            <ul aria-label={t!("attributes-of", name = label_name.to_string())}>{ for attributes.iter().enumerate().map(row) }</ul>
            if can_edit { <Button label={t!("attribute-add")} icon={icon::PLUS} small=true onclick={add} /> }
        </div>
    }
}
