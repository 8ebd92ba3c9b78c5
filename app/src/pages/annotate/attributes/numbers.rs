//! Where a shape lies and how large it is.

use crate::t;
use visionflow_geometry::Rect;
use visionflow_model::{Annotation, Shape};
use yew::prelude::*;

/// The figures of the only shape, or of the frame around several.
pub fn numbers(shapes: &[Annotation]) -> Html {
    let bounds = shapes
        .iter()
        .filter_map(|shape| shape.shape.bounds())
        .reduce(Rect::union);
    let Some(bounds) = bounds else {
        return html! {};
    };
    let own = match shapes {
        [only] => own_numbers(&only.shape),
        _ => Vec::new(),
    };
    let pair = |(name, value): (String, String)| html! { <><dt>{ name }</dt><dd>{ value }</dd></> };
    let short = |value: f64| format!("{value:.1}");
    html! {
        <dl class="numbers">
            <dt>{ "X" }</dt><dd>{ short(bounds.min.x) }</dd><dt>{ "Y" }</dt><dd>{ short(bounds.min.y) }</dd>
            <dt>{ t!("selection-width") }</dt><dd>{ short(bounds.width()) }</dd>
            <dt>{ t!("selection-height") }</dt><dd>{ short(bounds.height()) }</dd>
            { for own.into_iter().map(pair) }
        </dl>
    }
}

fn own_numbers(shape: &Shape) -> Vec<(String, String)> {
    let count = |n: usize| (t!("selection-vertices"), n.to_string());
    let angle = |radians: f64| {
        (
            t!("selection-angle"),
            format!("{:.1}°", radians.to_degrees()),
        )
    };
    match shape {
        Shape::RotatedBox(rotated) => vec![angle(rotated.angle)],
        Shape::Ellipse(ellipse) => vec![angle(ellipse.angle)],
        Shape::Polygon(polygon) => vec![count(polygon.vertex_count())],
        Shape::Polyline(points) | Shape::Path(points) => vec![count(points.len())],
        Shape::Mask(mask) => vec![(t!("selection-pixels"), mask.area().to_string())],
        _ => Vec::new(),
    }
}
