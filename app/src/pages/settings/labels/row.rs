//! One label: colour, name, hotkey, order, attributes, archive.

use super::RowEdit;
use super::attributes::Attributes;
use crate::components::color_field::ColorField;
use crate::components::{IconButton, TextInput, icon};
use crate::t;
use visionflow_model::{Attribute, Color, Label};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct LabelRowProps {
    pub label: Label,
    pub can_edit: bool,
    pub onedit: Callback<RowEdit>,
}

#[component]
pub fn LabelRow(props: &LabelRowProps) -> Html {
    let label = &props.label;
    let can_edit = props.can_edit;
    let onedit = &props.onedit;
    let open = use_state_eq(|| false);
    let name = label.name.clone();
    let set = |change: fn(&mut Label, String)| {
        let (label, onedit) = (label.clone(), onedit.clone());
        Callback::from(move |value: String| {
            let mut label = label.clone();
            change(&mut label, value);
            onedit.emit(RowEdit::Set(label));
        })
    };
    let set_color = {
        let (label, onedit) = (label.clone(), onedit.clone());
        Callback::from(move |color: Color| {
            onedit.emit(RowEdit::Set(Label {
                color,
                ..label.clone()
            }));
        })
    };
    let set_attributes = {
        let (label, onedit) = (label.clone(), onedit.clone());
        Callback::from(move |attributes: Vec<Attribute>| {
            onedit.emit(RowEdit::Set(Label {
                attributes,
                ..label.clone()
            }));
        })
    };
    let archive = {
        let (label, onedit) = (label.clone(), onedit.clone());
        Callback::from(move |_: MouseEvent| {
            onedit.emit(RowEdit::Set(Label {
                archived: !label.archived,
                ..label.clone()
            }));
        })
    };
    let step = |by: i32| onedit.reform(move |_: MouseEvent| RowEdit::Move(by));
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <li class="label-item">
            <div class={classes!("label-row", label.archived.then_some("label-archived"))}>
                <ColorField label={t!("label-color-of", name = name.clone())} value={label.color} onchange={set_color} disabled={!can_edit || label.archived} />
                <TextInput label={t!("label-name")} class="grow" value={label.name.clone()} disabled={!can_edit || label.archived}
                    oninput={set(|label, name| label.name = name)} />
                <TextInput label={t!("label-hotkey-of", name = name.clone())} class="input-key" maxlength="1" placeholder={t!("label-hotkey-short")}
                    value={label.hotkey.clone().unwrap_or_default()} disabled={!can_edit || label.archived}
                    oninput={set(|label, key| label.hotkey = Some(key.trim().to_lowercase()).filter(|key| !key.is_empty()))} />
                <button type="button" class="button button-quiet button-small attributes-toggle" aria-expanded={if *open { "true" } else { "false" }}
                    aria-label={t!("attributes-of", name = name.clone())} onclick={toggle}>
                    if *open { { icon::CHEVRON_DOWN.html() } } else { { icon::CHEVRON_RIGHT.html() } }
                    <span aria-hidden="true">{ t!("count-attributes", n = label.attributes.len() as i64) }</span>
                </button>
                if can_edit {
                    if !label.archived {
                        <IconButton label={t!("label-up", name = name.clone())} icon={icon::ARROW_UP} onclick={step(-1)} />
                        <IconButton label={t!("label-down", name = name.clone())} icon={icon::ARROW_DOWN} onclick={step(1)} />
                    }
                    <IconButton label={if label.archived { t!("label-unarchive", name = name) } else { t!("label-archive", name = name) }}
                        icon={if label.archived { icon::ARCHIVE_RESTORE } else { icon::ARCHIVE }} tip="left" onclick={archive} />
                }
            </div>
            if *open {
                <Attributes label_name={label.name.clone()} attributes={label.attributes.clone()} {can_edit} onchange={set_attributes} />
            }
        </li>
    }
}
