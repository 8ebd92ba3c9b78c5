//! The model registry: ONNX models for label assist, uploaded or named by their address.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// Class number (`"0"`, `"1"`, …) to label; `null` for a class that nobody wants.
pub type ClassMap = BTreeMap<String, Option<Uuid>>;

/// `POST /api/v1/projects/{id}/models`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewModel {
    /// Annotations remember it as their source, `model:{name}`; 200 bytes at most.
    pub name: String,
    pub source: NewModelSource,
    /// What `inspect` made of the files: `task`, `layout`, `classes`, `score`, `iou`, `limit`,
    /// `files` and what else the inference crate needs. Of an upload it may be left out; the check
    /// makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub spec: Option<Value>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub class_map: ClassMap,
    /// What came out when the browser ran it once: `{ok, message, …}`. A model by address rests on
    /// it; an upload is checked by the server as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub report: Option<Value>,
    /// Whether it is run when a photograph is opened.
    #[serde(default)]
    pub run_on_open: bool,
}

/// Where a model's files come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NewModelSource {
    /// They are PUT to the storage next.
    Upload { files: Vec<NewModelFile> },
    /// Browsers fetch them from their addresses; the server never does.
    Url { files: Vec<ModelAddress> },
}

/// A file to be uploaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewModelFile {
    /// Ends in `.onnx`.
    pub name: String,
    /// The exact size, below 2 GiB; the upload URL is good for no other.
    pub bytes: i64,
    /// Of the whole file, in lower-case hexadecimal.
    pub sha256: String,
}

/// A file that browsers fetch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelAddress {
    /// `https` (also `http` of a loopback address, where the server itself is reached at one).
    pub url: String,
    pub sha256: String,
    pub bytes: i64,
}

/// A registered model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Model {
    pub id: Uuid,
    pub project_id: Uuid,
    pub name: String,
    pub source: ModelSource,
    pub status: ModelStatus,
    pub files: Vec<ModelFile>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub spec: Option<Value>,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub class_map: ClassMap,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub report: Option<Value>,
    pub run_on_open: bool,
    /// Where to PUT the files; only in the answer to a registration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<ModelTicket>,
    pub created_by: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub archived_at: Option<OffsetDateTime>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ModelSource {
    Upload,
    Url,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ModelStatus {
    /// Its files are awaited.
    Uploading,
    /// A worker reads and runs it once.
    Checking,
    Ready,
    /// `report.message` says why.
    Failed,
}

/// A file of a registered model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelFile {
    pub name: String,
    pub bytes: i64,
    pub sha256: String,
    /// Short-lived where it is kept here; absent until it has been uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Where to PUT a file of a model: straight to S3, with exactly these headers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelTicket {
    pub presigned_url: String,
    /// Headers to send with the PUT, by name.
    pub headers: Vec<(String, String)>,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// `PATCH /api/v1/models/{id}`: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The whole map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub class_map: Option<ClassMap>,
    /// `score`, `iou`, `limit` and `classes` of the spec; what else is in it has to be as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub spec: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_on_open: Option<bool>,
}

/// How many pixels along its longer side a photograph has that a model of this spec is shown: twice as
/// many as it is fed with, so that what it sees stays sharp where it is cut out or scaled down.
pub fn shown_side(spec: &Value) -> u32 {
    let side = |name: &str| spec["input"][name].as_u64().unwrap_or_default();
    let fed = side("width").max(side("height"));
    fed.saturating_mul(2).clamp(LEAST_SHOWN, MOST_SHOWN) as u32
}

/// Whatever a model is fed with.
const LEAST_SHOWN: u64 = 1280;
/// RGBA of a square of that is 64 MB.
const MOST_SHOWN: u64 = 4096;

/// `GET /api/v1/projects/{id}/models`, beside `limit` and `cursor`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ModelQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// `true`: the archived ones too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_model_is_shown_as_much_as_it_can_use() {
        let shown = |width: u64, height: u64| {
            shown_side(&json!({ "input": { "width": width, "height": height } }))
        };
        assert_eq!(shown(224, 224), 1280);
        assert_eq!(shown(640, 640), 1280);
        assert_eq!(shown(1280, 960), 2560);
        assert_eq!(shown(1536, 2048), 4096);
        assert_eq!(shown(u64::MAX, 1), 4096);
        assert_eq!(shown_side(&Value::Null), 1280);
    }
}
