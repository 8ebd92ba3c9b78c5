//! One person's undo.

use crate::support::*;
use visionflow_document::{Document, Edit};

#[test]
fn each_edit_is_one_step() {
    let mut document = Document::new(1);
    document.edit(&[add(1), add(2)]).unwrap();
    document.edit(&[Edit::SetZ(id(1), 5.0)]).unwrap();
    assert_eq!(document.undo().unwrap(), updated(1));
    assert_eq!(document.undo().unwrap().removed.len(), 2);
    assert!(document.is_empty() && !document.can_undo());
    assert_eq!(document.undo(), None);
    assert_eq!(document.redo().unwrap().added.len(), 2);
    assert_eq!(document.redo().unwrap(), updated(1));
    assert_eq!(document.get(id(1)).unwrap().z, 5.0);
    assert_eq!(document.redo(), None);
}

#[test]
fn an_undone_deletion_brings_everything_back() {
    let (mut a, mut b) = pair(1);
    let edits = [
        Edit::SetLabel(id(0), label(3)),
        Edit::SetShape(id(0), rect(7.0, 7.0, 7.0, 7.0)),
        Edit::SetAttribute(id(0), attribute(1), Some(text("kept"))),
    ];
    b.edit(&edits).unwrap();
    send(&mut b, &mut [&mut a]);
    let before = contents(&a);
    a.edit(&[Edit::Delete(id(0))]).unwrap();
    send(&mut a, &mut [&mut b]);
    assert!(b.is_empty());
    assert_eq!(a.undo().unwrap().added, [id(0)]);
    send(&mut a, &mut [&mut b]);
    assert_eq!((contents(&a), contents(&b)), (before.clone(), before));
    a.redo().unwrap();
    send(&mut a, &mut [&mut b]);
    assert!(a.is_empty() && b.is_empty());
}

#[test]
fn undo_leaves_others_edits_alone() {
    let (mut a, mut b) = pair(1);
    a.edit(&[Edit::SetLabel(id(0), label(1))]).unwrap();
    send(&mut a, &mut [&mut b]);
    b.edit(&[Edit::SetZ(id(0), 9.0), add(5)]).unwrap();
    send(&mut b, &mut [&mut a]);
    a.undo().unwrap();
    assert_eq!(a.undo(), None);
    send(&mut a, &mut [&mut b]);
    let annotation = b.get(id(0)).unwrap();
    assert_eq!(
        (annotation.label, annotation.z, b.len()),
        (label(0), 9.0, 2)
    );
    assert_eq!(contents(&a), contents(&b));
}

#[test]
fn undo_passes_over_what_another_overwrote() {
    let (mut a, mut b) = pair(1);
    a.edit(&[add(1)]).unwrap();
    a.edit(&[Edit::SetLabel(id(0), label(1))]).unwrap();
    send(&mut a, &mut [&mut b]);
    b.edit(&[Edit::SetLabel(id(0), label(2))]).unwrap();
    send(&mut b, &mut [&mut a]);
    // The label is the other person's now; the step before it is taken back instead.
    assert_eq!(a.undo().unwrap().removed, [id(1)]);
    assert_eq!(a.get(id(0)).unwrap().label, label(2));
}

#[test]
fn undo_does_not_revive_what_another_deleted() {
    let (mut a, mut b) = pair(2);
    a.edit(&[Edit::SetZ(id(1), 2.0)]).unwrap();
    a.edit(&[Edit::SetZ(id(0), 1.0)]).unwrap();
    send(&mut a, &mut [&mut b]);
    b.edit(&[Edit::Delete(id(0))]).unwrap();
    send(&mut b, &mut [&mut a]);
    a.undo();
    a.undo();
    assert_eq!(a.get(id(0)), None);
    send(&mut a, &mut [&mut b]);
    assert_eq!(contents(&a), contents(&b));
}

#[test]
fn a_new_edit_ends_what_could_be_redone() {
    let mut document = Document::new(1);
    document.edit(&[add(1)]).unwrap();
    document.undo().unwrap();
    assert!(document.can_redo());
    document.edit(&[add(2)]).unwrap();
    assert!(!document.can_redo());
    document.forget_history();
    assert!(!document.can_undo());
    assert_eq!(document.undo(), None);
}
