//! Every kind of shape in the document, and what an annotation has besides it.

use crate::support::*;
use std::collections::BTreeMap;
use uuid::Uuid;
use visionflow_document::{Document, Edit, EditError};
use visionflow_geometry::{Cuboid, Ellipse, Point, Rect, RotatedBox, Vec2};
use visionflow_model::{
    Align, Annotation, Arrow, AttributeValue, Color, GroupId, Joint, JointId, JointState, Shape,
    Skeleton, Source, Style, TextBox,
};

fn shapes() -> Vec<Shape> {
    let points = vec![
        Point::new(1.5, 2.0),
        Point::new(3.0, 4.25),
        Point::default(),
    ];
    let rect = Rect::from_corners(points[0], points[1]);
    let state = JointState::Occluded;
    let joints = BTreeMap::from([
        (
            JointId(7),
            Joint {
                at: points[0],
                state,
            },
        ),
        (JointId(1), Joint::default()),
    ]);
    vec![
        Shape::Box(rect),
        Shape::RotatedBox(RotatedBox {
            angle: 0.3,
            ..rect.into()
        }),
        Shape::Ellipse(Ellipse {
            center: points[0],
            radii: Vec2::new(3.0, 1.0),
            angle: -0.25,
        }),
        triangle(3.0),
        Shape::Polyline(points.clone()),
        Shape::Point(points[1]),
        Shape::Path(points.clone()),
        Shape::Arrow(Arrow {
            from: points[0],
            to: points[1],
        }),
        Shape::Text(Box::new(TextBox {
            rect,
            text: "<b>Übung\n</b>".to_owned(),
            size: 24.0,
            bold: true,
            align: Align::Right,
        })),
        Shape::Cuboid(Box::new(Cuboid::from_faces(
            rect,
            Rect::from_size(9.0, 8.0),
        ))),
        Shape::Mask(row(-3, -300..300)),
        Shape::Skeleton(Skeleton { joints }),
        Shape::Tag,
    ]
}

#[test]
fn every_kind_comes_back_as_it_was() {
    for shape in shapes() {
        let mut document = Document::new(1);
        document
            .edit(&[Edit::Add(annotation(0, shape.clone()))])
            .unwrap();
        let read = Document::from_updates(2, [&*document.diff(&[]).unwrap()]).unwrap();
        assert_eq!(read.get(id(0)).map(|a| &a.shape), Some(&shape));
    }
}

/// Who adds knows without reading what everybody else will read.
#[test]
fn what_is_added_is_at_once_as_others_read_it() {
    let corners = |n| Rect {
        min: Point::new(-1e3 / 7.0, -f64::from(n)),
        max: Point::new(f64::from(n) + 1.0 / 3.0, f64::from(n) / 7.0 + 1.0),
    };
    let boxes = (0..50).map(|n| Shape::Box(corners(n)));
    let words = (0..50).map(|n| {
        Shape::Text(Box::new(TextBox {
            rect: corners(n),
            text: "words".to_owned(),
            size: f64::from(n) / 3.0 + 1.0,
            bold: false,
            align: Align::Center,
        }))
    });
    let mut added: Vec<_> = (0..)
        .zip(boxes.chain(words).chain(shapes()))
        .map(|(n, shape)| annotation(n, shape))
        .collect();
    added[0].style.width = Some(1.234_567_8);
    added[1].style.stroke = Some(Color::new(1, 2, 3));
    added[2].attributes = BTreeMap::from([(attribute(0), AttributeValue::Number(0.1))]).into();
    added[3].source = Source::Import;
    added[4].group = Some(GroupId(Uuid::from_u128(4)));
    added[5].locked = true;
    let edits: Vec<_> = added.iter().cloned().map(Edit::Add).collect();
    let mut document = Document::new(1);
    document.edit(&edits).unwrap();
    let read = Document::from_updates(2, [&*document.diff(&[]).unwrap()]).unwrap();
    for Annotation { id, .. } in &added {
        assert_eq!(document.get(*id), read.get(*id));
    }
    let differ = |a: &&Annotation| document.get(a.id) != Some(a);
    assert!(added.iter().filter(differ).count() > 10, "sums round");
}

