//! Whatever a person does in whatever order: nothing panics, nothing is drawn outside the image,
//! and undoing everything gives back the first document.

use crate::desk::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::LazyLock;
use visionflow_document::{Document, Edit};
use visionflow_geometry::{PixelView, Point, Rect};
use visionflow_model::{Joint, JointId, Shape, Skeleton};
use visionflow_tools::{
    Answer, Ask, Button, Candidate, Input, Modifiers, PointerKind, Prompt, SmartInput, ToolKind,
    ToolSettings, WandResult,
};

static PHOTOGRAPH: LazyLock<PixelView> =
    LazyLock::new(|| photograph(&[(100, 100, 200, 150), (400, 300, 150, 200)], 10));

fn joint(n: f64) -> Joint {
    Joint {
        at: p(450.0 + 50.0 * n, 500.0 + 50.0 * n),
        ..Joint::default()
    }
}

#[derive(Clone, Debug)]
enum Act {
    Input(Input),
    /// A whole drag or click, which random single events rarely make.
    Drag((f64, f64), (f64, f64), Modifiers),
    Switch(ToolKind),
    SelectAll,
    /// A drag that is given up.
    Abandon((f64, f64), (f64, f64), Modifiers),
    Undo,
    Redo,
    Settings(ToolSettings),
    Label(Option<u128>),
    /// The model answers what it is asked, or, late, something else.
    Answer(Vec<(f64, f64)>, bool),
    Smart(SmartInput),
}

fn position() -> impl Strategy<Value = (f64, f64)> {
    let place = |low: f64, high: f64| {
        prop_oneof![
            // On the grid where the shapes' own corners and edges lie, or anywhere.
            3 => (0..12u32).prop_map(|n| f64::from(n) * 50.0),
            1 => low..high,
        ]
    };
    (place(-100.0, 1100.0), place(-100.0, 900.0))
}

fn modifiers() -> impl Strategy<Value = Modifiers> {
    prop_oneof![6 => Just(NONE), 2 => Just(SHIFT), 1 => Just(ALT), 1 => Just(CTRL)]
}

fn pointer() -> impl Strategy<Value = PointerKind> {
    prop_oneof![4 => Just(PointerKind::Mouse), 1 => Just(PointerKind::Touch), 1 => Just(PointerKind::Pen)]
}

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Escape",
        "Enter",
        "Tab",
        "Delete",
        "Backspace",
        "ArrowLeft",
        "ArrowRight",
        "ArrowUp",
        "ArrowDown",
        "a",
        "q",
        "[",
        "]",
        "1",
        "3",
    ])
}

fn input() -> impl Strategy<Value = Input> {
    let button = prop_oneof![8 => Just(Button::Primary), 1 => Just(Button::Secondary)];
    let pos = || position().prop_map(|(x, y)| p(x * 2.0 + 30.0, y * 2.0 - 17.0));
    prop_oneof![
        4 => (pos(), button.clone(), modifiers(), 1..4u32, pointer()).prop_map(
            |(pos, button, modifiers, clicks, pointer)| Input::PointerDown {
                pos, button, modifiers, clicks, pointer,
            }
        ),
        6 => (pos(), modifiers(), pointer()).prop_map(
            |(pos, modifiers, pointer)| Input::PointerMove { pos, modifiers, pointer }
        ),
        4 => (pos(), button, modifiers(), pointer()).prop_map(
            |(pos, button, modifiers, pointer)| Input::PointerUp { pos, button, modifiers, pointer }
        ),
        1 => Just(Input::PointerLeave),
        3 => (key(), modifiers()).prop_map(|(key, modifiers)| Input::KeyDown {
            key: key.to_owned(),
            modifiers,
        }),
        1 => Just(Input::Cancel),
        1 => prop::sample::select(vec!["", "a", "two\nlines"])
            .prop_map(|text| Input::Typed(text.to_owned())),
        1 => Just(Input::TypingDone),
    ]
}

