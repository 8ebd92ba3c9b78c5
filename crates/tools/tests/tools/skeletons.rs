//! Drawing skeletons.

use crate::desk::*;
use visionflow_model::{JointId, JointState, Shape};
use visionflow_tools::{Hint, Notice, ToolKind};

fn desk() -> Desk {
    let mut desk = Desk::with_tool(&[], ToolKind::Skeleton);
    desk.ontology = ontology();
    desk
}

/// The drawn joints: their ids and places; all are visible.
fn joints(shape: &Shape) -> Vec<(u32, f64, f64)> {
    let Shape::Skeleton(skeleton) = shape else {
        panic!("{shape:?}")
    };
    let joints = skeleton.joints.iter();
    joints
        .map(|(JointId(id), joint)| {
            assert_eq!(joint.state, JointState::Visible);
            (*id, joint.at.x, joint.at.y)
        })
        .collect()
}

#[test]
fn the_joints_fall_into_the_box() {
    let expected = [(1, 150.0, 100.0), (2, 100.0, 300.0), (5, 200.0, 300.0)];
    let mut desk = desk();
    desk.grab(p(100.0, 100.0), p(200.0, 300.0), NONE);
    assert_eq!(desk.hint, Hint::SkeletonDrag);
    assert_eq!(joints(&desk.preview[0].shape), expected);
    desk.up(p(200.0, 300.0), NONE);
    assert_eq!(joints(&desk.drawn().unwrap().shape), expected);
    assert!(desk.undo() && !desk.document.can_undo());
    desk.click(100.0, 100.0);
    desk.click(200.0, 300.0);
    assert_eq!(joints(&desk.drawn().unwrap().shape), expected);
    desk.undo();
    desk.touch_drag(p(100.0, 100.0), p(200.0, 300.0));
    assert_eq!(joints(&desk.drawn().unwrap().shape), expected);
}

#[test]
fn each_label_has_its_own_skeleton_or_none() {
    let mut desk = desk();
    desk.label = Some(label(1));
    desk.drag(p(100.0, 100.0), p(200.0, 300.0));
    assert_eq!(
        joints(&desk.drawn().unwrap().shape),
        [(1, 100.0, 200.0), (2, 200.0, 200.0)]
    );
    desk.undo();
    desk.label = Some(label(2));
    desk.drag(p(100.0, 100.0), p(200.0, 300.0));
    assert_eq!(
        (desk.drawn(), &desk.notices[..]),
        (None, &[Notice::NoSkeleton][..])
    );
}

#[test]
fn escape_leaves_nothing_and_watchers_draw_nothing() {
    let mut desk = desk();
    desk.grab(p(100.0, 100.0), p(200.0, 300.0), NONE);
    desk.check_escape(p(200.0, 300.0));
    desk.click(100.0, 100.0);
    desk.hover(p(200.0, 300.0), NONE);
    desk.check_escape(p(200.0, 300.0));
    desk.drag(p(100.0, 100.0), p(101.0, 300.0));
    desk.key("Escape");
    desk.check_read_only(p(100.0, 100.0), p(200.0, 300.0));
    desk.label = None;
    desk.drag(p(100.0, 100.0), p(200.0, 300.0));
    assert_eq!(desk.notices.last(), Some(&Notice::ChooseLabel));
    assert!(desk.document.is_empty());
}
