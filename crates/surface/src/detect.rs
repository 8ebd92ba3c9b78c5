//! Running a model of the page on the photograph on the canvas.

use serde::Deserialize;
use std::collections::BTreeMap;
use visionflow_model::{LabelId, ModelId};

/// A detector, a segmenter or a classifier as ONNX, and what its classes mean here.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DetectOptions {
    /// The model's files, by addresses that the page can fetch.
    pub files: Vec<ModelFile>,
    /// What `inspectModel()` says of them, perhaps with other thresholds and names.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    pub spec: serde_json::Value,
    /// The model's classes, by their numbers, to labels; `null` or nothing leaves a class out.
    #[cfg_attr(feature = "ts", ts(as = "BTreeMap<String, Option<LabelId>>"))]
    pub class_map: BTreeMap<u32, Option<LabelId>>,
    /// The model's name, by which what it proposed is known. `model` unless chosen.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub model: Option<String>,
    /// The model's id in a project's registry.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub model_id: Option<ModelId>,
}

/// One file of a model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ModelFile {
    pub url: String,
    /// Its SHA-256 in hexadecimal digits, which is then checked.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub sha256: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_numbers_and_may_mean_nothing() {
        let json = r#"{
            "files": [{"url": "yolo.onnx"}],
            "spec": {"task": "detector"},
            "classMap": {"0": "7d3c1f52-4b0e-4f6b-9a51-0d8f1b2c3d4e", "3": null}
        }"#;
        let read: DetectOptions = serde_json::from_str(json).unwrap();
        let labels: Vec<_> = read
            .class_map
            .iter()
            .map(|(n, l)| (*n, l.is_some()))
            .collect();
        assert_eq!(labels, [(0, true), (3, false)]);
        let unknown = json.replace("\"0\"", "\"car\"");
        assert!(serde_json::from_str::<DetectOptions>(&unknown).is_err());
    }
}
