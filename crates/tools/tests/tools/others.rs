//! Other people edit what is being edited.

use crate::desk::*;
use visionflow_document::{Document, Edit};
use visionflow_geometry::MaskDelta;
use visionflow_model::Shape;
use visionflow_tools::{Notice, ToolKind};

const SQUARE: [(f64, f64); 4] = [
    (100.0, 300.0),
    (200.0, 300.0),
    (200.0, 400.0),
    (100.0, 400.0),
];

fn desk() -> Desk {
    Desk::new(&[
        rect(100.0, 100.0, 100.0, 80.0),
        rect(300.0, 100.0, 100.0, 80.0),
        ring(&SQUARE),
    ])
}

/// Somebody else makes `edits` on another copy of the document.
fn remote(desk: &mut Desk, edits: &[Edit]) {
    let snapshot = desk.document.diff(&[]).unwrap();
    let mut other = Document::from_updates(99, [snapshot.as_slice()]).unwrap();
    other.edit(edits).unwrap();
    let update = other.take_updates().remove(0);
    let change = desk.document.apply_update(&update).unwrap();
    desk.took(&change);
}

#[test]
fn what_is_dragged_can_be_deleted_meanwhile() {
    let gestures = [
        (id(1), p(150.0, 140.0)),
        (id(1), p(200.0, 180.0)),
        (id(3), p(200.0, 300.0)),
        (id(3), p(150.0, 300.0)),
    ];
    for (deleted, from) in gestures {
        for pressed_only in [false, true] {
            let mut desk = desk();
            desk.select(&[deleted]);
            if pressed_only {
                desk.down(from, NONE, 1);
            } else {
                desk.grab(from, p(500.0, 500.0), NONE);
                assert!(!desk.preview.is_empty());
            }
            remote(&mut desk, &[Edit::Delete(deleted)]);
            assert_eq!((desk.preview.len(), desk.selection.len()), (0, 0));
            assert_eq!((desk.handles.len(), desk.hover), (0, None));
            assert_eq!(desk.notices, [Notice::DeletedMeanwhile]);
            desk.hover(p(510.0, 500.0), NONE);
            desk.up(p(510.0, 500.0), NONE);
            assert_eq!((desk.document.len(), desk.document.can_undo()), (2, false));
        }
    }
}

#[test]
fn what_others_paint_on_a_mask_goes_with_it() {
    let (before, after) = (pixels(100, 100, 80, 80), pixels(100, 100, 90, 80));
    let painted = [Edit::PaintMask(id(1), MaskDelta::between(&before, &after))];
    let desk = || {
        let mut desk = Desk::new(&[Shape::Mask(before.clone())]);
        desk.select(&[id(1)]);
        desk
    };
    let moved = Shape::Mask(pixels(200, 100, 90, 80));
    let mut dragged = desk();
    dragged.grab(p(140.0, 140.0), p(240.0, 140.0), NONE);
    remote(&mut dragged, &painted);
    assert_eq!(dragged.preview[0].shape, moved);
    dragged.up(p(240.0, 140.0), NONE);
    assert_eq!(dragged.shape(1), &moved);

    // At the border it stays inside with them.
    let mut at_border = desk();
    at_border.grab(p(140.0, 140.0), p(1500.0, 140.0), NONE);
    remote(&mut at_border, &painted);
    at_border.up(p(1500.0, 140.0), NONE);
    assert_eq!(at_border.shape(1), &Shape::Mask(pixels(910, 100, 90, 80)));

    let mut nudged = desk();
    nudged.hold("ArrowRight", NONE);
    remote(&mut nudged, &painted);
    nudged.release("ArrowRight");
    assert_eq!(nudged.shape(1), &Shape::Mask(pixels(101, 100, 90, 80)));

    // With a box of the same place, by the handle in the middle of their right side, to twice the width.
    let mut resized = Desk::new(&[Shape::Mask(before.clone()), rect(100.0, 100.0, 80.0, 80.0)]);
    resized.select(&[id(1), id(2)]);
    let middle = resized.handles.iter().map(|handle| handle.position);
    let handle = middle.max_by(|a, b| a.x.total_cmp(&b.x).then(b.y.total_cmp(&a.y)));
    let handle = p(handle.unwrap().x, 140.0);
    resized.grab(handle, p(handle.x + 80.0, 140.0), NONE);
    remote(&mut resized, &painted);
    resized.up(p(handle.x + 80.0, 140.0), NONE);
    assert_eq!(resized.shape(2), &rect(100.0, 100.0, 160.0, 80.0));
    assert_eq!(resized.shape(1).bounds().unwrap().max.x, 280.0);
}

