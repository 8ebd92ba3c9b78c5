//! Groups, alignment, copies, and one property of many.

use crate::bench::*;
use uuid::Uuid;
use visionflow_commands::{Alignment, Axis, Command, CommandError};
use visionflow_document::Edit;
use visionflow_model::{
    Attribute, AttributeId, AttributeKind, AttributeValue, Attributes, Color, JointId, JointState,
    Label, Shape, ShapeKind, Style,
};

fn three() -> Bench {
    Bench::new(&[
        rect(100.0, 100.0, 50.0, 20.0),
        rect(300.0, 200.0, 100.0, 60.0),
        rect(700.0, 500.0, 30.0, 30.0),
    ])
}

#[test]
fn groups_are_made_and_dissolved() {
    let mut bench = three();
    assert_eq!(
        bench.refused(&[1], &Command::Group),
        CommandError::TooFew {
            needed: 2,
            found: 1
        }
    );
    bench.run(&[1, 2], &Command::Group);
    let group = bench.get(1).group;
    assert!(group.is_some() && group == bench.get(2).group && bench.get(3).group.is_none());
    let plan = bench.run(&[1], &Command::SelectSameGroup);
    assert_eq!((plan.selection, plan.edits), (ids(&[1, 2]), vec![]));
    bench.run(&[1, 3], &Command::Group);
    assert_ne!(bench.get(1).group, group);
    assert_eq!(bench.get(1).group, bench.get(3).group);
    bench.run(&[1, 2, 3], &Command::Ungroup);
    assert!(bench.contents().values().all(|a| a.group.is_none()));
    assert_eq!(
        bench.refused(&[1], &Command::Ungroup),
        CommandError::NoGroup
    );
}

fn check_align(alignment: Alignment, expected: [(f64, f64); 3]) {
    let mut bench = three();
    bench.run(&[1, 2, 3], &Command::Align(alignment));
    let corners = [1, 2, 3].map(|n| bench.shape(n).bounds().unwrap().min);
    assert_eq!(corners.map(|p| (p.x, p.y)), expected, "{alignment:?}");
}

#[test]
fn six_ways_to_align() {
    check_align(
        Alignment::Left,
        [(100.0, 100.0), (100.0, 200.0), (100.0, 500.0)],
    );
    check_align(
        Alignment::Center,
        [(390.0, 100.0), (365.0, 200.0), (400.0, 500.0)],
    );
    check_align(
        Alignment::Right,
        [(680.0, 100.0), (630.0, 200.0), (700.0, 500.0)],
    );
    check_align(
        Alignment::Top,
        [(100.0, 100.0), (300.0, 100.0), (700.0, 100.0)],
    );
    check_align(
        Alignment::Middle,
        [(100.0, 305.0), (300.0, 285.0), (700.0, 300.0)],
    );
    check_align(
        Alignment::Bottom,
        [(100.0, 510.0), (300.0, 470.0), (700.0, 500.0)],
    );
}

#[test]
fn distributing_makes_equal_gaps() {
    let mut bench = three();
    bench.run(&[3, 1, 2], &Command::Distribute(Axis::Horizontal));
    let bounds = [1, 2, 3].map(|n| bench.shape(n).bounds().unwrap());
    assert_eq!(
        bounds[1].min.x - bounds[0].max.x,
        bounds[2].min.x - bounds[1].max.x
    );
    assert_eq!((bounds[0].min.x, bounds[2].max.x), (100.0, 730.0));
    assert_eq!(
        bench.refused(&[1, 2], &Command::Distribute(Axis::Vertical)),
        CommandError::TooFew {
            needed: 3,
            found: 2
        }
    );
}

#[test]
fn groups_are_aligned_as_one() {
    let mut bench = three();
    bench.run(&[1, 2], &Command::Group);
    bench.run(&[1, 2, 3], &Command::Align(Alignment::Right));
    assert_eq!(bench.shape(1), &rect(430.0, 100.0, 50.0, 20.0));
    assert_eq!(bench.shape(2), &rect(630.0, 200.0, 100.0, 60.0));
}

#[test]
fn copies_are_new_and_together() {
    let mut bench = three();
    bench.set(&[
        Edit::SetGroup(id(1), Some(group(1))),
        Edit::SetGroup(id(2), Some(group(1))),
        Edit::SetLocked(id(2), true),
    ]);
    let plan = bench.run(&[1, 2], &Command::Duplicate);
    let copies: Vec<_> = plan
        .selection
        .iter()
        .map(|id| bench.document.get(*id).unwrap())
        .collect();
    assert_eq!(copies[0].shape, rect(116.0, 116.0, 50.0, 20.0));
    assert_eq!(copies[0].group, copies[1].group);
    assert_ne!(copies[0].group, Some(group(1)));
    assert!(copies[0].group.is_some() && !copies[1].locked);
    assert_eq!(bench.document.len(), 5);
}

#[test]
fn a_copy_at_the_border_goes_the_other_way() {
    let mut bench = Bench::new(&[
        rect(950.0, 750.0, 50.0, 50.0),
        rect(0.0, 0.0, 1000.0, 800.0),
    ]);
    let plan = bench.run(&[1], &Command::Duplicate);
    let copy = bench.document.get(plan.selection[0]).unwrap();
    assert_eq!(copy.shape, rect(934.0, 734.0, 50.0, 50.0));
    let plan = bench.run(&[2], &Command::Duplicate);
    let copy = bench.document.get(plan.selection[0]).unwrap();
    assert_eq!(copy.shape, rect(0.0, 0.0, 1000.0, 800.0));
}

