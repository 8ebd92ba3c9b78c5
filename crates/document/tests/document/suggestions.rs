//! What models propose and people decide.

use crate::support::*;
use visionflow_document::{Change, Document, Edit, EditError};
use visionflow_geometry::{Mask, Span, Vec2};
use visionflow_model::{Annotation, Shape, Source, Suggestion, Verdict};

/// Two documents that know the same `count` pending suggestions, which are nobody's step.
fn proposed(count: u32) -> (Document, Document) {
    let (mut a, mut b) = pair(0);
    let all: Vec<_> = (0..count).map(suggest).collect();
    a.bring(&all).unwrap();
    send(&mut a, &mut [&mut b]);
    assert!(!a.can_undo() && !b.can_undo());
    (a, b)
}

fn told(n: u32) -> Change {
    Change {
        suggestions: vec![id(n)],
        ..Change::default()
    }
}

#[test]
fn a_suggestion_is_no_annotation_until_it_is_accepted() {
    let (mut a, mut b) = proposed(2);
    assert!(a.is_empty() && b.is_empty());
    assert_eq!(suggestions(&a), suggestions(&b));
    let change = a.edit(&[decide(0, Verdict::Accepted)]).unwrap();
    assert_eq!(
        (change.added, change.suggestions),
        (vec![id(0)], vec![id(0)])
    );
    let accepted = a.get(id(0)).unwrap();
    assert_eq!(accepted, &suggestion(0).annotation);
    assert_eq!(accepted.source, Source::Model("yolo".into()));
    send(&mut a, &mut [&mut b]);
    assert_eq!(
        (contents(&a), suggestions(&a)),
        (contents(&b), suggestions(&b))
    );
    assert_eq!(verdict(&b, 0), Some(Verdict::Accepted));
    // It is said once.
    assert!(a.edit(&[decide(0, Verdict::Accepted)]).unwrap().is_empty());
    assert!(a.take_updates().is_empty());
}

#[test]
fn a_verdict_is_one_step_of_undo_with_what_it_made() {
    let (mut a, _) = proposed(3);
    let first = (contents(&a), suggestions(&a));
    let edits = [
        decide(0, Verdict::Accepted),
        decide(1, Verdict::Rejected),
        decide(2, Verdict::Accepted),
    ];
    a.edit(&edits).unwrap();
    let change = a.undo().unwrap();
    assert_eq!((change.removed.len(), change.suggestions.len()), (2, 3));
    assert_eq!((contents(&a), suggestions(&a)), first);
    assert!(!a.can_undo());
    a.redo().unwrap();
    assert_eq!((a.len(), verdict(&a, 1)), (2, Some(Verdict::Rejected)));
}

#[test]
fn a_run_that_somebody_asked_for_is_one_step() {
    let (mut a, _) = proposed(2);
    a.edit(&[decide(0, Verdict::Rejected)]).unwrap();
    let mut next = suggestion(5);
    next.run = run(1);
    let mut other = suggestion(6);
    other.model = Some(model(1));
    a.bring(&[Edit::Suggest(Box::new(other))]).unwrap();
    let source = next.annotation.source.clone();
    let edits = a.proposal(Some(model(0)), &source, run(1), vec![next]);
    let change = a.edit(&edits).unwrap();
    let mut told = change.suggestions;
    told.sort();
    assert_eq!(told, [id(1), id(5)]);
    let all = |document: &Document| [0, 1, 5, 6].map(|n| verdict(document, n));
    let after = [
        Some(Verdict::Rejected),
        Some(Verdict::Superseded),
        Some(Verdict::Pending),
        Some(Verdict::Pending),
    ];
    assert_eq!(all(&a), after);
    // More of the same run supersedes nothing of it.
    assert!(
        a.proposal(Some(model(0)), &source, run(1), vec![])
            .is_empty()
    );
    a.undo().unwrap();
    let before = [
        Some(Verdict::Rejected),
        Some(Verdict::Pending),
        None,
        after[3],
    ];
    assert_eq!(all(&a), before);
    a.redo().unwrap();
    assert_eq!(all(&a), after);
}

