//! Picking: rules in small cases, and the index against a search through everything.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn check(annotations: &[Annotation], (x, y): (f64, f64), expected: Option<u128>) {
    let scene = loaded(annotations);
    assert_eq!(scene.pick(Point::new(x, y), 2.0), expected.map(id));
}

#[test]
fn fill_and_outline_are_hit_and_the_rest_is_not() {
    let one = [boxed(1, 10.0, 10.0, 100.0, 100.0)];
    check(&one, (50.0, 50.0), Some(1));
    check(&one, (8.5, 50.0), Some(1));
    check(&one, (7.0, 50.0), None);
    check(&[], (0.0, 0.0), None);
}

#[test]
fn inside_overlapping_fills_the_smaller_area_wins() {
    let big_on_top = [
        boxed(1, 40.0, 40.0, 30.0, 30.0),
        boxed(2, 0.0, 0.0, 100.0, 100.0),
    ];
    check(&big_on_top, (55.0, 55.0), Some(1));
    check(&big_on_top, (20.0, 20.0), Some(2));
}

#[test]
fn an_outline_wins_over_a_fill() {
    let small_in_big = [
        boxed(1, 0.0, 0.0, 100.0, 100.0),
        boxed(2, 90.0, 40.0, 30.0, 30.0),
    ];
    check(&small_in_big, (100.5, 55.0), Some(1));
}

#[test]
fn of_equals_the_topmost_wins_by_z_then_id() {
    let mut pair = [
        boxed(1, 0.0, 0.0, 50.0, 50.0),
        boxed(2, 0.0, 0.0, 50.0, 50.0),
    ];
    check(&pair, (25.0, 25.0), Some(2));
    check(&pair, (0.0, 25.0), Some(2));
    pair[0].z = 1.0;
    check(&pair, (25.0, 25.0), Some(1));
}

#[test]
fn a_hole_is_not_the_polygon() {
    let ring = |r: Rect| r.corners().to_vec();
    let polygon = Polygon {
        rings: vec![
            ring(rect(0.0, 0.0, 100.0, 100.0)),
            ring(rect(30.0, 30.0, 40.0, 40.0)),
        ],
    };
    let one = [annotation(1, Shape::Polygon(polygon))];
    check(&one, (15.0, 15.0), Some(1));
    check(&one, (50.0, 50.0), None);
    check(&one, (31.0, 50.0), Some(1));
}

#[test]
fn tags_and_hidden_annotations_are_not_there() {
    check(&[annotation(1, Shape::Tag)], (0.0, 0.0), None);
    let mut scene = loaded(&[boxed(1, 0.0, 0.0, 9.0, 9.0)]);
    scene.set_hidden(&[id(1)]);
    assert_eq!(scene.pick(Point::new(4.0, 4.0), 2.0), None);
    assert_eq!(scene.in_rect(rect(0.0, 0.0, 5.0, 5.0)), []);
    scene.set_hidden(&[]);
    assert_eq!(scene.pick(Point::new(4.0, 4.0), 2.0), Some(id(1)));
}

#[test]
fn a_marquee_takes_what_it_touches_bottom_first() {
    let scene = loaded(&[
        boxed(3, 0.0, 0.0, 10.0, 10.0),
        boxed(1, 5.0, 5.0, 10.0, 10.0),
        triangle(2, (0.0, 100.0), (100.0, 0.0), (100.0, 100.0)),
    ]);
    assert_eq!(scene.in_rect(rect(6.0, 6.0, 2.0, 2.0)), [id(1), id(3)]);
    // Inside the triangle's bounds, outside the triangle.
    assert_eq!(scene.in_rect(rect(20.0, 20.0, 5.0, 5.0)), []);
    assert_eq!(scene.in_rect(rect(80.0, 80.0, 5.0, 5.0)), [id(2)]);
}

