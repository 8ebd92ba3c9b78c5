//! Who is meant by a click, a lasso, a group; copies; what is locked.

use crate::desk::*;
use std::time::{Duration, Instant};
use uuid::Uuid;
use visionflow_document::Edit;
use visionflow_geometry::Point;
use visionflow_model::{GroupId, Shape};
use visionflow_tools::{Cursor, Hint, Modifiers, Notice, ToolKind, is_marquee};

fn group(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(n))
}

/// Three boxes in a row; the first two are a group.
fn grouped() -> Desk {
    let mut desk = Desk::new(&[
        rect(100.0, 100.0, 80.0, 80.0),
        rect(300.0, 100.0, 80.0, 80.0),
        rect(500.0, 100.0, 80.0, 80.0),
    ]);
    desk.edit(&[
        Edit::SetGroup(id(1), Some(group(7))),
        Edit::SetGroup(id(2), Some(group(7))),
    ]);
    desk.document.forget_history();
    desk
}

#[test]
fn a_member_stands_for_its_group() {
    let mut desk = grouped();
    desk.click(140.0, 140.0);
    assert_eq!(desk.selection, [id(1), id(2)]);
    desk.drag(p(140.0, 140.0), p(150.0, 300.0));
    assert_eq!(desk.shape(2), &rect(310.0, 260.0, 80.0, 80.0));
    desk.click(540.0, 140.0);
    assert_eq!(desk.selection, [id(3)]);
    desk.click_with(p(150.0, 300.0), SHIFT);
    assert_eq!(desk.selection, [id(3), id(1), id(2)]);
    desk.click_with(p(350.0, 300.0), SHIFT);
    assert_eq!(desk.selection, [id(3)]);
}

#[test]
fn a_double_click_goes_into_the_group() {
    let mut desk = grouped();
    let double_click = |desk: &mut Desk, at: Point| {
        desk.click_with(at, NONE);
        desk.down(at, NONE, 2);
        desk.up(at, NONE);
    };
    double_click(&mut desk, p(140.0, 140.0));
    assert_eq!(desk.selection, [id(1)]);
    desk.click(340.0, 140.0);
    assert_eq!(
        desk.selection,
        [id(2)],
        "inside, members are selected one by one"
    );
    desk.key("Escape");
    assert_eq!(desk.selection, [id(1), id(2)], "Escape leaves the group");
    desk.key("Escape");
    assert_eq!(desk.selection, []);
    double_click(&mut desk, p(140.0, 140.0));
    desk.click(540.0, 140.0);
    desk.click(140.0, 140.0);
    assert_eq!(desk.selection, [id(1), id(2)], "a click elsewhere left it");
}

#[test]
fn groups_are_followed_as_they_change() {
    let mut desk = grouped();
    desk.click(140.0, 140.0);
    desk.edit(&[
        Edit::SetGroup(id(3), Some(group(7))),
        Edit::SetGroup(id(1), None),
    ]);
    desk.click(600.0, 500.0);
    desk.click(340.0, 140.0);
    assert_eq!(desk.selection, [id(2), id(3)]);
    desk.edit(&[Edit::Delete(id(2))]);
    desk.click(600.0, 500.0);
    desk.click(540.0, 140.0);
    assert_eq!(desk.selection, [id(3)]);
}

#[test]
fn a_marquee_takes_whole_groups() {
    let mut desk = grouped();
    desk.drag(p(90.0, 90.0), p(190.0, 190.0));
    assert_eq!(desk.selection, [id(1), id(2)]);
}

