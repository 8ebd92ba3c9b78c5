//! The scene as its users see it: what is drawn, what is uploaded, what is picked.

#[path = "scene/differing.rs"]
mod differing;
#[path = "scene/drawing.rs"]
mod drawing;
#[path = "scene/growth.rs"]
mod growth;
#[path = "scene/kinds.rs"]
mod kinds;
#[path = "scene/picking.rs"]
mod picking;
#[path = "scene/suggesting.rs"]
mod suggesting;

use uuid::Uuid;
use visionflow_geometry::{Point, Polygon, Rect, Vec2};
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};
use visionflow_scene::{Camera, DrawList, Scene, Viewport};

const VIEWPORT: Viewport = Viewport {
    width: 800.0,
    height: 600.0,
    pixel_ratio: 1.0,
};

fn id(n: u128) -> AnnotationId {
    AnnotationId(Uuid::from_u128(n))
}

fn annotation(n: u128, shape: Shape) -> Annotation {
    Annotation::new(id(n), LabelId(Uuid::from_u128(1)), shape)
}

fn rect(x: f64, y: f64, w: f64, h: f64) -> Rect {
    let min = Point::new(x, y);
    Rect::from_corners(min, min + Vec2::new(w, h))
}

fn boxed(n: u128, x: f64, y: f64, w: f64, h: f64) -> Annotation {
    annotation(n, Shape::Box(rect(x, y, w, h)))
}

fn triangle(n: u128, a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> Annotation {
    let ring = [a, b, c].map(|(x, y)| Point::new(x, y)).to_vec();
    annotation(n, Shape::Polygon(Polygon::from_ring(ring)))
}

/// `count` boxes of 8 pixels on a grid of 10, a thousand in a row.
fn grid(count: u128) -> Vec<Annotation> {
    (0..count)
        .map(|n| boxed(n, (n % 1000 * 10) as f64, (n / 1000 * 10) as f64, 8.0, 8.0))
        .collect()
}

fn loaded(annotations: &[Annotation]) -> Scene {
    let mut scene = Scene::new();
    scene.load(annotations.iter());
    scene
}

/// A camera that shows all of a grid.
fn far() -> Camera {
    Camera::fit(rect(0.0, 0.0, 10_000.0, 10_000.0), VIEWPORT.css(), 0.0)
}

fn drawn<'a>(scene: &'a mut Scene, camera: &Camera) -> &'a DrawList {
    scene.draw_list(camera, VIEWPORT)
}

/// So many pixels that no box of a grid is too small to see.
const VAST: Viewport = Viewport {
    width: 8000.0,
    height: 8000.0,
    pixel_ratio: 1.0,
};

/// All of a grid, every box of it drawn.
fn drawn_vast(scene: &mut Scene) -> &DrawList {
    let camera = Camera::fit(rect(0.0, 0.0, 10_000.0, 10_000.0), VAST.css(), 0.0);
    scene.draw_list(&camera, VAST)
}
