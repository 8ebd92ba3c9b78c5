//! What a frame costs follows what is in view and what changed, not what there is.
//!
//! Counted in entries visited and bytes uploaded: time depends on the machine.

use super::*;
use visionflow_geometry::{Mask, Span};

/// A grid in which the same boxes are in view, however many there are around them.
fn wide_grid(count: u128) -> Scene {
    let side = (count as f64).sqrt() as u128;
    let boxes: Vec<_> = (0..side * side)
        .map(|n| {
            boxed(
                n,
                (n % side * 40) as f64,
                (n / side * 40) as f64,
                30.0,
                30.0,
            )
        })
        .collect();
    loaded(&boxes)
}

fn near() -> Camera {
    Camera::default().centered_on(Point::new(2000.0, 2000.0), VIEWPORT.css())
}

/// What one action costs: visited and uploaded with the frame after it.
fn cost(scene: &mut Scene, camera: &Camera) -> (usize, usize) {
    let bytes = drawn(scene, camera).upload_bytes();
    (scene.visited(), bytes)
}

/// The costs of a first frame, a still one, a small pan, a far pan, an edit and a hover.
fn costs(count: u128) -> Vec<(usize, usize)> {
    let mut scene = wide_grid(count);
    let mut camera = near();
    let mut costs = vec![cost(&mut scene, &camera), cost(&mut scene, &camera)];
    camera.pan(Vec2::new(30.0, 10.0));
    costs.push(cost(&mut scene, &camera));
    camera.pan(Vec2::new(900.0, 700.0));
    costs.push(cost(&mut scene, &camera));
    scene.upsert(&boxed(50, 2000.0, 5.0, 20.0, 20.0));
    costs.push(cost(&mut scene, &camera));
    scene.set_hover(Some(id(50)));
    costs.push(cost(&mut scene, &camera));
    costs
}

#[test]
fn the_cost_of_a_frame_does_not_grow_with_the_scene() {
    let small = costs(10_000);
    assert_eq!((small[1], small[2]), ((0, 0), (0, 0)));
    for count in [40_000, 160_000] {
        for (few, many) in small.iter().zip(costs(count)) {
            let grows = |few: usize, many: usize| many as f64 > few as f64 * 1.5 + 64.0;
            assert!(!grows(few.0, many.0), "visited {} of {count}", many.0);
            assert!(!grows(few.1, many.1), "uploaded {} of {count}", many.1);
        }
    }
}

#[test]
fn an_edit_in_view_costs_its_texels() {
    let mut scene = wide_grid(100_000);
    let camera = near();
    drawn(&mut scene, &camera);
    let in_view = scene.pick(Point::new(2010.0, 2010.0), 1.0).expect("a box");
    scene.upsert(&annotation(
        in_view.0.as_u128(),
        Shape::Box(rect(2005.0, 2005.0, 20.0, 20.0)),
    ));
    assert_eq!(cost(&mut scene, &camera), (1, 32));
    // Out of view it costs nothing on the GPU at all.
    scene.upsert(&boxed(1, 9000.0, 9000.0, 20.0, 20.0));
    assert_eq!(cost(&mut scene, &camera), (1, 0));
}

#[test]
fn what_cannot_be_told_apart_is_drawn_once() {
    let mut scene = wide_grid(90_000);
    let camera = Camera::new(1.0 / 256.0, Vec2::default());
    let listed = drawn(&mut scene, &camera).shapes.order.len();
    assert!(listed < 20_000, "{listed}");
    // Closer, every one of them is there again.
    let close = Camera::fit(rect(0.0, 0.0, 12_000.0, 12_000.0), VAST.css(), 0.0);
    let list = scene.draw_list(&close, VAST);
    assert_eq!(list.shapes.order.len(), 90_000);
    // And what is changed while it is one of many shows by itself.
    drawn(&mut scene, &camera);
    scene.upsert(&boxed(5, 20_000.0, 3000.0, 900.0, 900.0));
    let list = drawn(&mut scene, &camera);
    let (order, primitives) = (&list.shapes.order, list.shapes.primitives.entries());
    let is_it = |&&i: &&u32| (primitives[i as usize].a[2] - primitives[i as usize].a[0]) == 900.0;
    assert_eq!(order.entries().iter().filter(is_it).count(), 1);
}

#[test]
fn who_stood_for_others_leaves_them_to_be_seen() {
    check_stand_ins(wide_grid(40_000));
    let point = |n: u128| {
        let at = Point::new((n % 200 * 40) as f64, (n / 200 * 40) as f64);
        annotation(n, Shape::Point(at))
    };
    check_stand_ins(loaded(&(0..40_000).map(point).collect::<Vec<_>>()));
}

