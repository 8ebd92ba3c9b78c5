//! The labels of a project that does not exist yet: many at once by comma or line.

use crate::components::color_field::{ColorField, palette_color};
use crate::components::{Button, IconButton, TextInput, icon};
use crate::t;
use uuid::Uuid;
use visionflow_model::{Color, Label, LabelId};
use yew::prelude::*;

/// The names in a text, split at commas and line ends, without doubles.
pub fn parse_names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in text
        .split([',', ';', '\n'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        if !names
            .iter()
            .any(|other| other.to_lowercase() == name.to_lowercase())
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// `labels` with one more for each name that is new.
pub fn with_names(labels: &[Label], text: &str) -> Vec<Label> {
    let mut labels = labels.to_vec();
    for name in parse_names(text) {
        let taken = labels
            .iter()
            .any(|l| !l.archived && l.name.trim().to_lowercase() == name.to_lowercase());
        if !taken {
            let color = palette_color(labels.len());
            labels.push(Label::new(LabelId(Uuid::now_v7()), name, color));
        }
    }
    labels
}

#[derive(Properties, PartialEq)]
pub struct LabelListProps {
    pub labels: Vec<Label>,
    pub onchange: Callback<Vec<Label>>,
}

#[component]
pub fn LabelList(props: &LabelListProps) -> Html {
    let labels = &props.labels;
    let onchange = &props.onchange;
    let text = use_state_eq(String::new);
    let add = {
        let (text, labels, onchange) = (text.clone(), labels.clone(), onchange.clone());
        Callback::from(move |typed: String| {
            onchange.emit(with_names(&labels, &typed));
            text.set(String::new());
        })
    };
    let add_typed = {
        let (add, text) = (add.clone(), text.clone());
        Callback::from(move |_: MouseEvent| add.emit((*text).clone()))
    };
    let oninput = {
        let (text, add_now) = (text.setter(), onchange.clone());
        let labels = labels.clone();
        Callback::from(move |value: String| {
            // A pasted or typed separator completes the names before it.
            match value.rfind([',', ';', '\n']) {
                Some(at) if value[..at].trim().is_empty() => text.set(String::new()),
                Some(at) => {
                    add_now.emit(with_names(&labels, &value[..at]));
                    text.set(value[at + 1..].trim_start().to_owned());
                }
                None => text.set(value),
            }
        })
    };
    let change = |index: usize, edit: fn(&mut Label, String)| {
        let (labels, onchange) = (labels.clone(), onchange.clone());
        Callback::from(move |value: String| {
            let mut labels = labels.clone();
            edit(&mut labels[index], value);
            onchange.emit(labels);
        })
    };
    let row = |(index, label): (usize, &Label)| {
        let recolor = {
            let (labels, onchange) = (labels.clone(), onchange.clone());
            Callback::from(move |color: Color| {
                let mut labels = labels.clone();
                labels[index].color = color;
                onchange.emit(labels);
            })
        };
        let remove = {
            let (labels, onchange) = (labels.clone(), onchange.clone());
            Callback::from(move |_: MouseEvent| {
                let mut labels = labels.clone();
                labels.remove(index);
                onchange.emit(labels);
            })
        };
        html! {
            <li key={label.id.to_string()} class="label-row">
                <ColorField label={t!("label-color-of", name = label.name.clone())} value={label.color} onchange={recolor} />
                <TextInput label={t!("label-name")} class="grow" value={label.name.clone()} oninput={change(index, |label, name| label.name = name)} />
                <TextInput label={t!("label-hotkey-of", name = label.name.clone())} class="input-key" maxlength="1" placeholder={t!("label-hotkey-short")}
                    value={label.hotkey.clone().unwrap_or_default()}
                    oninput={change(index, |label, key| label.hotkey = Some(key.trim().to_lowercase()).filter(|key| !key.is_empty()))} />
                <IconButton label={t!("label-remove", name = label.name.clone())} icon={icon::X} onclick={remove} />
            </li>
        }
    };
    html! {
        <div class="label-list">
            <div class="inline-add">
                <TextInput label={t!("labels-add")} class="grow" placeholder={t!("labels-add-placeholder")} value={(*text).clone()} {oninput}
                    onenter={add.clone()} />
                <Button label={t!("action-add")} icon={icon::PLUS} onclick={add_typed} disabled={text.trim().is_empty()} />
            </div>
            if labels.is_empty() {
                <p class="field-note">{ t!("labels-add-hint") }</p>
            } else {
                <ul class="label-rows" aria-label={t!("labels-title")}>{ for labels.iter().enumerate().map(row) }</ul>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_at_commas_and_lines_and_lose_doubles() {
        assert_eq!(
            parse_names("car, Truck\n  person ;car,CAR"),
            ["car", "Truck", "person"]
        );
        assert!(parse_names(" ,\n").is_empty());
    }
}