fn result(polygon: bool) -> WandResult {
    if polygon {
        WandResult::Polygon
    } else {
        WandResult::Mask
    }
}

fn settings() -> impl Strategy<Value = ToolSettings> {
    (any::<[bool; 4]>(), 1.0..60.0).prop_map(
        |([panoptic, snap, share_borders, polygon], radius)| ToolSettings {
            brush_radius: radius,
            panoptic,
            snap,
            share_borders,
            wand_result: result(polygon),
            smart_result: result(!polygon),
            ..ToolSettings::default()
        },
    )
}

fn smart() -> impl Strategy<Value = SmartInput> {
    prop::sample::select(vec![
        SmartInput::Accept,
        SmartInput::Drop,
        SmartInput::Alternative { next: true },
        SmartInput::Alternative { next: false },
        SmartInput::Removes(true),
        SmartInput::Removes(false),
        SmartInput::Everything,
    ])
}

/// A ring that may lie outside the image or cross itself, and the model's two ways to say it.
fn answers(desk: &Desk, ring: &[(f64, f64)], late: bool) -> Vec<Answer> {
    let Shape::Polygon(outline) = self::ring(ring) else {
        unreachable!()
    };
    let candidate = Candidate {
        score: 0.9,
        outline,
    };
    let found = vec![candidate.clone(), candidate];
    match &desk.ask {
        Some(Ask::Object(prompt)) if !late => vec![Answer::Object(prompt.clone(), found)],
        Some(ask) if late => vec![Answer::Failed(ask.clone())],
        Some(_) => vec![Answer::Found(found), Answer::FoundAll],
        None => vec![Answer::Object(Prompt::default(), found), Answer::FoundAll],
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => input().prop_map(Act::Input),
        6 => (position(), position(), modifiers()).prop_map(|(a, b, m)| Act::Drag(a, b, m)),
        3 => prop::sample::select(ToolKind::ALL.to_vec()).prop_map(Act::Switch),
        1 => Just(Act::Switch(ToolKind::Select)),
        1 => (position(), position()).prop_map(|(a, b)| Act::Abandon(a, b, NONE)),
        1 => settings().prop_map(Act::Settings),
        1 => Just(Act::SelectAll),
        3 => (vec(position(), 3..6), any::<bool>()).prop_map(|(ring, late)| Act::Answer(ring, late)),
        1 => smart().prop_map(Act::Smart),
        1 => Just(Act::Undo),
        1 => Just(Act::Redo),
        1 => prop::option::weighted(0.8, 0..3u128).prop_map(Act::Label),
    ]
}

fn run(desk: &mut Desk, act: &Act) {
    match act {
        Act::Input(input) => input_and_check(desk, input),
        Act::Abandon(a, b, modifiers) => abandon(desk, p(a.0, a.1), p(b.0, b.1), *modifiers),
        Act::Settings(settings) => {
            desk.settings = *settings;
            desk.refresh();
        }
        Act::Drag(a, b, modifiers) => desk.drag_with(p(a.0, a.1), p(b.0, b.1), *modifiers),
        Act::Switch(tool) => desk.switch(*tool),
        Act::SelectAll => desk.key_with("a", CTRL),
        Act::Smart(input) => desk.input(&Input::Smart(input.clone())),
        Act::Answer(ring, late) => {
            for answer in answers(desk, ring, *late) {
                desk.answer(answer);
            }
        }
        Act::Undo => {
            desk.undo();
        }
        Act::Redo => {
            desk.input(&Input::Cancel);
            if let Some(change) = desk.document.redo() {
                desk.took(&change);
            }
        }
        Act::Label(n) => {
            desk.label = n.map(label);
            desk.refresh();
        }
    }
}

/// A moved pointer writes nothing, whatever the tool.
fn input_and_check(desk: &mut Desk, input: &Input) {
    // What arrow keys moved is written with whatever comes next.
    desk.key("F13");
    desk.document.take_updates();
    desk.input(input);
    if matches!(
        input,
        Input::PointerMove { .. } | Input::PointerLeave | Input::Typed(_)
    ) {
        assert!(desk.document.take_updates().is_empty(), "{input:?} writes");
    }
}

