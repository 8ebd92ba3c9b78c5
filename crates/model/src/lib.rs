//! What an annotation is: plain values, no CRDT, no I/O, no clock.
//!
//! The document keeps these values, the tools make them, the scene draws them,
//! the formats write them, the server stores them.

mod annotation;
mod check;
mod id;
mod ontology;
mod presence;
mod shape_json;

pub use annotation::{Annotation, AttributeValue, Shape, ShapeKind};
pub use check::{Invalid, MAX_COORDINATE, MAX_VERTICES};
pub use id::{AnnotationId, AttributeId, LabelId};
pub use ontology::{Attribute, AttributeKind, Color, Label, Ontology, OntologyError};
pub use presence::{Presence, PresenceUser, Preview};