fn check_stand_ins(mut scene: Scene) {
    let camera = Camera::new(1.0 / 256.0, Vec2::default());
    drawn(&mut scene, &camera);
    let mut elsewhere = camera;
    elsewhere.pan(Vec2::new(-5_000.0, 0.0));
    for chunk in (0..40_000).collect::<Vec<_>>().chunks(400).step_by(5) {
        let hidden: Vec<_> = chunk.iter().map(|n| id(*n)).collect();
        scene.set_hidden(&hidden);
        let at_once = drawn(&mut scene, &camera).shapes.order.len();
        drawn(&mut scene, &elsewhere);
        assert_eq!(drawn(&mut scene, &camera).shapes.order.len(), at_once);
    }
    scene.set_hidden(&[]);
    for n in (0..40_000).step_by(90) {
        scene.remove(id(n));
    }
    let at_once = drawn(&mut scene, &camera).shapes.order.len();
    drawn(&mut scene, &elsewhere);
    assert_eq!(drawn(&mut scene, &camera).shapes.order.len(), at_once);
}

#[test]
fn polygons_of_twenty_corners_take_one_primitive_each() {
    let star = |n: u128| {
        let corner = |k: u32| {
            let angle = f64::from(k) * std::f64::consts::TAU / 20.0;
            let radius = if k.is_multiple_of(2) { 18.0 } else { 11.0 };
            let center = ((n % 100 * 40) as f64, (n / 100 * 40) as f64);
            Point::new(
                center.0 + radius * angle.cos(),
                center.1 + radius * angle.sin(),
            )
        };
        let ring = (0..20).map(corner).collect();
        annotation(n, Shape::Polygon(Polygon::from_ring(ring)))
    };
    let mut scene = loaded(&(0..10_000).map(star).collect::<Vec<_>>());
    let list = scene.draw_list(
        &Camera::fit(rect(0.0, 0.0, 4000.0, 4000.0), VAST.css(), 0.0),
        VAST,
    );
    assert_eq!(list.shapes.order.len(), 10_000);
    assert!(list.shapes.primitives.len() <= 80_000);
}

#[test]
fn a_filter_costs_what_it_changes() {
    let mut scene = wide_grid(100_000);
    let camera = near();
    drawn(&mut scene, &camera);
    let half = (0..100_000).step_by(2).map(id).collect();
    scene.set_filter(Some(half));
    let list = drawn(&mut scene, &camera);
    let shown = list.shapes.order.len();
    assert_eq!(cost(&mut scene, &camera), (0, 0));
    scene.set_filter(None);
    let all = drawn(&mut scene, &camera).shapes.order.len();
    assert!(shown * 2 <= all + 100 && shown > 0, "{shown} of {all}");
    let some = scene.pick(Point::new(2010.0, 2010.0), 1.0).expect("a box");
    scene.set_filter(Some([some].into()));
    assert_eq!(scene.pick(Point::new(2010.0, 2010.0), 1.0), None);
    assert_eq!(drawn(&mut scene, &camera).shapes.order.len(), all - 1);
    assert!(scene.visited() < all + 8);
}

#[test]
fn a_mask_has_only_the_tiles_around_the_view() {
    // A dot in every one of 2,500 tiles, each at a place of its own.
    let mut mask = Mask::default();
    for n in 0..2500 {
        let start = n % 50 * 256 + n % 200;
        mask.insert(Span {
            y: n / 50 * 256 + n / 100,
            start,
            end: start + 1,
        });
    }
    let mut scene = loaded(&[annotation(1, Shape::Mask(mask))]);
    let mut camera = Camera::default().centered_on(Point::new(1000.0, 1000.0), VIEWPORT.css());
    // Eight by six tiles around three by two in view.
    for _ in 0..12 {
        let list = drawn(&mut scene, &camera);
        assert!(
            list.masks.changed.len() <= 64,
            "{}",
            list.masks.changed.len()
        );
        let shown = list.shapes.order.len();
        assert!((12..=64).contains(&shown), "{shown}");
        let view = camera.visible(VIEWPORT);
        let primitives = list.shapes.primitives.entries();
        let covers = |p: Point| {
            let a = |&i: &u32| primitives[i as usize].a.map(f64::from);
            let has =
                |[x0, y0, x1, y1]: [f64; 4]| (x0..=x1).contains(&p.x) && (y0..=y1).contains(&p.y);
            list.shapes.order.entries().iter().map(a).any(has)
        };
        assert!(covers(view.min) && covers(view.max) && covers(view.center()));
        camera.pan(Vec2::new(-650.0, -350.0));
    }
    scene.remove(id(1));
    assert_eq!(drawn(&mut scene, &camera).shapes.order.len(), 0);
}