/// A drag that ends with Escape leaves the document as it was.
fn abandon(desk: &mut Desk, from: Point, to: Point, modifiers: Modifiers) {
    desk.key("Escape");
    desk.key("Escape");
    let contents = desk.contents();
    desk.document.take_updates();
    desk.grab(from, to, modifiers);
    desk.check_escape(to);
    assert_eq!(desk.contents(), contents);
}

fn check_inside(desk: &Desk) {
    let image = Rect::from_size(f64::from(IMAGE.0), f64::from(IMAGE.1));
    for annotation in desk.document.annotations() {
        annotation.shape.check().unwrap();
        if let Some(bounds) = annotation.shape.bounds() {
            // What stands at an angle is rounded by its centre and size, and not by its corners.
            let around = image.inflated(0.05);
            let inside = around.contains(bounds.min) && around.contains(bounds.max);
            assert!(inside, "{annotation:?} lies outside");
        }
    }
}

/// The desk on which everything happens.
fn desk() -> Desk {
    let mut desk = Desk::new(&[
        rect(100.0, 100.0, 100.0, 100.0),
        rect(150.0, 150.0, 200.0, 100.0),
        ring(&[
            (300.0, 300.0),
            (500.0, 300.0),
            (500.0, 500.0),
            (300.0, 500.0),
        ]),
        ring(&[(50.0, 400.0), (200.0, 450.0), (100.0, 550.0)]),
        Shape::Mask(pixels(400, 100, 150, 120)),
        Shape::Mask(pixels(500, 150, 100, 100)),
        Shape::Polyline(vec![p(50.0, 50.0), p(250.0, 50.0), p(300.0, 150.0)]),
        Shape::Skeleton(Skeleton {
            joints: (0..3).map(|n| (JointId(n), joint(f64::from(n)))).collect(),
        }),
        Shape::Tag,
    ]);
    desk.ontology = ontology();
    desk.pixels = Some(PHOTOGRAPH.clone());
    desk
}

/// Somebody else deletes one annotation, or locks it.
fn meddle(desk: &mut Desk, which: usize, locks: bool) {
    let mut ids: Vec<_> = desk.document.annotations().map(|a| a.id).collect();
    ids.sort();
    let Some(id) = ids.get(which % ids.len().max(1)).copied() else {
        return;
    };
    let snapshot = desk.document.diff(&[]).unwrap();
    let mut other = Document::from_updates(99, [snapshot.as_slice()]).unwrap();
    let edit = if locks {
        Edit::SetLocked(id, true)
    } else {
        Edit::Delete(id)
    };
    other.edit(&[edit]).unwrap();
    for update in other.take_updates() {
        let change = desk.document.apply_update(&update).unwrap();
        desk.took(&change);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_everything_gives_back_the_first_document(acts in vec(act(), 1..60)) {
        let mut desk = desk();
        let first = desk.contents();
        for act in &acts {
            run(&mut desk, act);
            check_inside(&desk);
        }
        desk.input(&Input::Cancel);
        desk.key("Escape");
        prop_assert!(desk.gesture().is_empty());
        while desk.document.can_undo() {
            desk.undo();
        }
        prop_assert_eq!(desk.contents(), first);
    }

    /// The desk panics when an edit is refused, as one of an annotation that is gone would be.
    #[test]
    fn whatever_others_delete_meanwhile_no_edit_is_refused(
        acts in vec((act(), any::<usize>(), 0..4u8), 1..60)
    ) {
        let mut desk = desk();
        for (act, which, meddles) in &acts {
            run(&mut desk, act);
            if *meddles < 2 {
                meddle(&mut desk, *which, *meddles == 0);
            }
            check_inside(&desk);
        }
    }
}
