//! Whatever a person does in whatever order: nothing panics, nothing is drawn outside the image,
//! and undoing everything gives back the first document.

use crate::desk::*;
use proptest::collection::vec;
use proptest::prelude::*;
use visionflow_geometry::Rect;
use visionflow_model::Shape;
use visionflow_tools::{Button, Input, Modifiers, PointerKind, ToolKind};

#[derive(Clone, Debug)]
enum Act {
    Input(Input),
    /// A whole drag or click, which random single events rarely make.
    Drag((f64, f64), (f64, f64), Modifiers),
    Switch(ToolKind),
    SelectAll,
    Undo,
    Redo,
    Label(Option<u128>),
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
    prop_oneof![4 => Just(PointerKind::Mouse), 1 => Just(PointerKind::Touch)]
}

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Escape",
        "Enter",
        "Delete",
        "Backspace",
        "ArrowLeft",
        "ArrowRight",
        "ArrowUp",
        "ArrowDown",
        "a",
        "q",
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
    ]
}

fn act() -> impl Strategy<Value = Act> {
    use ToolKind::{Box, Pan, Polygon, Select};
    prop_oneof![
        12 => input().prop_map(Act::Input),
        6 => (position(), position(), modifiers()).prop_map(|(a, b, m)| Act::Drag(a, b, m)),
        2 => prop::sample::select(vec![Select, Box, Polygon, Pan]).prop_map(Act::Switch),
        1 => Just(Act::SelectAll),
        1 => Just(Act::Undo),
        1 => Just(Act::Redo),
        1 => prop::option::weighted(0.8, 0..3u128).prop_map(Act::Label),
    ]
}

fn run(desk: &mut Desk, act: &Act) {
    match act {
        Act::Input(input) => desk.input(input),
        Act::Drag(a, b, modifiers) => desk.drag_with(p(a.0, a.1), p(b.0, b.1), *modifiers),
        Act::Switch(tool) => desk.switch(*tool),
        Act::SelectAll => desk.key_with("a", CTRL),
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

fn check_inside(desk: &Desk) {
    let image = Rect::from_size(f64::from(IMAGE.0), f64::from(IMAGE.1));
    for annotation in desk.document.annotations() {
        annotation.shape.check().unwrap();
        if let Some(bounds) = annotation.shape.bounds() {
            let inside = image.contains(bounds.min) && image.contains(bounds.max);
            assert!(inside, "{annotation:?} lies outside");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_everything_gives_back_the_first_document(acts in vec(act(), 1..60)) {
        let mut desk = Desk::new(&[
            rect(100.0, 100.0, 100.0, 100.0),
            rect(150.0, 150.0, 200.0, 100.0),
            ring(&[(300.0, 300.0), (500.0, 300.0), (500.0, 500.0), (300.0, 500.0)]),
            ring(&[(50.0, 400.0), (200.0, 450.0), (100.0, 550.0)]),
            Shape::Tag,
        ]);
        let first = desk.contents();
        for act in &acts {
            run(&mut desk, act);
            check_inside(&desk);
        }
        desk.input(&Input::Cancel);
        prop_assert_eq!(&desk.preview, &[]);
        while desk.document.can_undo() {
            desk.undo();
        }
        prop_assert_eq!(desk.contents(), first);
    }
}
