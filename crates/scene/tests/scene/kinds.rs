//! Picking every kind: by its outline, by its inside, by a rectangle, by a lasso.

use super::*;
use visionflow_geometry::{Cuboid, Ellipse, Mask, RotatedBox, Span};
use visionflow_model::{
    Align, Arrow, Color, Joint, JointId, JointState, JointTemplate, Label, Ontology, Skeleton,
    SkeletonTemplate, TextBox,
};

fn at(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

fn points(line: &[(f64, f64)]) -> Vec<Point> {
    line.iter().map(|&(x, y)| at(x, y)).collect()
}

/// A scene with one annotation, whose label joins joints 0 and 1.
fn only(shape: Shape) -> Scene {
    let mut scene = loaded(&[annotation(1, shape)]);
    let mut label = Label::new(LabelId(Uuid::from_u128(1)), "x", Color::new(0, 0, 0));
    let joint = |id| JointTemplate {
        id: JointId(id),
        name: id.to_string(),
        x: 0.0,
        y: 0.0,
    };
    label.skeleton = Some(SkeletonTemplate {
        joints: (0..3).map(joint).collect(),
        edges: vec![[JointId(0), JointId(1)]],
    });
    scene.set_ontology(&Ontology {
        labels: vec![label],
        ..Ontology::default()
    });
    scene
}

/// What a click hits and misses, with two pixels to spare.
fn check_clicks(shape: Shape, hits: &[(f64, f64)], misses: &[(f64, f64)]) {
    let scene = only(shape);
    for &(x, y) in hits {
        assert_eq!(scene.pick(at(x, y), 2.0), Some(id(1)), "hit at {x}, {y}");
    }
    for &(x, y) in misses {
        assert_eq!(scene.pick(at(x, y), 2.0), None, "miss at {x}, {y}");
    }
}

/// A rectangle and a lasso of the same corners agree for these shapes.
fn check_areas(shape: Shape, touching: &[Rect], apart: &[Rect]) {
    let scene = only(shape);
    for (rects, expected) in [(touching, vec![id(1)]), (apart, Vec::new())] {
        for &rect in rects {
            assert_eq!(scene.in_rect(rect), expected, "{rect:?}");
            assert_eq!(
                scene.in_polygon(&rect.corners()),
                expected,
                "lasso {rect:?}"
            );
        }
    }
}

fn turned() -> Shape {
    Shape::RotatedBox(RotatedBox {
        center: at(50.0, 50.0),
        size: Vec2::new(80.0, 20.0),
        angle: std::f64::consts::FRAC_PI_4,
    })
}

#[test]
fn rotated_box() {
    check_clicks(
        turned(),
        &[(50.0, 50.0), (75.0, 75.0), (64.0, 50.0)],
        &[(75.0, 25.0), (90.0, 50.0)],
    );
    check_areas(
        turned(),
        &[rect(45.0, 45.0, 4.0, 4.0), rect(0.0, 0.0, 100.0, 100.0)],
        &[rect(70.0, 20.0, 10.0, 10.0)],
    );
}

#[test]
fn ellipse() {
    let shape = Shape::Ellipse(Ellipse {
        center: at(50.0, 50.0),
        radii: Vec2::new(40.0, 10.0),
        angle: 0.0,
    });
    check_clicks(
        shape.clone(),
        &[(50.0, 50.0), (91.0, 50.0), (50.0, 61.5)],
        &[(85.0, 58.0), (50.0, 64.0)],
    );
    check_areas(
        shape,
        &[rect(40.0, 40.0, 5.0, 30.0), rect(48.0, 48.0, 2.0, 2.0)],
        &[rect(80.0, 58.0, 9.0, 3.0)],
    );
}

#[test]
fn lines_have_no_inside() {
    let line = points(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)]);
    for shape in [Shape::Polyline(line.clone()), Shape::Path(line)] {
        check_clicks(shape.clone(), &[(50.0, 1.5), (99.0, 50.0)], &[(50.0, 50.0)]);
        check_areas(
            shape,
            &[rect(90.0, 40.0, 20.0, 5.0), rect(-5.0, -5.0, 8.0, 8.0)],
            &[rect(20.0, 20.0, 50.0, 50.0)],
        );
    }
}

#[test]
fn point() {
    let shape = Shape::Point(at(50.0, 50.0));
    check_clicks(shape.clone(), &[(51.0, 51.0)], &[(53.0, 50.0)]);
    check_areas(
        shape,
        &[rect(49.0, 49.0, 2.0, 2.0)],
        &[rect(51.0, 51.0, 2.0, 2.0)],
    );
}

