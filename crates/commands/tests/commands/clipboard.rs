//! Copying and pasting, on the same photograph and on others, in the same project and in others.

use crate::bench::*;
use uuid::Uuid;
use visionflow_commands::{
    Clipboard, CommandError, Destination, Note, Placement, Plan, Workplace, paste,
};
use visionflow_document::{Document, Edit};
use visionflow_geometry::Rect;
use visionflow_model::{
    Annotation, Attribute, AttributeId, AttributeKind, AttributeValue, Color, Label, Ontology,
    Shape,
};

fn attribute(n: u128, name: &str, kind: AttributeKind) -> Attribute {
    Attribute {
        id: AttributeId(Uuid::from_u128(n)),
        name: name.to_owned(),
        kind,
        required: false,
        default: None,
    }
}

fn ontology(labels: &[(u128, &str, Vec<Attribute>)]) -> Ontology {
    let label = |(n, name, attributes): &(u128, &str, Vec<Attribute>)| Label {
        attributes: attributes.clone(),
        ..Label::new(label(*n), *name, Color::new(1, 2, 3))
    };
    Ontology {
        labels: labels.iter().map(label).collect(),
        ..Ontology::default()
    }
}

fn copy(bench: &Bench, selection: &[u128], ontology: &Ontology) -> Clipboard {
    let copied = Clipboard::copy(&ids(selection), &bench.document, bench.image, ontology);
    let text = copied.clone().unwrap().to_text();
    let read = Clipboard::from_text(&text).unwrap();
    assert_eq!(Some(&read), copied.as_ref(), "the text holds all of it");
    read
}

fn pasted(
    bench: &mut Bench,
    clipboard: &Clipboard,
    ontology: &Ontology,
    placement: Placement,
) -> Plan {
    bench.ontology = ontology.clone();
    let destination = Destination {
        label: None,
        placement,
    };
    let plan = bench
        .with_workplace(|workplace| paste(clipboard, &destination, workplace))
        .unwrap();
    bench.make(&plan);
    plan
}

fn shapes(bench: &Bench, plan: &Plan) -> Vec<Shape> {
    let shape =
        |id: &visionflow_model::AnnotationId| bench.document.get(*id).unwrap().shape.clone();
    plan.selection.iter().map(shape).collect()
}

fn plain() -> Ontology {
    ontology(&[(0, "Car", vec![])])
}

#[test]
fn pasting_beside_goes_on_step_by_step() {
    let mut bench = Bench::new(&[rect(100.0, 100.0, 50.0, 50.0)]);
    let clipboard = copy(&bench, &[1], &plain());
    for step in 1..4 {
        let plan = pasted(&mut bench, &clipboard, &plain(), Placement::Beside);
        let at = 100.0 + 16.0 * f64::from(step);
        assert_eq!(shapes(&bench, &plan), [rect(at, at, 50.0, 50.0)]);
        assert!(plan.selection[0] > id(1000));
    }
    let plan = pasted(&mut bench, &clipboard, &plain(), Placement::InPlace);
    assert_eq!(shapes(&bench, &plan), [rect(100.0, 100.0, 50.0, 50.0)]);
}

fn check_elsewhere(image: Rect, placement: Placement, shape: &Shape, expected: &Shape) {
    let mut bench = Bench::new(std::slice::from_ref(shape));
    let clipboard = copy(&bench, &[1], &plain());
    bench.document = Document::new(2);
    bench.image = image;
    let plan = pasted(&mut bench, &clipboard, &plain(), placement);
    assert_eq!(shapes(&bench, &plan), std::slice::from_ref(expected));
}

