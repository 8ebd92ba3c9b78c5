//! Moving, resizing, turning, mirroring.

use crate::bench::*;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};
use visionflow_commands::{Command, CommandError, Note};
use visionflow_document::Edit;
use visionflow_geometry::{Cuboid, RotatedBox, Vec2};
use visionflow_model::{Align, Joint, JointId, JointState, Shape, Skeleton, TextBox};

#[test]
fn moving_stops_at_the_image() {
    let mut bench = Bench::new(&[
        rect(100.0, 100.0, 50.0, 50.0),
        rect(200.0, 100.0, 50.0, 50.0),
    ]);
    bench.run(&[1, 2], &Command::MoveBy { x: 10.0, y: -500.0 });
    assert_eq!(bench.shape(1), &rect(110.0, 0.0, 50.0, 50.0));
    assert_eq!(bench.shape(2), &rect(210.0, 0.0, 50.0, 50.0));
    let nan = Command::MoveBy {
        x: f64::NAN,
        y: 0.0,
    };
    assert_eq!(bench.refused(&[1], &nan), CommandError::NotFinite);
}

#[test]
fn resizing_gives_the_bounds_asked_for() {
    let mut bench = Bench::new(&[
        rect(100.0, 100.0, 50.0, 50.0),
        mask(&[(200, 100, 100, 100)]),
    ]);
    bench.run(&[1, 2], &Command::ResizeTo(square(0.0, 0.0, 400.0, 100.0)));
    assert_eq!(bench.shape(1), &rect(0.0, 0.0, 100.0, 50.0));
    assert_eq!(
        bench.shape(2).bounds(),
        Some(square(200.0, 0.0, 200.0, 100.0))
    );
    let outside = Command::ResizeTo(square(900.0, 0.0, 200.0, 10.0));
    assert_eq!(bench.refused(&[1], &outside), CommandError::DoesNotFit);
    let flat = Command::ResizeTo(square(0.0, 0.0, 0.0, 10.0));
    assert_eq!(bench.refused(&[1], &flat), CommandError::EmptySize);
}

#[test]
fn a_mask_is_not_made_smaller_than_its_pixels() {
    let mut bench = Bench::new(&[rect(0.0, 0.0, 400.0, 300.0), mask(&[(200, 100, 10, 10)])]);
    let tiny = Command::ResizeTo(square(0.0, 0.0, 4.0, 3.0));
    assert_eq!(bench.refused(&[1, 2], &tiny), CommandError::NothingLeft);
    assert_eq!(bench.shape(1), &rect(0.0, 0.0, 400.0, 300.0));
    bench.run(&[2], &tiny);
    assert_eq!(bench.shape(2).bounds(), Some(square(0.0, 0.0, 4.0, 3.0)));
}

#[test]
fn a_turned_box_is_a_rotated_box_and_stays_one() {
    let mut bench = Bench::new(&[rect(100.0, 100.0, 80.0, 40.0)]);
    let eighth = Command::Rotate { radians: FRAC_PI_4 };
    bench.run(&[1], &eighth);
    let Shape::RotatedBox(rotated) = bench.shape(1) else {
        panic!("{:?}", bench.shape(1));
    };
    assert_eq!(
        (rotated.center, rotated.size),
        (p(140.0, 120.0), Vec2::new(80.0, 40.0))
    );
    near(rotated.angle, FRAC_PI_4, 1e-12);
    for _ in 0..7 {
        bench.run(&[1], &eighth);
    }
    let Shape::RotatedBox(rotated) = bench.shape(1) else {
        panic!("{:?}", bench.shape(1));
    };
    near(rotated.angle, 0.0, 1e-9);
}

#[test]
fn a_box_turned_by_right_angles_is_a_box() {
    let mut bench = Bench::new(&[rect(100.0, 100.0, 80.0, 40.0)]);
    let quarter = Command::Rotate {
        radians: -FRAC_PI_2,
    };
    bench.run(&[1], &quarter);
    assert_eq!(bench.shape(1), &rect(120.0, 80.0, 40.0, 80.0));
    bench.run(&[1], &quarter);
    assert_eq!(bench.shape(1), &rect(100.0, 100.0, 80.0, 40.0));
}

#[test]
fn what_turns_is_brought_back_into_the_image() {
    let mut bench = Bench::new(&[rect(0.0, 0.0, 400.0, 20.0), rect(0.0, 100.0, 1000.0, 600.0)]);
    bench.run(&[1], &Command::Rotate { radians: FRAC_PI_2 });
    let bounds = bench.shape(1).bounds().unwrap();
    near(bounds.min.y, 0.0, 1e-6);
    near(bounds.height(), 400.0, 1e-6);
    let quarter = Command::Rotate { radians: FRAC_PI_2 };
    assert_eq!(bench.refused(&[2], &quarter), CommandError::DoesNotFit);
}