#[test]
fn clicks_go_down_through_what_overlaps() {
    let mut desk = Desk::new(&[
        rect(100.0, 100.0, 300.0, 300.0),
        rect(150.0, 150.0, 200.0, 200.0),
        rect(200.0, 200.0, 100.0, 100.0),
    ]);
    for expected in [3, 2, 1, 3] {
        desk.click_with(p(250.0, 250.0), ALT);
        assert_eq!(desk.selection, [id(expected)]);
    }
    desk.click_with(p(250.0, 250.0), CTRL);
    assert_eq!(desk.selection, [id(2)]);
    desk.click(250.0, 250.0);
    assert_eq!(
        desk.selection,
        [id(2)],
        "a plain click on what was dug out changes nothing"
    );
    desk.drag(p(250.0, 250.0), p(260.0, 250.0));
    assert_eq!(desk.shape(2), &rect(160.0, 150.0, 200.0, 200.0));
}

fn check_lasso(desk: &mut Desk, points: &[(f64, f64)], modifiers: Modifiers, expected: &[u128]) {
    let (first, rest) = points.split_first().unwrap();
    desk.hover(p(first.0, first.1), modifiers);
    desk.down(p(first.0, first.1), modifiers, 1);
    for (x, y) in rest {
        desk.hover(p(*x, *y), modifiers);
    }
    assert!(matches!(&desk.preview[0].shape, Shape::Path(line) if line.len() == points.len()));
    assert!(is_marquee(&desk.preview[0]));
    assert_eq!(desk.hint, Hint::Lasso);
    let (x, y) = *points.last().unwrap();
    desk.up(p(x, y), modifiers);
    let expected: Vec<_> = expected.iter().copied().map(id).collect();
    assert_eq!(desk.selection, expected);
    assert_eq!(desk.preview, []);
}

const AROUND_FIRST: [(f64, f64); 4] = [(80.0, 80.0), (200.0, 80.0), (200.0, 200.0), (80.0, 200.0)];

#[test]
fn the_lasso_tool_selects_what_it_encloses() {
    let shapes = [
        rect(100.0, 100.0, 80.0, 80.0),
        rect(150.0, 150.0, 200.0, 80.0),
    ];
    let mut desk = Desk::with_tool(&shapes, ToolKind::Lasso);
    assert_eq!(
        (desk.hint, desk.cursor),
        (Hint::LassoStart, Cursor::Crosshair)
    );
    check_lasso(&mut desk, &AROUND_FIRST, NONE, &[1]);
    check_lasso(&mut desk, &AROUND_FIRST, ALT, &[1, 2]);
    // Over a shape too: a lasso moves nothing.
    check_lasso(
        &mut desk,
        &[(140.0, 140.0), (190.0, 90.0), (300.0, 120.0)],
        NONE,
        &[],
    );
    desk.click(110.0, 110.0);
    assert_eq!(desk.selection, [id(1)]);
    assert!(!desk.document.can_undo());
}

#[test]
fn a_lasso_that_leaves_a_bay_out_leaves_it_out() {
    let shapes = [rect(100.0, 100.0, 200.0, 20.0)];
    let mut desk = Desk::with_tool(&shapes, ToolKind::Lasso);
    // All four corners inside, but not the middle of the upper side.
    let bay = [
        (90.0, 80.0),
        (180.0, 80.0),
        (180.0, 110.0),
        (220.0, 110.0),
        (220.0, 80.0),
        (310.0, 80.0),
        (310.0, 140.0),
        (90.0, 140.0),
    ];
    check_lasso(&mut desk, &bay, NONE, &[]);
}

#[test]
fn control_or_alt_draws_a_lasso_with_the_select_tool() {
    let shapes = [
        rect(100.0, 100.0, 80.0, 80.0),
        rect(500.0, 500.0, 80.0, 80.0),
    ];
    let mut desk = Desk::new(&shapes);
    check_lasso(&mut desk, &AROUND_FIRST, CTRL, &[1]);
    let mut desk = Desk::new(&shapes);
    desk.select(&[id(2)]);
    let both = Modifiers { shift: true, ..ALT };
    check_lasso(&mut desk, &AROUND_FIRST, both, &[2, 1]);
}