/// An id that comes again does not take over what an earlier annotation of it was given since.
#[test]
fn what_is_added_again_has_no_override_of_before() {
    let mut document = Document::new(1);
    let first = annotation(0, rect(0.0, 0.0, 5.0, 5.0));
    let moved = Edit::SetShape(first.id, rect(9.0, 9.0, 5.0, 5.0));
    let locked = Edit::SetLocked(first.id, true);
    document
        .edit(&[Edit::Add(first.clone()), moved, locked])
        .unwrap();
    let again = [Edit::Delete(first.id), Edit::Add(first.clone())];
    document.edit(&again).unwrap();
    assert_eq!(document.get(first.id), Some(&first));
    let moved = Edit::SetShape(first.id, rect(7.0, 9.0, 5.0, 5.0));
    document.edit(&[moved]).unwrap();
    document.undo();
    assert_eq!(document.get(first.id), Some(&first));
}

#[test]
fn every_kind_becomes_every_other() {
    for from in shapes() {
        for to in shapes() {
            let mut document = Document::new(1);
            let before = annotation(0, from.clone());
            document.edit(&[Edit::Add(before.clone())]).unwrap();
            document.edit(&[Edit::SetShape(id(0), to.clone())]).unwrap();
            // Once more within the kind that it has now.
            let moved = to.translated(Vec2::new(2.0, 0.0));
            let _ = document.edit(&[Edit::SetShape(id(0), moved.clone())]);
            let read = Document::from_updates(2, [&*document.diff(&[]).unwrap()]).unwrap();
            assert_eq!(read.get(id(0)).map(|a| &a.shape), Some(&moved));
            while document.can_undo() {
                document.undo();
            }
            document.redo();
            assert_eq!(document.get(id(0)), Some(&before));
        }
    }
}

#[test]
fn what_an_annotation_has_besides_comes_back() {
    let style = Style {
        stroke: Some(Color::new(1, 2, 3)),
        opacity: Some(0.3),
        width: Some(2.5),
        fill: None,
    };
    let group = Some(GroupId(Uuid::from_u128(5)));
    let born = Annotation {
        group,
        locked: true,
        style,
        source: Source::Model("sam".into()),
        ..annotation(0, Shape::Tag)
    };
    let mut document = Document::new(1);
    document.edit(&[Edit::Add(born.clone()), add(1)]).unwrap();
    document
        .edit(&[
            Edit::SetGroup(id(1), group),
            Edit::SetLocked(id(1), true),
            Edit::SetStyle(id(1), style),
            Edit::SetGroup(id(0), None),
            Edit::SetLocked(id(0), false),
            Edit::SetStyle(id(0), Style::default()),
        ])
        .unwrap();
    let read = Document::from_updates(2, [&*document.diff(&[]).unwrap()]).unwrap();
    let (a, b) = (read.get(id(0)).unwrap(), read.get(id(1)).unwrap());
    assert_eq!(
        (a.group, a.locked, a.style),
        (None, false, Style::default())
    );
    assert_eq!(a.source, born.source);
    assert_eq!((b.group, b.locked, b.style), (group, true, style));
}

#[test]
fn a_style_out_of_range_is_refused() {
    let mut document = Document::new(1);
    document.edit(&[add(0)]).unwrap();
    let style = Style {
        opacity: Some(2.0),
        ..Style::default()
    };
    let refused = document.edit(&[Edit::SetStyle(id(0), style)]);
    assert_eq!(refused, Err(EditError::Style(id(0))));
}

#[test]
fn the_author_is_who_wrote_the_record() {
    let (mut a, mut b) = pair(2);
    b.edit(&[add(7), Edit::SetZ(id(0), 3.0)]).unwrap();
    send(&mut b, &mut [&mut a]);
    let authors = a.authors();
    assert_eq!(authors.get(&id(0)), Some(&1));
    assert_eq!(authors.get(&id(7)), Some(&2));
}
