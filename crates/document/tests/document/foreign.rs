//! What other Yjs clients write, well and badly.

use crate::support::*;
use visionflow_document::{Document, client_ids};
use visionflow_model::Verdict;
use yrs::{Any, Doc, Map, ReadTxn, StateVector, Transact, any};

/// The document after a foreign client has written `entries` into root maps.
fn after(entries: &[(&str, String, Any)]) -> (Document, Vec<(String, String)>) {
    let doc = Doc::with_client_id(99);
    for (map, key, value) in entries {
        let map = doc.get_or_insert_map(*map);
        map.insert(&mut doc.transact_mut(), key.as_str(), value.clone());
    }
    let update = doc
        .transact()
        .encode_state_as_update_v1(&StateVector::default());
    assert_eq!(client_ids(&update), Ok(vec![99]));
    let mut document = Document::new(1);
    let change = document.apply_update(&update).unwrap();
    let mut ignored: Vec<_> = change
        .ignored
        .into_iter()
        .map(|i| (i.id, i.reason))
        .collect();
    ignored.sort();
    (document, ignored)
}

fn record(kind: &str, geometry: Any) -> Any {
    any!({"v": 1, "kind": kind, "label": label(0).to_string(), "geometry": geometry, "z": 0, "attributes": {}})
}

fn check_ignored(record: Any, reason: &str) {
    let (document, ignored) = after(&[("annotations", id(0).to_string(), record)]);
    assert!(document.is_empty());
    assert_eq!(ignored, [(id(0).to_string(), reason.to_owned())]);
}

#[test]
fn records_of_every_kind_are_read() {
    let (document, ignored) = after(&[
        (
            "annotations",
            id(0).to_string(),
            record("box", any!([1, 2.5, 3, 4])),
        ),
        (
            "annotations",
            id(1).to_string(),
            record("polygon", any!([[0, 0, 10, 0, 0, 10]])),
        ),
        ("annotations", id(2).to_string(), record("tag", any!([]))),
        (
            "overrides",
            format!("{}/geometry", id(1)),
            any!([[2, 0, 12, 0, 2, 10]]),
        ),
        (
            "overrides",
            format!("{}/attributes.{}", id(2), attribute(1)),
            any!("yes"),
        ),
    ]);
    assert_eq!(ignored, []);
    assert_eq!(document.get(id(0)).unwrap().shape, rect(1.0, 2.5, 3.0, 4.0));
    assert_eq!(document.get(id(1)).unwrap().shape, triangle(2.0));
    assert_eq!(
        document.get(id(2)).unwrap().attributes[&attribute(1)],
        text("yes")
    );
}

#[test]
fn records_that_are_not_understood_are_passed_over() {
    check_ignored(any!("text"), "the record is not a plain object");
    check_ignored(any!({"v": 2}), "version 2 of the record is unknown");
    check_ignored(record("blob", any!([])), "kind blob is unknown");
    let bad_tile = any!([[0, 0, "text"]]);
    check_ignored(
        record("mask", bad_tile),
        "a tile of the mask is not understood",
    );
    check_ignored(
        record("skeleton", any!([1, 2.0, 3.0, 9])),
        "the geometry is not understood",
    );
    check_ignored(
        record("box", any!([1, 2, 3])),
        "the geometry is not understood",
    );
    check_ignored(
        record("box", any!([1, 2, -3, 4])),
        "a box's size is negative",
    );
    check_ignored(
        record("box", any!([1, 2, f64::NAN, 4])),
        "the geometry is not understood",
    );
    check_ignored(
        record("box", any!([1, 2, 0, 4])),
        "a box needs a width and a height above zero",
    );
    check_ignored(
        record("polygon", any!([[0, 0, 1]])),
        "the geometry is not understood",
    );
    check_ignored(
        record("polygon", any!([[0, 0, 1, 1]])),
        "ring 0 of the polygon has 2 points; three are the least",
    );
}

#[test]
fn bad_overrides_leave_the_record_standing() {
    let key = |property: &str| format!("{}/{property}", id(0));
    let (document, ignored) = after(&[
        (
            "annotations",
            id(0).to_string(),
            record("box", any!([1, 2, 3, 4])),
        ),
        ("overrides", key("geometry"), any!([1, 2, 3, -4])),
        ("overrides", key("colour"), any!("red")),
        ("overrides", key("label"), any!(7)),
        ("overrides", key("z"), any!(2)),
        ("overrides", "no id/z".to_owned(), any!(2)),
        ("annotations", "no id".to_owned(), any!({})),
    ]);
    let annotation = document.get(id(0)).unwrap();
    assert_eq!(
        (&annotation.shape, annotation.z),
        (&rect(1.0, 2.0, 3.0, 4.0), 2.0)
    );
    let ids: Vec<_> = ignored.iter().map(|(id, _)| id.as_str()).collect();
    let bad = [key("colour"), key("geometry"), key("label")];
    assert_eq!(ids, [&bad[0], &bad[1], &bad[2], "no id", "no id/z"]);
}

