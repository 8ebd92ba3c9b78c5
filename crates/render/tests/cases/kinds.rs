//! Every kind of shape in every state, and as a gesture of one's own and of someone else.

use super::*;
use visionflow_geometry::{Cuboid, Ellipse, Mask, RotatedBox, Span};
use visionflow_model::{
    Align, Arrow, Joint, JointId, JointState, JointTemplate, Skeleton, SkeletonTemplate, TextBox,
};

fn at(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

/// Puts a shape that fills about 60 × 40 pixels at a corner.
type Make = fn(f64, f64) -> Shape;

/// The bones of the skeleton that `skeleton` makes.
fn with_template(scene: &mut Scene) {
    let joint = |id| JointTemplate {
        id: JointId(id),
        name: id.to_string(),
        x: 0.5,
        y: 0.5,
    };
    let mut person = label(1, "person", Color::new(239, 68, 68));
    person.skeleton = Some(SkeletonTemplate {
        joints: (0..4).map(joint).collect(),
        edges: [[0, 1], [1, 2], [1, 3]]
            .map(|edge| edge.map(JointId))
            .to_vec(),
    });
    scene.set_ontology(&Ontology {
        labels: vec![person, label(2, "tree", Color::new(34, 197, 94))],
        ..Ontology::default()
    });
}

/// As it is, hovered, selected and locked.
fn check_states(name: &str, make: Make) {
    let mut scene = scene();
    with_template(&mut scene);
    let places = [(10.0, 10.0), (90.0, 10.0), (10.0, 70.0), (90.0, 70.0)];
    for (n, (x, y)) in (1..).zip(places) {
        let mut one = annotation(n, 1, make(x, y));
        one.locked = n == 4;
        scene.upsert(&one);
    }
    scene.set_hover(Some(id(2)));
    scene.set_selection(&[id(3)]);
    check(
        &format!("{name}_states"),
        &mut scene,
        &Camera::default(),
        VIEWPORT,
    );
}

/// The own gesture, closed and open, and the ghost of a peer's, with its last side and without.
fn check_gestures(name: &str, make: Make) {
    let mut scene = scene();
    with_template(&mut scene);
    scene.set_preview(&[
        preview(None, make(10.0, 10.0), true),
        preview(None, make(90.0, 10.0), false),
    ]);
    scene.set_peers(&[PeerMark {
        color: Color::new(168, 85, 247),
        name: String::new(),
        cursor: None,
        selection: Vec::new(),
        preview: vec![
            preview(None, make(10.0, 70.0), true),
            preview(None, make(90.0, 70.0), false),
        ],
    }]);
    check(
        &format!("{name}_gestures"),
        &mut scene,
        &Camera::default(),
        VIEWPORT,
    );
}

macro_rules! kinds {
    ($($name:ident),*) => {$(
        mod $name {
            #[test]
            fn in_every_state() {
                super::check_states(stringify!($name), super::$name);
            }

            #[test]
            fn as_a_gesture() {
                super::check_gestures(stringify!($name), super::$name);
            }
        }
    )*};
}

kinds!(
    upright_box,
    rotated_box,
    ellipse,
    polygon,
    polyline,
    point,
    path,
    arrow,
    text,
    cuboid,
    mask,
    skeleton
);

fn upright_box(x: f64, y: f64) -> Shape {
    Shape::Box(rect(x, y, 60.0, 40.0))
}

fn rotated_box(x: f64, y: f64) -> Shape {
    Shape::RotatedBox(RotatedBox {
        center: at(x + 30.0, y + 20.0),
        size: Vec2::new(50.0, 22.0),
        angle: 0.4,
    })
}

fn ellipse(x: f64, y: f64) -> Shape {
    Shape::Ellipse(Ellipse {
        center: at(x + 30.0, y + 20.0),
        radii: Vec2::new(30.0, 14.0),
        angle: -0.3,
    })
}

fn polygon(x: f64, y: f64) -> Shape {
    let star = [
        (0.0, 14.0),
        (60.0, 0.0),
        (38.0, 22.0),
        (56.0, 40.0),
        (8.0, 38.0),
    ];
    Shape::Polygon(Polygon::from_ring(
        star.iter().map(|p| at(x + p.0, y + p.1)).collect(),
    ))
}

fn polyline(x: f64, y: f64) -> Shape {
    let line = [(0.0, 40.0), (20.0, 2.0), (34.0, 36.0), (60.0, 8.0)];
    Shape::Polyline(line.iter().map(|p| at(x + p.0, y + p.1)).collect())
}

fn point(x: f64, y: f64) -> Shape {
    Shape::Point(at(x + 30.0, y + 20.0))
}

/// More points than an outline holds.
fn path(x: f64, y: f64) -> Shape {
    let wave = |i: u32| {
        let t = f64::from(i);
        at(x + t, y + 20.0 + 16.0 * (t / 6.0).sin())
    };
    Shape::Path((0..60).map(wave).collect())
}

fn arrow(x: f64, y: f64) -> Shape {
    Shape::Arrow(Arrow {
        from: at(x, y + 36.0),
        to: at(x + 58.0, y + 6.0),
    })
}

fn text(x: f64, y: f64) -> Shape {
    Shape::Text(Box::new(TextBox {
        rect: rect(x, y, 60.0, 30.0),
        text: "left front".to_owned(),
        size: 14.0,
        bold: false,
        align: Align::Left,
    }))
}

fn cuboid(x: f64, y: f64) -> Shape {
    let front = rect(x, y + 12.0, 40.0, 28.0);
    let back = rect(x + 22.0, y, 36.0, 24.0);
    Shape::Cuboid(Box::new(Cuboid::from_faces(front, back)))
}

/// A disc with a hole.
fn mask(x: f64, y: f64) -> Shape {
    let mut mask = Mask::default();
    let (left, top) = (x as i32, y as i32);
    for row in 0..40 {
        let half = |radius: f64| {
            let off = f64::from(row) - 19.5;
            (radius * radius - off * off).max(0.0).sqrt().round() as i32
        };
        let (outer, inner) = (half(20.0), half(8.0));
        let mut add = |start: i32, end: i32| {
            let y = top + row;
            mask.insert(Span {
                y,
                start: left + 30 + start,
                end: left + 30 + end,
            });
        };
        add(-outer, -inner);
        add(inner, outer);
    }
    Shape::Mask(mask)
}

/// A visible, an occluded and an absent joint around a visible one.
fn skeleton(x: f64, y: f64) -> Shape {
    let joint = |id, dx, dy, state| {
        let at = at(x + dx, y + dy);
        (JointId(id), Joint { at, state })
    };
    Shape::Skeleton(Skeleton {
        joints: [
            joint(0, 30.0, 4.0, JointState::Visible),
            joint(1, 30.0, 20.0, JointState::Visible),
            joint(2, 8.0, 36.0, JointState::Occluded),
            joint(3, 52.0, 36.0, JointState::Absent),
        ]
        .into(),
    })
}

#[test]
fn styles_of_label_and_annotation() {
    let mut scene = scene();
    let mut car = label(1, "car", Color::new(239, 68, 68));
    car.style.fill = Some(Color::new(255, 255, 0));
    car.style.width = Some(5.0);
    scene.set_ontology(&Ontology {
        labels: vec![car],
        ..Ontology::default()
    });
    scene.upsert(&boxed(1, 1, 10.0, 10.0, 60.0, 40.0));
    let mut own = boxed(2, 1, 90.0, 10.0, 60.0, 40.0);
    own.style.stroke = Some(Color::new(255, 255, 255));
    own.style.opacity = Some(0.9);
    scene.upsert(&own);
    let mut thin = annotation(3, 1, ellipse(10.0, 70.0));
    thin.style.width = Some(1.0);
    thin.style.opacity = Some(0.0);
    scene.upsert(&thin);
    check("styles", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn large_shapes_are_drawn_as_triangles_and_look_the_same() {
    // Eight times as large as in their own pictures: beyond what an outline is used for.
    let mut scene = scene();
    scene.upsert(&annotation(1, 1, rotated_box(10.0, 10.0)));
    scene.upsert(&annotation(2, 2, polygon(10.0, 10.0)));
    scene.upsert(&annotation(3, 1, polyline(10.0, 10.0)));
    scene.upsert(&annotation(4, 2, ellipse(10.0, 10.0)));
    scene.set_selection(&[id(1)]);
    let camera =
        Camera::new(8.0, Vec2::default()).centered_on(Point::new(47.0, 30.0), VIEWPORT.css());
    check("large_shapes", &mut scene, &camera, VIEWPORT);
}

#[test]
fn what_is_too_small_is_a_dot() {
    let mut scene = scene();
    let makes: [Make; 6] = [rotated_box, polygon, polyline, cuboid, skeleton, ellipse];
    for (n, make) in (1..).zip(makes) {
        let x = n as f64 * 1200.0;
        scene.upsert(&annotation(n, n % 2 + 1, make(x, 2000.0)));
    }
    let camera = Camera::new(1.0 / 64.0, Vec2::default());
    check("dots", &mut scene, &camera, VIEWPORT);
}

#[test]
fn words_scale_with_the_image() {
    let mut scene = scene();
    scene.upsert(&annotation(1, 1, text(10.0, 10.0)));
    let mut offscreen = Offscreen::new();
    let camera = Camera::new(2.5, Vec2::new(-20.0, -10.0));
    scene.draw_list(&camera, VIEWPORT);
    let words = scene.texts()[0].clone();
    let area = words.area.expect("a text on the image has an area");
    assert_eq!((area.width, area.height, area.font_size), (240, 120, 56.0));
    // The host paints letters; a checkered line is as good here.
    let painted = RgbaImage::from_fn(area.width, area.height, |x, y| {
        let inked = (8..40).contains(&y) && x / 16 % 2 == 0;
        let Color { r, g, b } = words.color;
        image::Rgba(if inked { [r, g, b, 255] } else { [0; 4] })
    });
    offscreen
        .renderer
        .set_text_sprite(words.id, area.width, area.height, painted.as_raw());
    // Another zoom asks for another resolution; until it is painted, this one stands in.
    let camera = Camera::new(0.9, Vec2::default());
    scene.draw_list(&camera, VIEWPORT);
    assert_ne!(scene.texts()[0].id, words.id);
    scene.invalidate_gpu();
    let picture = offscreen.draw(&mut scene, &camera, VIEWPORT);
    check_golden("words", &picture);
}