#[test]
fn on_another_photograph_the_place_is_kept_as_far_as_it_goes() {
    let same = rect(600.0, 300.0, 100.0, 100.0);
    let check = |width, height, placement, expected: &Shape| {
        check_elsewhere(Rect::from_size(width, height), placement, &same, expected);
    };
    check(2000.0, 2000.0, Placement::Beside, &same);
    check(2000.0, 2000.0, Placement::InPlace, &same);
    check(
        640.0,
        480.0,
        Placement::Beside,
        &rect(540.0, 300.0, 100.0, 100.0),
    );
    check(
        640.0,
        480.0,
        Placement::At(p(50.0, 60.0)),
        &rect(0.0, 10.0, 100.0, 100.0),
    );
    check(
        640.0,
        480.0,
        Placement::At(p(300.0, 200.0)),
        &rect(250.0, 150.0, 100.0, 100.0),
    );
    check(50.0, 80.0, Placement::Beside, &rect(0.0, 30.0, 50.0, 50.0));
    let pixels = mask(&[(600, 300, 10, 10)]);
    let image = Rect::from_size(100.0, 100.0);
    check_elsewhere(
        image,
        Placement::Beside,
        &pixels,
        &mask(&[(90, 90, 10, 10)]),
    );
}

#[test]
fn what_is_too_large_is_shrunk_with_a_word() {
    let mut bench = Bench::new(&[rect(0.0, 0.0, 400.0, 200.0)]);
    let clipboard = copy(&bench, &[1], &plain());
    bench.image = Rect::from_size(100.0, 100.0);
    let plan = pasted(&mut bench, &clipboard, &plain(), Placement::InPlace);
    assert_eq!(plan.notes, [Note::Shrunk]);
    let bounds = shapes(&bench, &plan)[0].bounds().unwrap();
    assert_eq!((bounds.width(), bounds.height()), (100.0, 50.0));
}

#[test]
fn groups_are_renewed_and_the_rest_comes_along() {
    let mut bench = Bench::new(&[
        rect(0.0, 0.0, 5.0, 5.0),
        rect(9.0, 9.0, 5.0, 5.0),
        Shape::Tag,
    ]);
    bench.set(&[
        Edit::SetGroup(id(1), Some(group(1))),
        Edit::SetGroup(id(2), Some(group(1))),
        Edit::SetZ(id(2), -3.0),
        Edit::SetLocked(id(1), true),
    ]);
    let clipboard = copy(&bench, &[1, 2, 3], &plain());
    assert_eq!(clipboard.len(), 3);
    let plan = pasted(&mut bench, &clipboard, &plain(), Placement::InPlace);
    let copies: Vec<Annotation> = plan
        .selection
        .iter()
        .map(|id| bench.document.get(*id).unwrap().clone())
        .collect();
    assert_eq!((copies[0].z, copies[1].z), (-3.0, 0.0), "bottom first");
    let grouped: Vec<_> = copies.iter().filter_map(|a| a.group).collect();
    assert_eq!(grouped.len(), 2);
    assert!(grouped[0] == grouped[1] && grouped[0] != group(1));
    assert!(copies.iter().all(|a| !a.locked));
    assert_eq!(copies.iter().filter(|a| a.shape == Shape::Tag).count(), 1);
}

#[test]
fn labels_and_attributes_are_found_by_name() {
    let options = |options: &[&str]| AttributeKind::Select {
        options: options.iter().map(|o| (*o).to_owned()).collect(),
    };
    let here = ontology(&[(
        0,
        "Car",
        vec![
            attribute(1, "Colour", options(&["red", "blue"])),
            attribute(2, "wheels", AttributeKind::Number),
            attribute(3, "note", AttributeKind::Text),
        ],
    )]);
    let there = ontology(&[
        (8, "Bus", vec![]),
        (
            9,
            " car ",
            vec![
                attribute(11, "colour", options(&["red"])),
                attribute(12, "wheels", AttributeKind::Text),
            ],
        ),
    ]);
    let mut bench = Bench::new(&[rect(0.0, 0.0, 5.0, 5.0)]);
    let key = |n| AttributeId(Uuid::from_u128(n));
    let text = |text: &str| AttributeValue::Text(text.to_owned());
    bench.set(&[
        Edit::SetAttribute(id(1), key(1), Some(text("red"))),
        Edit::SetAttribute(id(1), key(2), Some(AttributeValue::Number(4.0))),
        Edit::SetAttribute(id(1), key(3), Some(text("hm"))),
    ]);
    let clipboard = copy(&bench, &[1], &here);
    let plan = pasted(&mut bench, &clipboard, &here, Placement::InPlace);
    assert_eq!(plan.notes, []);
    let pasted_here = bench.document.get(plan.selection[0]).unwrap();
    assert_eq!(pasted_here.attributes, bench.get(1).attributes);
    let plan = pasted(&mut bench, &clipboard, &there, Placement::InPlace);
    assert_eq!(plan.notes, [Note::AttributesMissing(2)]);
    let elsewhere = bench.document.get(plan.selection[0]).unwrap();
    assert_eq!(elsewhere.label, label(9));
    assert_eq!(elsewhere.attributes, [(key(11), text("red"))].into());
}