#[test]
fn overrides_without_a_record_mean_nothing_until_it_comes() {
    let (mut document, ignored) = after(&[("overrides", format!("{}/z", id(0)), any!(2))]);
    assert!(document.is_empty() && ignored.is_empty());
    let mut other = Document::new(2);
    other.edit(&[add(0)]).unwrap();
    sync(&mut document, &mut other);
    assert_eq!(document.get(id(0)).unwrap().z, 2.0);
    assert_eq!(contents(&document), contents(&other));
}

/// A suggestion with some fields put in the place of good ones.
fn proposed(fields: &[(&str, Any)]) -> Any {
    let mut map: std::collections::HashMap<String, Any> = [
        ("v", any!(1)),
        ("kind", any!("box")),
        ("label", label(0).to_string().into()),
        ("geometry", any!([1, 2, 3, 4])),
        ("source", any!("model:yolo")),
        ("score", any!(0.5)),
        ("run", run(0).to_string().into()),
    ]
    .into_iter()
    .chain(fields.iter().cloned())
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    map.retain(|_, value| *value != Any::Undefined);
    Any::Map(map.into())
}

#[test]
fn suggestions_are_read_with_their_verdicts() {
    let (document, ignored) = after(&[
        ("suggestions", id(0).to_string(), proposed(&[])),
        (
            "suggestions",
            id(1).to_string(),
            proposed(&[("model", model(3).to_string().into()), ("score", any!(1))]),
        ),
        ("suggestions", id(2).to_string(), proposed(&[])),
        ("suggestions", id(3).to_string(), proposed(&[])),
        ("verdicts", id(1).to_string(), any!("rejected")),
        // An annotation stands, so it was accepted.
        ("verdicts", id(2).to_string(), any!("rejected")),
        (
            "annotations",
            id(2).to_string(),
            record("box", any!([1, 2, 3, 4])),
        ),
        ("verdicts", id(3).to_string(), any!("accepted")),
        // About nothing.
        ("verdicts", id(4).to_string(), any!("accepted")),
    ]);
    assert_eq!(ignored, []);
    assert_eq!(document.suggestions().len(), 4);
    let expected = [
        Verdict::Pending,
        Verdict::Rejected,
        Verdict::Accepted,
        Verdict::Accepted,
    ];
    for (n, expected) in (0..).zip(expected) {
        assert_eq!(verdict(&document, n), Some(expected));
    }
    let read = document.suggestion(id(1)).unwrap();
    assert_eq!((read.score, read.model), (1.0, Some(model(3))));
    assert_eq!(read.model_name(), Some("yolo"));
    assert_eq!(document.len(), 1);
}

#[test]
fn suggestions_that_are_not_understood_are_passed_over() {
    let check = |fields: &[(&str, Any)], reason: &str| {
        let (document, ignored) = after(&[("suggestions", id(0).to_string(), proposed(fields))]);
        assert_eq!(document.suggestions().len(), 0);
        assert_eq!(ignored, [(id(0).to_string(), reason.to_owned())]);
    };
    let bad_score = "the score is not a number between 0 and 1";
    check(&[("score", any!(1.01))], bad_score);
    check(&[("score", any!(-0.1))], bad_score);
    check(&[("score", any!(f64::NAN))], bad_score);
    check(&[("score", Any::Undefined)], bad_score);
    check(&[("run", any!("first"))], "the run is not an id");
    check(&[("model", any!("best"))], "the model is not an id");
    check(&[("source", any!("manual"))], "the source is not a model");
    check(&[("source", Any::Undefined)], "the source is not a model");
    let long = format!("model:{}", "n".repeat(201));
    check(
        &[("source", long.as_str().into())],
        "the name of the model is too long",
    );
    check(&[("v", any!(2))], "version 2 of the record is unknown");
    check(
        &[("geometry", any!([1, 2, 0, 4]))],
        "a box needs a width and a height above zero",
    );
}

#[test]
fn bad_verdicts_leave_the_suggestion_pending() {
    let (document, ignored) = after(&[
        ("suggestions", id(0).to_string(), proposed(&[])),
        ("suggestions", "no id".to_owned(), proposed(&[])),
        ("verdicts", id(0).to_string(), any!("perhaps")),
        ("verdicts", "nobody".to_owned(), any!("accepted")),
    ]);
    assert_eq!(verdict(&document, 0), Some(Verdict::Pending));
    let ids: Vec<_> = ignored.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, [&id(0).to_string(), "no id", "nobody"]);
}