#[test]
fn one_of_many_is_deleted_meanwhile() {
    let mut desk = desk();
    desk.select(&[id(1), id(2)]);
    desk.grab(p(150.0, 140.0), p(250.0, 140.0), NONE);
    remote(&mut desk, &[Edit::Delete(id(2))]);
    assert_eq!(
        (&desk.selection[..], &desk.preview[..]),
        (&[id(1)][..], &[][..])
    );
    desk.up(p(250.0, 140.0), NONE);
    assert_eq!(desk.shape(1), &rect(100.0, 100.0, 100.0, 80.0));
}

#[test]
fn others_may_delete_something_else() {
    let mut desk = desk();
    desk.select(&[id(1)]);
    desk.grab(p(150.0, 140.0), p(160.0, 140.0), NONE);
    remote(&mut desk, &[Edit::Delete(id(2)), Edit::SetZ(id(1), 4.0)]);
    desk.up(p(160.0, 140.0), NONE);
    assert_eq!(desk.shape(1), &rect(110.0, 100.0, 100.0, 80.0));
    assert_eq!(desk.notices, []);
}

#[test]
fn drawing_does_not_mind_what_others_do() {
    let mut desk = desk();
    desk.switch(ToolKind::Polygon);
    desk.click(500.0, 500.0);
    desk.click(600.0, 500.0);
    remote(&mut desk, &[Edit::Delete(id(1)), Edit::Delete(id(3))]);
    desk.click(600.0, 600.0);
    desk.key("Enter");
    assert_eq!(
        desk.drawn().unwrap().shape,
        ring(&[(500.0, 500.0), (600.0, 500.0), (600.0, 600.0)])
    );
}

#[test]
fn the_chosen_vertex_can_go_with_another_shape() {
    let mut desk = desk();
    desk.select(&[id(3)]);
    desk.click(100.0, 400.0);
    let triangle = ring(&SQUARE[..3]);
    remote(&mut desk, &[Edit::SetShape(id(3), triangle.clone())]);
    assert!(desk.handles.iter().all(|handle| !handle.active));
    desk.key("ArrowRight");
    assert_eq!(
        desk.shape(3),
        &ring(&[(101.0, 300.0), (201.0, 300.0), (201.0, 400.0)])
    );
}

#[test]
fn handles_follow_what_others_do_to_the_selection() {
    let mut desk = desk();
    desk.select(&[id(1)]);
    let moved = rect(500.0, 500.0, 50.0, 50.0);
    remote(&mut desk, &[Edit::SetShape(id(1), moved)]);
    assert!(desk.handle_positions().contains(&(550, 550)));
    remote(&mut desk, &[Edit::Delete(id(1))]);
    assert_eq!((desk.handles.len(), desk.selection.len()), (0, 0));
    desk.select(&[id(1), id(2)]);
    assert_eq!(
        desk.selection,
        [id(2)],
        "what does not exist is not selected"
    );
}

#[test]
fn tags_are_selected_and_deleted_but_have_no_place() {
    let mut desk = Desk::new(&[Shape::Tag]);
    desk.select(&[id(1)]);
    assert_eq!(desk.handles, []);
    desk.key("ArrowLeft");
    assert!(desk.handled && !desk.document.can_undo());
    desk.key("Delete");
    assert!(desk.document.is_empty());
}
