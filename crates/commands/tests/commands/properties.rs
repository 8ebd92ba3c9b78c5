//! On random shapes: ids and areas are kept as they should be.

use crate::bench::*;
use proptest::prelude::*;
use std::f64::consts::PI;
use visionflow_commands::{
    Clipboard, Command, Destination, Placement, converted, mirrored, paste, turned,
};
use visionflow_geometry::{Ellipse, Polygon, RotatedBox, Vec2};
use visionflow_model::{Arrow, Color, Label, Ontology, Shape, ShapeKind};

/// A coordinate on a grid of quarters.
fn coordinate(low: i32, high: i32) -> impl Strategy<Value = f64> {
    (low * 4..high * 4).prop_map(|n| f64::from(n) / 4.0)
}

/// A star around a middle: simple, whatever its radii.
pub fn star() -> impl Strategy<Value = Polygon> {
    let radii = proptest::collection::vec(5.0..100.0_f64, 3..20);
    (radii, coordinate(150, 800), coordinate(150, 600)).prop_map(|(radii, x, y)| {
        let step = 2.0 * PI / radii.len() as f64;
        let place = |(n, radius): (usize, &f64)| {
            let angle = step * n as f64;
            let q = |v: f64| (v * 256.0).round() / 256.0;
            p(q(x + radius * angle.cos()), q(y + radius * angle.sin()))
        };
        Polygon::from_ring(radii.iter().enumerate().map(place).collect())
    })
}

pub fn areas() -> impl Strategy<Value = Shape> {
    let at = || (coordinate(150, 800), coordinate(150, 600));
    let size = || (coordinate(4, 120), coordinate(4, 120));
    prop_oneof![
        (at(), size()).prop_map(|((x, y), (w, h))| rect(x, y, w, h)),
        (at(), size(), -3.0..3.0_f64).prop_map(|((x, y), (w, h), angle)| {
            Shape::RotatedBox(RotatedBox {
                center: p(x, y),
                size: Vec2::new(w, h),
                angle,
            })
        }),
        (at(), size(), -3.0..3.0_f64).prop_map(|((x, y), (w, h), angle)| {
            Shape::Ellipse(Ellipse {
                center: p(x, y),
                radii: Vec2::new(w, h),
                angle,
            })
        }),
        star().prop_map(Shape::Polygon),
        (150..700_i32, 150..500_i32, 1..60_i32, 1..60_i32)
            .prop_map(|(x, y, w, h)| { mask(&[(x, y, w, h), (x + w / 2, y + h / 2, w, h)]) }),
    ]
}

pub fn shapes() -> impl Strategy<Value = Shape> {
    let at = || (coordinate(0, 1000), coordinate(0, 800)).prop_map(|(x, y)| p(x, y));
    prop_oneof![
        4 => areas(),
        1 => at().prop_map(Shape::Point),
        1 => proptest::collection::vec(at(), 2..9).prop_map(Shape::Polyline),
        1 => proptest::collection::vec(at(), 2..9).prop_map(Shape::Path),
        1 => (at(), at()).prop_filter_map("an arrow has a length", |(from, to)| {
            (from != to).then_some(Shape::Arrow(Arrow { from, to }))
        }),
        1 => Just(Shape::Tag),
    ]
}

