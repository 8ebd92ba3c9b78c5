//! Single edits, and how those of two people merge.

use crate::support::*;
use visionflow_document::{Change, Document, Edit, EditError};
use visionflow_model::{AttributeValue, Invalid, ShapeKind};

/// Both edit at the same time, then meet; what both see.
fn merge(by_a: &[Edit], by_b: &[Edit]) -> Document {
    let (mut a, mut b) = pair(1);
    a.edit(by_a).unwrap();
    b.edit(by_b).unwrap();
    sync(&mut a, &mut b);
    assert_eq!(contents(&a), contents(&b));
    a
}

fn check_refused(edits: &[Edit], expected: EditError) {
    let (mut document, _) = pair(1);
    document.take_updates();
    let before = contents(&document);
    assert_eq!(document.edit(edits), Err(expected));
    assert_eq!(contents(&document), before);
    assert!(document.take_updates().is_empty());
    assert!(!document.can_undo());
}

#[test]
fn every_property_is_read_back() {
    let mut document = Document::new(7);
    let mut wanted = annotation(1, triangle(2.5));
    wanted
        .attributes
        .insert(attribute(1), AttributeValue::Bool(true));
    wanted
        .attributes
        .insert(attribute(2), text("ä “quoted” 名"));
    wanted.z = -3.25;
    let change = document.edit(&[Edit::Add(wanted.clone())]).unwrap();
    assert_eq!(change.added, [id(1)]);
    assert_eq!(document.get(id(1)), Some(&wanted));

    wanted.shape = triangle(100.125);
    wanted.label = label(5);
    wanted.z = 8.0;
    wanted.attributes.remove(&attribute(1));
    wanted
        .attributes
        .insert(attribute(3), AttributeValue::Number(0.1));
    let edits = [
        Edit::SetShape(id(1), wanted.shape.clone()),
        Edit::SetLabel(id(1), wanted.label),
        Edit::SetZ(id(1), 8.0),
        Edit::SetAttribute(id(1), attribute(1), None),
        Edit::SetAttribute(id(1), attribute(3), Some(AttributeValue::Number(0.1))),
    ];
    assert_eq!(document.edit(&edits).unwrap(), updated(1));
    assert_eq!(document.get(id(1)), Some(&wanted));

    let copy = Document::from_updates(8, [document.diff(&[]).unwrap().as_slice()]).unwrap();
    assert_eq!(contents(&copy), contents(&document));
}

#[test]
fn different_properties_both_win() {
    let merged = merge(
        &[Edit::SetShape(id(0), rect(50.0, 50.0, 5.0, 5.0))],
        &[Edit::SetLabel(id(0), label(9)), Edit::SetZ(id(0), 4.0)],
    );
    let annotation = merged.get(id(0)).unwrap();
    assert_eq!(annotation.shape, rect(50.0, 50.0, 5.0, 5.0));
    assert_eq!((annotation.label, annotation.z), (label(9), 4.0));
}

#[test]
fn one_property_is_never_a_half_of_each() {
    let (left, right) = (rect(1.0, 2.0, 3.0, 4.0), rect(5.0, 6.0, 7.0, 8.0));
    let merged = merge(
        &[Edit::SetShape(id(0), left.clone())],
        &[Edit::SetShape(id(0), right.clone())],
    );
    let shape = &merged.get(id(0)).unwrap().shape;
    assert!(*shape == left || *shape == right);
}

#[test]
fn deleting_beats_editing() {
    let everything = [
        Edit::SetShape(id(0), rect(9.0, 9.0, 9.0, 9.0)),
        Edit::SetAttribute(id(0), attribute(1), Some(text("x"))),
    ];
    assert!(merge(&[Edit::Delete(id(0))], &everything).is_empty());
    assert!(merge(&everything, &[Edit::Delete(id(0))]).is_empty());
}

#[test]
fn a_new_annotation_of_an_old_id_starts_afresh() {
    let mut merged = merge(
        &[Edit::Delete(id(0))],
        &[Edit::SetLabel(id(0), label(9)), Edit::SetZ(id(0), 4.0)],
    );
    merged.edit(&[add(0)]).unwrap();
    assert_eq!(merged.get(id(0)).unwrap().label, label(0));
}

#[test]
fn edits_of_one_call_build_on_each_other() {
    let mut document = Document::new(1);
    let edits = [
        add(1),
        Edit::SetLabel(id(1), label(2)),
        add(2),
        Edit::SetZ(id(2), 1.0),
        Edit::Delete(id(2)),
    ];
    let change = document.edit(&edits).unwrap();
    assert_eq!((change.added, change.updated), (vec![id(1)], vec![]));
    assert_eq!(document.get(id(1)).unwrap().label, label(2));
    assert_eq!((document.len(), document.take_updates().len()), (1, 1));
}

#[test]
fn what_changes_nothing_writes_nothing() {
    let (mut document, _) = pair(1);
    let same = [
        Edit::SetLabel(id(0), label(0)),
        Edit::SetZ(id(0), 0.0),
        Edit::SetShape(id(0), rect(0.0, 0.0, 10.0, 10.0)),
        Edit::SetAttribute(id(0), attribute(1), None),
    ];
    assert_eq!(document.edit(&same), Ok(Change::default()));
    assert!(document.take_updates().is_empty() && !document.can_undo());
}