#[test]
fn control_drag_leaves_a_copy() {
    let mut desk = Desk::new(&[rect(100.0, 100.0, 80.0, 80.0)]);
    desk.settings.snap = false;
    desk.grab(p(140.0, 140.0), p(240.0, 190.0), CTRL);
    assert_eq!((desk.hint, desk.cursor), (Hint::Duplicating, Cursor::Copy));
    assert_eq!(desk.preview[0].annotation, None);
    desk.up(p(240.0, 190.0), CTRL);
    assert_eq!(desk.shape(1), &rect(100.0, 100.0, 80.0, 80.0));
    assert_eq!(desk.drawn().unwrap().shape, rect(200.0, 150.0, 80.0, 80.0));
    assert_eq!(desk.selection, [desk.drawn().unwrap().id]);
    assert!(desk.undo() && !desk.document.can_undo());
    assert_eq!(desk.document.len(), 1);
}

/// A locked box over a free one.
fn locked() -> Desk {
    let mut desk = Desk::new(&[
        rect(100.0, 100.0, 300.0, 300.0),
        rect(200.0, 200.0, 50.0, 50.0),
    ]);
    desk.edit(&[Edit::SetLocked(id(2), true)]);
    desk.document.forget_history();
    desk
}

#[test]
fn what_is_locked_lets_the_pointer_through() {
    let mut desk = locked();
    desk.drag(p(225.0, 225.0), p(245.0, 235.0));
    assert_eq!(desk.shape(2), &rect(200.0, 200.0, 50.0, 50.0));
    assert_eq!(desk.shape(1), &rect(120.0, 110.0, 300.0, 300.0));
}

#[test]
fn what_is_locked_can_be_selected_and_nothing_more() {
    let mut desk = locked();
    desk.edit(&[Edit::Delete(id(1))]);
    desk.document.forget_history();
    desk.click(225.0, 225.0);
    assert_eq!(
        (&desk.selection[..], desk.hint),
        (&[id(2)][..], Hint::SelectLocked)
    );
    assert_eq!(desk.handles, []);
    desk.drag(p(225.0, 225.0), p(400.0, 400.0));
    desk.select(&[id(2)]);
    desk.drag(p(250.0, 250.0), p(300.0, 300.0));
    desk.select(&[id(2)]);
    desk.key("ArrowLeft");
    desk.key("Delete");
    assert_eq!(desk.notices, [Notice::Locked; 2]);
    assert_eq!(desk.shape(2), &rect(200.0, 200.0, 50.0, 50.0));
    assert!(!desk.document.can_undo());
    desk.drag(p(100.0, 100.0), p(500.0, 500.0));
    assert_eq!(desk.selection, [], "a marquee passes it over");
}

#[test]
fn many_move_without_the_locked_ones() {
    let mut desk = locked();
    desk.select(&[id(1), id(2)]);
    desk.drag(p(120.0, 120.0), p(170.0, 130.0));
    assert_eq!(desk.shape(1), &rect(150.0, 110.0, 300.0, 300.0));
    assert_eq!(desk.shape(2), &rect(200.0, 200.0, 50.0, 50.0));
    desk.key("Delete");
    assert_eq!(
        (desk.document.len(), &desk.selection[..]),
        (1, &[id(2)][..])
    );
}

#[test]
fn what_is_hidden_cannot_be_grabbed() {
    let mut desk = Desk::new(&[rect(100.0, 100.0, 80.0, 80.0)]);
    desk.select(&[id(1)]);
    desk.scene.set_hidden(&[id(1)]);
    desk.drag(p(140.0, 140.0), p(200.0, 200.0));
    desk.select(&[id(1)]);
    desk.drag(p(180.0, 180.0), p(250.0, 250.0));
    assert_eq!(desk.shape(1), &rect(100.0, 100.0, 80.0, 80.0));
}

