//! Proposals as the page gets them.

use js_sys::{Array, Float64Array, Object, Reflect};
use visionflow_geometry::Point;
use visionflow_infer::{Candidate, Frame, Outline};
use wasm_bindgen::JsValue;

/// `[{score, polygons: [[ring, hole …], …]}]`, a ring being x, y, x, y …; candidates without a pixel
/// are left out.
pub fn candidates(candidates: &[Candidate], frame: &Frame, tolerance: f64) -> Array {
    let tolerance = if tolerance.is_finite() {
        tolerance
    } else {
        1.0
    };
    let outline = Outline::of(frame, tolerance);
    let values = candidates.iter().filter_map(|candidate| {
        let polygons = outline.polygons(&candidate.logits, frame);
        if polygons.is_empty() {
            return None;
        }
        let polygons = polygons.iter().map(|polygon| {
            let rings = polygon.rings.iter().map(|ring| {
                let numbers: Vec<f64> = ring.iter().flat_map(|p| [p.x, p.y]).collect();
                Float64Array::from(&numbers[..])
            });
            rings.collect::<Array>()
        });
        let value = Object::new();
        set(&value, "score", &candidate.predicted_iou.into());
        set(&value, "stability", &candidate.stability.into());
        set(&value, "polygons", &polygons.collect::<Array>().into());
        Some(value)
    });
    values.collect()
}

/// Rings of x, y, x, y … in an array.
pub fn rings(shape: &Array) -> Vec<Vec<Point>> {
    let ring = |ring: JsValue| {
        let numbers = Float64Array::new(&ring).to_vec();
        let points = numbers.chunks_exact(2);
        points.map(|at| Point::new(at[0], at[1])).collect()
    };
    shape.iter().map(ring).collect()
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Fails for frozen objects only, and this one is new.
    let _ = Reflect::set(object, &name.into(), value);
}
