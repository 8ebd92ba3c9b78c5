//! One kind becomes another: what is kept, and what is said.

use crate::bench::*;
use visionflow_commands::{Command, CommandError, Loss, Note};
use visionflow_geometry::{Cuboid, Ellipse, RotatedBox, Vec2};
use visionflow_model::{Align, Arrow, Shape, ShapeKind, TextBox};

fn converted(shape: &Shape, kind: ShapeKind) -> (Shape, Vec<Note>) {
    let mut bench = Bench::new(std::slice::from_ref(shape));
    let before = bench.get(1).clone();
    let plan = bench.run(&[1], &Command::Convert(kind));
    let after = bench.get(1).clone();
    assert_eq!(after.shape.kind(), kind);
    let rest = visionflow_model::Annotation {
        shape: before.shape.clone(),
        ..after.clone()
    };
    assert_eq!(rest, before, "everything but the shape stays");
    (after.shape, plan.notes)
}

/// There and back is where it began, with nothing lost.
fn check_round(shape: &Shape, through: ShapeKind) {
    let (middle, notes) = converted(shape, through);
    assert_eq!(notes, [], "{shape:?} to {through:?}");
    let (back, notes) = converted(&middle, shape.kind());
    assert_eq!(notes, []);
    near(back.area(), shape.area(), 1e-3 * shape.area().max(1.0));
    let (a, b) = (back.bounds().unwrap(), shape.bounds().unwrap());
    assert!(
        a.min.distance(b.min) < 0.01 && a.max.distance(b.max) < 0.01,
        "{back:?}"
    );
}

#[test]
fn there_and_back() {
    let square = rect(100.0, 100.0, 80.0, 40.0);
    for through in [ShapeKind::RotatedBox, ShapeKind::Polygon, ShapeKind::Mask] {
        check_round(&square, through);
    }
    let triangle = polygon(&[&[(10.0, 10.0), (90.0, 10.0), (10.0, 70.0)]]);
    check_round(&triangle, ShapeKind::Polyline);
    check_round(&triangle, ShapeKind::Path);
    let leaning = Shape::RotatedBox(RotatedBox {
        center: p(300.0, 300.0),
        size: Vec2::new(100.0, 30.0),
        angle: 0.4,
    });
    check_round(&leaning, ShapeKind::Polygon);
    check_round(&mask(&[(3, 3, 40, 20), (3, 23, 10, 5)]), ShapeKind::Polygon);
    let line = Shape::Polyline(vec![p(1.0, 1.0), p(5.0, 9.0)]);
    check_round(&line, ShapeKind::Arrow);
    check_round(&line, ShapeKind::Path);
}

#[test]
fn areas_are_kept_within_pixels() {
    let ellipse = Shape::Ellipse(Ellipse {
        center: p(400.0, 300.0),
        radii: Vec2::new(120.0, 60.0),
        angle: 0.7,
    });
    for kind in [ShapeKind::Polygon, ShapeKind::Mask] {
        let (shape, notes) = converted(&ellipse, kind);
        assert_eq!(notes, []);
        near(shape.area(), ellipse.area(), 0.005 * ellipse.area());
        let (back, notes) = converted(&shape, ShapeKind::Ellipse);
        assert_eq!(notes, [], "an ellipse is found again");
        near(back.area(), ellipse.area(), 0.005 * ellipse.area());
    }
}

fn check_loss(shape: &Shape, kind: ShapeKind, loss: Loss) {
    assert_eq!(
        converted(shape, kind).1,
        [Note::Lost(loss, 1)],
        "{shape:?} to {kind:?}"
    );
}

#[test]
fn what_is_lost_is_said() {
    let square = rect(100.0, 100.0, 80.0, 40.0);
    let triangle = polygon(&[&[(10.0, 10.0), (90.0, 10.0), (10.0, 70.0)]]);
    check_loss(&square, ShapeKind::Ellipse, Loss::Area);
    check_loss(&square, ShapeKind::Point, Loss::Extent);
    check_loss(&triangle, ShapeKind::Box, Loss::Area);
    check_loss(&triangle, ShapeKind::Ellipse, Loss::Outline);
    let holed = polygon(&[
        &[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)],
        &[(20.0, 20.0), (40.0, 20.0), (40.0, 40.0)],
    ]);
    check_loss(&holed, ShapeKind::Polyline, Loss::Rings);
    let line = Shape::Path(vec![p(1.0, 1.0), p(5.0, 9.0), p(50.0, 9.0)]);
    check_loss(&line, ShapeKind::Arrow, Loss::Bends);
    let faces = (square_at(100.0), square_at(120.0));
    let cuboid = Shape::Cuboid(Box::new(Cuboid::from_faces(faces.0, faces.1)));
    check_loss(&cuboid, ShapeKind::Polygon, Loss::Depth);
    let text = Shape::Text(Box::new(TextBox {
        rect: square_at(10.0),
        text: "words".to_owned(),
        size: 12.0,
        bold: false,
        align: Align::Left,
    }));
    check_loss(&text, ShapeKind::Box, Loss::Text);
}

fn square_at(at: f64) -> visionflow_geometry::Rect {
    square(at, at, 50.0, 50.0)
}

#[test]
fn what_has_no_meaning_is_refused() {
    let arrow = Shape::Arrow(Arrow {
        from: p(0.0, 0.0),
        to: p(9.0, 9.0),
    });
    let mut bench = Bench::new(&[
        arrow,
        Shape::Tag,
        rect(0.0, 0.0, 9.0, 9.0),
        rect(0.2, 0.2, 0.2, 0.2),
    ]);
    for (n, from, to) in [
        (1, ShapeKind::Arrow, ShapeKind::Box),
        (2, ShapeKind::Tag, ShapeKind::Box),
        (3, ShapeKind::Box, ShapeKind::Skeleton),
        (3, ShapeKind::Box, ShapeKind::Arrow),
    ] {
        let error = bench.refused(&[n], &Command::Convert(to));
        assert_eq!(error, CommandError::Conversion { from, to });
    }
    let mask = Command::Convert(ShapeKind::Mask);
    assert_eq!(bench.refused(&[4], &mask), CommandError::NothingLeft);
    let plan = bench.run(&[1, 3], &mask);
    assert_eq!(plan.notes, [Note::Unsuited(1)]);
    assert_eq!(
        bench
            .refused(&[1], &Command::Convert(ShapeKind::Box))
            .to_string(),
        "an arrow cannot become a box"
    );
}
