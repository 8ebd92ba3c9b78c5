//! What a registration has to be before it is written down.

use crate::config::is_loopback;
use crate::error::{Error, Result};
use crate::store::Tx;
use http::Uri;
use serde_json::{Map, Value};
use uuid::Uuid;
use visionflow_api::ClassMap;
use visionflow_infer::{MAX_DETECTIONS, ModelSpec};

/// The largest file of a model, in bytes: what a browser's memory can address as one piece.
pub const MAX_FILE_BYTES: i64 = (1 << 31) - 1;
/// Files of one model: an encoder and a decoder, with room.
const MAX_FILES: usize = 4;
const MAX_URL_BYTES: usize = 2000;
/// Of a spec, with the names of all classes.
const MAX_SPEC_BYTES: usize = 512 << 10;
const MAX_REPORT_BYTES: usize = 256 << 10;
const MAX_CLASSES: usize = 32_768;

pub fn name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "The name of a model has 1 to 200 bytes, and no control characters.",
        ));
    }
    Ok(name)
}

pub fn file_count(count: usize) -> Result<()> {
    if (1..=MAX_FILES).contains(&count) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "A model consists of 1 to {MAX_FILES} files; {count} were named."
    )))
}

/// Size and digest of a file.
pub fn file(name: &str, bytes: i64, sha256: &str) -> Result<()> {
    if bytes <= 0 {
        return Err(Error::invalid(format!("{name} is empty.")));
    }
    if bytes > MAX_FILE_BYTES {
        return Err(Error::too_large(format!(
            "{name} has {} MB; a file of a model has less than 2048 MB (2 GB), which is what ONNX \
             keeps in one file and a browser in one piece.",
            bytes.div_euclid(1 << 20)
        )));
    }
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if sha256.len() != 64 || !sha256.bytes().all(is_hex) {
        return Err(Error::invalid(format!(
            "The SHA-256 of {name} is not 64 lower-case hexadecimal digits."
        )));
    }
    Ok(())
}

/// Only ONNX, never a pickle: what can run code when it is opened is not taken at all.
pub fn file_name(name: &str) -> Result<()> {
    crate::api::uploads::check_filename(name).map_err(Error::invalid)?;
    let extension = name.rsplit('.').next().unwrap_or_default();
    if name.contains('.') && extension.eq_ignore_ascii_case("onnx") {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "“{name}” is not an ONNX file (.onnx). Other formats, pickles among them, are not taken; \
         export the model to ONNX."
    )))
}

/// `https`, or `http` of this machine where the server itself is reached so.
pub fn address(url: &str, is_development: bool) -> Result<()> {
    let refused = |reason: &str| Err(Error::invalid(format!("The address “{url}” {reason}.")));
    if url.len() > MAX_URL_BYTES {
        return Err(Error::invalid(format!(
            "An address has {MAX_URL_BYTES} bytes at most."
        )));
    }
    let Ok(uri) = url.parse::<Uri>() else {
        return refused("is not one that begins with https://");
    };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return refused("has to begin with https://");
    };
    if authority.as_str().contains('@') {
        return refused(
            "contains a user name or a password, which everyone in the project would see",
        );
    }
    match scheme {
        "https" => Ok(()),
        "http" if is_development && is_loopback(authority.host()) => Ok(()),
        _ => refused("has to begin with https://"),
    }
}

/// What the inference crate can run, and of as many files.
pub fn spec(spec: &Value, files: usize) -> Result<()> {
    let fields = object(spec, "spec", MAX_SPEC_BYTES)?;
    thresholds(fields)?;
    let spec: ModelSpec = serde_json::from_value(spec.clone())
        .map_err(|error| Error::invalid(format!("The spec cannot be read: {error}.")))?;
    spec.check()
        .map_err(|error| Error::invalid(format!("The spec is refused: {error}.")))?;
    if spec.files != files {
        return Err(Error::invalid(format!(
            "spec.files is {}, but {files} were named.",
            spec.files
        )));
    }
    Ok(())
}

/// What an admin may change: `score`, `iou`, `limit` and `classes`.
fn thresholds(fields: &Map<String, Value>) -> Result<()> {
    for name in ["score", "iou"] {
        let value = fields.get(name).filter(|value| !value.is_null());
        let is_share = |value: &Value| value.as_f64().is_some_and(|v| (0.0..=1.0).contains(&v));
        if value.is_some_and(|value| !is_share(value)) {
            return Err(Error::invalid(format!(
                "spec.{name} is a number from 0 to 1."
            )));
        }
    }
    let limit = fields.get("limit").filter(|value| !value.is_null());
    let is_count = |value: &Value| {
        value
            .as_u64()
            .is_some_and(|v| (1..=MAX_DETECTIONS as u64).contains(&v))
    };
    if limit.is_some_and(|value| !is_count(value)) {
        return Err(Error::invalid(format!(
            "spec.limit is a number from 1 to {MAX_DETECTIONS}."
        )));
    }
    let Some(classes) = fields.get("classes").filter(|value| !value.is_null()) else {
        return Ok(());
    };
    let is_name = |value: &Value| value.as_str().is_some_and(|name| name.len() <= 200);
    let classes = classes.as_array().filter(|names| names.iter().all(is_name));
    if classes.is_none_or(|classes| classes.len() > MAX_CLASSES) {
        return Err(Error::invalid(format!(
            "spec.classes is a list of at most {MAX_CLASSES} names of 200 bytes at most."
        )));
    }
    Ok(())
}

