//! Masks to polygons on random blobs with holes, held against the mask itself.

use proptest::prelude::*;
use visionflow_geometry::{Mask, Point, Polygon, Rect};
use visionflow_infer::{Frame, Logits, MASK_SIDE, Outline, SIDE};

const SPACING: f64 = (SIDE / MASK_SIDE) as f64;

/// A bump or, with a negative height, a dent: centre and radius in the decoder's values.
#[derive(Clone, Copy, Debug)]
struct Blob {
    x: f64,
    y: f64,
    radius: f64,
    height: f64,
}

fn blob() -> impl Strategy<Value = Blob> {
    let side = MASK_SIDE as f64;
    (0.0..side, 0.0..side, 3.0..60.0, -8.0..12.0).prop_map(|(x, y, radius, height)| Blob {
        x,
        y,
        radius,
        height,
    })
}

fn logits(blobs: &[Blob]) -> Logits {
    let values = (0..MASK_SIDE * MASK_SIDE).map(|i| {
        let (x, y) = ((i % MASK_SIDE) as f64, (i / MASK_SIDE) as f64);
        let sum: f64 = blobs
            .iter()
            .map(|blob| {
                let distance = (x - blob.x).hypot(y - blob.y) / blob.radius;
                blob.height * (-distance * distance).exp()
            })
            .sum();
        (sum - 2.0) as f32
    });
    Logits::new(values.collect()).expect("finite")
}

/// The logits between their samples, at a point of the photograph.
fn value_at(logits: &Logits, frame: &Frame, p: Point) -> f64 {
    let p = frame.to_model(p);
    let end = (MASK_SIDE - 1) as f64;
    let at = |v: f64| (v / SPACING - 0.5).clamp(0.0, end);
    let (x, y) = (at(p.x), at(p.y));
    let (left, top) = (
        (x as usize).min(MASK_SIDE - 2),
        (y as usize).min(MASK_SIDE - 2),
    );
    let (u, v) = (x - left as f64, y - top as f64);
    let value = |x: usize, y: usize| f64::from(logits.values()[y * MASK_SIDE + x]);
    let upper = value(left, top) * (1.0 - u) + value(left + 1, top) * u;
    let lower = value(left, top + 1) * (1.0 - u) + value(left + 1, top + 1) * u;
    upper * (1.0 - v) + lower * v
}

fn one(polygons: &[Polygon]) -> Polygon {
    let rings = polygons.iter().flat_map(|polygon| &polygon.rings).cloned();
    Polygon {
        rings: rings.collect(),
    }
}

/// Pixels of the photograph whose centre is inside.
fn raster(polygons: &[Polygon], frame: &Frame) -> Mask {
    let size = Point::new(f64::from(frame.width()), f64::from(frame.height()));
    Mask::from_polygon(&one(polygons), Rect::from_corners(Point::default(), size))
}

fn thresholded(logits: &Logits, frame: &Frame) -> Vec<(u32, u32)> {
    let all = (0..frame.height()).flat_map(|y| (0..frame.width()).map(move |x| (x, y)));
    let centre = |x: u32, y: u32| Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
    all.filter(|(x, y)| value_at(logits, frame, centre(*x, *y)) > 0.0)
        .collect()
}

fn signed_area(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| a.x * b.y - a.y * b.x)
        .sum::<f64>()
        / 2.0
}

/// Points along every edge, a fifth of a pixel apart at most.
fn samples(polygon: &Polygon) -> Vec<Point> {
    let edges = polygon.edges().flat_map(|(a, b)| {
        let steps = ((b - a).length() * 5.0).ceil().max(1.0) as usize;
        (0..steps).map(move |i| a + (b - a) * (i as f64 / steps as f64))
    });
    edges.collect()
}