#[test]
fn a_held_arrow_key_is_one_step() {
    let mut desk = Desk::new(&[rect(100.0, 100.0, 80.0, 80.0)]);
    desk.select(&[id(1)]);
    for _ in 0..25 {
        desk.hold("ArrowRight", NONE);
    }
    desk.hold("Shift", SHIFT);
    desk.hold("ArrowDown", SHIFT);
    assert_eq!(
        desk.shape(1),
        &rect(100.0, 100.0, 80.0, 80.0),
        "nothing is written meanwhile"
    );
    assert_eq!(desk.preview[0].shape, rect(125.0, 110.0, 80.0, 80.0));
    desk.release("ArrowDown");
    assert_eq!(desk.shape(1), &rect(125.0, 110.0, 80.0, 80.0));
    assert_eq!(desk.preview, []);
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn other_input_ends_the_arrow_keys() {
    let nudged = || {
        let mut desk = Desk::new(&[rect(100.0, 100.0, 80.0, 80.0)]);
        desk.select(&[id(1)]);
        desk.hold("ArrowRight", NONE);
        desk.hover(p(500.0, 500.0), NONE);
        assert_eq!(desk.shape(1), &rect(100.0, 100.0, 80.0, 80.0));
        desk
    };
    let check = |end: fn(&mut Desk)| {
        let mut desk = nudged();
        end(&mut desk);
        assert_eq!(desk.shape(1), &rect(101.0, 100.0, 80.0, 80.0));
        assert_eq!(desk.preview, []);
    };
    check(|desk| desk.click(500.0, 500.0));
    check(|desk| desk.hold("Delete", NONE));
    check(|desk| desk.switch(ToolKind::Box));
    check(|desk| desk.select(&[]));
    check(|desk| desk.input(&visionflow_tools::Input::Cancel));
    let mut desk = nudged();
    desk.key("Escape");
    assert_eq!(
        desk.shape(1),
        &rect(100.0, 100.0, 80.0, 80.0),
        "Escape takes it back"
    );
    assert!(!desk.document.can_undo());
}

#[test]
fn arrow_keys_work_beside_every_tool() {
    let mut desk = Desk::with_tool(&[rect(100.0, 100.0, 80.0, 80.0)], ToolKind::Box);
    desk.select(&[id(1)]);
    desk.hold("ArrowRight", NONE);
    desk.hold("ArrowRight", NONE);
    assert_eq!(desk.preview[0].shape, rect(102.0, 100.0, 80.0, 80.0));
    desk.release("ArrowRight");
    assert_eq!(desk.shape(1), &rect(102.0, 100.0, 80.0, 80.0));
    assert!(desk.undo() && !desk.document.can_undo());
}

/// The least time that one move of a drag takes among so many boxes, far apart.
fn drag_time(count: u32) -> Duration {
    let side = f64::from(count).sqrt().ceil() as u32;
    let step = 1000.0 / f64::from(side.max(200));
    let place = |n: u32| (f64::from(n % side) * step, f64::from(n / side) * step);
    let shapes: Vec<_> = (0..count)
        .map(place)
        .map(|(x, y)| rect(x, y, step / 3.0, step / 3.0))
        .collect();
    let mut desk = Desk::new(&shapes);
    desk.camera = visionflow_scene::Camera::new(64.0, visionflow_geometry::Vec2::default());
    desk.select(&[id(1)]);
    let (from, far) = (p(step / 6.0, step / 6.0), step * 3.0);
    desk.grab(from, p(far, far), NONE);
    let mut least = Duration::MAX;
    for n in 0..50 {
        let to = p(far + f64::from(n % 7) * 0.1, far + f64::from(n % 5) * 0.1);
        let start = Instant::now();
        desk.hover(to, NONE);
        least = least.min(start.elapsed());
    }
    least
}

#[test]
fn dragging_one_of_many_costs_what_dragging_one_of_few_does() {
    let (few, many) = (drag_time(10), drag_time(20_000));
    // Looking at all of them once would be thousands of times as much.
    assert!(many < few * 100, "{few:?} among ten, {many:?} among 20,000");
}