fn perimeter(polygon: &Polygon) -> f64 {
    polygon.edges().map(|(a, b)| a.distance(b)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn turning_and_mirroring_keep_the_area(shape in areas(), angle in -7.0..7.0_f64) {
        let pivot = shape.bounds().unwrap().center();
        let tolerance = match &shape {
            Shape::Mask(mask) => perimeter(&mask.to_polygon()),
            _ => 1e-6 * shape.area(),
        };
        near(turned(&shape, pivot, angle).area(), shape.area(), tolerance);
        near(mirrored(&shape, pivot, true).area(), shape.area(), 1e-6 * shape.area());
        let twice = mirrored(&mirrored(&shape, pivot, false), pivot, false);
        near(twice.area(), shape.area(), 1e-6 * shape.area());
    }

    #[test]
    fn polygons_and_masks_cover_the_same_within_their_outline(shape in areas()) {
        for kind in [ShapeKind::Polygon, ShapeKind::Mask] {
            if shape.kind() == kind {
                continue;
            }
            let Ok((other, loss)) = converted(&shape, kind, IMAGE) else { continue };
            prop_assert_eq!(loss, None);
            let outline = match &other {
                Shape::Polygon(polygon) => perimeter(polygon),
                Shape::Mask(mask) => perimeter(&mask.to_polygon()),
                other => panic!("{other:?}"),
            };
            near(other.area(), shape.area(), outline / 2.0 + 1.0);
        }
    }

    #[test]
    fn joining_counts_what_is_shared_once(a in star(), b in star()) {
        let shared: f64 = a.intersection(&b).iter().map(Polygon::area).sum();
        let (of_a, of_b) = (a.area(), b.area());
        let both = [Shape::Polygon(a), Shape::Polygon(b)];
        let area = |command: &Command| {
            let mut bench = Bench::new(&both);
            let plan = bench.plan(&[1, 2], command).ok()?;
            bench.make(&plan);
            assert_eq!(plan.selection, ids(&[1]));
            Some(bench.shape(1).area())
        };
        near(area(&Command::Join).unwrap(), of_a + of_b - shared, 1.0);
        near(area(&Command::Subtract).unwrap_or(0.0), of_a - shared, 1.0);
        near(area(&Command::Intersect).unwrap_or(0.0), shared, 1.0);
    }

    #[test]
    fn what_is_joined_of_parts_splits_into_them_again(shapes in proptest::collection::vec(star(), 2..5)) {
        let shapes: Vec<_> = shapes.into_iter().map(Shape::Polygon).collect();
        let numbers: Vec<u128> = (1..=shapes.len() as u128).collect();
        let mut bench = Bench::new(&shapes);
        bench.run(&numbers, &Command::Join);
        let joined = bench.shape(1).area();
        if let Ok(plan) = bench.plan(&[1], &Command::SplitParts) {
            bench.make(&plan);
            let parts = plan.selection.iter().map(|id| bench.document.get(*id).unwrap());
            near(parts.map(|a| a.shape.area()).sum(), joined, 1.0);
        }
    }

    #[test]
    fn pasting_keeps_areas_and_makes_ids(
        shapes in proptest::collection::vec(shapes(), 1..6),
        width in 400..3000_u32,
        height in 400..3000_u32,
    ) {
        let labels = vec![Label::new(label(0), "a", Color::new(0, 0, 0))];
        let ontology = Ontology { labels, ..Ontology::default() };
        let numbers: Vec<u128> = (1..=shapes.len() as u128).collect();
        let bench = Bench::new(&shapes);
        let clipboard = Clipboard::copy(&ids(&numbers), &bench.document, IMAGE, &ontology).unwrap();
        let mut elsewhere = Bench::new(&[]);
        elsewhere.image = visionflow_geometry::Rect::from_size(f64::from(width), f64::from(height));
        elsewhere.ontology = ontology;
        let destination = Destination {
            label: None,
            placement: Placement::Beside,
        };
        let plan = elsewhere
            .with_workplace(|workplace| paste(&clipboard, &destination, workplace))
            .unwrap();
        elsewhere.make(&plan);
        prop_assert_eq!(plan.selection.len(), shapes.len());
        prop_assert!(plan.selection.iter().all(|id| *id > crate::bench::id(1000)));
        let image = elsewhere.image.inflated(1e-6);
        for (id, shape) in plan.selection.iter().zip(&shapes) {
            let pasted = &elsewhere.document.get(*id).unwrap().shape;
            prop_assert_eq!(pasted.kind(), shape.kind());
            if plan.notes.is_empty() {
                near(pasted.area(), shape.area(), 1e-6 * shape.area().max(1.0));
            }
            let was_inside = shape.bounds().is_none_or(|b| IMAGE.contains(b.min) && IMAGE.contains(b.max));
            if let Some(bounds) = pasted.bounds() {
                prop_assert!(
                    !was_inside || (image.contains(bounds.min) && image.contains(bounds.max)),
                    "{:?} outside {:?}", bounds, image
                );
            }
        }
    }
}
