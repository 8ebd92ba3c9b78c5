//! Annotations to test with, and peers that exchange updates.

use std::collections::BTreeMap;
use std::ops::Range;
use uuid::Uuid;
use visionflow_document::{Change, Document, Edit};
use visionflow_geometry::{Mask, MaskDelta, Point, Polygon, Rect, Span};
use visionflow_model::{
    Annotation, AnnotationId, AttributeId, AttributeValue, LabelId, ModelId, RunId, Shape, Source,
    Suggestion, Verdict,
};

pub fn id(n: u32) -> AnnotationId {
    AnnotationId(Uuid::from_u128(0xa000 + u128::from(n)))
}

pub fn label(n: u32) -> LabelId {
    LabelId(Uuid::from_u128(0xb000 + u128::from(n)))
}

pub fn attribute(n: u32) -> AttributeId {
    AttributeId(Uuid::from_u128(0xc000 + u128::from(n)))
}

pub fn rect(x: f64, y: f64, width: f64, height: f64) -> Shape {
    let min = Point::new(x, y);
    Shape::Box(Rect::from_corners(min, Point::new(x + width, y + height)))
}

pub fn triangle(x: f64) -> Shape {
    let ring = vec![
        Point::new(x, 0.0),
        Point::new(x + 10.0, 0.0),
        Point::new(x, 10.0),
    ];
    Shape::Polygon(Polygon::from_ring(ring))
}

pub fn annotation(n: u32, shape: Shape) -> Annotation {
    Annotation::new(id(n), label(0), shape)
}

/// A stroke that puts columns of one row in.
pub fn stroke(y: i32, columns: Range<i32>) -> MaskDelta {
    MaskDelta::between(&Mask::default(), &row(y, columns))
}

/// A stroke that takes columns of one row out.
pub fn erasure(y: i32, columns: Range<i32>) -> MaskDelta {
    MaskDelta::between(&row(y, columns), &Mask::default())
}

pub fn row(y: i32, columns: Range<i32>) -> Mask {
    let mut mask = Mask::default();
    let (start, end) = (columns.start, columns.end);
    mask.insert(Span { y, start, end });
    mask
}

pub fn mask(document: &Document, n: u32) -> Mask {
    match document.get(id(n)).map(|a| a.shape.clone()) {
        Some(Shape::Mask(mask)) => mask,
        other => panic!("{other:?} is no mask"),
    }
}

pub fn add(n: u32) -> Edit {
    Edit::Add(annotation(n, rect(f64::from(n), 0.0, 10.0, 10.0)))
}

pub fn text(text: &str) -> AttributeValue {
    AttributeValue::Text(text.to_owned())
}

/// Everything in a document, comparable.
pub fn contents(document: &Document) -> BTreeMap<AnnotationId, Annotation> {
    document.annotations().map(|a| (a.id, a.clone())).collect()
}

/// A box that the model of run 0 proposes.
pub fn suggestion(n: u32) -> Suggestion {
    let mut annotation = annotation(n, rect(f64::from(n), 5.0, 10.0, 10.0));
    annotation.source = Source::Model("yolo".into());
    Suggestion {
        annotation,
        score: 0.5,
        model: Some(model(0)),
        run: run(0),
        verdict: Verdict::Pending,
    }
}

pub fn model(n: u32) -> ModelId {
    ModelId(Uuid::from_u128(0xd000 + u128::from(n)))
}

pub fn run(n: u32) -> RunId {
    RunId(Uuid::from_u128(0xe000 + u128::from(n)))
}

pub fn suggest(n: u32) -> Edit {
    Edit::Suggest(Box::new(suggestion(n)))
}

pub fn decide(n: u32, verdict: Verdict) -> Edit {
    Edit::Decide { id: id(n), verdict }
}

pub fn verdict(document: &Document, n: u32) -> Option<Verdict> {
    document.suggestion(id(n)).map(|s| s.verdict)
}

/// Every suggestion in a document, comparable.
pub fn suggestions(document: &Document) -> BTreeMap<AnnotationId, Suggestion> {
    document
        .suggestions()
        .map(|s| (s.id(), s.clone()))
        .collect()
}

/// Brings what `from` did to `to`, as a relay would.
pub fn send(from: &mut Document, to: &mut [&mut Document]) {
    for update in from.take_updates() {
        for peer in &mut *to {
            peer.apply_update(&update).unwrap();
        }
    }
}

/// Both learn everything that the other knows.
pub fn sync(a: &mut Document, b: &mut Document) {
    bring(b, a);
    bring(a, b);
}

/// A replica learns everything that another knows.
pub fn bring(reader: &mut Document, relay: &Document) {
    for update in relay.updates_since(&reader.state_vector()).unwrap() {
        reader.apply_update(&update).unwrap();
    }
}

/// Two documents that know the same `count` annotations.
pub fn pair(count: u32) -> (Document, Document) {
    let (mut a, mut b) = (Document::new(1), Document::new(2));
    for n in 0..count {
        a.edit(&[add(n)]).unwrap();
    }
    send(&mut a, &mut [&mut b]);
    a.forget_history();
    (a, b)
}

pub fn updated(n: u32) -> Change {
    Change {
        updated: vec![id(n)],
        ..Change::default()
    }
}
