//! Ellipses: the distance to one near its outline is its implicit function by its gradient.

use super::{Item, dot, length, near};
use crate::blend::{coverage, dash, over, paint};
use crate::canvas::Canvas;
use visionflow_scene::style_flag;

pub fn draw(item: &Item<'_>, canvas: &mut Canvas) {
    let (view, half_width, pad) = (item.view, item.half_width(), item.pad());
    let [x, y, rx, ry] = item.primitive.a;
    let center = view.to_px([x, y]);
    let whole = [rx.abs() * view.scale, ry.abs() * view.scale];
    let radii = whole.map(|radius| radius.max(0.25));
    let axis = item.primitive.b;
    let (selected, dashed) = (item.has(style_flag::SELECTED), item.has(style_flag::DASHED));
    let shade = |x: f32, y: f32| {
        let offset = [x - center[0], y - center[1]];
        let local = [dot(offset, axis), axis[0] * offset[1] - axis[1] * offset[0]];
        let k1 = length([local[0] / radii[0], local[1] / radii[1]]);
        let k2 = length([
            local[0] / (radii[0] * radii[0]),
            local[1] / (radii[1] * radii[1]),
        ]);
        let distance = if k2 > 1e-9 {
            k1 * (k1 - 1.0) / k2
        } else {
            -radii[0].min(radii[1])
        };
        let mut color = paint(item.style.fill, coverage(distance));
        let mut stroke = coverage(distance.abs() - half_width);
        if dashed {
            let turn = libm::atan2f(local[1] / radii[1], local[0] / radii[0]);
            stroke *= dash(turn * 0.5 * (radii[0] + radii[1]), view.ratio);
        }
        color = over(paint(item.style.stroke, stroke), color);
        if selected {
            let line = coverage(distance.abs() - 0.5 * view.ratio);
            color = over(paint(Item::white(), line), color);
        }
        color
    };
    let reach = [
        length([whole[0] * axis[0], whole[1] * axis[1]]) + pad,
        length([whole[0] * axis[1], whole[1] * axis[0]]) + pad,
    ];
    let limit = pad + 64.0;
    let low = std::array::from_fn(|i| near(center[i] - reach[i], limit, view.size[i]));
    let high = std::array::from_fn(|i| near(center[i] + reach[i], limit, view.size[i]));
    canvas.shade(canvas.area(low, high), 2, shade);
}
