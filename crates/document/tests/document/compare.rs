//! What differs between two documents, and going from one to the other and back.

use crate::convergence::{Op, edit, op};
use crate::support::*;
use proptest::collection::vec;
use proptest::prelude::*;
use visionflow_document::{Difference, Document, Edit};
use visionflow_model::{AttributeValue, GroupId, Source, Style, Verdict};

/// Does to the document what can be done of `ops`.
fn work(document: &mut Document, ops: &[Op]) {
    for op in ops {
        let _ = document.edit(&[edit(op)]);
    }
}

/// As a server would open it: a document of its own with the same history.
fn copy(document: &Document, client: u64) -> Document {
    let state = document.diff(&[]).unwrap();
    Document::from_updates(client, [state.as_slice()]).unwrap()
}

fn check_same(a: &Document, b: &Document) {
    assert_eq!(contents(a), contents(b));
    assert_eq!(suggestions(a), suggestions(b));
    assert_eq!(a.difference(b), Difference::default());
    assert_eq!(a.edits_to(b), []);
}

proptest! {
    #[test]
    fn going_back_and_forth_again_brings_every_state_back(
        early in vec(op(), 0..25),
        late in vec(op(), 0..25),
    ) {
        let mut document = Document::new(1);
        work(&mut document, &early);
        let past = copy(&document, 2);
        work(&mut document, &late);
        let present = copy(&document, 3);
        document.forget_history();

        document.edit(&document.edits_to(&past)).unwrap();
        check_same(&document, &past);
        let reverted = copy(&document, 4);
        document.edit(&document.edits_to(&present)).unwrap();
        check_same(&document, &present);
        for (id, annotation) in contents(&present) {
            // What was changed and changed back reads as the model proposed it.
            let proposed = present.suggestion(id).map(|s| &s.annotation);
            if proposed.is_some_and(|p| p.source == annotation.source && p.shape != annotation.shape) {
                prop_assert!(document.is_corrected(id));
            }
        }

        // The same by undo, and where the document is another replica's.
        document.undo();
        check_same(&document, &reverted);
        document.undo();
        check_same(&document, &present);
        let mut elsewhere = copy(&present, 5);
        elsewhere.edit(&elsewhere.edits_to(&past)).unwrap();
        check_same(&elsewhere, &past);
        let mut present = present;
        sync(&mut present, &mut elsewhere);
        check_same(&present, &past);
    }

    #[test]
    fn documents_without_a_common_history_become_the_same(
        one in vec(op(), 0..25),
        other in vec(op(), 0..25),
    ) {
        let (mut a, mut b) = (Document::new(1), Document::new(2));
        work(&mut a, &one);
        work(&mut b, &other);
        a.edit(&a.edits_to(&b)).unwrap();
        check_same(&a, &b);
    }
}

#[test]
fn every_property_is_brought_back() {
    let mut document = Document::new(1);
    let mut before = annotation(1, rect(0.0, 0.0, 5.0, 5.0));
    before.attributes.insert(attribute(0), text("red"));
    before.attributes.insert(attribute(1), text("old"));
    document.edit(&[Edit::Add(before)]).unwrap();
    let past = copy(&document, 2);
    let style = Style {
        width: Some(4.0),
        ..Style::default()
    };
    document
        .edit(&[
            Edit::SetShape(id(1), triangle(3.0)),
            Edit::SetLabel(id(1), label(3)),
            Edit::SetZ(id(1), 2.0),
            Edit::SetGroup(id(1), Some(GroupId(id(9).0))),
            Edit::SetLocked(id(1), true),
            Edit::SetStyle(id(1), style),
            Edit::SetAttribute(id(1), attribute(0), None),
            Edit::SetAttribute(id(1), attribute(1), Some(AttributeValue::Bool(true))),
            Edit::SetAttribute(id(1), attribute(2), Some(AttributeValue::Number(4.0))),
        ])
        .unwrap();
    let edits = document.edits_to(&past);
    assert_eq!(edits.len(), 9);
    document.edit(&edits).unwrap();
    check_same(&document, &past);
}

#[test]
fn a_difference_names_what_came_what_changed_and_what_went() {
    let mut document = Document::new(1);
    document.edit(&[add(1), add(2), add(3)]).unwrap();
    let past = copy(&document, 2);
    document
        .edit(&[Edit::Delete(id(1)), Edit::SetZ(id(2), 7.0), add(4)])
        .unwrap();
    let difference = document.difference(&past);
    let expected = Difference {
        added: vec![id(4)],
        changed: vec![id(2)],
        removed: vec![id(1)],
    };
    assert_eq!(difference, expected);
}

