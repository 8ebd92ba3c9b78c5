//! What is set for a model: its thresholds, when it is run, what its classes become.

use super::classes::ClassMapEditor;
use crate::api_client;
use crate::components::{Button, Checkbox, Slider, Toast, Tone};
use crate::models::{self, classes, proposes, register};
use crate::session::use_toasts;
use crate::t;
use serde_json::Value;
use visionflow_api::{Model, ModelChange};
use visionflow_model::Ontology;
use yew::prelude::*;

/// What a person may set of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub spec: Value,
    pub run_on_open: bool,
    pub targets: Vec<classes::Target>,
}

#[derive(Properties, PartialEq)]
pub struct ModelSettingsProps {
    pub settings: Settings,
    pub ontology: Ontology,
    pub can_edit: bool,
    pub onchange: Callback<Settings>,
}

/// Thresholds, when it is run, and the class map.
#[component]
pub fn ModelSettings(props: &ModelSettingsProps) -> Html {
    let settings = &props.settings;
    let names = use_memo(settings.spec.clone(), |spec| models::texts(spec, "classes"));
    let change = |change: fn(&mut Settings, f64)| {
        let (settings, onchange) = (settings.clone(), props.onchange.clone());
        Callback::from(move |value: f64| {
            let mut settings = settings.clone();
            change(&mut settings, value);
            onchange.emit(settings);
        })
    };
    let threshold = |key: &str, label: String, onchange: Callback<f64>| {
        let value = settings.spec[key].as_f64();
        value.map(|value| {
            html! {
                <Slider {label} min=0.0 max=1.0 step=0.01 {value} {onchange} disabled={!props.can_edit}
                    text={t!("percent", n = (value * 100.0).round() as i64)} />
            }
        })
    };
    let score = change(|settings, value| settings.spec["score"] = value.into());
    let iou = change(|settings, value| settings.spec["iou"] = value.into());
    let runs = change(|settings, on| settings.run_on_open = on > 0.5).reform(f64::from);
    let map = {
        let (settings, onchange) = (settings.clone(), props.onchange.clone());
        Callback::from(move |targets| {
            onchange.emit(Settings {
                targets,
                ..settings.clone()
            });
        })
    };
    if !proposes(&settings.spec) {
        return html! { <p class="form-note">{ t!("model-nothing-to-set") }</p> };
    }
    html! {
        <>
            <div class="model-sliders">
                { for threshold("score", t!("model-score"), score) }
                { for threshold("iou", t!("model-iou"), iou) }
            </div>
            <Checkbox label={t!("model-run-on-open")} hint={Some(AttrValue::from(t!("model-run-on-open-why")))} checked={settings.run_on_open}
                onchange={runs} disabled={!props.can_edit} />
            <ClassMapEditor classes={names} targets={settings.targets.clone()} ontology={props.ontology.clone()} can_edit={props.can_edit} onchange={map} />
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct ModelPartProps {
    pub model: Model,
    pub ontology: Ontology,
    pub can_edit: bool,
    pub changed: Callback<()>,
}

fn settings_of(model: &Model, ontology: &Ontology) -> Settings {
    let spec = models::spec(model).clone();
    let names = models::texts(&spec, "classes");
    Settings {
        targets: classes::from_map(&names, &model.class_map, ontology),
        spec,
        run_on_open: model.run_on_open,
    }
}

/// The settings of a model that is there, kept as a draft until they are saved.
#[component]
pub fn StoredSettings(props: &ModelPartProps) -> Html {
    let toasts = use_toasts();
    let stored = use_memo(
        (props.model.clone(), props.ontology.clone()),
        |(model, ontology)| settings_of(model, ontology),
    );
    let draft = use_state_eq(|| None::<Settings>);
    let busy = use_state_eq(|| false);
    let settings = draft.as_ref().unwrap_or(&stored).clone();
    let onchange = {
        let draft = draft.setter();
        Callback::from(move |settings| draft.set(Some(settings)))
    };
    let is_changed = settings != *stored;
    let save = {
        let (model, ontology) = (props.model.clone(), props.ontology.clone());
        let (settings, changed) = (settings.clone(), props.changed.clone());
        let (draft, busy) = (draft.setter(), busy.setter());
        Callback::from(move |_: MouseEvent| {
            let names = models::texts(&settings.spec, "classes");
            let (map, labels) = classes::to_map(&names, &settings.targets, &ontology);
            let change = ModelChange {
                class_map: Some(map),
                spec: Some(settings.spec.clone()),
                run_on_open: Some(settings.run_on_open),
                ..ModelChange::default()
            };
            let (id, project_id) = (model.id, model.project_id);
            let (draft, busy) = (draft.clone(), busy.clone());
            let (changed, toasts) = (changed.clone(), toasts.clone());
            busy.set(true);
            yew::platform::spawn_local(async move {
                let path = format!("/api/v1/models/{id}");
                let saved = match register::create_labels(project_id, labels).await {
                    Ok(()) => api_client::patch::<_, Model>(&path, &change).await,
                    Err(error) => Err(error),
                };
                match saved {
                    Ok(model) => {
                        toasts.show(Toast::good(t!("model-saved", name = model.name)));
                        draft.set(None);
                        changed.emit(());
                    }
                    Err(error) => toasts.error(&error),
                }
                busy.set(false);
            });
        })
    };
    html! {
        <div class="model-part form">
            <ModelSettings {settings} ontology={props.ontology.clone()} can_edit={props.can_edit} {onchange} />
            if props.can_edit && proposes(models::spec(&props.model)) {
                <div><Button label={t!("model-save")} tone={Tone::Primary} small=true busy={*busy} disabled={!is_changed} onclick={save} /></div>
            }
        </div>
    }
}
