//! Annotations over REST: each write is an edit of the item's live document.

use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_model::{AttributeId, AttributeValue, Shape, Source, Style};

/// One annotation as a row: facts in columns, geometry in `data`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnotationRow {
    pub id: Uuid,
    pub image_id: Uuid,
    pub project_id: Uuid,
    pub label_id: Uuid,
    /// The label's name at the moment of reading.
    pub class_name: String,
    /// Who drew it.
    pub annotator_id: Option<Uuid>,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::ShapeSchema))]
    pub data: Shape,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub attributes: BTreeMap<AttributeId, AttributeValue>,
    pub z: f64,
    /// Annotations of one group belong together.
    pub group: Option<Uuid>,
    /// Nothing is done to it by hand in the workbench until it is unlocked.
    pub locked: bool,
    /// What differs from the label's style.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::StyleSchema))]
    pub style: Style,
    /// `manual`, `import` or `model:{name}`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub source: Source,
    pub status: AnnotationStatus,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AnnotationStatus {
    Draft,
    Submitted,
    Approved,
}

/// `POST /api/v1/annotations`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAnnotation {
    /// Chosen by the caller if it likes, so that a repeated request creates nothing twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    pub image_id: Uuid,
    pub label_id: Uuid,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::ShapeSchema))]
    pub data: Shape,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub attributes: BTreeMap<AttributeId, AttributeValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Uuid>,
    #[serde(default)]
    pub locked: bool,
    #[serde(default, skip_serializing_if = "Style::is_default")]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::StyleSchema))]
    pub style: Style,
    /// `manual`, `import` or `model:{name}`; it never changes.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub source: Source,
}

/// `PATCH /api/v1/annotations/{id}`: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnotationChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_id: Option<Uuid>,
    /// A shape of another kind turns the annotation into one of that kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::ShapeSchema>))]
    pub data: Option<Shape>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub z: Option<f64>,
    /// `null` takes it out of its group.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "null_or_value"
    )]
    pub group: Option<Option<Uuid>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
    /// The whole style; `{}` gives it the label's again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::StyleSchema>))]
    pub style: Option<Style>,
    /// `null` removes an attribute.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub attributes: BTreeMap<AttributeId, Option<AttributeValue>>,
}

/// `GET /api/v1/annotations`, beside `limit` and `cursor`; one of the two ids is needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct AnnotationQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// `Some(None)` for a `null` that is there, `None` for a field that is not.
#[allow(
    clippy::option_option,
    reason = "absent, null and a value are three things"
)]
fn null_or_value<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Uuid>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