#[test]
fn one_annotation_comes_back_alone() {
    let mut document = Document::new(1);
    document.edit(&[add(1), add(2)]).unwrap();
    let past = copy(&document, 2);
    document.edit(&[Edit::Delete(id(1))]).unwrap();
    document.edit(&[Edit::Delete(id(2)), add(3)]).unwrap();
    let edits = document.edits_to_restore(id(1), &past);
    document.edit(&edits).unwrap();
    assert_eq!(document.get(id(1)), past.get(id(1)));
    assert!(document.get(id(2)).is_none());
    assert!(document.get(id(3)).is_some());
    assert_eq!(document.edits_to_restore(id(7), &past), []);
}

#[test]
fn what_somebody_paints_meanwhile_stands_beside_the_pixels_brought_back() {
    let mut document = Document::new(1);
    let shape = visionflow_model::Shape::Mask(row(3, 0..100));
    document.edit(&[Edit::Add(annotation(1, shape))]).unwrap();
    let past = copy(&document, 2);
    let erase = Edit::PaintMask(id(1), erasure(3, 0..50));
    document.edit(&[erase]).unwrap();
    let mut other = copy(&document, 3);
    let paint = Edit::PaintMask(id(1), stroke(9, 0..20));
    other.edit(&[paint]).unwrap();
    document.edit(&document.edits_to(&past)).unwrap();
    sync(&mut document, &mut other);
    let expected = row(3, 0..100).union(&row(9, 0..20));
    assert_eq!(mask(&document, 1), expected);
    assert_eq!(mask(&other, 1), expected);
}

#[test]
fn what_was_not_refused_is_made_again_beside_what_others_did_meanwhile() {
    let mask_shape = visionflow_model::Shape::Mask(row(3, 0..100));
    let mut server = Document::new(1);
    server
        .edit(&[add(1), Edit::Add(annotation(2, mask_shape)), add(3)])
        .unwrap();
    let mut before = copy(&server, 2);
    before.edit(&[Edit::SetZ(id(1), 9.0)]).unwrap();
    let paint = Edit::PaintMask(id(2), stroke(5, 0..10));
    before.edit(&[paint, Edit::SetZ(id(3), 5.0)]).unwrap();
    before.edit(&[add(4)]).unwrap();
    // Somebody else paints, locks and deletes, and the refused client has not seen it.
    let paint = Edit::PaintMask(id(2), stroke(9, 0..20));
    let lock = Edit::SetLocked(id(2), true);
    server.edit(&[paint, lock, Edit::Delete(id(3))]).unwrap();
    let mut anew = copy(&server, 3);
    // The first edit was refused.
    let kept = [id(2), id(3), id(4)].into();
    let edits = anew.edits_again(&kept, &mut before);
    anew.edit(&edits).unwrap();
    assert_eq!(anew.get(id(1)), server.get(id(1)));
    let expected = row(3, 0..100).union(&row(5, 0..10)).union(&row(9, 0..20));
    assert_eq!(mask(&anew, 2), expected);
    assert!(anew.get(id(2)).unwrap().locked);
    assert_eq!(anew.get(id(3)), before.get(id(3)));
    assert_eq!(anew.get(id(4)), before.get(id(4)));
    let again = anew.edits_again(&kept, &mut before);
    anew.edit(&again).unwrap();
    assert_eq!(mask(&anew, 2), expected);
}

#[test]
fn going_back_to_before_a_model_ran_takes_its_suggestions_away_and_back_again() {
    let mut document = Document::new(1);
    document.edit(&[suggest(1)]).unwrap();
    let past = copy(&document, 2);
    document
        .edit(&[decide(1, Verdict::Rejected), suggest(2), suggest(3)])
        .unwrap();
    document.edit(&[decide(3, Verdict::Accepted)]).unwrap();
    let correct = Edit::SetLabel(id(3), label(2));
    document.edit(&[correct]).unwrap();
    let present = copy(&document, 3);
    document.edit(&document.edits_to(&past)).unwrap();
    check_same(&document, &past);
    assert_eq!(verdict(&document, 1), Some(Verdict::Pending));
    assert_eq!(verdict(&document, 2), None);
    document.edit(&document.edits_to(&present)).unwrap();
    check_same(&document, &present);
    assert!(document.is_corrected(id(3)));
}

#[test]
fn an_annotation_of_another_source_is_born_again() {
    let mut document = Document::new(1);
    let mut made = annotation(1, triangle(0.0));
    made.source = Source::Import;
    document.edit(&[Edit::Add(made)]).unwrap();
    let past = copy(&document, 2);
    document.edit(&[Edit::Delete(id(1))]).unwrap();
    document.edit(&[add(1)]).unwrap();
    document.edit(&document.edits_to(&past)).unwrap();
    check_same(&document, &past);
}
