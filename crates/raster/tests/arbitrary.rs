//! No scene makes the painter panic, whatever a document admits.

#[path = "support/scenes.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod scenes;

use proptest::prelude::*;
use visionflow_geometry::{Cuboid, Ellipse, Mask, Point, Polygon, Rect, RotatedBox, Span, Vec2};
use visionflow_model::{Align, Arrow, MAX_COORDINATE, Shape, TextBox};
use visionflow_raster::{Backdrop, Output, Picture, Pin, RasterError, size_of, write};

/// Coordinates near, and as far as a document may hold them.
fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -50.0..400.0_f64,
        2 => -MAX_COORDINATE..MAX_COORDINATE,
        1 => Just(0.0),
        1 => any::<f64>(),
    ]
}

fn point() -> impl Strategy<Value = Point> {
    (coordinate(), coordinate()).prop_map(|(x, y)| Point::new(x, y))
}

fn rect() -> impl Strategy<Value = Rect> {
    (point(), point()).prop_map(|(a, b)| Rect::from_corners(a, b))
}

fn points() -> impl Strategy<Value = Vec<Point>> {
    prop::collection::vec(point(), 0..50)
}

fn mask() -> impl Strategy<Value = Shape> {
    let span = (-40..300_i32, -300..600_i32, 0..400_i32);
    prop::collection::vec(span, 0..20).prop_map(|rows| {
        Shape::Mask(Mask::from_spans(rows.into_iter().map(|(y, start, len)| {
            Span {
                y,
                start,
                end: start + len,
            }
        })))
    })
}

fn text() -> impl Strategy<Value = Shape> {
    (rect(), any::<String>(), coordinate(), any::<bool>()).prop_map(|(rect, text, size, bold)| {
        Shape::Text(Box::new(TextBox {
            rect,
            text,
            size,
            bold,
            align: Align::Center,
        }))
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let size = || (coordinate(), coordinate()).prop_map(|(x, y)| Vec2::new(x, y));
    prop_oneof![
        rect().prop_map(Shape::Box),
        (point(), size(), coordinate()).prop_map(|(center, size, angle)| Shape::RotatedBox(
            RotatedBox {
                center,
                size,
                angle
            }
        )),
        (point(), size(), coordinate()).prop_map(|(center, radii, angle)| Shape::Ellipse(
            Ellipse {
                center,
                radii,
                angle
            }
        )),
        prop::collection::vec(points(), 1..3).prop_map(|rings| Shape::Polygon(Polygon { rings })),
        points().prop_map(Shape::Polyline),
        points().prop_map(Shape::Path),
        point().prop_map(Shape::Point),
        (point(), point()).prop_map(|(from, to)| Shape::Arrow(Arrow { from, to })),
        (rect(), rect())
            .prop_map(|(front, back)| Shape::Cuboid(Box::new(Cuboid::from_faces(front, back)))),
        mask(),
        text(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn any_scene_is_drawn_or_refused(
        shapes in prop::collection::vec(shape(), 0..6),
        widths in prop::collection::vec(any::<f32>(), 6),
        scale in prop_oneof![0.02..1.5_f64, any::<f64>()],
        pin in point(),
    ) {
        let mut scene = scenes::scene();
        for ((shape, width), n) in shapes.into_iter().zip(widths).zip(1..) {
            let mut one = scenes::annotation(n, n % 3, shape);
            one.style.width = (n % 2 == 0).then_some(width);
            if one.shape.check().is_ok() {
                scene.upsert(&one);
            }
        }
        let pin = Pin {
            x: pin.x,
            y: pin.y,
            number: u32::MAX,
            color: visionflow_model::Color::new(1, 2, 3),
            resolved: false,
        };
        let Ok(size) = size_of(scenes::SIZE, scale) else {
            return Ok(());
        };
        let photo = Some(scenes::photograph());
        let picture = Picture::new(&mut scene, size, Backdrop::Image, photo, vec![pin]);
        let mut bytes = Vec::new();
        match write(picture, Output::Png, None, &mut bytes, |_| {}) {
            Ok(()) => prop_assert!(image::load_from_memory(&bytes).is_ok()),
            Err(error) => prop_assert!(matches!(error, RasterError::TooMuch), "{error}"),
        }
    }
}
