//! Polygon operations on random input, held against the definition point by point, against the
//! identities of areas, and against the `geo` crate.

use geo::{Area, BooleanOps};
use proptest::prelude::*;
use std::slice::from_ref;
use visionflow_geometry::{Mask, Point, Polygon, Rect};

/// Rings as nobody would draw them: crossing themselves and each other, on a coarse grid, so that
/// edges overlap and vertices fall on edges.
fn wild() -> impl Strategy<Value = Polygon> {
    let point = (0..40_i32, 0..40_i32)
        .prop_map(|(x, y)| Point::new(f64::from(x) * 2.5, f64::from(y) * 2.5));
    let ring = proptest::collection::vec(point, 3..9);
    proptest::collection::vec(ring, 1..3).prop_map(|rings| Polygon { rings })
}

/// One ring that does not cross itself, at any angle.
fn star() -> impl Strategy<Value = Polygon> {
    let radii = proptest::collection::vec(5.0..50.0, 3..24);
    (radii, 20.0..80.0, 20.0..80.0).prop_map(|(radii, x, y)| {
        let n = radii.len() as f64;
        let ring = radii.iter().enumerate().map(|(i, radius)| {
            let angle = i as f64 / n * std::f64::consts::TAU;
            Point::new(x + radius * angle.cos(), y + radius * angle.sin())
        });
        Polygon::from_ring(ring.collect())
    })
}

fn area(parts: &[Polygon]) -> f64 {
    parts.iter().map(Polygon::area).sum()
}

fn covers(parts: &[Polygon], p: Point) -> bool {
    parts.iter().filter(|part| part.contains(p)).count() % 2 == 1
}

/// Points all over, none of them on the grid of [`wild`].
fn samples() -> impl Iterator<Item = Point> {
    let at = |i: u32| -3.0 + f64::from(i) * 3.713;
    (0..30).flat_map(move |y| (0..30).map(move |x| Point::new(at(x) + 0.0137, at(y) + 0.0291)))
}

/// Whether `result` covers what `expected` says, except within a hair of the operands' outlines.
fn check(
    result: &[Polygon],
    operands: &[&Polygon],
    expected: impl Fn(Point) -> bool,
) -> Result<(), TestCaseError> {
    for p in samples() {
        let clear = operands.iter().all(|o| o.distance_to_outline(p) > 1e-4);
        if clear {
            prop_assert_eq!(covers(result, p), expected(p), "at {:?}: {:?}", p, result);
        }
    }
    // Rings may touch each other at a point, as holes do that reach the outline.
    for ring in result.iter().flat_map(|part| &part.rings) {
        let ring = Polygon::from_ring(ring.clone());
        prop_assert!(!ring.self_intersects(), "{:?}", ring);
    }
    Ok(())
}

fn to_geo(parts: &[Polygon]) -> geo::MultiPolygon {
    let ring = |ring: &Vec<Point>| -> geo::LineString {
        ring.iter().map(|p| (p.x, p.y)).collect::<Vec<_>>().into()
    };
    let polygon = |part: &Polygon| {
        let holes = part.rings[1..].iter().map(ring).collect();
        geo::Polygon::new(ring(&part.rings[0]), holes)
    };
    geo::MultiPolygon(parts.iter().map(polygon).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn operations_cover_what_they_say(a in wild(), b in wild()) {
        let both = [&a, &b];
        check(&a.union(&b), &both, |p| a.contains(p) || b.contains(p))?;
        check(&a.difference(&b), &both, |p| a.contains(p) && !b.contains(p))?;
        check(&a.intersection(&b), &both, |p| a.contains(p) && b.contains(p))?;
        check(&a.xor(&b), &both, |p| a.contains(p) != b.contains(p))?;
        check(&a.repaired(), &[&a], |p| a.contains(p))?;
        check(&Polygon::union_all([&a, &b]), &both, |p| a.contains(p) || b.contains(p))?;
    }

    #[test]
    fn areas_add_up(a in wild(), b in wild()) {
        let (of_a, of_b) = (area(&a.repaired()), area(&b.repaired()));
        let (union, both) = (area(&a.union(&b)), area(&a.intersection(&b)));
        prop_assert!((of_a + of_b - union - both).abs() < 1e-3, "{of_a} {of_b} {union} {both}");
        prop_assert!((area(&a.difference(&b)) - (of_a - both)).abs() < 1e-3);
        prop_assert!((area(&a.xor(&b)) - (union - both)).abs() < 1e-3);
    }

    #[test]
    fn geo_agrees(a in star(), b in star()) {
        let (p, q) = (to_geo(from_ref(&a)), to_geo(from_ref(&b)));
        let close = |ours: &[Polygon], theirs: &geo::MultiPolygon| {
            (area(ours) - theirs.unsigned_area()).abs() < 1e-2
        };
        prop_assert!(close(&a.union(&b), &p.union(&q)));
        prop_assert!(close(&a.difference(&b), &p.difference(&q)));
        prop_assert!(close(&a.intersection(&b), &p.intersection(&q)));
        prop_assert!((a.area() - p.unsigned_area()).abs() < 1e-6);
    }

    #[test]
    fn slices_add_up_and_do_not_overlap(
        a in prop_oneof![wild(), star()],
        line in proptest::collection::vec((-20.0..120.0, -20.0..120.0), 2..6),
    ) {
        let line: Vec<Point> = line.iter().map(|(x, y)| Point::new(*x, *y)).collect();
        let parts = a.sliced(&line);
        prop_assert!((area(&parts) - area(&a.repaired())).abs() < 1e-3);
        check(&parts, &[&a, &Polygon::from_ring(line)], |p| a.contains(p))?;
        for (i, part) in parts.iter().enumerate() {
            for other in &parts[i + 1..] {
                prop_assert!(area(&part.intersection(other)) < 1e-3);
            }
        }
    }

    #[test]
    fn a_mask_of_a_polygon_is_its_pixels_and_comes_back(a in prop_oneof![wild(), star()]) {
        let clip = Rect::from_corners(Point::new(-50.0, -50.0), Point::new(200.0, 200.0));
        let mask = Mask::from_polygon(&a, clip);
        let outline: f64 = a.edges().map(|(p, q)| p.distance(q)).sum();
        let off = (mask.area() as f64 - area(&a.repaired())).abs();
        prop_assert!(off <= outline + 1.0, "{off} of {outline}");
        let polygon = mask.to_polygon();
        prop_assert_eq!(polygon.area(), mask.area() as f64);
        prop_assert_eq!(Mask::from_polygon(&polygon, clip), mask);
    }
}