#[test]
fn refused_edits_change_nothing() {
    check_refused(
        &[add(1), Edit::SetZ(id(0), f64::NAN)],
        EditError::NotFinite(id(0)),
    );
    check_refused(
        &[Edit::Delete(id(0)), Edit::Delete(id(0))],
        EditError::Missing(id(0)),
    );
    check_refused(&[Edit::SetZ(id(5), 1.0)], EditError::Missing(id(5)));
    check_refused(&[add(0)], EditError::Exists(id(0)));
    check_refused(
        &[Edit::PaintMask(id(0), stroke(0, 0..5))],
        EditError::NoMask {
            id: id(0),
            is: ShapeKind::Box,
        },
    );
    check_refused(
        &[Edit::SetShape(id(0), rect(0.0, 0.0, 0.0, 1.0))],
        EditError::Shape {
            id: id(0),
            reason: Invalid::EmptyBox,
        },
    );
    check_refused(
        &[Edit::SetAttribute(
            id(0),
            attribute(1),
            Some(AttributeValue::Number(f64::INFINITY)),
        )],
        EditError::NotFinite(id(0)),
    );
}

#[test]
fn updates_may_come_late_and_twice() {
    let mut a = Document::new(1);
    a.edit(&[add(1)]).unwrap();
    a.edit(&[Edit::SetZ(id(1), 5.0)]).unwrap();
    a.edit(&[Edit::SetZ(id(1), 6.0)]).unwrap();
    let updates = a.take_updates();
    let mut b = Document::new(2);
    for index in [2, 1, 2, 0, 0, 1] {
        b.apply_update(&updates[index]).unwrap();
    }
    assert!(b.is_whole());
    assert_eq!(contents(&a), contents(&b));
}

#[test]
fn a_document_can_move_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let mut document = Document::new(1);
    is_send(&document);
    let document = std::thread::spawn(move || {
        document.edit(&[add(1)]).unwrap();
        document
    });
    assert_eq!(document.join().unwrap().len(), 1);
}

/// What happens after a first edit and before somebody asks for its update.
fn check_first(then: impl FnOnce(&mut Document)) {
    let mut document = Document::new(1);
    let mixed = [
        add(1),
        Edit::SetZ(id(1), 4.0),
        add(2),
        Edit::Delete(id(2)),
        add(3),
        suggest(5),
    ];
    let change = document.edit(&mixed).unwrap();
    let mut added = change.added.clone();
    added.sort_unstable();
    assert_eq!(added, [id(1), id(3)]);
    assert_eq!(change.suggestions, [id(5)]);
    then(&mut document);
    let mut reader = Document::new(9);
    for update in document.take_updates() {
        let change = reader.apply_update(&update).unwrap();
        assert_eq!(change.ignored, []);
    }
    let all = document.diff(&[]).unwrap();
    let mut other = Document::from_updates(9, [all.as_slice()]).unwrap();
    assert_eq!(contents(&other), contents(&document));
    // Everything but what another had written came by updates.
    sync(&mut reader, &mut other);
    assert_eq!(contents(&reader), contents(&document));
    assert_eq!(suggestions(&reader), suggestions(&document));
}

#[test]
fn the_update_of_a_first_edit_is_its_own_whenever_it_is_asked_for() {
    check_first(|_| {});
    check_first(|document| {
        document.edit(&[add(4), Edit::Delete(id(3))]).unwrap();
    });
    check_first(|document| {
        document.undo().unwrap();
        document.redo().unwrap();
    });
    let mut document = Document::new(1);
    document.edit(&[add(1), Edit::Delete(id(1))]).unwrap();
    assert_eq!(document.take_updates(), Vec::<Vec<u8>>::new());
    let (mut a, mut b) = (Document::new(1), Document::new(2));
    a.edit(&[add(1)]).unwrap();
    b.edit(&[add(2)]).unwrap();
    let theirs = b.take_updates();
    a.apply_update(&theirs[0]).unwrap();
    let updates = a.take_updates();
    let mut reader = Document::new(3);
    for update in &updates {
        reader.apply_update(update).unwrap();
    }
    // Nothing of what another wrote is said to be one's own.
    assert_eq!(
        reader.annotations().map(|a| a.id).collect::<Vec<_>>(),
        [id(1)]
    );
}

#[test]
fn updates_that_nobody_is_to_have_are_gone_and_later_ones_come() {
    let mut document = Document::new(1);
    document.edit(&[add(1)]).unwrap();
    document.drop_updates();
    assert_eq!(document.take_updates(), Vec::<Vec<u8>>::new());
    document.edit(&[add(2)]).unwrap();
    assert_eq!(document.take_updates().len(), 1);
    let all = document.diff(&[]).unwrap();
    let reader = Document::from_updates(2, [all.as_slice()]).unwrap();
    assert_eq!(contents(&reader), contents(&document));
}
