//! Golden images: small pictures of one thing each, drawn without a window.
//!
//! Native runs use Mesa's software Vulkan driver, so that they are the same everywhere.

#[path = "support/agreement.rs"]
mod agreement;
#[path = "support/compare.rs"]
mod compare;
#[path = "support/offscreen.rs"]
mod offscreen;

#[path = "cases/device.rs"]
mod device;
#[path = "cases/exports.rs"]
mod exports;
#[path = "cases/kinds.rs"]
mod kinds;
#[path = "cases/lines.rs"]
mod lines;
#[path = "cases/masks.rs"]
mod masks;
#[path = "cases/smart.rs"]
mod smart;
#[path = "cases/suggestions.rs"]
mod suggestions;

use agreement::check_agreement;
use compare::{check_golden, check_same};
use image::RgbaImage;
use offscreen::Offscreen;
use uuid::Uuid;
use visionflow_geometry::{Point, Polygon, Rect, Vec2};
use visionflow_model::{Annotation, AnnotationId, Color, Label, LabelId, Ontology, Preview, Shape};
use visionflow_scene::{Camera, Handle, HandleKind, PeerMark, Scene, Viewport};

const VIEWPORT: Viewport = Viewport {
    width: 160.0,
    height: 120.0,
    pixel_ratio: 1.0,
};

fn id(n: u128) -> AnnotationId {
    AnnotationId(Uuid::from_u128(n))
}

fn label(n: u128, name: &str, color: Color) -> Label {
    Label::new(LabelId(Uuid::from_u128(n)), name, color)
}

fn annotation(n: u128, label: u128, shape: Shape) -> Annotation {
    Annotation::new(id(n), LabelId(Uuid::from_u128(label)), shape)
}

fn rect(x: f64, y: f64, w: f64, h: f64) -> Rect {
    let min = Point::new(x, y);
    Rect::from_corners(min, min + Vec2::new(w, h))
}

fn boxed(n: u128, label: u128, x: f64, y: f64, w: f64, h: f64) -> Annotation {
    annotation(n, label, Shape::Box(rect(x, y, w, h)))
}

fn ring(points: &[(f64, f64)]) -> Vec<Point> {
    points.iter().map(|&(x, y)| Point::new(x, y)).collect()
}

/// A scene of the viewport's size with two labels.
fn scene() -> Scene {
    let mut scene = Scene::new();
    scene.set_image_size(Some((160, 120)));
    scene.set_ontology(&Ontology {
        labels: vec![
            label(1, "car", Color::new(239, 68, 68)),
            label(2, "tree", Color::new(34, 197, 94)),
        ],
        ..Ontology::default()
    });
    scene
}

fn four_boxes() -> Vec<Annotation> {
    vec![
        boxed(1, 1, 10.0, 10.0, 60.0, 40.0),
        boxed(2, 2, 90.0, 10.0, 60.0, 40.0),
        boxed(3, 1, 10.0, 70.0, 60.0, 40.0),
        boxed(4, 2, 60.5, 40.5, 50.0, 45.0),
    ]
}

/// An image with a gradient, a grid of one-pixel lines and a transparent corner.
fn photograph(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        if x < width / 4 && y < height / 4 {
            return image::Rgba([0, 0, 0, 0]);
        }
        if x % 16 == 0 || y % 16 == 0 {
            return image::Rgba([250, 250, 250, 255]);
        }
        let part = |v: u32, of: u32| (v * 255 / of) as u8;
        image::Rgba([part(x, width), part(y, height), 90, 255])
    })
}

fn with_photograph(size: u32) -> (Offscreen, Scene) {
    let mut offscreen = Offscreen::new();
    let picture = photograph(size, size);
    offscreen
        .renderer
        .set_image(size, size, picture.as_raw())
        .expect("the image fits");
    let mut scene = scene();
    scene.set_image_size(Some((size, size)));
    (offscreen, scene)
}

fn check(name: &str, scene: &mut Scene, camera: &Camera, viewport: Viewport) {
    scene.invalidate_gpu();
    let picture = Offscreen::new().draw(scene, camera, viewport);
    check_golden(name, &picture);
    if scene.lines().is_empty() {
        check_agreement(name, scene, camera, viewport, &picture);
    }
}

