//! Upright rectangles.

use super::{Item, near};
use crate::blend::{coverage, dash, over, paint};
use crate::canvas::Canvas;
use visionflow_scene::style_flag;

pub fn draw(item: &Item<'_>, canvas: &mut Canvas) {
    let (view, half_width, pad) = (item.view, item.half_width(), item.pad());
    let outset = if item.has(style_flag::OUTSET) {
        4.0 * view.ratio
    } else {
        0.0
    };
    let limit = pad + 64.0;
    let (low, high) = item.corners();
    let low: [f32; 2] = std::array::from_fn(|i| near(low[i] - outset, limit, view.size[i]));
    let high: [f32; 2] = std::array::from_fn(|i| near(high[i] + outset, limit, view.size[i]));
    let middle = [(low[0] + high[0]) * 0.5, (low[1] + high[1]) * 0.5];
    let half = [(high[0] - low[0]) * 0.5, (high[1] - low[1]) * 0.5];
    let (selected, dashed) = (item.has(style_flag::SELECTED), item.has(style_flag::DASHED));
    let shade = |x: f32, y: f32| {
        let q = [
            (x - middle[0]).abs() - half[0],
            (y - middle[1]).abs() - half[1],
        ];
        let distance = q[0].max(q[1]);
        let mut color = paint(item.style.fill, coverage(distance));
        if selected {
            let center_line = half_width + 0.5 * view.ratio;
            let line = coverage((distance + center_line).abs() - 0.5 * view.ratio);
            color = over(paint(Item::white(), line), color);
        }
        let mut stroke = coverage(distance.abs() - half_width);
        if dashed {
            let along = if q[1] > q[0] { x - low[0] } else { y - low[1] };
            stroke *= dash(along, view.ratio);
        }
        over(paint(item.style.stroke, stroke), color)
    };
    let area = canvas.area([low[0] - pad, low[1] - pad], [high[0] + pad, high[1] + pad]);
    // Behind its lines a box is of one colour, which needs no reckoning.
    let inset = 2.0 * half_width + view.ratio + 2.0;
    let inside = canvas.area(
        [low[0] + inset, low[1] + inset],
        [high[0] - inset, high[1] - inset],
    );
    let fill = paint(item.style.fill, 1.0);
    for y in area.y.0..area.y.1 {
        let plain = if (inside.y.0..inside.y.1).contains(&y) {
            inside.x
        } else {
            (area.x.1, area.x.1)
        };
        canvas.shade_row(y, (area.x.0, plain.0), 1, shade);
        canvas.fill_row(y, plain, fill);
        canvas.shade_row(y, (plain.1.max(area.x.0), area.x.1), 1, shade);
    }
}
