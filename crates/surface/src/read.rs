//! JSON from host pages, with faults that say where they are.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

/// A value that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {reason}")]
pub struct BadValue {
    /// Where, as JavaScript writes it: `annotations[3].label`.
    pub place: String,
    pub reason: String,
}

/// Reads JSON; `name` is what the value is called in the message.
pub fn read<T: DeserializeOwned>(json: &str, name: &str) -> Result<T, BadValue> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let place = match path.as_str() {
            "." => name.to_owned(),
            path if path.starts_with('[') => format!("{name}{path}"),
            path => format!("{name}.{path}"),
        };
        let reason = error.inner().to_string();
        // The position in a text that the caller never saw helps nobody.
        let reason = reason
            .rsplit_once(" at line ")
            .map_or(reason.as_str(), |(reason, _)| reason);
        BadValue {
            place,
            reason: reason.to_owned(),
        }
    })
}

/// `current` with what `patch` names changed, however deep it stands.
///
/// A name that `current` does not have is a mistake, and so is a value of another kind.
pub fn merged<T: Serialize + DeserializeOwned>(
    current: &T,
    patch: &str,
    name: &str,
) -> Result<T, BadValue> {
    let bad = |reason: String| BadValue {
        place: name.to_owned(),
        reason,
    };
    let mut value = serde_json::to_value(current).map_err(|error| bad(error.to_string()))?;
    overlay(&mut value, read(patch, name)?, name)?;
    read(&value.to_string(), name)
}

fn overlay(value: &mut Value, patch: Value, place: &str) -> Result<(), BadValue> {
    match (value, patch) {
        (Value::Object(fields), Value::Object(patch)) => {
            for (key, patch) in patch {
                let place = format!("{place}.{key}");
                let Some(value) = fields.get_mut(&key) else {
                    let reason = "there is no such option".to_owned();
                    return Err(BadValue { place, reason });
                };
                overlay(value, patch, &place)?;
            }
        }
        (value, patch) => *value = patch,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AnnotationPatch, NewAnnotation};

    const LABEL: &str = "0192f4c8-3f7e-7c1a-9a52-0f4c8e7d1b23";

    fn check<T: DeserializeOwned>(json: &str, message: &str) {
        let json = json.replace('$', LABEL);
        let error = read::<T>(&json, "annotations").err().map(|e| e.to_string());
        assert_eq!(error.as_deref(), Some(message), "{json}");
    }

    #[test]
    fn faults_say_what_and_where() {
        let list = check::<Vec<NewAnnotation>>;
        list(
            r#"[{"label":"cat","shape":{"type":"tag"}}]"#,
            "annotations[0].label: UUID parsing failed: invalid character: found `t` at 2",
        );
        list(
            r#"[{"label":"$"}]"#,
            "annotations[0]: missing field `shape`",
        );
        list(
            r#"[{"label":"$","shape":{"type":"blob"}}]"#,
            "annotations[0].shape.type: unknown variant `blob`, expected one of `box`, `rotated_box`, `ellipse`, `polygon`, `polyline`, `point`, `path`, `arrow`, `text`, `cuboid`, `mask`, `skeleton`, `tag`",
        );
        list(
            r#"[{"label":"$","shape":{"type":"tag"},"colour":1}]"#,
            "annotations[0].colour: unknown field `colour`, expected one of `id`, `label`, `shape`, `z`, `attributes`, `group`, `locked`, `style`, `source`",
        );
        list(
            r#"{"a":1}"#,
            "annotations: invalid type: map, expected a sequence",
        );
        check::<AnnotationPatch>(
            r#"{"z":"high"}"#,
            "annotations.z: invalid type: string \"high\", expected f64",
        );
    }

    #[test]
    fn settings_change_by_name() {
        use visionflow_tools::ToolSettings;
        let check = |patch: &str| merged(&ToolSettings::default(), patch, "settings");
        let changed = check(r#"{"snap":true,"text":{"bold":true}}"#).unwrap();
        assert!(changed.snap && changed.text.bold);
        assert_eq!(changed.brush_radius, ToolSettings::default().brush_radius);
        let fault = |patch: &str| check(patch).unwrap_err().to_string();
        assert_eq!(
            fault(r#"{"text":{"colour":1}}"#),
            "settings.text.colour: there is no such option"
        );
        assert_eq!(
            fault(r#"{"wand_tolerance":900}"#),
            "settings.wand_tolerance: invalid value: integer `900`, expected u8"
        );
    }

    #[test]
    fn a_group_is_left_only_when_asked() {
        let group = |json: &str| read::<AnnotationPatch>(json, "patch").unwrap().group;
        assert_eq!(group("{}"), None);
        assert_eq!(group(r#"{"group":null}"#), Some(None));
    }
}
