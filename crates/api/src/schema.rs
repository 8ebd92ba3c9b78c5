//! Schemas of the model's values for the OpenAPI page; the values themselves live in `model`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Geometry in pixels of the oriented image.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Shape))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ShapeSchema {
    Box {
        /// x, y, width, height.
        #[serde(rename = "box")]
        xywh: Vec<f64>,
    },
    Polygon {
        /// Each ring as x0, y0, x1, y1, …, without a repeated last point.
        rings: Vec<Vec<f64>>,
    },
    /// The label holds for the whole image.
    Tag,
}

/// A project's labels in display order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Ontology))]
pub struct OntologySchema {
    /// On a PUT: the version that was read; another one is answered 409.
    pub version: i64,
    pub labels: Vec<LabelSchema>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Label))]
pub struct LabelSchema {
    pub id: Uuid,
    pub name: String,
    /// `#rrggbb`.
    pub color: String,
    #[serde(default)]
    pub hotkey: Option<String>,
    #[serde(default)]
    pub archived: bool,
    #[serde(default)]
    pub attributes: Vec<AttributeSchema>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Attribute))]
pub struct AttributeSchema {
    pub id: Uuid,
    pub name: String,
    /// `text`, `number`, `checkbox` or `select`.
    pub kind: String,
    /// The choices of a `select`.
    #[serde(default)]
    pub options: Vec<String>,
    #[serde(default)]
    pub required: bool,
}