#[test]
fn a_mask_turns_and_flips_by_pixels() {
    let shape = mask(&[(100, 100, 40, 10), (100, 110, 10, 10)]);
    let mut bench = Bench::new(std::slice::from_ref(&shape));
    for _ in 0..4 {
        bench.run(&[1], &Command::Rotate { radians: FRAC_PI_2 });
        assert_eq!(bench.shape(1).area(), 500.0);
    }
    bench.run(&[1], &Command::Flip { horizontal: true });
    assert_eq!(bench.shape(1).area(), 500.0);
    bench.run(&[1], &Command::Flip { horizontal: true });
    assert_eq!(bench.shape(1), &shape);
}

fn check_flip(shape: &Shape, horizontal: bool, expected: &Shape) {
    let mut bench = Bench::new(std::slice::from_ref(shape));
    bench.run(&[1], &Command::Flip { horizontal });
    assert_eq!(bench.shape(1), expected);
    bench.run(&[1], &Command::Flip { horizontal });
    assert_eq!(bench.shape(1), shape, "twice is nothing");
}

#[test]
fn every_kind_flips() {
    check_flip(
        &polygon(&[&[(100.0, 100.0), (200.0, 100.0), (100.0, 300.0)]]),
        true,
        &polygon(&[&[(200.0, 100.0), (100.0, 100.0), (200.0, 300.0)]]),
    );
    let leaning = RotatedBox {
        center: p(300.0, 300.0),
        size: Vec2::new(80.0, 20.0),
        angle: 0.5,
    };
    let mirrored = RotatedBox {
        angle: -0.5,
        ..leaning
    };
    check_flip(
        &Shape::RotatedBox(leaning),
        false,
        &Shape::RotatedBox(mirrored),
    );
    check_flip(
        &mask(&[(10, 10, 5, 5), (15, 10, 5, 1)]),
        false,
        &mask(&[(10, 10, 5, 5), (15, 14, 5, 1)]),
    );
    let text = Shape::Text(Box::new(TextBox {
        rect: square(10.0, 10.0, 50.0, 20.0),
        text: "p".to_owned(),
        size: 12.0,
        bold: false,
        align: Align::Left,
    }));
    check_flip(&text, true, &text);
}

#[test]
fn a_mirrored_cuboid_keeps_its_corners_in_order() {
    let front = square(100.0, 100.0, 50.0, 50.0);
    let back = square(130.0, 90.0, 40.0, 40.0);
    let cuboid = |front, back| Shape::Cuboid(Box::new(Cuboid::from_faces(front, back)));
    let mirrored = cuboid(
        square(120.0, 100.0, 50.0, 50.0),
        square(100.0, 90.0, 40.0, 40.0),
    );
    check_flip(&cuboid(front, back), true, &mirrored);
}

#[test]
fn joints_are_mirrored_and_keep_their_state() {
    let skeleton = |x: f64| {
        let joint = |x, state| Joint {
            at: p(x, 50.0),
            state,
        };
        let joints = [
            (JointId(1), joint(x, JointState::Occluded)),
            (JointId(2), joint(150.0 - x, JointState::Visible)),
        ];
        Shape::Skeleton(Skeleton {
            joints: joints.into(),
        })
    };
    check_flip(&skeleton(50.0), true, &skeleton(100.0));
}

#[test]
fn locked_annotations_are_left_alone_with_a_word() {
    let mut bench = Bench::new(&[rect(0.0, 0.0, 10.0, 10.0), rect(50.0, 0.0, 10.0, 10.0)]);
    bench.set(&[Edit::SetLocked(id(1), true)]);
    let plan = bench.run(&[1, 2], &Command::MoveBy { x: 5.0, y: 5.0 });
    assert_eq!(plan.notes, [Note::Locked(1)]);
    assert_eq!(plan.selection, ids(&[1, 2]));
    assert_eq!(bench.shape(1), &rect(0.0, 0.0, 10.0, 10.0));
    assert_eq!(bench.shape(2), &rect(55.0, 5.0, 10.0, 10.0));
    let all = [
        Command::MoveBy { x: 1.0, y: 1.0 },
        Command::Flip { horizontal: true },
        Command::Delete,
        Command::BringToFront,
        Command::Repair,
    ];
    for command in all {
        assert_eq!(bench.refused(&[1], &command), CommandError::AllLocked);
        assert_eq!(bench.refused(&[], &command), CommandError::NothingSelected);
    }
    bench.run(&[1], &Command::Lock(false));
    bench.run(&[1], &Command::Delete);
    assert_eq!(bench.document.len(), 1);
}
