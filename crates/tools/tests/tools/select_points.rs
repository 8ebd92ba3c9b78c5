//! Points of every kind of shape: lines, arrows, cuboids, skeletons; texts and masks.

use crate::desk::*;
use visionflow_geometry::{Cuboid, Rect};
use visionflow_model::{Align, Arrow, Joint, JointId, JointState, Shape, Skeleton, TextBox};
use visionflow_scene::HandleKind;
use visionflow_tools::{Hint, Input, Notice};

fn selected(shape: Shape) -> Desk {
    let mut desk = Desk::new(&[shape]);
    desk.select(&[id(1)]);
    desk
}

fn count(desk: &Desk, kind: HandleKind) -> usize {
    desk.handles.iter().filter(|h| h.kind == kind).count()
}

fn line(points: &[(f64, f64)]) -> Shape {
    Shape::Polyline(points.iter().map(|(x, y)| p(*x, *y)).collect())
}

#[test]
fn an_open_line_has_no_closing_edge() {
    let mut desk = selected(line(&[(100.0, 100.0), (200.0, 100.0), (200.0, 200.0)]));
    assert_eq!(
        (
            count(&desk, HandleKind::Circle),
            count(&desk, HandleKind::Dot)
        ),
        (3, 2)
    );
    desk.drag(p(150.0, 100.0), p(150.0, 60.0));
    let bent = [
        (100.0, 100.0),
        (150.0, 60.0),
        (200.0, 100.0),
        (200.0, 200.0),
    ];
    assert_eq!(desk.shape(1), &line(&bent));
    desk.drag(p(200.0, 200.0), p(300.0, 250.0));
    desk.click_with(p(150.0, 60.0), ALT);
    assert_eq!(
        desk.shape(1),
        &line(&[(100.0, 100.0), (200.0, 100.0), (300.0, 250.0)])
    );
    desk.click_with(p(100.0, 100.0), ALT);
    desk.click_with(p(200.0, 100.0), ALT);
    assert_eq!(desk.shape(1), &line(&[(200.0, 100.0), (300.0, 250.0)]));
    assert_eq!(desk.notices, [Notice::TooFewVertices]);
}

#[test]
fn several_vertices_move_and_go_together() {
    let square = [
        (100.0, 100.0),
        (200.0, 100.0),
        (200.0, 200.0),
        (150.0, 240.0),
        (100.0, 200.0),
    ];
    let mut desk = selected(ring(&square));
    desk.click(100.0, 100.0);
    desk.click_with(p(200.0, 100.0), SHIFT);
    assert_eq!(desk.handles.iter().filter(|h| h.active).count(), 2);
    desk.drag(p(200.0, 100.0), p(210.0, 60.0));
    let raised = [
        (110.0, 60.0),
        (210.0, 60.0),
        square[2],
        square[3],
        square[4],
    ];
    assert_eq!(desk.shape(1), &ring(&raised));
    desk.key_with("ArrowUp", SHIFT);
    assert_eq!(
        desk.shape(1),
        &ring(&[
            (110.0, 50.0),
            (210.0, 50.0),
            square[2],
            square[3],
            square[4]
        ])
    );
    desk.key("Delete");
    assert_eq!(desk.shape(1), &ring(&square[2..]));
    assert!(desk.undo() && desk.undo() && desk.undo() && !desk.document.can_undo());
}

#[test]
fn a_hole_goes_with_its_last_corners() {
    let outer = [
        (100.0, 100.0),
        (400.0, 100.0),
        (400.0, 400.0),
        (100.0, 400.0),
    ];
    let hole = [(200.0, 200.0), (300.0, 200.0), (250.0, 300.0)];
    let to_points = |ring: &[(f64, f64)]| ring.iter().map(|(x, y)| p(*x, *y)).collect();
    let polygon = visionflow_geometry::Polygon {
        rings: vec![to_points(&outer), to_points(&hole)],
    };
    let mut desk = selected(Shape::Polygon(polygon));
    desk.click_with(p(200.0, 200.0), ALT);
    assert_eq!(desk.shape(1), &ring(&outer));
}

#[test]
fn the_ends_of_an_arrow_are_dragged_apart_but_never_onto_each_other() {
    let arrow = |from: (f64, f64), to: (f64, f64)| {
        Shape::Arrow(Arrow {
            from: p(from.0, from.1),
            to: p(to.0, to.1),
        })
    };
    let mut desk = selected(arrow((100.0, 100.0), (200.0, 100.0)));
    assert_eq!(desk.handles.len(), 2);
    desk.drag(p(200.0, 100.0), p(300.0, 150.0));
    assert_eq!(desk.shape(1), &arrow((100.0, 100.0), (300.0, 150.0)));
    desk.drag(p(300.0, 150.0), p(100.0, 100.0));
    assert_eq!(desk.shape(1), &arrow((100.0, 100.0), (300.0, 150.0)));
    desk.drag(p(200.0, 125.0), p(220.0, 135.0));
    assert_eq!(
        desk.shape(1),
        &arrow((120.0, 110.0), (320.0, 160.0)),
        "by its shaft it moves whole"
    );
}

