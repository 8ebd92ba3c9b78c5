//! Joining, cutting, splitting, and repairing outlines.

use crate::bench::*;
use visionflow_commands::{Command, CommandError, Note};
use visionflow_document::Edit;
use visionflow_geometry::Polygon;
use visionflow_model::{Shape, ShapeKind};

fn rings(shape: &Shape) -> &Polygon {
    match shape {
        Shape::Polygon(polygon) => polygon,
        other => panic!("{other:?} is no polygon"),
    }
}

/// Two squares of 100 that share a quarter, as polygons.
fn overlapping() -> Bench {
    let square = |x: f64| {
        polygon(&[&[
            (x, x),
            (x + 100.0, x),
            (x + 100.0, x + 100.0),
            (x, x + 100.0),
        ]])
    };
    Bench::new(&[square(100.0), square(150.0), rect(500.0, 500.0, 10.0, 10.0)])
}

fn check(command: &Command, area: f64, left: &[u128]) {
    let mut bench = overlapping();
    let plan = bench.run(&[1, 2], command);
    assert_eq!(plan.selection, ids(&[1]));
    near(bench.shape(1).area(), area, 1e-6);
    let all: Vec<_> = bench.contents().into_keys().collect();
    assert_eq!(all, ids(left), "{command:?}");
}

#[test]
fn polygons_are_joined_cut_and_intersected() {
    check(&Command::Join, 17_500.0, &[1, 3]);
    check(&Command::Subtract, 7_500.0, &[1, 2, 3]);
    check(&Command::Intersect, 2_500.0, &[1, 3]);
}

#[test]
fn masks_are_joined_cut_and_intersected() {
    for (command, area) in [
        (Command::Join, 175.0),
        (Command::Subtract, 75.0),
        (Command::Intersect, 25.0),
    ] {
        let mut bench = Bench::new(&[mask(&[(0, 0, 10, 10)]), mask(&[(5, 5, 10, 10)])]);
        bench.run(&[1, 2], &command);
        assert_eq!(bench.shape(1).area(), area, "{command:?}");
    }
}

#[test]
fn what_does_not_overlap_becomes_one_of_two_parts() {
    let mut bench = overlapping();
    bench.run(&[3, 1], &Command::Join);
    assert_eq!(rings(bench.shape(3)).rings.len(), 2);
    near(bench.shape(3).area(), 10_100.0, 1e-6);
    assert_eq!(
        bench.refused(&[3, 3], &Command::Group),
        CommandError::TooFew {
            needed: 2,
            found: 1
        }
    );
    let plan = bench.run(&[3], &Command::SplitParts);
    assert_eq!((plan.selection.len(), plan.selection[0]), (2, id(3)));
    near(bench.shape(3).area(), 10_000.0, 1e-6);
    assert_eq!(
        bench.refused(&[3], &Command::SplitParts),
        CommandError::OnePiece
    );
}

#[test]
fn parts_of_a_mask_become_annotations_with_everything_the_whole_had() {
    let mut bench = Bench::new(&[mask(&[(0, 0, 3, 3), (10, 10, 5, 5), (14, 15, 5, 5)])]);
    bench.set(&[Edit::SetLabel(id(1), label(4)), Edit::SetZ(id(1), 2.5)]);
    let plan = bench.run(&[1], &Command::SplitParts);
    assert_eq!(plan.selection.len(), 2, "corners that touch hold together");
    assert_eq!(bench.shape(1).area(), 50.0);
    let other = bench.document.get(plan.selection[1]).unwrap();
    assert_eq!(
        (other.shape.area(), other.label, other.z),
        (9.0, label(4), 2.5)
    );
}

#[test]
fn nothing_left_is_said() {
    let mut bench = Bench::new(&[
        rect(0.0, 0.0, 10.0, 10.0),
        rect(0.0, 0.0, 20.0, 20.0),
        Shape::Tag,
    ]);
    assert_eq!(
        bench.refused(&[1, 2], &Command::Subtract),
        CommandError::NothingLeft
    );
    assert_eq!(bench.refused(&[3], &Command::Join), CommandError::NoArea);
    assert_eq!(
        bench.refused(&[1, 3], &Command::Join),
        CommandError::TooFew {
            needed: 2,
            found: 1
        }
    );
    let plan = bench.run(&[2, 1, 3], &Command::Subtract);
    assert_eq!(plan.notes, [Note::Unsuited(1)]);
    near(bench.shape(2).area(), 300.0, 1e-6);
}

