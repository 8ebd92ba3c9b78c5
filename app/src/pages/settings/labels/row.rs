//! One label: colour, name, hotkey, order, archive; below it its attributes, style and skeleton.

use super::RowEdit;
use super::attributes::Attributes;
use super::skeleton::SkeletonEditor;
use crate::components::color_field::ColorField;
use crate::components::style_fields::StyleFields;
use crate::components::{IconButton, TextInput, icon};
use crate::t;
use visionflow_model::{Attribute, Color, Label, SkeletonTemplate, Style};
use yew::prelude::*;

/// What can be open below a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Attributes,
    Style,
    Skeleton,
}

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
    let open = use_state_eq(|| None::<Part>);
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
    let part = |this: Part, shown: icon::Icon, title: String, words: Option<String>| {
        let is_open = *open == Some(this);
        let onclick = {
            let open = open.setter();
            Callback::from(move |_: MouseEvent| open.set((!is_open).then_some(this)))
        };
        html! {
            <button type="button" class={classes!("button", "button-quiet", "button-small", "label-part", is_open.then_some("label-part-open"))}
                aria-expanded={if is_open { "true" } else { "false" }} aria-label={title.clone()} {title} {onclick}>
                { shown.html() }if let Some(words) = words { <span aria-hidden="true">{ words }</span> }
            </button>
        }
    };
    let attributes = (!label.attributes.is_empty()).then(|| label.attributes.len().to_string());
    let joints = label
        .skeleton
        .as_ref()
        .map(|skeleton| skeleton.joints.len().to_string());
    let styled = (!label.style.is_default()).then(|| "•".to_owned());
    html! {
        <li class="label-item">
            <div class={classes!("label-row", label.archived.then_some("label-archived"))}>
                <ColorField label={t!("label-color-of", name = name.clone())} value={label.color} onchange={set_color} disabled={!can_edit || label.archived} />
                <TextInput label={t!("label-name")} class="grow" value={label.name.clone()} disabled={!can_edit || label.archived}
                    oninput={set(|label, name| label.name = name)} />
                <TextInput label={t!("label-hotkey-of", name = name.clone())} class="input-key" maxlength="1" placeholder={t!("label-hotkey-short")}
                    value={label.hotkey.clone().unwrap_or_default()} disabled={!can_edit || label.archived}
                    oninput={set(|label, key| label.hotkey = Some(key.trim().to_lowercase()).filter(|key| !key.is_empty()))} />
                { part(Part::Attributes, icon::SLIDERS_HORIZONTAL, t!("attributes-of", name = name.clone()), attributes) }
                { part(Part::Style, icon::PALETTE, t!("style-of", name = name.clone()), styled) }
                { part(Part::Skeleton, icon::PERSON_STANDING, t!("skeleton-of", name = name.clone()), joints) }
                if can_edit {
                    if !label.archived {
                        <IconButton label={t!("label-up", name = name.clone())} icon={icon::ARROW_UP} onclick={step(-1)} />
                        <IconButton label={t!("label-down", name = name.clone())} icon={icon::ARROW_DOWN} onclick={step(1)} />
                    }
                    <IconButton label={if label.archived { t!("label-unarchive", name = name) } else { t!("label-archive", name = name) }}
                        icon={if label.archived { icon::ARCHIVE_RESTORE } else { icon::ARCHIVE }} tip="left" onclick={archive} />
                }
            </div>
            if let Some(part) = *open { <LabelPart {part} label={label.clone()} {can_edit} onedit={onedit.clone()} /> }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct LabelPartProps {
    part: Part,
    label: Label,
    can_edit: bool,
    onedit: Callback<RowEdit>,
}

/// What is open below a label.
#[component]
fn LabelPart(props: &LabelPartProps) -> Html {
    let (label, can_edit) = (&props.label, props.can_edit && !props.label.archived);
    match props.part {
        Part::Attributes => {
            let (label_name, attributes) = (label.name.clone(), label.attributes.clone());
            let onchange = changes(props, |label, attributes: Vec<Attribute>| {
                label.attributes = attributes;
            });
            html! { <Attributes {label_name} {attributes} {can_edit} {onchange} /> }
        }
        Part::Style => {
            let onchange = changes(props, |label, style: Style| label.style = style);
            html! { <div class="label-style"><StyleFields style={label.style} color={Some(label.color)} disabled={!can_edit} {onchange} /></div> }
        }
        Part::Skeleton => {
            let template = label.skeleton.clone().unwrap_or_default();
            let onchange = changes(props, |label, template: SkeletonTemplate| {
                // A template without joints is none.
                label.skeleton = (!template.joints.is_empty()).then_some(template);
            });
            html! { <SkeletonEditor label_name={label.name.clone()} color={label.color} {template} {can_edit} {onchange} /> }
        }
    }
}

/// A callback that puts one of the label's parts into the draft.
fn changes<V: 'static>(props: &LabelPartProps, change: fn(&mut Label, V)) -> Callback<V> {
    let (label, onedit) = (props.label.clone(), props.onedit.clone());
    Callback::from(move |value: V| {
        let mut label = label.clone();
        change(&mut label, value);
        onedit.emit(RowEdit::Set(label));
    })
}