#[test]
fn what_was_not_answered_begins_with_the_default_where_it_is_pasted() {
    let with_default = |kind, default: AttributeValue| Attribute {
        default: Some(default),
        ..attribute(3, "seen from", kind)
    };
    let side = AttributeKind::Select {
        options: vec!["left".to_owned(), "right".to_owned()],
    };
    let text = |text: &str| AttributeValue::Text(text.to_owned());
    let asked = attribute(3, "seen from", side.clone());
    let mut bench = Bench::new(&[rect(0.0, 0.0, 5.0, 5.0), rect(9.0, 0.0, 5.0, 5.0)]);
    bench.set(&[Edit::SetAttribute(id(1), asked.id, Some(text("right")))]);
    let here = ontology(&[(0, "Car", vec![with_default(side, text("left"))])]);
    let clipboard = copy(&bench, &[1, 2], &plain());
    let plan = pasted(&mut bench, &clipboard, &here, Placement::Beside);
    let seen_from =
        |n: usize| bench.document.get(plan.selection[n]).unwrap().attributes[&asked.id].clone();
    assert_eq!([seen_from(0), seen_from(1)], [text("right"), text("left")]);
}

#[test]
fn an_unknown_label_becomes_the_current_one_or_is_refused() {
    let mut bench = Bench::new(&[rect(0.0, 0.0, 5.0, 5.0)]);
    let clipboard = copy(&bench, &[1], &plain());
    bench.ontology = ontology(&[(5, "Bus", vec![])]);
    let mut with_label = |current| {
        let destination = Destination {
            label: current,
            placement: Placement::Beside,
        };
        bench.with_workplace(|workplace: &mut Workplace<'_>| {
            paste(&clipboard, &destination, workplace)
        })
    };
    assert_eq!(with_label(None), Err(CommandError::NoLabel));
    let plan = with_label(Some(label(5))).unwrap();
    assert_eq!(plan.notes, [Note::LabelReplaced("Car".to_owned())]);
    assert!(matches!(&plan.edits[..], [Edit::Add(a)] if a.label == label(5)));
}

#[test]
fn other_text_is_refused_in_words() {
    let check = |text: &str, expected: CommandError| {
        assert_eq!(Clipboard::from_text(text), Err(expected), "{text}");
    };
    check("hello", CommandError::NotOurs);
    check("{}", CommandError::NotOurs);
    check(r#"{"visionflow_annotations": 7}"#, CommandError::TooNew(7));
    let empty = r#"{"visionflow_annotations":1,"image":[1,1],"labels":[],"annotations":[]}"#;
    check(empty, CommandError::NotOurs);
    let with = |annotation: &str| {
        format!(
            r#"{{"visionflow_annotations":1,"image":[1,1],"labels":[{{"id":"{}","name":"a"}}],"annotations":[{annotation}]}}"#,
            Uuid::from_u128(1)
        )
    };
    let flat = r#"{"label":0,"shape":{"type":"box","box":[0,0,0,5]}}"#;
    let error = Clipboard::from_text(&with(flat)).unwrap_err().to_string();
    assert!(error.contains("width"), "{error}");
    let lost = r#"{"label":3,"shape":{"type":"tag"}}"#;
    assert!(matches!(
        Clipboard::from_text(&with(lost)),
        Err(CommandError::Damaged(_))
    ));
    assert!(Clipboard::from_text(&with(r#"{"label":0,"shape":{"type":"tag"}}"#)).is_ok());
}

#[test]
fn nothing_is_copied_of_nothing() {
    let bench = Bench::new(&[]);
    assert_eq!(
        Clipboard::copy(&ids(&[1]), &bench.document, IMAGE, &plain()),
        None
    );
}
