//! What an annotation is: plain values, no CRDT, no I/O, no clock.
//!
//! The document keeps these values, the tools make them, the scene draws them,
//! the formats write them, the server stores them.

mod annotation;
mod attributes;
mod by_id;
mod check;
mod fresh;
mod id;
mod ontology;
mod presence;
mod shape;
mod shape_json;
mod skeleton;
mod style;
mod suggestion;

pub use annotation::{Annotation, Source};
pub use attributes::{AttributeValue, Attributes};
pub use by_id::{AnnotationMap, ById};
pub use check::{
    Invalid, MAX_COORDINATE, MAX_JOINTS, MAX_MASK_TILES, MAX_TEXT_BYTES, MAX_VERTICES,
};
pub use fresh::FreshIds;
pub use id::{AnnotationId, AttributeId, GroupId, LabelId, ModelId, RunId};
pub use ontology::{Attribute, AttributeKind, Color, Label, Ontology, OntologyError};
pub use presence::{Presence, PresenceUser, Preview};
pub use shape::{Align, Arrow, Joint, JointId, JointState, Shape, ShapeKind, Skeleton, TextBox};
pub use skeleton::{JointTemplate, SkeletonTemplate, TemplateError};
pub use style::{MAX_STROKE_WIDTH, Style};
pub use suggestion::{MAX_MODEL_NAME_BYTES, Suggestion, Verdict};
