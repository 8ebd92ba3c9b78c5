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
    RotatedBox {
        center: [f64; 2],
        /// Width and height.
        size: [f64; 2],
        /// Radians, clockwise on screen.
        angle: f64,
    },
    Ellipse {
        center: [f64; 2],
        radii: [f64; 2],
        /// Radians, clockwise on screen.
        angle: f64,
    },
    Polygon {
        /// Each ring as x0, y0, x1, y1, …, without a repeated last point; the inside follows the
        /// even-odd rule, so a ring within another is a hole.
        rings: Vec<Vec<f64>>,
    },
    Polyline {
        /// x0, y0, x1, y1, …
        points: Vec<f64>,
    },
    Point {
        point: [f64; 2],
    },
    /// A line drawn freehand.
    Path {
        /// x0, y0, x1, y1, …
        points: Vec<f64>,
    },
    Arrow {
        from: [f64; 2],
        to: [f64; 2],
    },
    Text {
        /// x, y, width, height.
        #[serde(rename = "box")]
        xywh: Vec<f64>,
        text: String,
        /// Of the font, in pixels of the image.
        size: f64,
        #[serde(default)]
        bold: bool,
        /// `left`, `center` or `right`.
        #[serde(default)]
        align: String,
    },
    Cuboid {
        /// Eight points as x0, y0, …: the front face clockwise from the top left, then the back face
        /// in the same order.
        points: Vec<f64>,
    },
    Mask {
        /// Of the rectangle of whole pixels around the mask: left and top, width and height.
        origin: [i32; 2],
        size: [u32; 2],
        /// Lengths of the runs in the rectangle, row by row, alternately outside and inside,
        /// beginning with outside.
        runs: Vec<u32>,
    },
    Skeleton {
        joints: Vec<JointSchema>,
    },
    /// The label holds for the whole image.
    Tag,
}

/// What became of a suggestion.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Verdict))]
#[serde(rename_all = "snake_case")]
pub enum VerdictSchema {
    Pending,
    Accepted,
    Rejected,
    Superseded,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Joint))]
pub struct JointSchema {
    /// A joint of the label's skeleton.
    pub id: u32,
    pub at: [f64; 2],
    /// `absent`, `occluded` or `visible`.
    pub state: String,
}

/// How something is painted; what is absent follows from the label, then from the engine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Style))]
pub struct StyleSchema {
    /// `#rrggbb`.
    #[serde(default)]
    pub stroke: Option<String>,
    /// `#rrggbb`.
    #[serde(default)]
    pub fill: Option<String>,
    /// Of the fill, from 0 to 1.
    #[serde(default)]
    pub opacity: Option<f32>,
    /// Of the stroke, in CSS pixels.
    #[serde(default)]
    pub width: Option<f32>,
}

/// A project's labels in display order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Ontology))]
pub struct OntologySchema {
    /// On a PUT: the version that was read; another one is answered 409.
    pub version: i64,
    pub labels: Vec<LabelSchema>,
    /// A photograph carries one tag at most: choosing another takes its place.
    #[serde(default)]
    pub single_tag: bool,
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
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = StyleSchema))]
    pub style: Option<StyleSchema>,
    /// The joints of its skeletons.
    #[serde(default)]
    pub skeleton: Option<SkeletonSchema>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = SkeletonTemplate))]
pub struct SkeletonSchema {
    /// In the order in which they are placed and exported.
    pub joints: Vec<JointTemplateSchema>,
    /// Pairs of joint ids.
    #[serde(default)]
    pub edges: Vec<[u32; 2]>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = JointTemplate))]
pub struct JointTemplateSchema {
    pub id: u32,
    pub name: String,
    /// Its place in the box that is drawn for a skeleton, from 0 to 1 each way.
    pub x: f64,
    pub y: f64,
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
    /// What annotations made by hand in an editor begin with: a text, a number, true or false, or
    /// one of the options. It is written into each; the server adds it to nothing that it is sent.
    #[serde(default)]
    pub default: Option<serde_json::Value>,
}
