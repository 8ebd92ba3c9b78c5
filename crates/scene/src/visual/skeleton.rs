//! A skeleton: bones between the joints that are there, and a dot for each of these.
//!
//! A visible joint is filled, an occluded one hollow, an absent one is not drawn.

use super::{Part, Visualizer};
use crate::draw_list::{Marker, Primitive, primitive_kind};
use crate::ink::Ink;
use visionflow_geometry::Point;
use visionflow_model::{JointId, JointState, Skeleton};

/// CSS pixels.
const JOINT: f32 = 8.0;

pub fn append(
    visualizer: &Visualizer,
    skeleton: &Skeleton,
    bones: &[[JointId; 2]],
    part: Part,
    ink: &mut Ink,
) {
    if part == Part::Fill {
        return;
    }
    for (a, b) in present_bones(skeleton, bones) {
        visualizer.line(&[a, b], false, ink);
    }
    for joint in skeleton.joints.values() {
        let flag = match joint.state {
            JointState::Absent => continue,
            JointState::Occluded => primitive_kind::FLAG_HOLLOW,
            JointState::Visible => primitive_kind::FLAG_SOLID,
        };
        let at = visualizer.relative(joint.at);
        ink.push(Primitive::marker(at, JOINT, Marker::Circle).flagged(flag));
    }
}

/// The bones whose joints are both in the picture.
pub fn present_bones<'a>(
    skeleton: &'a Skeleton,
    bones: &'a [[JointId; 2]],
) -> impl Iterator<Item = (Point, Point)> + 'a {
    let at = |id: &JointId| {
        let joint = skeleton.joints.get(id)?;
        (joint.state != JointState::Absent).then_some(joint.at)
    };
    bones
        .iter()
        .filter_map(move |[a, b]| Some((at(a)?, at(b)?)))
}
