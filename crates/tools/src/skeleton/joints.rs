//! What becomes of the joints of a skeleton that is there. The tool that selects calls this.

use visionflow_geometry::Point;
use visionflow_model::{Joint, JointId, JointState, Skeleton};

/// The skeleton with one joint at `to` (image space); one that was absent is in the picture now.
pub(crate) fn moved(skeleton: &Skeleton, id: JointId, to: Point) -> Skeleton {
    changed(skeleton, id, |joint| {
        joint.at = to;
        if joint.state == JointState::Absent {
            joint.state = JointState::Visible;
        }
    })
}

pub(crate) fn with_state(skeleton: &Skeleton, id: JointId, state: JointState) -> Skeleton {
    changed(skeleton, id, |joint| joint.state = state)
}

/// The state after one more Alt-click.
pub(crate) fn next_state(state: JointState) -> JointState {
    match state {
        JointState::Visible => JointState::Occluded,
        JointState::Occluded => JointState::Absent,
        JointState::Absent => JointState::Visible,
    }
}

/// The state that a key gives to the joint under the pointer.
pub(crate) fn state_of_key(key: &str) -> Option<JointState> {
    match key {
        "1" => Some(JointState::Visible),
        "2" => Some(JointState::Occluded),
        "3" => Some(JointState::Absent),
        _ => None,
    }
}

fn changed(skeleton: &Skeleton, id: JointId, change: impl FnOnce(&mut Joint)) -> Skeleton {
    let mut skeleton = skeleton.clone();
    if let Some(joint) = skeleton.joints.get_mut(&id) {
        change(joint);
    }
    skeleton
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joint_that_is_moved_is_in_the_picture() {
        let joint = Joint {
            at: Point::new(1.0, 2.0),
            state: JointState::Absent,
        };
        let skeleton = Skeleton {
            joints: [(JointId(4), joint)].into(),
        };
        let moved = moved(&skeleton, JointId(4), Point::new(5.0, 6.0));
        let joint = moved.joints[&JointId(4)];
        assert_eq!((joint.at.x, joint.state), (5.0, JointState::Visible));
        assert_eq!(
            with_state(&skeleton, JointId(9), JointState::Visible),
            skeleton
        );
    }

    #[test]
    fn three_clicks_lead_round() {
        let mut state = JointState::Visible;
        for key in ["2", "3", "1"] {
            state = next_state(state);
            assert_eq!(state_of_key(key), Some(state));
        }
        assert_eq!(state_of_key("4"), None);
    }
}