fn cuboid() -> Cuboid {
    let face = |x: f64, y: f64| Rect::from_corners(p(x, y), p(x + 100.0, y + 100.0));
    Cuboid::from_faces(face(100.0, 200.0), face(150.0, 150.0))
}

fn check_cuboid(from: (f64, f64), to: (f64, f64), leans: bool, moved: &[(usize, (f64, f64))]) {
    let mut desk = selected(Shape::Cuboid(Box::new(cuboid())));
    assert_eq!(count(&desk, HandleKind::Diamond), 8);
    desk.grab(p(from.0, from.1), p(to.0, to.1), NONE);
    let modifiers = if leans { ALT } else { NONE };
    desk.hover(p(to.0, to.1), modifiers);
    desk.up(p(to.0, to.1), modifiers);
    let mut expected = cuboid();
    for (index, (x, y)) in moved {
        expected.points[*index] = p(*x, *y);
    }
    assert_eq!(desk.shape(1), &Shape::Cuboid(Box::new(expected)));
}

#[test]
fn upright_edges_of_a_cuboid_stay_upright() {
    check_cuboid(
        (100.0, 200.0),
        (90.0, 180.0),
        false,
        &[(0, (90.0, 180.0)), (3, (90.0, 300.0))],
    );
    check_cuboid((100.0, 200.0), (90.0, 180.0), true, &[(0, (90.0, 180.0))]);
    check_cuboid(
        (250.0, 250.0),
        (270.0, 240.0),
        false,
        &[(6, (270.0, 240.0)), (5, (270.0, 150.0))],
    );
    // The middle of the front's left edge.
    check_cuboid(
        (100.0, 250.0),
        (80.0, 255.0),
        false,
        &[(0, (80.0, 205.0)), (3, (80.0, 305.0))],
    );
}

fn skeleton(joints: [(u32, f64, f64, JointState); 2]) -> Shape {
    let joint = |(n, x, y, state)| (JointId(n), Joint { at: p(x, y), state });
    Shape::Skeleton(Skeleton {
        joints: joints.map(joint).into(),
    })
}

#[test]
fn joints_are_dragged_and_say_whether_they_are_seen() {
    use JointState::{Absent, Occluded, Visible};
    let mut desk = selected(skeleton([
        (1, 100.0, 100.0, Visible),
        (4, 200.0, 300.0, Visible),
    ]));
    assert_eq!(desk.hint, Hint::SelectSkeleton);
    desk.drag(p(200.0, 300.0), p(220.0, 310.0));
    assert_eq!(
        desk.shape(1),
        &skeleton([(1, 100.0, 100.0, Visible), (4, 220.0, 310.0, Visible)])
    );
    assert_eq!(desk.hint, Hint::JointSelected);
    let mut check = |key: &str, state| {
        desk.key(key);
        assert_eq!(
            desk.shape(1),
            &skeleton([(1, 100.0, 100.0, Visible), (4, 220.0, 310.0, state)])
        );
    };
    check("2", Occluded);
    check("3", Absent);
    check("1", Visible);
    check("Delete", Absent);
    for state in [Visible, Occluded, Absent] {
        desk.click_with(p(220.0, 310.0), ALT);
        assert_eq!(
            desk.shape(1),
            &skeleton([(1, 100.0, 100.0, Visible), (4, 220.0, 310.0, state)])
        );
    }
    desk.drag(p(220.0, 310.0), p(200.0, 300.0));
    assert_eq!(
        desk.shape(1),
        &skeleton([(1, 100.0, 100.0, Visible), (4, 200.0, 300.0, Visible)]),
        "a joint that is moved is in the picture"
    );
    desk.click(500.0, 600.0);
    desk.select(&[id(1)]);
    desk.hover(p(500.0, 600.0), NONE);
    assert!(!desk.toolbox.awaits_digit(&desk.document));
    desk.key("2");
    assert!(!desk.handled, "no joint is meant");
    desk.hover(p(100.0, 100.0), NONE);
    assert!(desk.toolbox.awaits_digit(&desk.document));
    desk.key("2");
    assert_eq!(
        desk.shape(1),
        &skeleton([(1, 100.0, 100.0, Occluded), (4, 200.0, 300.0, Visible)])
    );
}

fn text(words: &str) -> Shape {
    Shape::Text(Box::new(TextBox {
        rect: Rect::from_corners(p(100.0, 100.0), p(300.0, 150.0)),
        text: words.to_owned(),
        size: 24.0,
        bold: false,
        align: Align::Left,
    }))
}

