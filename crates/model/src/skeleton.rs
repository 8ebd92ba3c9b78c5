//! What the skeletons of a label are made of.

use crate::check::MAX_JOINTS;
use crate::{Joint, JointId, JointState, Skeleton};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use thiserror::Error;
use visionflow_geometry::{Point, Rect};

/// The joints of a label's skeletons and what connects them.
///
/// A joint keeps its id when it is renamed or moved, so that old annotations keep meaning; an
/// annotation may have joints that the template has no more, and lack some that it has now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SkeletonTemplate {
    /// In the order in which they are placed and exported.
    pub joints: Vec<JointTemplate>,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub edges: Vec<[JointId; 2]>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct JointTemplate {
    pub id: JointId,
    pub name: String,
    /// Its place in the box that is drawn for a skeleton, from 0 to 1 each way.
    pub x: f64,
    pub y: f64,
}

/// Why a template is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TemplateError {
    #[error("it has no joint")]
    Empty,
    #[error("it has more than {MAX_JOINTS} joints")]
    TooMany,
    #[error("two joints share the id {}", .0.0)]
    DuplicateId(JointId),
    #[error("two joints are called “{0}”")]
    DuplicateName(String),
    #[error("a joint has no name, or one of more than 100 characters")]
    Name,
    #[error("joint “{0}” lies outside its box")]
    Place(String),
    #[error("an edge joins joints that are not two of the template")]
    Edge,
}

impl SkeletonTemplate {
    pub fn joint(&self, id: JointId) -> Option<&JointTemplate> {
        self.joints.iter().find(|joint| joint.id == id)
    }

    /// The skeleton with every joint at its place of `rect` (image space), visible.
    pub fn instance(&self, rect: Rect) -> Skeleton {
        let joint = |joint: &JointTemplate| {
            let at = Point::new(
                rect.min.x + joint.x * rect.width(),
                rect.min.y + joint.y * rect.height(),
            );
            let state = JointState::Visible;
            (joint.id, Joint { at, state })
        };
        Skeleton {
            joints: self.joints.iter().map(joint).collect(),
        }
    }

    pub fn check(&self) -> Result<(), TemplateError> {
        if self.joints.is_empty() {
            return Err(TemplateError::Empty);
        }
        if self.joints.len() > MAX_JOINTS {
            return Err(TemplateError::TooMany);
        }
        let (mut ids, mut names) = (HashSet::new(), HashSet::new());
        for joint in &self.joints {
            let name = joint.name.trim();
            if name.is_empty() || name.chars().count() > 100 {
                return Err(TemplateError::Name);
            }
            if !ids.insert(joint.id) {
                return Err(TemplateError::DuplicateId(joint.id));
            }
            if !names.insert(name.to_lowercase()) {
                return Err(TemplateError::DuplicateName(name.to_owned()));
            }
            if !(0.0..=1.0).contains(&joint.x) || !(0.0..=1.0).contains(&joint.y) {
                return Err(TemplateError::Place(name.to_owned()));
            }
        }
        let joins = |[a, b]: &[JointId; 2]| a != b && ids.contains(a) && ids.contains(b);
        if self.edges.iter().all(joins) {
            Ok(())
        } else {
            Err(TemplateError::Edge)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(names: &[&str], edges: &[[u32; 2]]) -> SkeletonTemplate {
        let joint = |(index, name): (usize, &&str)| JointTemplate {
            id: JointId(index as u32),
            name: (*name).to_owned(),
            x: 0.5,
            y: index as f64 / 10.0,
        };
        SkeletonTemplate {
            joints: names.iter().enumerate().map(joint).collect(),
            edges: edges.iter().map(|edge| edge.map(JointId)).collect(),
        }
    }

    #[test]
    fn each_fault_has_its_own_word() {
        let check = |names: &[&str], edges: &[[u32; 2]], expected| {
            assert_eq!(template(names, edges).check(), expected);
        };
        check(&["head", "neck"], &[[0, 1]], Ok(()));
        check(&[], &[], Err(TemplateError::Empty));
        check(&["head", " "], &[], Err(TemplateError::Name));
        check(
            &["a", "A"],
            &[],
            Err(TemplateError::DuplicateName("A".to_owned())),
        );
        check(&["a", "b"], &[[0, 2]], Err(TemplateError::Edge));
        check(&["a", "b"], &[[1, 1]], Err(TemplateError::Edge));
    }

    #[test]
    fn an_instance_fills_the_box() {
        let rect = Rect::from_size(100.0, 200.0);
        let skeleton = template(&["a", "b"], &[]).instance(rect);
        assert_eq!(skeleton.joints[&JointId(1)].at, Point::new(50.0, 20.0));
    }
}