#[test]
fn a_model_that_looks_again_brings_only_what_nobody_knows() {
    let (mut a, _) = pair(0);
    a.bring(&[0, 20, 40].map(suggest)).unwrap();
    a.edit(&[decide(0, Verdict::Accepted), decide(20, Verdict::Rejected)])
        .unwrap();
    let again = |n: u32| {
        let mut next = suggestion(n);
        next.annotation.id = id(n + 1);
        next.run = run(1);
        next
    };
    let ids = |a: &Document, all: Vec<Suggestion>| -> Vec<_> {
        a.unknown(all).iter().map(Suggestion::id).collect()
    };
    // What is pending is superseded and proposed anew.
    let all = [0, 20, 40, 60].map(again).to_vec();
    assert_eq!(ids(&a, all), [id(41), id(61)]);
    let mut near = again(0);
    near.annotation.shape = near.annotation.shape.translated(Vec2::new(1.0, 0.0));
    let mut far = again(0);
    far.annotation.shape = far.annotation.shape.translated(Vec2::new(50.0, 0.0));
    far.annotation.id = id(90);
    assert_eq!(ids(&a, vec![near, far]), [id(90)]);
    // Of another label it is something else, and another model may bring what one was refused for.
    let mut relabelled = again(0);
    relabelled.annotation.label = label(7);
    let mut of_another = again(20);
    of_another.model = Some(model(1));
    assert_eq!(ids(&a, vec![relabelled, of_another]), [id(1), id(21)]);
}

#[test]
fn two_who_accept_at_once_agree() {
    let (mut a, mut b) = proposed(1);
    a.edit(&[decide(0, Verdict::Accepted)]).unwrap();
    b.edit(&[decide(0, Verdict::Accepted)]).unwrap();
    sync(&mut a, &mut b);
    assert_eq!(
        (contents(&a), suggestions(&a)),
        (contents(&b), suggestions(&b))
    );
    assert_eq!(a.get(id(0)), Some(&suggestion(0).annotation));
}

#[test]
fn an_acceptance_wins_over_a_rejection_at_the_same_time() {
    // Whoever has the greater client id, whose entry then stands.
    for accepts_first in [true, false] {
        let (mut a, mut b) = proposed(1);
        let verdicts = [Verdict::Accepted, Verdict::Rejected];
        let [of_a, of_b] = if accepts_first {
            verdicts
        } else {
            [verdicts[1], verdicts[0]]
        };
        a.edit(&[decide(0, of_a)]).unwrap();
        b.edit(&[decide(0, of_b)]).unwrap();
        sync(&mut a, &mut b);
        for document in [&a, &b] {
            assert_eq!(verdict(document, 0), Some(Verdict::Accepted));
            assert_eq!(document.len(), 1);
        }
        // To reject it after all takes the annotation away.
        a.edit(&[decide(0, Verdict::Rejected)]).unwrap();
        send(&mut a, &mut [&mut b]);
        for document in [&a, &b] {
            assert_eq!(verdict(document, 0), Some(Verdict::Rejected));
            assert!(document.is_empty());
        }
    }
}

#[test]
fn an_acceptance_outlives_its_annotation_and_corrections_are_known() {
    let (mut a, _) = proposed(1);
    assert!(!a.is_corrected(id(0)));
    a.edit(&[decide(0, Verdict::Accepted)]).unwrap();
    a.edit(&[Edit::SetZ(id(0), 3.0)]).unwrap();
    assert!(!a.is_corrected(id(0)));
    a.edit(&[Edit::SetLabel(id(0), label(2))]).unwrap();
    assert!(a.is_corrected(id(0)));
    a.undo().unwrap();
    assert!(!a.is_corrected(id(0)));
    let change = a.edit(&[Edit::Delete(id(0))]).unwrap();
    assert_eq!((change.removed, change.suggestions), (vec![id(0)], vec![]));
    assert_eq!(verdict(&a, 0), Some(Verdict::Accepted));
}

