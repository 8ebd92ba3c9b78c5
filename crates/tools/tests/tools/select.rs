//! Selecting, moving, resizing.

use crate::desk::*;
use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, Shape};
use visionflow_tools::{Cursor, Hint, Input, Modifiers, Notice, is_marquee};

/// Two boxes with air around them, and a tag.
fn desk() -> Desk {
    Desk::new(&[
        rect(100.0, 100.0, 100.0, 80.0),
        rect(300.0, 100.0, 100.0, 80.0),
        Shape::Tag,
    ])
}

fn selected(n: &[u128]) -> Desk {
    let mut desk = desk();
    let ids: Vec<AnnotationId> = n.iter().copied().map(id).collect();
    desk.select(&ids);
    desk
}

#[test]
fn clicks_select_and_shift_clicks_toggle() {
    let mut desk = desk();
    desk.click(150.0, 140.0);
    assert_eq!(desk.selection, [id(1)]);
    desk.click(350.0, 140.0);
    assert_eq!(desk.selection, [id(2)]);
    desk.click_with(p(150.0, 140.0), SHIFT);
    assert_eq!(desk.selection, [id(2), id(1)]);
    desk.click_with(p(350.0, 140.0), SHIFT);
    assert_eq!(desk.selection, [id(1)]);
    desk.click_with(p(250.0, 300.0), SHIFT);
    assert_eq!(desk.selection, [id(1)]);
    desk.click(250.0, 300.0);
    assert_eq!(desk.selection, []);
    assert!(!desk.document.can_undo());
}

#[test]
fn a_click_on_one_of_many_selects_it_alone_and_a_drag_moves_all() {
    let mut desk = selected(&[1, 2]);
    desk.drag(p(150.0, 140.0), p(160.0, 145.0));
    assert_eq!(desk.selection, [id(1), id(2)]);
    assert_eq!(desk.shape(1), &rect(110.0, 105.0, 100.0, 80.0));
    assert_eq!(desk.shape(2), &rect(310.0, 105.0, 100.0, 80.0));
    desk.click(150.0, 140.0);
    assert_eq!(desk.selection, [id(1)]);
    assert!(desk.undo());
    assert_eq!(desk.shape(2), &rect(300.0, 100.0, 100.0, 80.0));
    assert!(!desk.document.can_undo(), "moving both was one step");
}

#[test]
fn dragging_what_is_not_selected_selects_and_moves_it() {
    let mut desk = selected(&[2]);
    desk.grab(p(150.0, 140.0), p(170.0, 140.0), NONE);
    assert_eq!((desk.hint, desk.cursor), (Hint::Moving, Cursor::Move));
    assert_eq!(desk.preview[0].annotation, Some(id(1)));
    assert_eq!(desk.preview[0].shape, rect(120.0, 100.0, 100.0, 80.0));
    assert_eq!(desk.handles, []);
    assert_eq!(desk.shape(1), &rect(100.0, 100.0, 100.0, 80.0));
    desk.up(p(170.0, 140.0), NONE);
    assert_eq!(desk.shape(1), &rect(120.0, 100.0, 100.0, 80.0));
    assert_eq!(
        (&desk.selection[..], &desk.preview[..]),
        (&[id(1)][..], &[][..])
    );
    assert!(
        desk.handle_positions().contains(&(120, 100)),
        "handles follow"
    );
}

#[test]
fn a_tremble_is_a_click() {
    let mut desk = desk();
    desk.drag(p(150.0, 140.0), p(151.0, 140.5));
    assert_eq!(desk.selection, [id(1)]);
    assert!(!desk.document.can_undo());
}

#[test]
fn nothing_is_moved_out_of_the_image() {
    let mut desk = selected(&[1]);
    desk.drag(p(150.0, 140.0), p(-500.0, 2000.0));
    assert_eq!(desk.shape(1), &rect(0.0, 720.0, 100.0, 80.0));
}

fn check_marquee(from: Point, to: Point, modifiers: Modifiers, expected: &[u128]) {
    let mut desk = selected(&[2]);
    desk.grab(from, to, modifiers);
    assert!(is_marquee(&desk.preview[0]));
    assert_eq!(desk.hint, Hint::Marquee);
    desk.up(to, modifiers);
    let mut ids = desk.selection.clone();
    ids.sort_unstable();
    assert_eq!(ids, expected.iter().copied().map(id).collect::<Vec<_>>());
    assert_eq!(desk.preview, []);
}

#[test]
fn a_marquee_drawn_to_the_right_selects_what_lies_inside() {
    check_marquee(p(50.0, 50.0), p(150.0, 150.0), NONE, &[]);
    check_marquee(p(50.0, 50.0), p(250.0, 300.0), NONE, &[1]);
    check_marquee(p(50.0, 50.0), p(450.0, 300.0), NONE, &[1, 2]);
    check_marquee(p(50.0, 50.0), p(250.0, 300.0), SHIFT, &[1, 2]);
}