#[test]
fn arrow() {
    let shape = Shape::Arrow(Arrow {
        from: at(0.0, 0.0),
        to: at(100.0, 100.0),
    });
    check_clicks(
        shape.clone(),
        &[(50.0, 51.0), (100.0, 101.0)],
        &[(80.0, 20.0)],
    );
    check_areas(
        shape,
        &[rect(40.0, 30.0, 20.0, 40.0)],
        &[rect(60.0, 10.0, 20.0, 20.0)],
    );
}

#[test]
fn text() {
    let shape = Shape::Text(Box::new(TextBox {
        rect: rect(10.0, 10.0, 80.0, 20.0),
        text: "words".to_owned(),
        size: 12.0,
        bold: false,
        align: Align::Left,
    }));
    check_clicks(shape.clone(), &[(50.0, 20.0), (9.0, 9.0)], &[(50.0, 40.0)]);
    check_areas(
        shape,
        &[rect(20.0, 15.0, 1.0, 1.0)],
        &[rect(20.0, 40.0, 1.0, 1.0)],
    );
}

#[test]
fn cuboid() {
    let shape = Shape::Cuboid(Box::new(Cuboid::from_faces(
        rect(0.0, 30.0, 50.0, 50.0),
        rect(60.0, 0.0, 40.0, 40.0),
    )));
    check_clicks(
        shape.clone(),
        &[(25.0, 55.0), (80.0, 20.0), (30.0, 15.0)],
        &[(10.0, 5.0), (90.0, 70.0)],
    );
    check_areas(
        shape,
        &[rect(20.0, 50.0, 2.0, 2.0), rect(25.0, 10.0, 10.0, 10.0)],
        &[rect(0.0, 0.0, 10.0, 10.0)],
    );
}

#[test]
fn mask() {
    let mut mask = Mask::default();
    for y in 250..262 {
        mask.insert(Span {
            y,
            start: 250,
            end: 300,
        });
    }
    let shape = Shape::Mask(mask);
    check_clicks(
        shape.clone(),
        &[(250.5, 250.5), (299.9, 261.9)],
        &[(249.5, 255.0), (255.0, 262.1)],
    );
    check_areas(
        shape,
        &[rect(240.0, 240.0, 12.0, 12.0), rect(260.0, 252.0, 4.0, 4.0)],
        &[rect(301.0, 250.0, 9.0, 9.0)],
    );
}

#[test]
fn skeleton_by_bones_and_joints_that_are_there() {
    let joint = |id, x, y, state| {
        (
            JointId(id),
            Joint {
                at: at(x, y),
                state,
            },
        )
    };
    let shape = Shape::Skeleton(Skeleton {
        joints: [
            joint(0, 0.0, 0.0, JointState::Visible),
            joint(1, 100.0, 0.0, JointState::Occluded),
            joint(2, 50.0, 80.0, JointState::Visible),
            joint(3, 70.0, 40.0, JointState::Absent),
        ]
        .into(),
    });
    check_clicks(
        shape.clone(),
        &[(50.0, 1.0), (100.0, 1.0), (50.0, 79.0)],
        &[(70.0, 40.0), (50.0, 40.0)],
    );
    check_areas(
        shape,
        &[rect(40.0, -5.0, 10.0, 10.0), rect(45.0, 75.0, 10.0, 10.0)],
        &[rect(60.0, 30.0, 20.0, 20.0)],
    );
}

#[test]
fn a_lasso_encloses_by_its_line_and_not_its_bounds() {
    let scene = loaded(&[
        boxed(1, 0.0, 0.0, 10.0, 10.0),
        boxed(2, 80.0, 80.0, 10.0, 10.0),
        boxed(3, 80.0, 0.0, 10.0, 10.0),
    ]);
    let lasso = points(&[(-5.0, -5.0), (100.0, -5.0), (-5.0, 100.0)]);
    assert_eq!(scene.in_polygon(&lasso), [id(1), id(3)]);
    assert_eq!(scene.in_polygon(&lasso[..1]), []);
    assert_eq!(scene.in_polygon(&[]), []);
    // Wholly inside one shape it touches that shape alone.
    let inside = points(&[(2.0, 2.0), (4.0, 2.0), (3.0, 4.0)]);
    assert_eq!(scene.in_polygon(&inside), [id(1)]);
}
