//! Masks painted by several people at once.

use crate::support::*;
use visionflow_document::{Document, Edit};
use visionflow_model::Shape;

/// Two documents with one mask, of which row 0 from 0 to 10 is in.
fn painters() -> (Document, Document) {
    let (mut a, mut b) = (Document::new(1), Document::new(2));
    let mask = annotation(0, Shape::Mask(row(0, 0..10)));
    a.edit(&[Edit::Add(mask)]).unwrap();
    send(&mut a, &mut [&mut b]);
    (a, b)
}

fn paint(document: &mut Document, y: i32, columns: std::ops::Range<i32>) {
    let edit = Edit::PaintMask(id(0), stroke(y, columns));
    assert_eq!(document.edit(&[edit]), Ok(updated(0)));
}

fn erase(document: &mut Document, y: i32, columns: std::ops::Range<i32>) {
    let edit = Edit::PaintMask(id(0), erasure(y, columns));
    assert_eq!(document.edit(&[edit]), Ok(updated(0)));
}

/// Both say the same, and so does one that reads everything at once.
fn check(a: &Document, b: &Document, area: u64) {
    assert_eq!(mask(a, 0), mask(b, 0));
    let read = Document::from_updates(9, [&*a.diff(&[]).unwrap()]).unwrap();
    assert_eq!(mask(a, 0), mask(&read, 0));
    assert_eq!(mask(a, 0).area(), area);
}

#[test]
fn strokes_on_one_tile_at_the_same_time_both_survive() {
    let (mut a, mut b) = painters();
    paint(&mut a, 1, 0..5);
    paint(&mut b, 2, 0..5);
    erase(&mut b, 0, 0..3);
    sync(&mut a, &mut b);
    check(&a, &b, 17);
}

#[test]
fn undo_takes_back_the_own_stroke_only() {
    let (mut a, mut b) = painters();
    paint(&mut a, 1, 0..300);
    send(&mut a, &mut [&mut b]);
    paint(&mut b, 2, 0..5);
    erase(&mut b, 1, 0..20);
    send(&mut b, &mut [&mut a]);
    assert_eq!(a.undo(), Some(updated(0)));
    send(&mut a, &mut [&mut b]);
    check(&a, &b, 15);
    a.redo();
    send(&mut a, &mut [&mut b]);
    // The erasure was made after the stroke, and still is.
    check(&a, &b, 10 + 280 + 5);
}

#[test]
fn later_strokes_win_where_they_were_seen() {
    let (mut a, mut b) = painters();
    erase(&mut a, 0, 0..10);
    send(&mut a, &mut [&mut b]);
    check(&a, &b, 0);
    paint(&mut b, 0, 2..4);
    send(&mut b, &mut [&mut a]);
    check(&a, &b, 2);
}

#[test]
fn a_new_geometry_takes_in_the_strokes_so_far() {
    let (mut a, mut b) = painters();
    paint(&mut a, 1, 0..5);
    send(&mut a, &mut [&mut b]);
    a.edit(&[Edit::SetShape(id(0), Shape::Mask(row(7, 0..100)))])
        .unwrap();
    paint(&mut b, 2, 0..3);
    sync(&mut a, &mut b);
    check(&a, &b, 103);
    a.undo();
    sync(&mut a, &mut b);
    check(&a, &b, 18);
}

#[test]
fn what_a_mask_was_turned_into_minds_no_strokes() {
    let (mut a, mut b) = painters();
    a.edit(&[Edit::SetShape(id(0), triangle(5.0))]).unwrap();
    paint(&mut b, 2, 0..3);
    sync(&mut a, &mut b);
    assert_eq!(contents(&a), contents(&b));
    assert_eq!(a.get(id(0)).map(|a| a.shape.clone()), Some(triangle(5.0)));
    a.undo();
    sync(&mut a, &mut b);
    check(&a, &b, 13);
}

#[test]
fn a_deleted_mask_takes_its_strokes_along() {
    let (mut a, mut b) = painters();
    paint(&mut a, 1, 0..5);
    send(&mut a, &mut [&mut b]);
    b.edit(&[Edit::Delete(id(0))]).unwrap();
    paint(&mut a, 2, 0..5);
    sync(&mut a, &mut b);
    assert!(a.is_empty() && b.is_empty());
    b.undo();
    sync(&mut a, &mut b);
    check(&a, &b, 20);
}