#[test]
fn a_marquee_drawn_to_the_left_selects_what_it_touches() {
    check_marquee(p(150.0, 50.0), p(50.0, 150.0), NONE, &[1]);
    check_marquee(p(350.0, 50.0), p(50.0, 300.0), NONE, &[1, 2]);
    check_marquee(p(600.0, 50.0), p(500.0, 150.0), NONE, &[]);
}

#[test]
fn alt_asks_for_the_other_marquee() {
    let mut desk = desk();
    desk.grab(p(50.0, 50.0), p(150.0, 150.0), NONE);
    desk.up(p(150.0, 150.0), ALT);
    assert_eq!(desk.selection, [id(1)]);
    desk.grab(p(150.0, 50.0), p(50.0, 150.0), NONE);
    desk.up(p(50.0, 150.0), ALT);
    assert_eq!(desk.selection, []);
}

fn check_resize(grip: (f64, f64), to: (f64, f64), modifiers: Modifiers, expected: &Shape) {
    let mut desk = selected(&[1]);
    desk.grab(p(grip.0, grip.1), p(to.0, to.1), modifiers);
    assert_eq!(&desk.preview[0].shape, expected);
    assert_eq!(desk.hint, Hint::Resizing);
    desk.up(p(to.0, to.1), modifiers);
    assert_eq!(desk.shape(1), expected);
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn each_of_eight_handles_resizes() {
    let to = |x, y| (x, y);
    check_resize(
        (100.0, 100.0),
        to(90.0, 95.0),
        NONE,
        &rect(90.0, 95.0, 110.0, 85.0),
    );
    check_resize(
        (150.0, 100.0),
        to(90.0, 95.0),
        NONE,
        &rect(100.0, 95.0, 100.0, 85.0),
    );
    check_resize(
        (200.0, 100.0),
        to(210.0, 95.0),
        NONE,
        &rect(100.0, 95.0, 110.0, 85.0),
    );
    check_resize(
        (200.0, 140.0),
        to(210.0, 95.0),
        NONE,
        &rect(100.0, 100.0, 110.0, 80.0),
    );
    check_resize(
        (200.0, 180.0),
        to(210.0, 190.0),
        NONE,
        &rect(100.0, 100.0, 110.0, 90.0),
    );
    check_resize(
        (150.0, 180.0),
        to(210.0, 190.0),
        NONE,
        &rect(100.0, 100.0, 100.0, 90.0),
    );
    check_resize(
        (100.0, 180.0),
        to(90.0, 190.0),
        NONE,
        &rect(90.0, 100.0, 110.0, 90.0),
    );
    check_resize(
        (100.0, 140.0),
        to(90.0, 190.0),
        NONE,
        &rect(90.0, 100.0, 110.0, 80.0),
    );
}

#[test]
fn sides_pass_each_other_and_stop_at_the_image() {
    check_resize(
        (200.0, 180.0),
        (40.0, 50.0),
        NONE,
        &rect(40.0, 50.0, 60.0, 50.0),
    );
    check_resize(
        (100.0, 100.0),
        (-50.0, -50.0),
        NONE,
        &rect(0.0, 0.0, 200.0, 180.0),
    );
}

#[test]
fn shift_keeps_the_proportions() {
    check_resize(
        (200.0, 180.0),
        (250.0, 190.0),
        SHIFT,
        &rect(100.0, 100.0, 150.0, 120.0),
    );
    check_resize(
        (100.0, 100.0),
        (-50.0, 100.0),
        SHIFT,
        &rect(0.0, 20.0, 200.0, 160.0),
    );
}

#[test]
fn a_box_is_not_resized_to_nothing() {
    let mut desk = selected(&[1]);
    desk.drag(p(200.0, 140.0), p(100.0, 140.0));
    assert_eq!(desk.shape(1), &rect(100.0, 100.0, 100.0, 80.0));
    assert!(!desk.document.can_undo());
}

#[test]
fn many_are_resized_together() {
    let mut desk = selected(&[1, 2]);
    assert_eq!(desk.handles.len(), 9, "eight sides and the one that turns");
    desk.drag(p(400.0, 140.0), p(550.0, 140.0));
    assert_eq!(desk.shape(1), &rect(100.0, 100.0, 150.0, 80.0));
    assert_eq!(desk.shape(2), &rect(400.0, 100.0, 150.0, 80.0));
}

#[test]
fn mirrored_shapes_are_mirrored() {
    let mut desk = Desk::new(&[
        ring(&[(100.0, 100.0), (200.0, 100.0), (100.0, 200.0)]),
        rect(100.0, 300.0, 50.0, 50.0),
    ]);
    desk.select(&[id(1), id(2)]);
    desk.drag(p(200.0, 225.0), p(0.0, 225.0));
    assert_eq!(
        desk.shape(1),
        &ring(&[(100.0, 100.0), (0.0, 100.0), (100.0, 200.0)])
    );
    assert_eq!(desk.shape(2), &rect(50.0, 300.0, 50.0, 50.0));
}

#[test]
fn a_small_box_can_still_be_moved() {
    let mut desk = Desk::new(&[rect(100.0, 100.0, 6.0, 6.0)]);
    desk.click(103.0, 103.0);
    assert_eq!(desk.handles.len(), 5, "four corners and the one that turns");
    desk.drag(p(101.0, 101.0), p(111.0, 101.0));
    assert_eq!(desk.shape(1), &rect(110.0, 100.0, 6.0, 6.0));
    desk.drag(p(116.5, 106.5), p(126.0, 126.0));
    assert_eq!(desk.shape(1), &rect(110.0, 100.0, 16.0, 26.0));
}

#[test]
fn arrows_nudge_and_stop_at_the_border() {
    let mut desk = selected(&[1]);
    desk.key("ArrowLeft");
    desk.key_with("ArrowDown", SHIFT);
    assert_eq!(desk.shape(1), &rect(99.0, 110.0, 100.0, 80.0));
    for _ in 0..20 {
        desk.key_with("ArrowLeft", SHIFT);
    }
    assert_eq!(desk.shape(1), &rect(0.0, 110.0, 100.0, 80.0));
    desk.key_with("ArrowLeft", CTRL);
    assert!(!desk.handled);
}

#[test]
fn delete_deletes_in_one_step() {
    for key in ["Delete", "Backspace"] {
        let mut desk = selected(&[1, 3]);
        desk.key(key);
        assert_eq!((desk.document.len(), desk.selection.len()), (1, 0));
        assert_eq!(desk.handles, []);
        assert!(desk.undo());
        assert_eq!(desk.document.len(), 3);
    }
    let mut desk = desk();
    desk.key("Delete");
    assert!(!desk.handled && desk.notices.is_empty());
}

#[test]
fn everything_seen_can_be_selected_and_escape_lets_go() {
    let mut desk = desk();
    desk.key_with("a", CTRL);
    assert_eq!(desk.selection, [id(1), id(2)]);
    desk.key("Escape");
    assert_eq!(desk.selection, []);
    desk.key("Escape");
    assert!(!desk.handled);
}

#[test]
fn hover_and_cursor_tell_what_a_click_would_do() {
    let mut desk = desk();
    desk.hover(p(150.0, 140.0), NONE);
    assert_eq!((desk.hover, desk.cursor), (Some(id(1)), Cursor::Pointer));
    desk.hover(p(250.0, 300.0), NONE);
    assert_eq!((desk.hover, desk.cursor), (None, Cursor::Default));
    desk.select(&[id(1)]);
    desk.hover(p(150.0, 140.0), NONE);
    assert_eq!(desk.cursor, Cursor::Move);
    desk.hover(p(200.0, 180.0), NONE);
    assert_eq!((desk.hover, desk.cursor), (None, Cursor::ResizeNwse));
    assert_eq!(desk.handles.iter().filter(|h| h.active).count(), 1);
    desk.hover(p(150.0, 140.0), NONE);
    desk.input(&Input::PointerLeave);
    assert_eq!(desk.hover, None);
}

#[test]
fn escape_leaves_nothing_at_any_moment() {
    let gestures = [
        (p(150.0, 140.0), p(190.0, 150.0)),
        (p(200.0, 180.0), p(240.0, 240.0)),
        (p(500.0, 500.0), p(600.0, 600.0)),
    ];
    for (from, to) in gestures {
        let mut desk = selected(&[1]);
        desk.down(from, NONE, 1);
        desk.check_escape(from);
        let mut desk = selected(&[1]);
        desk.grab(from, to, NONE);
        assert!(!desk.preview.is_empty());
        desk.check_escape(to);
        assert_eq!(
            desk.selection,
            [id(1)],
            "the first Escape ends the gesture only"
        );
        let mut desk = selected(&[1]);
        desk.grab(from, to, NONE);
        desk.input(&Input::Cancel);
        assert_eq!(desk.preview, []);
        desk.up(to, NONE);
        assert!(!desk.document.can_undo());
    }
}

#[test]
fn watchers_select_and_nothing_else() {
    let mut desk = desk();
    desk.can_edit = false;
    desk.refresh();
    assert_eq!(desk.hint, Hint::SelectWatch);
    desk.click(150.0, 140.0);
    assert_eq!(
        (&desk.selection[..], &desk.handles[..]),
        (&[id(1)][..], &[][..])
    );
    desk.drag(p(150.0, 140.0), p(190.0, 150.0));
    desk.drag(p(200.0, 180.0), p(240.0, 240.0));
    desk.select(&[id(1)]);
    desk.key("Delete");
    desk.key("ArrowUp");
    assert_eq!(desk.notices, [Notice::ReadOnly; 2]);
    let before = desk.contents();
    desk.drag(p(50.0, 50.0), p(450.0, 300.0));
    assert_eq!(desk.selection, [id(1), id(2)]);
    assert_eq!(desk.contents(), before);
}
