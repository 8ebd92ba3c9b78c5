//! Figures of a fixed size on the screen: points, joints, heads of arrows, handles.

use super::{Item, dot, length, minus};
use crate::blend::{Ink, coverage, over, paint, unit};
use crate::canvas::Canvas;
use visionflow_scene::{Marker, Rgba, primitive_kind, style_flag};

/// Half of the square root of two.
const DIAGONAL: f32 = 0.707_106_77;

pub fn draw(item: &Item<'_>, canvas: &mut Canvas) {
    let (view, pad) = (item.view, item.pad());
    let [x, y, size, figure] = item.primitive.a;
    let center = view.to_px([x, y]);
    let mut size = size * view.ratio;
    if item.has(style_flag::SELECTED) {
        size += 3.0 * view.ratio;
    }
    let (before, behind) = if figure == number(Marker::Arrow) {
        (pad, size + pad)
    } else if figure == number(Marker::Head) {
        (size + pad, size + pad)
    } else {
        (size * 0.5 + pad, size * 0.5 + pad)
    };
    let low = center.map(|at| at - before);
    let high = center.map(|at| at + behind);
    let shade = |x: f32, y: f32| shade(item, [x - center[0], y - center[1]], size, figure);
    canvas.shade(canvas.area(low, high), 2, shade);
}

fn number(figure: Marker) -> f32 {
    figure as u32 as f32
}

/// `p` from the marker's place.
fn shade(item: &Item<'_>, p: [f32; 2], size: f32, figure: f32) -> Ink {
    let (half, half_width, style) = (size * 0.5, item.half_width(), &item.style);
    let mut distance = p[0].abs().max(p[1].abs()) - half;
    if figure == number(Marker::Circle) {
        distance = length(p) - half;
    } else if figure == number(Marker::Arrow) {
        distance = arrow_distance(p, size);
    } else if figure == number(Marker::Diamond) {
        distance = (p[0].abs() + p[1].abs() - half) * DIAGONAL;
    } else if figure == number(Marker::Ring) {
        let from_center = length(p);
        let outer = from_center - half;
        let mark = paint(style.stroke, coverage(from_center - half * 0.3));
        let ring = paint(style.stroke, coverage(outer.abs() - half_width));
        return over(ring, over(mark, paint(style.fill, coverage(outer))));
    } else if figure == number(Marker::Head) {
        let along = item.primitive.b;
        let local = [dot(p, along), along[0] * p[1] - along[1] * p[0]];
        return paint(style.stroke, coverage(head_distance(local, size)));
    } else if figure == number(Marker::Cross) {
        let crossed = (p[0] - p[1]).abs().min((p[0] + p[1]).abs());
        let near = crossed * DIAGONAL - half_width;
        return paint(style.stroke, coverage(distance.max(near)));
    }
    if item.is(primitive_kind::FLAG_SOLID | primitive_kind::FLAG_HOLLOW) {
        return solid_or_hollow(item, distance);
    }
    let fill = paint(style.fill, coverage(distance));
    let stroke = coverage(distance.abs() - half_width);
    over(paint(style.stroke, stroke), fill)
}

/// A border that is thin whatever the width of the lines beside it.
fn solid_or_hollow(item: &Item<'_>, distance: f32) -> Ink {
    let ratio = item.view.ratio;
    let border = coverage((distance + ratio).abs() - ratio);
    let inside = coverage(distance);
    let stroke = Rgba(item.style.stroke.0 | 0xff00_0000);
    let is_solid = item.is(primitive_kind::FLAG_SOLID) && !item.has(style_flag::PROPOSED);
    let (rim, core) = if is_solid {
        (Rgba::WHITE, stroke)
    } else {
        (stroke, Rgba::WHITE)
    };
    // What is locked steps back as a whole.
    let alpha = paint(item.style.stroke, 1.0)[3];
    over(paint(rim, border), paint(core, inside)).map(|channel| channel * alpha)
}

/// The distance to a polygon of four corners (I. Quilez, “distance to a polygon”).
fn arrow_distance(p: [f32; 2], size: f32) -> f32 {
    let corners = [[0.0, 0.0], [1.0, 0.38], [0.53, 0.53], [0.38, 1.0]];
    let corners = corners.map(|corner: [f32; 2]| corner.map(|at| at * size));
    let mut nearest = dot(p, p);
    let mut side = 1.0;
    for i in 0..4 {
        let (a, b) = (corners[i], corners[(i + 3) % 4]);
        let edge = minus(b, a);
        let offset = minus(p, a);
        let t = unit(dot(offset, edge) / dot(edge, edge));
        let gap = minus(offset, edge.map(|at| at * t));
        nearest = nearest.min(dot(gap, gap));
        let (above, below) = (p[1] >= a[1], p[1] < b[1]);
        let left = edge[0] * offset[1] > edge[1] * offset[0];
        if (above && below && left) || (!above && !below && !left) {
            side = -side;
        }
    }
    side * nearest.sqrt()
}

/// The distance to a triangle that points along x, its tip at the origin.
fn head_distance(p: [f32; 2], size: f32) -> f32 {
    let spread = 0.42_f32;
    let norm = (spread * spread + 1.0).sqrt();
    let flank = (p[0] * spread + p[1].abs()) / norm;
    flank.max(-size - p[0])
}
