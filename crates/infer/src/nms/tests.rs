//! Overlaps against rasters, and what must hold of whatever is kept.

use super::*;
use proptest::prelude::*;
use visionflow_geometry::{Mask, Polygon, Rect, Vec2};

fn turned(x: f64, y: f64, width: f64, height: f64, angle: f64) -> RotatedBox {
    RotatedBox {
        center: Point::new(x, y),
        size: Vec2::new(width, height),
        angle,
    }
}

fn scored(class: usize, score: f32, area: RotatedBox) -> Scored {
    Scored { class, score, area }
}

#[test]
fn boxes_overlap_by_area() {
    let a = turned(5.0, 5.0, 10.0, 10.0, 0.0);
    assert!((overlap(a, turned(10.0, 5.0, 10.0, 10.0, 0.0)) - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!(overlap(a, turned(30.0, 5.0, 10.0, 10.0, 0.0)), 0.0);
    // An octagon: two equal squares, one turned by an eighth.
    let octagon = overlap(a, turned(5.0, 5.0, 10.0, 10.0, std::f64::consts::FRAC_PI_4));
    let both = 200.0 * (2_f64.sqrt() - 1.0);
    assert!((octagon - both / (200.0 - both)).abs() < 1e-9, "{octagon}");
    let flat = turned(5.0, 5.0, 0.0, 10.0, 0.0);
    assert_eq!(overlap(flat, flat), 0.0);
}

#[test]
fn the_best_of_each_class_stay() {
    let here = turned(5.0, 5.0, 10.0, 10.0, 0.0);
    let near = turned(6.0, 5.0, 10.0, 10.0, 0.0);
    let far = turned(50.0, 5.0, 10.0, 10.0, 0.0);
    let found = [
        scored(0, 0.5, here),
        scored(0, 0.9, near),
        scored(1, 0.4, here),
        scored(0, 0.3, far),
    ];
    assert_eq!(suppress(&found, 0.5, 10), [1, 2, 3]);
    assert_eq!(suppress(&found, 0.95, 10), [1, 0, 2, 3]);
    assert_eq!(suppress(&found, 0.5, 2), [1, 2]);
    assert!(suppress(&[], 0.5, 2).is_empty());
}

fn boxes() -> impl Strategy<Value = RotatedBox> {
    let side = 4.0..40.0;
    (20.0..80.0, 20.0..80.0, side.clone(), side, -4.0..4.0_f64)
        .prop_map(|(x, y, width, height, angle)| turned(x, y, width, height, angle))
}

fn area_on_a_grid(a: RotatedBox, b: RotatedBox) -> f64 {
    let raster = |turned: RotatedBox| {
        let ring = turned.corners().map(|p| Point::new(p.x * 8.0, p.y * 8.0));
        let clip = Rect::from_corners(Point::new(-400.0, -400.0), Point::new(1200.0, 1200.0));
        Mask::from_polygon(&Polygon::from_ring(ring.to_vec()), clip)
    };
    raster(a).intersect(&raster(b)).area() as f64 / 64.0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn intersections_are_those_of_rasters(a in boxes(), b in boxes()) {
        let both = intersection(a, b);
        prop_assert!((both - area_on_a_grid(a, b)).abs() < 12.0, "{both}");
        prop_assert!((both - intersection(b, a)).abs() < 1e-6);
        prop_assert!(overlap(a, a) > 1.0 - 1e-9);
    }

    #[test]
    fn nothing_kept_is_a_double_and_nothing_dropped_is_new(
        areas in prop::collection::vec((boxes(), 0..3_usize, 0.0..1.0_f32), 0..40),
        iou in 0.1..0.9_f32,
        limit in 1..30_usize,
    ) {
        let found: Vec<Scored> = areas.iter().map(|(area, class, score)| scored(*class, *score, *area)).collect();
        let kept = suppress(&found, iou, limit);
        prop_assert!(kept.len() <= limit);
        let double = |a: usize, b: usize| {
            found[a].class == found[b].class && overlap(found[a].area, found[b].area) > f64::from(iou)
        };
        for (at, a) in kept.iter().enumerate() {
            for b in &kept[..at] {
                prop_assert!(!double(*a, *b) && found[*b].score >= found[*a].score);
            }
        }
        let whole = kept.len() < limit;
        for dropped in (0..found.len()).filter(|index| whole && !kept.contains(index)) {
            let better = |other: &usize| found[*other].score >= found[dropped].score && double(*other, dropped);
            prop_assert!(kept.iter().any(better));
        }
    }
}