fn check(blobs: &[Blob], width: u32, height: u32, tolerance: f64) -> Result<(), TestCaseError> {
    let (logits, frame) = (logits(blobs), Frame::new(width, height));
    let exact = Outline {
        tolerance: 0.0,
        min_area: 0.0,
    }
    .polygons(&logits, &frame);
    let simple = Outline {
        tolerance,
        min_area: 0.0,
    }
    .polygons(&logits, &frame);

    // What was traced is the mask.
    let inside = thresholded(&logits, &frame);
    let mask = raster(&exact, &frame);
    let both = inside
        .iter()
        .filter(|(x, y)| mask.contains(Point::new(f64::from(*x) + 0.5, f64::from(*y) + 0.5)))
        .count() as f64;
    let either = inside.len() as f64 + mask.area() as f64 - both;
    let outline: f64 = exact
        .iter()
        .flat_map(Polygon::edges)
        .map(|(a, b)| (b - a).length())
        .sum();
    // A pixel's centre may lie on either side of an outline that is straight between the samples.
    prop_assert!(
        either - both <= 2.0 + outline * 0.1,
        "{both} of {either}, {outline} around"
    );

    // No ring is lost, and each keeps its place.
    let shape = |polygons: &[Polygon]| -> Vec<usize> {
        let mut rings: Vec<usize> = polygons.iter().map(|p| p.rings.len()).collect();
        rings.sort_unstable();
        rings
    };
    prop_assert_eq!(shape(&simple), shape(&exact));
    let (all, traced) = (one(&simple), one(&exact));
    prop_assert!(!all.self_intersects());
    for polygon in &simple {
        let outer = Polygon::from_ring(polygon.rings[0].clone());
        prop_assert!(signed_area(&polygon.rings[0]) > 0.0);
        for hole in &polygon.rings[1..] {
            prop_assert!(signed_area(hole) < 0.0);
            prop_assert!(
                hole.iter()
                    .all(|p| outer.contains(*p) || outer.distance_to_outline(*p) < 1e-6)
            );
        }
    }
    for p in all.points() {
        let within =
            p.x >= 0.0 && p.y >= 0.0 && p.x <= f64::from(width) && p.y <= f64::from(height);
        prop_assert!(within, "{p:?}");
    }

    // The Hausdorff distance, from either side.
    let far = |from: &Polygon, to: &Polygon| {
        let distances = samples(from).into_iter().map(|p| to.distance_to_outline(p));
        distances.fold(0.0, f64::max)
    };
    if !all.rings.is_empty() {
        let apart = far(&traced, &all).max(far(&all, &traced));
        prop_assert!(apart <= tolerance + 1e-6, "{apart} at {tolerance}");
        prop_assert!(all.vertex_count() <= traced.vertex_count());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn polygons_are_the_mask(
        blobs in proptest::collection::vec(blob(), 1..9),
        (width, height) in (40..160_u32, 40..160_u32),
        tolerance in 0.1..3.0,
    ) {
        check(&blobs, width, height, tolerance)?;
    }
}

fn ring_blobs() -> Vec<Blob> {
    let at = |radius, height| Blob {
        x: 128.0,
        y: 128.0,
        radius,
        height,
    };
    vec![at(80.0, 12.0), at(40.0, -30.0), at(12.0, 60.0)]
}

#[test]
fn an_island_in_a_hole_is_a_part_of_its_own() {
    let frame = Frame::new(200, 200);
    let polygons = Outline {
        tolerance: 0.5,
        min_area: 4.0,
    }
    .polygons(&logits(&ring_blobs()), &frame);
    let rings: Vec<usize> = polygons.iter().map(|polygon| polygon.rings.len()).collect();
    assert_eq!(rings, [2, 1]);
    assert!(
        polygons.iter().all(|polygon| polygon.vertex_count() < 100),
        "{polygons:?}"
    );
}

#[test]
fn specks_and_pinholes_go_but_never_all() {
    let frame = Frame::new(200, 200);
    let polygons = Outline {
        tolerance: 0.5,
        min_area: 1e6,
    }
    .polygons(&logits(&ring_blobs()), &frame);
    let rings: Vec<usize> = polygons.iter().map(|polygon| polygon.rings.len()).collect();
    assert_eq!(rings, [1], "the largest part is all that stays");
    let nothing = [Blob {
        x: 0.0,
        y: 0.0,
        radius: 1.0,
        height: 0.0,
    }];
    assert!(
        Outline::of(&frame, 1.0)
            .polygons(&logits(&nothing), &frame)
            .is_empty()
    );
}

#[test]
fn a_mask_of_the_whole_photograph_is_its_rectangle() {
    let frame = Frame::new(300, 100);
    let all = [Blob {
        x: 128.0,
        y: 128.0,
        radius: 1e6,
        height: 9.0,
    }];
    let polygons = Outline {
        tolerance: 0.1,
        min_area: 0.0,
    }
    .polygons(&logits(&all), &frame);
    assert_eq!(polygons.len(), 1);
    assert!((polygons[0].area() - 30_000.0).abs() < 1e-6);
    assert_eq!(polygons[0].vertex_count(), 4, "{polygons:?}");
}