#[test]
fn picking_follows_moves_and_removals() {
    let mut scene = loaded(&grid(100));
    scene.upsert(&boxed(5, 5000.0, 5000.0, 8.0, 8.0));
    assert_eq!(scene.pick(Point::new(54.0, 4.0), 1.0), None);
    assert_eq!(scene.pick(Point::new(5004.0, 5004.0), 1.0), Some(id(5)));
    scene.remove(id(5));
    assert_eq!(scene.pick(Point::new(5004.0, 5004.0), 1.0), None);
}

#[test]
fn one_of_a_hundred_thousand_is_found_at_once() {
    let scene = loaded(&grid(100_000));
    let mut least = Duration::MAX;
    for n in 0..100_u128 {
        let at = Point::new((n * 10 + 4) as f64, 504.0);
        let started = Instant::now();
        assert_eq!(scene.pick(at, 3.0), Some(id(50_000 + n)));
        least = least.min(started.elapsed());
    }
    // A search through all of them takes longer than this, even optimised; the least is what a busy
    // machine cannot spoil.
    assert!(least < Duration::from_micros(500), "{least:?}");
}

fn any_shape() -> impl Strategy<Value = Shape> {
    let number = || (0..400_i32).prop_map(f64::from);
    let point = move || (number(), number());
    let boxes = (point(), 1..80_i32, 1..80_i32)
        .prop_map(|((x, y), w, h)| Shape::Box(rect(x, y, f64::from(w), f64::from(h))));
    let polygons = prop::collection::vec(point(), 3..8).prop_map(|points| {
        let ring = points.into_iter().map(|(x, y)| Point::new(x, y)).collect();
        Shape::Polygon(Polygon::from_ring(ring))
    });
    prop_oneof![3 => boxes, 1 => polygons, 1 => Just(Shape::Tag)]
}

/// The rule of `Scene::pick`, read off its words.
fn searched(annotations: &[Annotation], p: Point, tolerance: f64) -> Option<AnnotationId> {
    let outline = |shape: &Shape| match shape {
        Shape::Box(rect) => Polygon::from_ring(rect.corners().to_vec()).distance_to_outline(p),
        Shape::Polygon(polygon) => polygon.distance_to_outline(p),
        _ => f64::INFINITY,
    };
    let inside = |shape: &Shape| match shape {
        Shape::Box(rect) => rect.contains(p),
        Shape::Polygon(polygon) => polygon.contains(p),
        _ => false,
    };
    let area = |shape: &Shape| match shape {
        Shape::Box(rect) => rect.area(),
        Shape::Polygon(polygon) => polygon.area(),
        _ => 0.0,
    };
    let on_outline = annotations
        .iter()
        .filter(|a| outline(&a.shape) <= tolerance)
        .max_by_key(|a| a.id);
    let in_fill = annotations
        .iter()
        .filter(|a| inside(&a.shape))
        .max_by(|a, b| {
            area(&b.shape)
                .total_cmp(&area(&a.shape))
                .then(a.id.cmp(&b.id))
        });
    on_outline.or(in_fill).map(|a| a.id)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_index_finds_what_a_search_finds(
        before in prop::collection::vec(any_shape(), 0..40),
        after in prop::collection::vec((0..40_usize, any_shape()), 0..20),
        removed in prop::collection::vec(0..40_usize, 0..10),
        points in prop::collection::vec((0..400_i32, 0..400_i32), 20),
        tolerance in 0..8_i32,
    ) {
        let mut all: Vec<_> = before
            .into_iter()
            .zip(0..)
            .map(|(shape, n)| annotation(n, shape))
            .collect();
        let mut scene = loaded(&all);
        for (at, shape) in after {
            let changed = annotation(at as u128, shape);
            scene.upsert(&changed);
            match all.iter_mut().find(|a| a.id == changed.id) {
                Some(known) => *known = changed,
                None => all.push(changed),
            }
        }
        for at in removed {
            scene.remove(id(at as u128));
            all.retain(|a| a.id != id(at as u128));
        }
        for (x, y) in points {
            let p = Point::new(f64::from(x) + 0.25, f64::from(y) + 0.25);
            let tolerance = f64::from(tolerance);
            prop_assert_eq!(scene.pick(p, tolerance), searched(&all, p, tolerance));
        }
    }
}
