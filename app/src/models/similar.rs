//! Experimental: more of the same. The models' worker compares what Segment Anything sees in a
//! shape with the rest of its photograph, or with another one, and outlines what is alike.

use super::run::{Found, Tell};
use crate::assist;
use crate::inference::{Client, photo, plain};
use crate::t;
use js_sys::{Array, Float64Array, Reflect};
use serde_json::json;
use std::rc::Rc;
use visionflow_api::Image;
use visionflow_geometry::Rect;
use visionflow_model::{LabelId, Shape};
use wasm_bindgen::JsValue;

/// The model sees so many pixels along the longer side.
const LONG_SIDE: f64 = 1_024.0;
/// Outlines keep this close to the model's mask, pixels.
const TOLERANCE: f64 = 1.0;
/// What lies over what is annotated already, by this share of both together, is that.
const SAME: f64 = 0.5;

/// A shape whose like is sought.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    pub label: LabelId,
    /// Its photograph, which the worker has to keep.
    photo: String,
    size: (i32, i32),
    rings: Vec<Vec<f64>>,
}

impl Example {
    pub fn new(image: &Image, label: LabelId, shape: &Shape) -> Option<Self> {
        let flat = |ring: &Vec<visionflow_geometry::Point>| {
            let numbers = ring.iter().flat_map(|p| [p.x, p.y]);
            numbers.collect::<Vec<f64>>()
        };
        let rings = if let Shape::Polygon(polygon) = shape {
            polygon.rings.iter().map(flat).collect()
        } else {
            let Rect { min, max } = shape.bounds()?;
            vec![vec![min.x, min.y, max.x, min.y, max.x, max.y, min.x, max.y]]
        };
        Some(Self {
            label,
            photo: image.id.to_string(),
            size: (image.width, image.height),
            rings,
        })
    }
}

/// Has the worker see the photograph.
async fn look(image: &Image, tell: &Tell) -> Result<Rc<Client>, String> {
    let (encoder, decoder) = assist::model().ok_or_else(|| t!("model-no-worker"))?;
    let client = Client::shared().map_err(|failure| failure.words())?;
    tell(t!("run-loading"));
    let pixels = photo::read(image, LONG_SIDE).await?;
    let none = Array::new();
    let load = [("encoder", encoder.into()), ("decoder", decoder.into())];
    let loaded = client.ask_once("load", &load, &none).await;
    loaded.map_err(|failure| failure.words())?;
    tell(t!("smart-encoding"));
    let transfer = Array::of1(&pixels.rgba);
    let fields = [
        ("key", image.id.to_string().into()),
        ("width", pixels.scaled_width.into()),
        ("height", pixels.scaled_height.into()),
        ("rgba", pixels.rgba.into()),
    ];
    let encoded = client.ask("encode", &fields, &transfer, None).await;
    encoded.map_err(|failure| failure.words())?;
    Ok(client)
}

/// What is like the example in the photograph, but for what is `known`.
pub async fn find(
    image: &Image,
    example: &Example,
    known: &[Rect],
    tell: &Tell,
) -> Result<Vec<Found>, String> {
    let client = look(image, tell).await?;
    tell(t!("run-looking"));
    let fields = [
        ("key", image.id.to_string().into()),
        ("width", image.width.into()),
        ("height", image.height.into()),
        ("shape", plain(&json!(example.rings))),
        ("from", example.photo.as_str().into()),
        ("from_width", example.size.0.into()),
        ("from_height", example.size.1.into()),
        ("tolerance", TOLERANCE.into()),
    ];
    let none = Array::new();
    let answer = client.ask("similar", &fields, &none, None).await;
    let answer = answer.map_err(|failure| failure.words())?;
    let found = part(&answer, "candidates");
    let found = found
        .iter()
        .filter_map(|one| outline(&one, example.label, known));
    Ok(found.collect())
}

/// The largest part of a candidate, unless it is known.
fn outline(candidate: &JsValue, label: LabelId, known: &[Rect]) -> Option<Found> {
    let polygon = Array::from(&part(candidate, "polygons").get(0));
    let rings = polygon.iter().map(|ring| Float64Array::new(&ring).to_vec());
    let shape = json!({ "type": "polygon", "rings": rings.collect::<Vec<_>>() });
    let bounds = serde_json::from_value::<Shape>(shape.clone())
        .ok()?
        .bounds()?;
    let score = Reflect::get(candidate, &"score".into()).ok()?.as_f64()?;
    let is_new = !known.iter().any(|other| other.overlap(bounds) > SAME);
    is_new.then_some(Found {
        label: label.0,
        score: score.clamp(0.0, 1.0),
        shape,
    })
}

fn part(of: &JsValue, name: &str) -> Array {
    Array::from(&Reflect::get(of, &name.into()).unwrap_or_default())
}