#[test]
fn boxes_in_every_state() {
    let mut scene = scene();
    scene.load(four_boxes().iter());
    scene.set_hover(Some(id(2)));
    scene.set_selection(&[id(3)]);
    scene.set_hidden(&[id(1)]);
    check("box_states", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn polygon_with_a_hole() {
    let mut scene = scene();
    let outer = [
        (20.0, 15.0),
        (140.0, 30.0),
        (120.0, 105.0),
        (75.0, 60.0),
        (30.0, 105.0),
    ];
    let hole = [(55.0, 35.0), (95.0, 35.0), (75.0, 55.0)];
    let polygon = Polygon {
        rings: vec![ring(&outer), ring(&hole)],
    };
    scene.upsert(&annotation(1, 2, Shape::Polygon(polygon)));
    check("polygon_hole", &mut scene, &Camera::default(), VIEWPORT);
    scene.set_selection(&[id(1)]);
    check("polygon_selected", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn boxes_and_polygons_interleave_by_z() {
    let mut scene = scene();
    let triangle = Polygon::from_ring(ring(&[(20.0, 100.0), (80.0, 10.0), (140.0, 100.0)]));
    let mut middle = annotation(1, 2, Shape::Polygon(triangle));
    middle.z = 1.0;
    let mut top = boxed(2, 1, 60.0, 50.0, 80.0, 30.0);
    top.z = 2.0;
    let bottom = boxed(3, 1, 20.0, 20.0, 80.0, 40.0);
    scene.load([top, middle, bottom].iter());
    scene.set_selection(&[id(1), id(2), id(3)]);
    check("z_order", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn image_minified_and_panned() {
    let (mut offscreen, mut scene) = with_photograph(512);
    let camera = Camera::new(0.2, Vec2::new(30.0, 10.0));
    let picture = offscreen.draw(&mut scene, &camera, VIEWPORT);
    check_golden("image_minified", &picture);
}

#[test]
fn image_magnified_shows_its_pixels() {
    let (mut offscreen, mut scene) = with_photograph(64);
    scene.upsert(&boxed(1, 1, 17.0, 17.0, 3.0, 2.0));
    let camera = Camera::new(20.0, Vec2::new(-300.0, -300.0));
    let picture = offscreen.draw(&mut scene, &camera, VIEWPORT);
    check_golden("image_magnified", &picture);
}

#[test]
fn tiles_join_without_a_seam() {
    // Wider than the device's textures: two tiles.
    let (width, height) = (2100, 40);
    let picture = photograph(width, height);
    let mut offscreen = Offscreen::new();
    assert!(offscreen.renderer.max_texture_size() < width);
    offscreen
        .renderer
        .set_image(width, height, picture.as_raw())
        .expect("the image fits");
    let mut scene = scene();
    scene.set_image_size(Some((width, height)));
    let camera = Camera::new(1.0, Vec2::new(-1968.0, 40.0));
    let drawn = offscreen.draw(&mut scene, &camera, VIEWPORT);
    for (x, y) in [(60, 5), (79, 20), (80, 20), (81, 33), (100, 7)] {
        let expected = picture.get_pixel(x + 1968, y);
        assert_eq!(drawn.get_pixel(x, y + 40), expected, "at {x}, {y}");
    }
}

#[test]
fn two_device_pixels_to_a_css_pixel() {
    let mut scene = scene();
    scene.load(four_boxes().iter());
    scene.set_selection(&[id(4)]);
    scene.set_handles(&[handle(60.5, 40.5, HandleKind::Square, false)]);
    let viewport = Viewport {
        pixel_ratio: 2.0,
        ..VIEWPORT
    };
    check("pixel_ratio_2", &mut scene, &Camera::default(), viewport);
}

fn handle(x: f64, y: f64, kind: HandleKind, active: bool) -> Handle {
    Handle {
        position: Point::new(x, y),
        kind,
        active,
    }
}

#[test]
fn handles_keep_their_size_at_any_zoom() {
    let mut scene = scene();
    scene.upsert(&boxed(1, 1, 2.0, 2.0, 12.0, 8.0));
    scene.set_selection(&[id(1)]);
    scene.set_handles(&[
        handle(2.0, 2.0, HandleKind::Square, false),
        handle(14.0, 2.0, HandleKind::Square, true),
        handle(14.0, 10.0, HandleKind::Circle, false),
        handle(2.0, 10.0, HandleKind::Circle, true),
        handle(8.0, 10.0, HandleKind::Dot, false),
    ]);
    let camera = Camera::new(10.0, Vec2::default());
    check("handles", &mut scene, &camera, VIEWPORT);
}

fn preview(annotation: Option<u128>, shape: Shape, closed: bool) -> Preview {
    Preview {
        annotation: annotation.map(id),
        label: Some(LabelId(Uuid::from_u128(1))),
        shape,
        closed,
    }
}

#[test]
fn own_gestures() {
    let mut scene = scene();
    scene.upsert(&boxed(1, 2, 10.0, 10.0, 30.0, 30.0));
    let line = ring(&[(70.0, 20.0), (140.0, 30.0), (120.0, 100.0), (80.0, 90.0)]);
    scene.set_preview(&[
        preview(Some(1), Shape::Box(rect(20.0, 50.0, 30.0, 30.0)), true),
        preview(None, Shape::Polygon(Polygon::from_ring(line)), false),
    ]);
    check("own_gestures", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn ghost_cursor_and_name_of_a_peer() {
    let mut scene = scene();
    scene.upsert(&boxed(1, 2, 10.0, 10.0, 50.0, 30.0));
    let line = ring(&[(90.0, 60.0), (150.0, 60.0), (150.0, 110.0)]);
    scene.set_peers(&[PeerMark {
        color: Color::new(168, 85, 247),
        name: "Ada".to_owned(),
        cursor: Some(Point::new(80.0, 30.0)),
        selection: vec![id(1)],
        preview: vec![
            preview(None, Shape::Box(rect(20.0, 60.0, 50.0, 40.0)), true),
            preview(None, Shape::Polygon(Polygon::from_ring(line)), false),
        ],
    }]);
    let mut offscreen = Offscreen::new();
    scene.draw_list(&Camera::default(), VIEWPORT);
    let text = scene.texts()[0].clone();
    // The host paints letters; a tag with a white bar is as good here.
    let tag = RgbaImage::from_fn(26, 14, |x, y| {
        let bar = (5..21).contains(&x) && (6..8).contains(&y);
        let Color { r, g, b } = text.color;
        image::Rgba(if bar { [255; 4] } else { [r, g, b, 230] })
    });
    offscreen
        .renderer
        .set_text_sprite(text.id, 26, 14, tag.as_raw());
    // The list above went nowhere.
    scene.invalidate_gpu();
    let picture = offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
    check_golden("peer", &picture);
}

#[test]
fn a_thousand_boxes() {
    let mut scene = scene();
    let boxes: Vec<_> = (0..1000_u128)
        .map(|n| {
            let (x, y) = ((n % 40 * 8) as f64, (n / 40 * 8) as f64);
            boxed(n, n % 2 + 1, x, y, 6.0, 5.0)
        })
        .collect();
    scene.load(boxes.iter());
    let camera = Camera::new(0.5, Vec2::default());
    check("thousand_boxes", &mut scene, &camera, VIEWPORT);
}

#[test]
fn a_large_image_zoomed_far_in_is_sharp_at_its_far_corner() {
    let mut scene = scene();
    scene.set_image_size(Some((60_000, 40_000)));
    scene.upsert(&boxed(1, 1, 59_990.0, 39_990.0, 6.5, 6.25));
    // Its far corner is the only one in view.
    scene.upsert(&boxed(2, 2, 0.0, 0.0, 59_992.5, 39_992.25));
    let diagonal = ring(&[(0.0, 39_988.0), (60_000.0, 39_994.0), (30_000.0, 39_999.0)]);
    scene.upsert(&annotation(
        3,
        2,
        Shape::Polygon(Polygon::from_ring(diagonal)),
    ));
    let camera = Camera::new(16.0, Vec2::default())
        .centered_on(Point::new(59_994.0, 39_993.0), VIEWPORT.css());
    check("far_corner", &mut scene, &camera, VIEWPORT);
}

/// Draws, applies `change`, draws again; the picture must equal that of a new renderer.
fn check_partial(name: &str, change: impl FnOnce(&mut Scene)) {
    let mut scene = scene();
    scene.load(four_boxes().iter());
    let mut offscreen = Offscreen::new();
    offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
    change(&mut scene);
    let partial = offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
    scene.invalidate_gpu();
    let fresh = Offscreen::new().draw(&mut scene, &Camera::default(), VIEWPORT);
    check_same(name, &partial, &fresh);
    check_golden(name, &partial);
}

#[test]
fn one_changed_box() {
    check_partial("changed", |scene| {
        scene.upsert(&boxed(2, 1, 100.0, 60.0, 40.0, 50.0));
    });
}

#[test]
fn one_removed_box() {
    check_partial("removed", |scene| scene.remove(id(4)));
}

#[test]
fn tables_that_outgrow_their_textures() {
    let mut scene = scene();
    let mut offscreen = Offscreen::new();
    offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
    for n in 0..5000_u128 {
        scene.upsert(&boxed(n, 1, 300.0, 0.0, 5.0, 5.0));
        if n % 1000 == 0 {
            offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
        }
    }
    scene.upsert(&boxed(4999, 2, 40.0, 40.0, 80.0, 40.0));
    scene.upsert(&boxed(0, 1, 10.0, 10.0, 80.0, 40.0));
    let partial = offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
    scene.invalidate_gpu();
    let fresh = Offscreen::new().draw(&mut scene, &Camera::default(), VIEWPORT);
    check_same("grown", &partial, &fresh);
    assert_ne!(partial.get_pixel(41, 60), partial.get_pixel(5, 5));
}
