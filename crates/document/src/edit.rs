//! What a person can do to a document, checked before anything is written.

mod plan;

pub(crate) use plan::{Planned, plan};

use thiserror::Error;
use visionflow_geometry::MaskDelta;
use visionflow_model::{
    Annotation, AnnotationId, AttributeId, AttributeValue, GroupId, Invalid, LabelId,
    MAX_MODEL_NAME_BYTES, Shape, ShapeKind, Style, Suggestion, Verdict,
};

/// One change of one annotation or suggestion; several make one transaction and one undo step.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A new annotation; its id must not be taken.
    Add(Annotation),
    /// Another geometry; of another kind, it turns the annotation into one of that kind.
    SetShape(AnnotationId, Shape),
    /// One stroke on a mask. Strokes that others make at the same time stand as well.
    PaintMask(AnnotationId, MaskDelta),
    SetLabel(AnnotationId, LabelId),
    SetZ(AnnotationId, f64),
    SetGroup(AnnotationId, Option<GroupId>),
    SetLocked(AnnotationId, bool),
    SetStyle(AnnotationId, Style),
    /// `None` takes the attribute away.
    SetAttribute(AnnotationId, AttributeId, Option<AttributeValue>),
    Delete(AnnotationId),
    /// What a model proposes, pending whatever the value says; its id must not be taken.
    Suggest(Box<Suggestion>),
    /// Takes a suggestion away as if nobody had made it; the annotation that it became stays.
    Withdraw(AnnotationId),
    /// What becomes of a suggestion. Accepting makes the annotation, another verdict about an
    /// accepted one takes it away again; only what is pending is superseded.
    Decide {
        id: AnnotationId,
        verdict: Verdict,
    },
}

/// Why edits are refused; then none of them is made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    #[error("annotation {0} does not exist")]
    Missing(AnnotationId),
    #[error("annotation {0} exists already")]
    Exists(AnnotationId),
    #[error("the shape of annotation {id} is refused: {reason}")]
    Shape { id: AnnotationId, reason: Invalid },
    #[error("annotation {id} is a {} and cannot be painted on", .is.name())]
    NoMask { id: AnnotationId, is: ShapeKind },
    #[error("the style of annotation {0} is out of range")]
    Style(AnnotationId),
    #[error("there is no suggestion {0}")]
    NoSuggestion(AnnotationId),
    #[error("the score of suggestion {0} is not a number between 0 and 1")]
    Score(AnnotationId),
    #[error(
        "the source of suggestion {0} is not a model with a name of at most {MAX_MODEL_NAME_BYTES} bytes"
    )]
    NoModel(AnnotationId),
    #[error("annotation {0} was given a number that is not finite")]
    NotFinite(AnnotationId),
}
