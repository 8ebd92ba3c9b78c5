//! Masks that share no pixel, whatever is done to them.

use crate::bench::*;
use proptest::prelude::*;
use visionflow_commands::{Clipboard, Command, Destination, Note, Placement, paste};
use visionflow_document::Edit;
use visionflow_geometry::{Mask, Rect};
use visionflow_model::{Shape, ShapeKind};

fn bench(shapes: &[Shape]) -> Bench {
    let mut bench = Bench::new(shapes);
    bench.panoptic = true;
    bench
}

fn area(bench: &Bench, n: u128) -> u64 {
    let Shape::Mask(mask) = bench.shape(n) else {
        panic!("{n} is no mask");
    };
    mask.area()
}

#[test]
fn the_moved_mask_wins_and_a_covered_one_goes() {
    let mut bench = bench(&[
        mask(&[(100, 100, 50, 50)]),
        mask(&[(200, 100, 50, 50)]),
        mask(&[(160, 100, 20, 20)]),
    ]);
    bench.run(&[1], &Command::MoveBy { x: 75.0, y: 0.0 });
    assert_eq!((area(&bench, 1), area(&bench, 2)), (2_500, 1_250));
    assert_eq!(area(&bench, 3), 300);
    bench.run(&[1], &Command::MoveBy { x: -15.0, y: 0.0 });
    assert!(bench.document.get(id(3)).is_none(), "nothing is left of it");
    assert_eq!(
        area(&bench, 2),
        1_250,
        "what was given up does not come back"
    );
}

#[test]
fn locked_masks_keep_their_pixels() {
    let mut bench = bench(&[mask(&[(100, 100, 50, 50)]), mask(&[(200, 100, 50, 50)])]);
    bench.set(&[Edit::SetLocked(id(2), true)]);
    bench.run(&[1], &Command::MoveBy { x: 75.0, y: 0.0 });
    assert_eq!((area(&bench, 1), area(&bench, 2)), (1_250, 2_500));
    let plan = bench.run(&[1], &Command::MoveBy { x: 25.0, y: 0.0 });
    assert_eq!(
        (plan.edits, plan.notes),
        (vec![], vec![Note::UnderLocked(1)])
    );
    assert_eq!(area(&bench, 1), 1_250, "it stays where it was");
}

#[test]
fn what_becomes_a_mask_takes_its_pixels() {
    let mut bench = bench(&[
        mask(&[(100, 100, 50, 50)]),
        rect(125.0, 100.0, 50.0, 50.0),
        rect(150.0, 100.0, 50.0, 50.0),
    ]);
    bench.run(&[2, 3], &Command::Convert(ShapeKind::Mask));
    // Of the two that are new, the upper one wins.
    let areas = [1, 2, 3].map(|n| area(&bench, n));
    assert_eq!(areas, [1_250, 1_250, 2_500]);
    bench.run(&[1], &Command::Convert(ShapeKind::Polygon));
    assert_eq!(bench.shape(1).kind(), ShapeKind::Polygon);
}

#[test]
fn joined_and_pasted_masks_take_theirs() {
    let mut bench = bench(&[
        mask(&[(0, 0, 10, 10)]),
        rect(20.0, 0.0, 10.0, 10.0),
        mask(&[(25, 0, 10, 10)]),
    ]);
    bench.run(&[1, 2], &Command::Join);
    assert_eq!((area(&bench, 1), area(&bench, 3)), (200, 50));
    let (document, ontology) = (&bench.document, &bench.ontology);
    let clipboard = Clipboard::copy(&ids(&[1]), document, IMAGE, ontology).unwrap();
    let destination = Destination {
        label: Some(label(0)),
        placement: Placement::InPlace,
    };
    bench.ontology.labels = vec![visionflow_model::Label::new(
        label(0),
        "a",
        visionflow_model::Color::new(0, 0, 0),
    )];
    let plan = bench
        .with_workplace(|workplace| paste(&clipboard, &destination, workplace))
        .unwrap();
    bench.make(&plan);
    assert!(
        bench.document.get(id(1)).is_none(),
        "the copy lies on all of it"
    );
    assert_eq!(bench.document.len(), 2);
}

#[test]
fn without_the_mode_masks_may_overlap() {
    let mut bench = Bench::new(&[mask(&[(0, 0, 10, 10)]), mask(&[(5, 0, 10, 10)])]);
    bench.run(&[1], &Command::MoveBy { x: 3.0, y: 0.0 });
    assert_eq!((area(&bench, 1), area(&bench, 2)), (100, 100));
}

fn commands() -> impl Strategy<Value = Command> {
    let by = || -120..120_i32;
    prop_oneof![
        (by(), by()).prop_map(|(x, y)| Command::MoveBy {
            x: f64::from(x),
            y: f64::from(y)
        }),
        (0..500_u32, 0..400_u32, 20..300_u32, 20..300_u32).prop_map(|(x, y, width, height)| {
            let size = Rect::from_size(f64::from(width), f64::from(height));
            Command::ResizeTo(
                size.translated(visionflow_geometry::Vec2::new(f64::from(x), f64::from(y))),
            )
        }),
        Just(Command::Rotate {
            radians: std::f64::consts::FRAC_PI_2
        }),
        Just(Command::Flip { horizontal: true }),
        Just(Command::Convert(ShapeKind::Mask)),
        Just(Command::Convert(ShapeKind::Polygon)),
        Just(Command::Join),
        Just(Command::Subtract),
        Just(Command::Duplicate),
        Just(Command::Smooth),
        Just(Command::FillHoles),
        any::<bool>().prop_map(Command::Lock),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_command_makes_masks_overlap(
        steps in proptest::collection::vec((commands(), proptest::collection::vec(0..6_usize, 1..4)), 1..10)
    ) {
        let mut bench = bench(&[
            mask(&[(100, 100, 80, 60)]),
            mask(&[(300, 100, 80, 60), (340, 130, 20, 90)]),
            mask(&[(100, 300, 40, 40)]),
            rect(120.0, 120.0, 100.0, 100.0),
            rect(320.0, 90.0, 60.0, 200.0),
        ]);
        for (command, chosen) in steps {
            let all: Vec<_> = bench.contents().keys().copied().collect();
            let selection: Vec<_> = chosen.iter().filter_map(|n| all.get(*n).copied()).collect();
            let planned = bench.with_workplace(|workplace| {
                visionflow_commands::plan(&selection, &command, workplace)
            });
            let Ok(mut plan) = planned else { continue };
            // Of what is selected then, some may be covered by the rest.
            plan.selection.clear();
            bench.make(&plan);
            let contents = bench.contents();
            let masks: Vec<&Mask> = contents.values().filter_map(|a| match &a.shape {
                Shape::Mask(mask) => Some(mask),
                _ => None,
            }).collect();
            for (index, mask) in masks.iter().enumerate() {
                prop_assert!(!mask.is_empty());
                for other in &masks[..index] {
                    prop_assert!(!mask.overlaps(other), "{command:?}");
                }
            }
        }
    }
}
