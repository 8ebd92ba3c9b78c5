//! Lines and rings of few points, filled and stroked in one.

use super::{Item, dot, length, minus, near};
use crate::blend::{NOTHING, coverage, dash, over, paint, unit};
use crate::canvas::Canvas;
use visionflow_scene::{primitive_kind, style_flag};

/// More points than a scene puts into an outline; a table that says so is not believed.
const MOST: usize = 4096;

pub fn draw(item: &Item<'_>, canvas: &mut Canvas) {
    let (view, half_width, pad) = (item.view, item.half_width(), item.pad());
    let points = points(item);
    let Some(last) = points.last().copied() else {
        return;
    };
    let closed = item.is(primitive_kind::FLAG_CLOSED);
    let (selected, dashed) = (item.has(style_flag::SELECTED), item.has(style_flag::DASHED));
    let shade = |x: f32, y: f32| {
        let (mut before, rest) = if closed {
            (last, &points[..])
        } else {
            (points[0], &points[1..])
        };
        let (mut nearest, mut nearest_edge) = (1e30_f32, [0.0; 2]);
        let mut inside = false;
        for &point in rest {
            let edge = minus(before, point);
            let offset = minus([x, y], point);
            let t = unit(dot(offset, edge) / dot(edge, edge).max(1e-12));
            let gap = minus(offset, edge.map(|at| at * t));
            let reach = dot(gap, gap);
            if reach < nearest {
                nearest = reach;
                nearest_edge = edge.map(|at| at * t);
            }
            if (point[1] > y) != (before[1] > y)
                && x < point[0] + edge[0] * (y - point[1]) / edge[1]
            {
                inside = !inside;
            }
            before = point;
        }
        let distance = nearest.sqrt();
        let mut color = NOTHING;
        if closed {
            let signed = if inside { -distance } else { distance };
            color = paint(item.style.fill, coverage(signed));
        }
        let mut stroke = coverage(distance - half_width);
        if dashed {
            stroke *= dash(length(nearest_edge), view.ratio);
        }
        color = over(paint(item.style.stroke, stroke), color);
        if selected {
            let line = coverage(distance - 0.5 * view.ratio);
            color = over(paint(Item::white(), line), color);
        }
        color
    };
    let limit = pad + 64.0;
    let (low, high) = item.corners();
    let low = std::array::from_fn(|i| near(low[i], limit, view.size[i]) - pad);
    let high = std::array::from_fn(|i| near(high[i], limit, view.size[i]) + pad);
    let cost = points.len() as u64;
    canvas.shade(canvas.area(low, high), cost, shade);
}

/// In device pixels; two to a texel, four to an entry.
fn points(item: &Item<'_>) -> Vec<[f32; 2]> {
    let count = (item.primitive.b[1].to_bits() as usize).min(MOST);
    let entries = (0..count.div_ceil(4)).map_while(|entry| item.data(entry));
    let points = entries.flat_map(|entry| bytemuck::cast::<_, [[f32; 2]; 4]>(*entry));
    points.take(count).map(|p| item.view.to_px(p)).collect()
}
