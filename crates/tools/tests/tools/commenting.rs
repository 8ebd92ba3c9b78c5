//! Pinning comments.

use crate::desk::{Desk, NONE, id, p, rect};
use visionflow_tools::{Pinned, ToolKind};

#[test]
fn a_click_pins_a_comment_on_the_image_or_on_the_shape_under_it() {
    let mut desk = Desk::with_tool(&[rect(10.0, 10.0, 50.0, 50.0)], ToolKind::Comment);
    desk.click(200.0, 100.0);
    desk.click(30.0, 30.0);
    let pinned: Vec<Pinned> = std::mem::take(&mut desk.pinned);
    let annotations: Vec<_> = pinned.iter().map(|pinned| pinned.annotation).collect();
    assert_eq!(annotations, [None, Some(id(1))]);
    assert_eq!(pinned[0].at, p(200.0, 100.0));
    assert!(!desk.document.can_undo() && desk.preview.is_empty());
    // Outside of the image it is pinned to its edge.
    desk.click(-5.0, 100.0);
    assert_eq!(desk.pinned[0].at, p(0.0, 100.0));
}

#[test]
fn escape_pins_nothing() {
    let mut desk = Desk::with_tool(&[], ToolKind::Comment);
    desk.grab(p(100.0, 100.0), p(120.0, 120.0), NONE);
    desk.check_escape(p(120.0, 120.0));
    assert!(desk.pinned.is_empty());
}

#[test]
fn who_only_watches_pins_nothing() {
    let mut desk = Desk::with_tool(&[], ToolKind::Comment);
    desk.can_edit = false;
    desk.refresh();
    desk.click(100.0, 100.0);
    assert!(desk.pinned.is_empty());
}