#[test]
fn a_verdict_can_be_taken_back_and_given_again() {
    let (mut a, mut b) = proposed(1);
    a.edit(&[decide(0, Verdict::Rejected)]).unwrap();
    assert_eq!(a.edit(&[decide(0, Verdict::Pending)]).unwrap(), told(0));
    assert_eq!(verdict(&a, 0), Some(Verdict::Pending));
    a.edit(&[decide(0, Verdict::Accepted)]).unwrap();
    a.edit(&[Edit::SetLabel(id(0), label(9))]).unwrap();
    // Only what is pending is superseded.
    assert!(
        a.edit(&[decide(0, Verdict::Superseded)])
            .unwrap()
            .is_empty()
    );
    let again = [decide(0, Verdict::Pending), decide(0, Verdict::Accepted)];
    a.edit(&again).unwrap();
    assert_eq!(a.get(id(0)), Some(&suggestion(0).annotation));
    send(&mut a, &mut [&mut b]);
    assert_eq!(
        (contents(&a), suggestions(&a)),
        (contents(&b), suggestions(&b))
    );
}

#[test]
fn an_undone_run_leaves_what_another_made_of_it() {
    let (mut a, mut b) = pair(0);
    a.edit(&[suggest(0), suggest(1)]).unwrap();
    send(&mut a, &mut [&mut b]);
    b.edit(&[decide(0, Verdict::Accepted)]).unwrap();
    send(&mut b, &mut [&mut a]);
    let change = a.undo().unwrap();
    assert_eq!(change.suggestions.len(), 2);
    assert_eq!((a.len(), a.suggestions().len()), (1, 0));
    a.redo().unwrap();
    assert_eq!(verdict(&a, 0), Some(Verdict::Accepted));
    assert_eq!(verdict(&a, 1), Some(Verdict::Pending));
}

#[test]
fn masks_are_proposed_in_the_records_tiles() {
    let mut mask = Mask::default();
    for y in 200..700 {
        let (start, end) = (100, 900);
        mask.insert(Span { y, start, end });
    }
    let mut proposal = suggestion(0);
    proposal.annotation.shape = Shape::Mask(mask);
    let (mut a, mut b) = pair(0);
    a.edit(&[Edit::Suggest(Box::new(proposal.clone()))])
        .unwrap();
    send(&mut a, &mut [&mut b]);
    assert_eq!(b.suggestion(id(0)), Some(&proposal));
    b.edit(&[decide(0, Verdict::Accepted)]).unwrap();
    b.edit(&[Edit::PaintMask(id(0), stroke(3, 0..40))]).unwrap();
    assert!(b.is_corrected(id(0)));
    send(&mut b, &mut [&mut a]);
    assert_eq!(contents(&a), contents(&b));
    // The proposal stays what it was.
    assert_eq!(a.suggestion(id(0)).unwrap().annotation, proposal.annotation);
}

#[test]
fn bad_suggestions_are_refused_whole() {
    let (mut document, _) = pair(1);
    let mut check = |change: &dyn Fn(&mut Annotation), score: f64, expected: EditError| {
        let mut bad = suggestion(7);
        change(&mut bad.annotation);
        bad.score = score;
        let edits = [suggest(6), Edit::Suggest(Box::new(bad))];
        assert_eq!(document.edit(&edits), Err(expected));
        assert_eq!(document.suggestions().len(), 0);
        assert!(document.take_updates().is_empty());
    };
    check(&|_| (), 1.5, EditError::Score(id(7)));
    check(&|_| (), f64::NAN, EditError::Score(id(7)));
    check(
        &|a| a.source = Source::Manual,
        0.5,
        EditError::NoModel(id(7)),
    );
    let long = |a: &mut Annotation| a.source = Source::Model("n".repeat(201).into());
    check(&long, 0.5, EditError::NoModel(id(7)));
    check(&|a| a.z = f64::NAN, 0.5, EditError::NotFinite(id(7)));
    check(&|a| a.id = id(0), 0.5, EditError::Exists(id(0)));
    check(&|a| a.id = id(6), 0.5, EditError::Exists(id(6)));
    let unknown = [decide(9, Verdict::Accepted)];
    assert_eq!(document.edit(&unknown), Err(EditError::NoSuggestion(id(9))));
}

#[test]
fn a_document_without_suggestions_is_written_as_before() {
    let (mut document, _) = pair(0);
    document.edit(&[add(0), Edit::SetZ(id(0), 2.0)]).unwrap();
    let bytes = document.diff(&[]).unwrap();
    for name in [&b"suggestions"[..], b"verdicts"] {
        assert!(!bytes.windows(name.len()).any(|window| window == name));
    }
}
