//! Measuring.

use crate::desk::*;
use visionflow_model::Shape;
use visionflow_tools::{Hint, ToolKind, is_marquee};

fn desk() -> Desk {
    Desk::with_tool(&[], ToolKind::Measure)
}

fn texts(desk: &Desk) -> Vec<&str> {
    desk.measures.iter().map(|m| m.text.as_str()).collect()
}

#[test]
fn a_distance_shows_while_the_pointer_moves_and_stays() {
    let mut desk = desk();
    desk.click(100.0, 100.0);
    desk.hover(p(130.0, 140.0), NONE);
    assert_eq!(
        (texts(&desk), desk.hint),
        (vec!["50 px"], Hint::MeasureNext)
    );
    assert_eq!(
        (desk.measures[0].at, is_marquee(&desk.preview[0])),
        (p(115.0, 120.0), true)
    );
    desk.click(200.0, 100.0);
    desk.key("Enter");
    desk.hover(p(300.0, 300.0), NONE);
    assert_eq!(texts(&desk), ["100 px"]);
    desk.click(10.0, 10.0);
    assert_eq!(texts(&desk), [""; 0], "a new measurement begins");
}

#[test]
fn angles_and_areas_are_measured_by_clicks() {
    let mut desk = desk();
    for (x, y) in [(100.0, 100.0), (200.0, 100.0), (200.0, 150.0)] {
        desk.click(x, y);
    }
    assert_eq!(texts(&desk), ["100 px", "50 px", "90°", "Σ 150 px"]);
    desk.click(100.0, 150.0);
    desk.click(100.0, 100.0);
    assert!(matches!(desk.preview[0].shape, Shape::Polygon(_)));
    assert_eq!(texts(&desk).last(), Some(&"5000 px² · 300 px"));
    desk.key("Escape");
    assert_eq!((desk.measures.len(), desk.preview.len()), (0, 0));
}

#[test]
fn a_drag_measures_and_corners_are_taken_back() {
    let mut desk = desk();
    desk.touch_drag(p(100.0, 100.0), p(160.0, 180.0));
    assert_eq!(texts(&desk), ["100 px"]);
    desk.key("Backspace");
    desk.hover(p(100.0, 110.0), NONE);
    assert_eq!(texts(&desk), ["10 px"]);
    assert!(desk.toolbox.can_take_back());
    desk.take_back();
    assert_eq!((desk.hint, desk.preview.len()), (Hint::MeasureStart, 0));
}

#[test]
fn it_leaves_nothing_in_the_document_and_is_for_watchers_too() {
    let mut desk = desk();
    desk.can_edit = false;
    desk.label = None;
    desk.refresh();
    desk.click(100.0, 100.0);
    desk.refresh();
    desk.click(200.0, 100.0);
    desk.key("Enter");
    assert_eq!((texts(&desk), desk.notices.len()), (vec!["100 px"], 0));
    desk.switch(ToolKind::Pan);
    assert_eq!((desk.measures.len(), desk.preview.len()), (0, 0));
    assert!(desk.document.is_empty() && !desk.document.can_undo());
    desk.switch(ToolKind::Measure);
    desk.grab(p(100.0, 100.0), p(160.0, 180.0), NONE);
    desk.check_escape(p(160.0, 180.0));
    assert_eq!(desk.measures, []);
}
