//! Whatever is done to a selection of all kinds of shapes: what comes of it is valid and inside the
//! image, what is locked stays as it is, and undoing everything gives back the first document.

use crate::desk::*;
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;
use visionflow_document::Edit;
use visionflow_geometry::{Cuboid, Ellipse, Rect, RotatedBox, Vec2};
use visionflow_model::{Align, Arrow, GroupId, Joint, JointId, Shape, Skeleton, TextBox};
use visionflow_tools::{Input, Modifiers, ToolKind};

/// The locked one among the shapes.
const LOCKED: u128 = 14;

#[derive(Clone, Debug)]
enum Act {
    /// Drags the nth handle there is by so much.
    Handle(usize, (f64, f64), Modifiers),
    /// Drags from the middle of the nth annotation.
    Body(usize, (f64, f64), Modifiers),
    DoubleClick(usize),
    Drag((f64, f64), (f64, f64), Modifiers),
    Hold(&'static str, Modifiers),
    Release(&'static str),
    Key(&'static str, Modifiers),
    Select(Vec<usize>),
    Typed,
    Undo,
    Lasso(bool),
}

fn shapes() -> Vec<Shape> {
    let bounds = |x: f64, y: f64, side: f64| Rect::from_corners(p(x, y), p(x + side, y + side));
    let joint = |x, y| Joint {
        at: p(x, y),
        ..Joint::default()
    };
    vec![
        rect(50.0, 50.0, 150.0, 100.0),
        Shape::RotatedBox(RotatedBox {
            center: p(400.0, 150.0),
            size: Vec2::new(200.0, 80.0),
            angle: 0.5,
        }),
        Shape::Ellipse(Ellipse {
            center: p(700.0, 150.0),
            radii: Vec2::new(90.0, 40.0),
            angle: -0.7,
        }),
        ring(&[(100.0, 300.0), (250.0, 320.0), (200.0, 450.0)]),
        Shape::Polyline(vec![p(300.0, 300.0), p(400.0, 420.0), p(480.0, 300.0)]),
        Shape::Point(p(550.0, 350.0)),
        Shape::Path(vec![
            p(600.0, 300.0),
            p(650.0, 380.0),
            p(720.0, 310.0),
            p(800.0, 400.0),
        ]),
        Shape::Arrow(Arrow {
            from: p(850.0, 300.0),
            to: p(950.0, 420.0),
        }),
        Shape::Text(Box::new(TextBox {
            rect: bounds(50.0, 550.0, 100.0),
            text: "words".to_owned(),
            size: 24.0,
            bold: false,
            align: Align::Left,
        })),
        Shape::Cuboid(Box::new(Cuboid::from_faces(
            bounds(250.0, 550.0, 120.0),
            bounds(300.0, 520.0, 110.0),
        ))),
        Shape::Mask(pixels(500, 550, 120, 90)),
        Shape::Skeleton(Skeleton {
            joints: [
                (JointId(1), joint(700.0, 550.0)),
                (JointId(2), joint(780.0, 700.0)),
            ]
            .into(),
        }),
        Shape::Tag,
        rect(500.0, 400.0, 100.0, 100.0),
    ]
}

fn by() -> impl Strategy<Value = (f64, f64)> {
    prop_oneof![
        4 => (-150.0..150.0, -150.0..150.0),
        1 => (-1500.0..1500.0, -1500.0..1500.0),
    ]
}

fn modifiers() -> impl Strategy<Value = Modifiers> {
    prop_oneof![6 => Just(NONE), 2 => Just(SHIFT), 1 => Just(ALT), 1 => Just(CTRL)]
}

fn act() -> impl Strategy<Value = Act> {
    let arrows = vec!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
    let keys = vec![
        "Escape",
        "Delete",
        "Backspace",
        "a",
        "1",
        "2",
        "3",
        "ArrowUp",
    ];
    let place = || (0.0..1000.0, 0.0..800.0);
    prop_oneof![
        8 => (0..40usize, by(), modifiers()).prop_map(|(n, by, m)| Act::Handle(n, by, m)),
        4 => (0..14usize, by(), modifiers()).prop_map(|(n, by, m)| Act::Body(n, by, m)),
        1 => (0..14usize).prop_map(Act::DoubleClick),
        2 => (place(), place(), modifiers()).prop_map(|(a, b, m)| Act::Drag(a, b, m)),
        2 => (prop::sample::select(arrows.clone()), modifiers()).prop_map(|(k, m)| Act::Hold(k, m)),
        1 => prop::sample::select(arrows).prop_map(Act::Release),
        1 => (prop::sample::select(keys), modifiers()).prop_map(|(k, m)| Act::Key(k, m)),
        3 => vec(0..14usize, 1..4).prop_map(Act::Select),
        1 => Just(Act::Typed),
        1 => Just(Act::Undo),
        1 => any::<bool>().prop_map(Act::Lasso),
    ]
}

fn middle(desk: &Desk, n: usize) -> Option<visionflow_geometry::Point> {
    let shape = &desk.document.get(id(n as u128 + 1))?.shape;
    Some(shape.bounds()?.center())
}

fn run(desk: &mut Desk, act: &Act) {
    match act {
        Act::Handle(n, by, modifiers) => {
            let handle = desk.handles.get(n % desk.handles.len().max(1));
            if let Some(from) = handle.map(|handle| handle.position) {
                let to = from + Vec2::new(by.0, by.1);
                desk.down(from, NONE, 1);
                desk.hover(to, *modifiers);
                desk.up(to, *modifiers);
            }
        }
        Act::Body(n, by, modifiers) => {
            if let Some(from) = middle(desk, *n) {
                desk.drag_with(from, from + Vec2::new(by.0, by.1), *modifiers);
            }
        }
        Act::DoubleClick(n) => {
            if let Some(at) = middle(desk, *n) {
                desk.click_with(at, NONE);
                desk.down(at, NONE, 2);
                desk.up(at, NONE);
            }
        }
        Act::Drag(a, b, modifiers) => desk.drag_with(p(a.0, a.1), p(b.0, b.1), *modifiers),
        Act::Hold(key, modifiers) => desk.hold(key, *modifiers),
        Act::Release(key) => desk.release(key),
        Act::Key(key, modifiers) => desk.key_with(key, *modifiers),
        Act::Select(numbers) => {
            let ids: Vec<_> = numbers.iter().map(|n| id(*n as u128 + 1)).collect();
            desk.select(&ids);
        }
        Act::Typed => {
            desk.input(&Input::Typed("other".to_owned()));
            desk.input(&Input::TypingDone);
        }
        Act::Undo => {
            desk.undo();
        }
        Act::Lasso(lasso) => desk.switch(if *lasso {
            ToolKind::Lasso
        } else {
            ToolKind::Select
        }),
    }
}

fn check_sound(desk: &Desk) {
    let image = Rect::from_size(f64::from(IMAGE.0), f64::from(IMAGE.1)).inflated(1e-6);
    for annotation in desk.document.annotations() {
        annotation.shape.check().unwrap();
        if let Some(bounds) = annotation.shape.bounds() {
            let inside = image.contains(bounds.min) && image.contains(bounds.max);
            assert!(inside, "{annotation:?} lies outside");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_selection_of_all_kinds_survives_everything(acts in vec(act(), 1..40), snap in any::<bool>()) {
        let mut desk = Desk::new(&shapes());
        let group = Some(GroupId(Uuid::from_u128(5)));
        desk.edit(&[
            Edit::SetGroup(id(1), group),
            Edit::SetGroup(id(2), group),
            Edit::SetLocked(id(LOCKED), true),
        ]);
        desk.document.forget_history();
        desk.settings.snap = snap;
        let first = desk.contents();
        for act in &acts {
            run(&mut desk, act);
            check_sound(&desk);
            prop_assert_eq!(desk.document.get(id(LOCKED)), first.get(&id(LOCKED)));
        }
        desk.input(&Input::Cancel);
        desk.input(&Input::TypingDone);
        prop_assert_eq!(&desk.preview, &[]);
        while desk.document.can_undo() {
            desk.undo();
        }
        prop_assert_eq!(desk.contents(), first);
    }
}