#[test]
fn a_double_click_on_a_text_asks_for_its_words() {
    let mut desk = Desk::new(&[text("old")]);
    desk.click(200.0, 125.0);
    assert_eq!(
        (desk.hint, count(&desk, HandleKind::Square)),
        (Hint::SelectText, 8)
    );
    assert_eq!(count(&desk, HandleKind::Rotate), 0, "a text stays upright");
    desk.down(p(200.0, 125.0), NONE, 2);
    desk.up(p(200.0, 125.0), NONE);
    assert_eq!(
        desk.text.as_ref().map(|entry| entry.annotation),
        Some(Some(id(1)))
    );
    desk.input(&Input::Typed("new".to_owned()));
    assert_eq!(desk.shape(1), &text("old"));
    desk.input(&Input::TypingDone);
    assert_eq!((desk.shape(1), &desk.text), (&text("new"), &None));
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn escape_leaves_the_words_as_they_were() {
    let mut desk = Desk::new(&[text("old")]);
    desk.click(200.0, 125.0);
    desk.down(p(200.0, 125.0), NONE, 2);
    desk.input(&Input::Typed("new".to_owned()));
    desk.key("Escape");
    assert_eq!((desk.shape(1), &desk.text), (&text("old"), &None));
    assert!(!desk.document.can_undo());
}

#[test]
fn a_mask_moves_whole() {
    let mut desk = Desk::new(&[Shape::Mask(pixels(100, 100, 50, 30))]);
    desk.click(120.0, 110.0);
    assert_eq!(desk.handles, []);
    desk.drag(p(120.0, 110.0), p(320.0, 310.0));
    assert_eq!(desk.shape(1), &Shape::Mask(pixels(300, 300, 50, 30)));
    desk.drag(p(320.0, 310.0), p(-500.0, 310.0));
    assert_eq!(desk.shape(1), &Shape::Mask(pixels(0, 300, 50, 30)));
}

#[test]
fn the_frame_around_a_polygon_resizes_it() {
    let mut desk = selected(ring(&[
        (200.0, 200.0),
        (300.0, 200.0),
        (300.0, 300.0),
        (200.0, 300.0),
    ]));
    assert_eq!(count(&desk, HandleKind::Square), 8);
    // The frame stands 14 CSS pixels off, 7 of the image.
    desk.drag(p(307.0, 307.0), p(407.0, 357.0));
    assert_eq!(
        desk.shape(1),
        &ring(&[
            (200.0, 200.0),
            (400.0, 200.0),
            (400.0, 350.0),
            (200.0, 350.0)
        ])
    );
}

#[test]
fn long_sides_of_a_frame_resize_too() {
    let face = |x: f64, y: f64| Rect::from_corners(p(x, y), p(x + 70.0, y + 70.0));
    let cuboid = Box::new(Cuboid::from_faces(face(200.0, 230.0), face(230.0, 200.0)));
    let joint = |x: f64, y: f64| Joint {
        at: p(x, y),
        state: JointState::Visible,
    };
    let skeleton = Skeleton {
        joints: [
            (JointId(1), joint(200.0, 200.0)),
            (JointId(2), joint(300.0, 300.0)),
        ]
        .into(),
    };
    for shape in [
        ring(&[(200.0, 200.0), (300.0, 250.0), (210.0, 300.0)]),
        line(&[(200.0, 200.0), (300.0, 250.0), (210.0, 300.0)]),
        Shape::Cuboid(cuboid),
        Shape::Skeleton(skeleton),
    ] {
        let mut desk = selected(shape.clone());
        let before = shape.bounds().unwrap();
        assert_eq!(count(&desk, HandleKind::Square), 8, "{shape:?}");
        // The frame stands 14 CSS pixels off, 7 of the image.
        let right = before.max.x + 7.0;
        desk.drag(p(right, 250.0), p(right + 100.0, 290.0));
        let after = desk.shape(1).bounds().unwrap();
        assert_eq!(
            (after.min, after.max.y),
            (before.min, before.max.y),
            "{shape:?}"
        );
        assert_eq!(after.max.x, before.max.x + 100.0, "{shape:?}");
        assert!(desk.undo() && !desk.document.can_undo());
        let bottom = before.max.y + 7.0;
        desk.drag(p(250.0, bottom), p(300.0, bottom + 60.0));
        let after = desk.shape(1).bounds().unwrap();
        assert_eq!(
            (after.min, after.max.x),
            (before.min, before.max.x),
            "{shape:?}"
        );
        assert_eq!(after.max.y, before.max.y + 60.0, "{shape:?}");
    }
}

#[test]
fn short_sides_have_no_handle() {
    // 40 CSS pixels high, and with the frame's margins 68.
    let mut desk = selected(ring(&[(200.0, 200.0), (300.0, 200.0), (250.0, 220.0)]));
    assert_eq!(count(&desk, HandleKind::Square), 6);
    let before = desk.shape(1).clone();
    desk.drag(p(307.0, 210.0), p(350.0, 210.0));
    assert_eq!(desk.shape(1), &before, "nothing is there to be dragged");
}