#[test]
fn the_locked_are_not_swallowed() {
    let mut bench = overlapping();
    bench.set(&[Edit::SetLocked(id(2), true)]);
    assert_eq!(
        bench.refused(&[2, 1], &Command::Join),
        CommandError::FirstLocked
    );
    let plan = bench.run(&[1, 2, 3], &Command::Join);
    assert_eq!(plan.notes, [Note::Locked(1)]);
    assert_eq!(bench.document.len(), 2);
    bench.run(&[1, 2], &Command::Subtract);
    near(bench.shape(1).area(), 7_600.0, 1e-6);
}

#[test]
fn holes_are_filled() {
    let frame = polygon(&[
        &[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)],
        &[(20.0, 20.0), (40.0, 20.0), (40.0, 40.0), (20.0, 40.0)],
    ]);
    let ring = mask(&[(0, 0, 9, 3), (0, 3, 3, 3), (6, 3, 3, 3), (0, 6, 9, 3)]);
    let mut bench = Bench::new(&[frame, ring, rect(0.0, 0.0, 5.0, 5.0)]);
    let plan = bench.run(&[1, 2, 3], &Command::FillHoles);
    assert_eq!(plan.notes, [Note::Unsuited(1)]);
    assert_eq!(
        (bench.shape(1).area(), bench.shape(2).area()),
        (10_000.0, 81.0)
    );
}

#[test]
fn a_bow_tie_becomes_two_triangles() {
    let tie = polygon(&[&[(0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0)]]);
    let mut bench = Bench::new(&[tie]);
    bench.run(&[1], &Command::Repair);
    assert_eq!(rings(bench.shape(1)).rings.len(), 2);
    near(bench.shape(1).area(), 5_000.0, 1e-3);
    assert_eq!(
        bench.run(&[1], &Command::Repair).edits,
        [],
        "what is sound stays"
    );
}

#[test]
fn simple_and_smooth_outlines() {
    let circle = |n: u32| -> Vec<(f64, f64)> {
        (0..n)
            .map(|i| f64::from(i) / f64::from(n) * std::f64::consts::TAU)
            .map(|angle| (300.0 + 100.0 * angle.cos(), 300.0 + 100.0 * angle.sin()))
            .collect()
    };
    let mut bench = Bench::new(&[polygon(&[&circle(500)]), polygon(&[&circle(4)])]);
    let area = bench.shape(1).area();
    bench.run(&[1], &Command::Simplify { tolerance: 1.0 });
    let vertices = rings(bench.shape(1)).vertex_count();
    assert!((8..100).contains(&vertices), "{vertices}");
    near(bench.shape(1).area(), area, 700.0);
    bench.run(&[2], &Command::Smooth);
    assert!(rings(bench.shape(2)).vertex_count() > 12);
    let line = Shape::Polyline(vec![p(0.0, 0.0), p(100.0, 0.0), p(100.0, 100.0)]);
    let mut bench = Bench::new(&[line]);
    bench.run(&[1], &Command::Smooth);
    let Shape::Polyline(points) = bench.shape(1) else {
        panic!("a line stays a line");
    };
    assert_eq!(
        (points.first(), points.last()),
        (Some(&p(0.0, 0.0)), Some(&p(100.0, 100.0)))
    );
    assert!(!points.contains(&p(100.0, 0.0)));
    assert_eq!(
        bench.refused(&[1], &Command::Simplify { tolerance: -1.0 }),
        CommandError::NotFinite
    );
    assert_eq!(bench.refused(&[1], &Command::Join), CommandError::NoArea);
    assert!(
        bench
            .plan(&[1], &Command::Convert(ShapeKind::Text))
            .is_err()
    );
}
