//! The magic wand.

use crate::desk::*;
use visionflow_document::Edit;
use visionflow_model::Shape;
use visionflow_tools::{Hint, Notice, ToolKind, WandResult, is_marquee};

/// A photograph with two bright rectangles, and a dark ground.
fn desk(shapes: &[Shape]) -> Desk {
    let mut desk = Desk::with_tool(shapes, ToolKind::Wand);
    desk.pixels = Some(photograph(
        &[(100, 100, 200, 100), (500, 100, 100, 100)],
        10,
    ));
    desk
}

fn area(shape: &Shape) -> f64 {
    match shape {
        Shape::Mask(mask) => mask.area() as f64,
        Shape::Polygon(polygon) => polygon.area(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_click_takes_what_looks_alike() {
    let mut desk = desk(&[]);
    desk.down(p(150.0, 150.0), NONE, 1);
    assert_eq!(desk.hint, Hint::WandTolerance);
    let expected = Shape::Mask(pixels(100, 100, 200, 100));
    assert_eq!(
        (&desk.preview[0].shape, desk.preview[0].label),
        (&expected, Some(label(0)))
    );
    assert!(desk.document.is_empty());
    desk.up(p(150.0, 150.0), NONE);
    assert_eq!(desk.drawn().unwrap().shape, expected);
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn it_makes_polygons_where_that_is_set() {
    let mut desk = desk(&[]);
    desk.settings.wand_result = WandResult::Polygon;
    desk.tap(p(150.0, 150.0));
    let shape = &desk.drawn().unwrap().shape;
    assert!(matches!(shape, Shape::Polygon(polygon) if polygon.vertex_count() == 4));
    assert_eq!(area(shape), 20_000.0);
}

#[test]
fn dragging_changes_the_tolerance_and_keeps_it() {
    let mut desk = desk(&[]);
    let before = desk.settings.wand_tolerance;
    desk.grab(p(150.0, 150.0), p(450.0, 150.0), NONE);
    let Shape::Mask(everything) = &desk.preview[0].shape else {
        panic!("{:?}", desk.preview)
    };
    assert_eq!(
        everything.area(),
        800_000,
        "{} is enough for all",
        desk.settings.wand_tolerance
    );
    desk.hover(p(149.0, 150.0), NONE);
    assert_eq!(area(&desk.preview[0].shape), 20_000.0);
    assert_eq!(desk.settings.wand_tolerance, before, "until it is let go");
    desk.hover(p(450.0, 150.0), NONE);
    desk.up(p(450.0, 150.0), NONE);
    assert!(desk.settings.wand_tolerance > before);
    assert_eq!(area(&desk.drawn().unwrap().shape), 800_000.0);
}

#[test]
fn shift_adds_and_alt_takes_away() {
    let shapes = [
        Shape::Mask(pixels(280, 100, 40, 100)),
        ring(&[
            (280.0, 100.0),
            (320.0, 100.0),
            (320.0, 200.0),
            (280.0, 200.0),
        ]),
    ];
    for (n, shape) in (1..).zip(&shapes) {
        let mut desk = desk(&shapes);
        desk.select(&[id(n)]);
        desk.click_with(p(150.0, 150.0), SHIFT);
        assert_eq!(area(desk.shape(n)), 22_000.0);
        desk.click_with(p(550.0, 150.0), SHIFT);
        assert_eq!(area(desk.shape(n)), 32_000.0);
        desk.click_with(p(150.0, 150.0), ALT);
        assert_eq!(area(desk.shape(n)), 12_000.0);
        assert_eq!(
            (desk.document.len(), &desk.selection[..]),
            (2, &[id(n)][..])
        );
        for _ in 0..3 {
            assert!(desk.undo());
        }
        assert_eq!((desk.shape(n), desk.document.can_undo()), (shape, false));
        desk.drag_with(p(950.0, 750.0), p(999.0, 750.0), ALT);
        assert_eq!(
            area(desk.shape(n)),
            2_000.0,
            "the dark ground is taken away"
        );
    }
}

#[test]
fn nothing_is_taken_from_nothing() {
    let mut desk = desk(&[Shape::Mask(pixels(100, 100, 50, 50))]);
    desk.click_with(p(150.0, 150.0), ALT);
    assert_eq!(desk.notices, [Notice::NothingToErase]);
    desk.select(&[id(1)]);
    desk.click_with(p(150.0, 150.0), ALT);
    assert_eq!(desk.notices[1..], [Notice::NothingLeft]);
    desk.edit(&[Edit::SetLocked(id(1), true)]);
    desk.click_with(p(150.0, 150.0), SHIFT);
    assert_eq!(desk.notices[2..], [Notice::Locked]);
    desk.pixels = None;
    desk.click(150.0, 150.0);
    assert_eq!(desk.notices[3..], [Notice::NoPixels]);
    assert_eq!(desk.document.len(), 1);
}

#[test]
fn panoptic_masks_are_taken_from() {
    let mut desk = desk(&[Shape::Mask(pixels(50, 100, 100, 100))]);
    desk.settings.panoptic = true;
    desk.click(250.0, 150.0);
    assert_eq!(area(&desk.drawn().unwrap().shape), 20_000.0);
    assert_eq!(area(desk.shape(1)), 5_000.0);
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn what_is_added_to_can_be_deleted_meanwhile() {
    let mut desk = desk(&[Shape::Mask(pixels(100, 100, 50, 50))]);
    desk.select(&[id(1)]);
    desk.down(p(150.0, 150.0), SHIFT, 1);
    desk.edit(&[Edit::Delete(id(1))]);
    assert_eq!(desk.notices, [Notice::DeletedMeanwhile]);
    desk.up(p(150.0, 150.0), SHIFT);
    assert!(desk.document.is_empty());
}

#[test]
fn escape_leaves_nothing_and_watchers_flood_nothing() {
    let mut desk = desk(&[Shape::Mask(pixels(100, 100, 50, 50))]);
    desk.down(p(150.0, 150.0), NONE, 1);
    desk.check_escape(p(150.0, 150.0));
    desk.grab(p(150.0, 150.0), p(450.0, 150.0), NONE);
    desk.check_escape(p(450.0, 150.0));
    desk.select(&[id(1)]);
    desk.grab(p(150.0, 150.0), p(450.0, 150.0), ALT);
    assert!(desk.preview.iter().all(is_marquee));
    desk.check_escape(p(450.0, 150.0));
    assert_eq!(desk.settings, visionflow_tools::ToolSettings::default());
    desk.check_read_only(p(150.0, 150.0), p(160.0, 150.0));
    desk.label = None;
    desk.click(150.0, 150.0);
    assert_eq!(desk.notices.last(), Some(&Notice::ChooseLabel));
    assert!(!desk.document.can_undo());
}
