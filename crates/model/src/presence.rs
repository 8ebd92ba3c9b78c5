//! What one person shows the others while they work: the awareness state of a client.
//!
//! The JSON follows the convention of public Yjs clients (`user.name`, `user.color`), so that
//! theirs read ours and ours read theirs; every field but `user` may be missing.

use crate::{AnnotationId, LabelId, Shape};
use serde::{Deserialize, Serialize};
use visionflow_geometry::{Point, Rect};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Presence {
    pub user: PresenceUser,
    /// The pointer in image space; `None` when it is not over the canvas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Point>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub selection: Vec<AnnotationId>,
    /// The gesture in progress: what others see as a ghost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preview: Vec<Preview>,
    /// The part of the image in view, for those who follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<Rect>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PresenceUser {
    /// The account's id; empty for clients without one.
    pub id: String,
    pub name: String,
    /// A CSS colour, `#rrggbb`.
    pub color: String,
}

/// A shape as it would be if the gesture ended now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The annotation being changed; `None` while a new one is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotation: Option<AnnotationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelId>,
    pub shape: Shape,
    /// Whether the outline is closed; a polygon in progress is not.
    #[serde(default)]
    pub closed: bool,
}

impl Presence {
    /// Without what cannot be shown: others write what they like.
    #[must_use]
    pub fn within_reach(mut self) -> Self {
        let reaches = |p: Point| Shape::Point(p).check().is_ok();
        self.cursor = self.cursor.filter(|cursor| reaches(*cursor));
        self.view = self.view.filter(|v| reaches(v.min) && reaches(v.max));
        self.preview
            .retain(|preview| preview.shape.check_unfinished().is_ok());
        self
    }
}