/// The spec with another's thresholds and class names; what else the other says has to agree.
pub fn merged(own: &Value, change: &Value) -> Result<Value> {
    let changes = object(change, "spec", MAX_SPEC_BYTES)?;
    let mut spec = own.as_object().cloned().unwrap_or_default();
    let count = |spec: &Map<String, Value>| spec.get("classes")?.as_array().map(Vec::len);
    let classes = count(&spec);
    for (name, value) in changes {
        if matches!(name.as_str(), "score" | "iou" | "limit" | "classes") {
            spec.insert(name.clone(), value.clone());
        } else if spec.get(name) != Some(value) {
            return Err(Error::invalid(format!(
                "spec.{name} follows from the model's files; only score, iou, limit and classes can \
                 be changed."
            )));
        }
    }
    if classes.is_some() && count(&spec) != classes {
        return Err(Error::invalid(
            "The model has as many classes as before; only their names can be changed.",
        ));
    }
    thresholds(&spec)?;
    Ok(Value::Object(spec))
}

/// Whether the model ran, as its report has it.
pub fn report(report: &Value) -> Result<bool> {
    let fields = object(report, "report", MAX_REPORT_BYTES)?;
    let ok = fields.get("ok").and_then(Value::as_bool);
    ok.ok_or_else(|| Error::invalid("report.ok is true or false."))
}

fn object<'a>(value: &'a Value, name: &str, most: usize) -> Result<&'a Map<String, Value>> {
    if value.to_string().len() > most {
        return Err(Error::too_large(format!(
            "{name} is larger than {most} bytes."
        )));
    }
    value
        .as_object()
        .ok_or_else(|| Error::invalid(format!("{name} is a JSON object.")))
}

/// Every key is a class of the model, and every label one of the project's.
pub async fn class_map(
    tx: &mut Tx,
    project_id: Uuid,
    map: &ClassMap,
    spec: Option<&Value>,
) -> Result<()> {
    if map.len() > MAX_CLASSES {
        return Err(Error::invalid(format!(
            "A class map has {MAX_CLASSES} entries at most."
        )));
    }
    let classes = spec.and_then(|spec| spec.get("classes")?.as_array().map(Vec::len));
    // Without names nobody knows how many there are.
    let classes = classes.filter(|count| *count > 0);
    for key in map.keys() {
        let number = key.parse::<usize>().ok();
        let number = number.filter(|number| number.to_string() == *key);
        if number.is_none_or(|number| number >= classes.unwrap_or(MAX_CLASSES)) {
            let classes = classes.map_or_else(String::new, |count| {
                format!("; the model has {count} of them, counted from 0")
            });
            return Err(Error::invalid(format!(
                "“{key}” in the class map is not the number of a class{classes}."
            )));
        }
    }
    let mut labels: Vec<Uuid> = map.values().copied().flatten().collect();
    labels.sort_unstable();
    labels.dedup();
    let known = tx.existing_labels(project_id, &labels).await?;
    match labels.iter().find(|label| !known.contains(label)) {
        Some(label) => Err(Error::invalid(format!(
            "The class map names the label {label}, which the project does not have."
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn addresses_are_https_or_this_machine_in_development() {
        let check = |url: &str, development: bool, expected: bool| {
            assert_eq!(address(url, development).is_ok(), expected, "{url}");
        };
        check("https://example.org/a.onnx", false, true);
        check("https://example.org:8443/a?download=1", false, true);
        check("http://example.org/a.onnx", true, false);
        check("http://127.0.0.1:8000/a.onnx", true, true);
        check("http://localhost/a.onnx", true, true);
        check("http://127.0.0.1:8000/a.onnx", false, false);
        check("http://localhost.example.org/a.onnx", true, false);
        check("https://user:secret@example.org/a.onnx", false, false);
        check("http://localhost@example.org/a.onnx", true, false);
        check("file:///etc/passwd", true, false);
        check("/a.onnx", true, false);
        check("data:text/plain,1", true, false);
        check(
            &format!("https://example.org/{}", "a".repeat(2000)),
            false,
            false,
        );
    }

    #[test]
    fn only_thresholds_and_names_of_a_spec_change() {
        let own = json!({ "task": "detector", "layout": "yolov8-detect", "classes": ["a", "b"],
            "score": 0.25, "files": 1, "stride": 32 });
        let change = json!({ "score": 0.5, "classes": ["cat", "dog"], "stride": 32 });
        let merged_spec = merged(&own, &change).expect("thresholds");
        assert_eq!(merged_spec["score"], 0.5);
        assert_eq!(merged_spec["classes"], json!(["cat", "dog"]));
        assert_eq!(merged_spec["stride"], 32);
        for bad in [
            json!({ "layout": "yolov5" }),
            json!({ "stride": 16 }),
            json!({ "score": 1.5 }),
            json!({ "iou": "much" }),
            json!({ "limit": 0 }),
            json!({ "classes": ["a"] }),
            json!({ "classes": [1, 2] }),
            json!([]),
        ] {
            assert!(merged(&own, &bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_onnx_files_are_taken() {
        let check = |name: &str, expected: bool| {
            assert_eq!(file_name(name).is_ok(), expected, "{name}");
        };
        check("yolo.onnx", true);
        check("Über/model.ONNX", true);
        check("model.pt", false);
        check("model.pkl", false);
        check("onnx", false);
        check("../a.onnx", false);
    }
}