#[test]
fn selections_by_what_is_common() {
    let mut bench = Bench::new(&[
        rect(0.0, 0.0, 9.0, 9.0),
        polygon(&[&[(0.0, 0.0), (9.0, 0.0), (0.0, 9.0)]]),
        rect(20.0, 0.0, 9.0, 9.0),
        rect(40.0, 0.0, 9.0, 9.0),
    ]);
    bench.set(&[
        Edit::SetLabel(id(3), label(1)),
        Edit::SetLocked(id(4), true),
    ]);
    let check = |bench: &mut Bench, selection: &[u128], command: Command, expected: &[u128]| {
        let plan = bench.run(selection, &command);
        assert_eq!(plan.selection, ids(expected), "{command:?}");
        assert_eq!(plan.edits, []);
    };
    check(&mut bench, &[1], Command::SelectSameLabel, &[1, 2]);
    check(&mut bench, &[1], Command::SelectSameKind, &[1, 3]);
    check(&mut bench, &[1, 2], Command::InvertSelection, &[3]);
    check(&mut bench, &[], Command::SelectAll, &[1, 2, 3]);
    bench.hidden = ids(&[2]);
    check(&mut bench, &[1], Command::SelectSameLabel, &[1]);
    check(&mut bench, &[3], Command::InvertSelection, &[1]);
    check(&mut bench, &[], Command::SelectAll, &[1, 3]);
    let none = bench.refused(&[], &Command::SelectSameKind);
    assert_eq!(none, CommandError::NothingSelected);
}

#[test]
fn one_property_of_many() {
    let mut bench = three();
    bench.run(&[1, 2], &Command::SetLabel(label(7)));
    assert_eq!(
        (bench.get(1).label, bench.get(3).label),
        (label(7), label(0))
    );
    let attribute = AttributeId(Uuid::from_u128(5));
    let value = Some(AttributeValue::Text("red".to_owned()));
    let set = |value| Command::SetAttribute { attribute, value };
    bench.run(&[1, 3], &set(value.clone()));
    assert_eq!(bench.get(3).attributes.get(&attribute), value.as_ref());
    bench.run(&[3], &set(None));
    assert!(bench.get(3).attributes.is_empty());
    let nan = set(Some(AttributeValue::Number(f64::NAN)));
    assert_eq!(bench.refused(&[1], &nan), CommandError::NotFinite);
    let style = Style {
        width: Some(3.0),
        ..Style::default()
    };
    bench.run(&[1, 2, 3], &Command::SetStyle(style));
    assert_eq!(bench.get(2).style, style);
    let joint = Command::SetJoint {
        joint: JointId(1),
        state: JointState::Absent,
    };
    assert_eq!(bench.refused(&[1], &joint), CommandError::NoJoint);
}

#[test]
fn another_label_brings_its_defaults_for_what_was_not_answered() {
    let asks = |n: u128, default| Attribute {
        id: AttributeId(Uuid::from_u128(n)),
        name: format!("question {n}"),
        kind: AttributeKind::Number,
        required: false,
        default: Some(AttributeValue::Number(default)),
    };
    let mut bench = three();
    bench.ontology.labels = vec![Label {
        attributes: vec![asks(5, 1.0), asks(6, 2.0)],
        ..Label::new(label(7), "dog", Color::new(1, 2, 3))
    }];
    let answered = AttributeValue::Number(9.0);
    bench.set(&[Edit::SetAttribute(
        id(1),
        asks(5, 0.0).id,
        Some(answered.clone()),
    )]);
    bench.run(&[1, 2], &Command::SetLabel(label(7)));
    let expected = |first| {
        Attributes::from([
            (asks(5, 0.0).id, first),
            (asks(6, 0.0).id, AttributeValue::Number(2.0)),
        ])
    };
    assert_eq!(bench.get(1).attributes, expected(answered));
    assert_eq!(
        bench.get(2).attributes,
        expected(AttributeValue::Number(1.0))
    );
    assert!(bench.get(3).attributes.is_empty());
}

#[test]
fn commands_have_a_json_form() {
    let json = r#"{"command":"rotate","with":{"radians":1.5}}"#;
    let command: Command = serde_json::from_str(json).unwrap();
    assert_eq!(command, Command::Rotate { radians: 1.5 });
    assert_eq!(serde_json::to_string(&command).unwrap(), json);
    for (command, json) in [
        (Command::Group, r#"{"command":"group"}"#),
        (
            Command::Align(Alignment::Left),
            r#"{"command":"align","with":"left"}"#,
        ),
        (
            Command::Convert(ShapeKind::RotatedBox),
            r#"{"command":"convert","with":"rotated_box"}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&command).unwrap(), json);
        assert_eq!(serde_json::from_str::<Command>(json).unwrap(), command);
    }
}

#[test]
fn tags_have_no_place() {
    let mut bench = Bench::new(&[Shape::Tag]);
    let moved = Command::MoveBy { x: 1.0, y: 0.0 };
    assert_eq!(bench.refused(&[1], &moved), CommandError::NoPlace);
    let plan = bench.run(&[1], &Command::Duplicate);
    assert_eq!(
        bench.document.get(plan.selection[0]).unwrap().shape,
        Shape::Tag
    );
}
