//! The models of a project, as pages see them: what their specs and reports say, which label each
//! class becomes, and how a new one gets to the server.
//!
//! Specs and reports are made by the worker and kept by the server as they are; only what is shown
//! or set here is read.

pub mod classes;
pub mod jobs;
pub mod register;
pub mod run;
pub mod similar;

use crate::t;
use serde_json::Value;
use visionflow_api::{Model, ModelStatus};

/// A text of a spec or report; empty where it has none.
pub fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

/// The texts of a list in a spec or report.
pub fn texts(of: &Value, name: &str) -> Vec<String> {
    let list = of[name].as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What a model does, in words.
pub fn task_name(spec: &Value) -> String {
    match text(spec, "task") {
        "promptable" => t!("model-task-promptable"),
        "detector" => t!("model-task-detector"),
        "classifier" => t!("model-task-classifier"),
        "embedder" => t!("model-task-embedder"),
        other => other.to_owned(),
    }
}

/// Whether what it finds can become suggestions: it finds classes.
pub fn proposes(spec: &Value) -> bool {
    matches!(text(spec, "task"), "detector" | "classifier")
}

/// The models that can be run over a photograph.
pub fn runnable(mut all: Vec<Model>) -> Vec<Model> {
    all.retain(|model| model.status == ModelStatus::Ready && proposes(spec(model)));
    all
}

/// Those of `all` that answer the smart tool's prompts here.
pub fn promptable(mut all: Vec<Model>) -> Vec<Model> {
    all.retain(|model| {
        model.status == ModelStatus::Ready && text(spec(model), "task") == "promptable"
    });
    all
}

/// The spec, also of a model that has none yet.
pub fn spec(model: &Model) -> &Value {
    model.spec.as_ref().unwrap_or(&Value::Null)
}
