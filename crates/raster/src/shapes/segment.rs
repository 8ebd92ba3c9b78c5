//! Pieces of lines with round ends.

use super::{Item, dot, length, minus};
use crate::blend::{coverage, dash, over, paint, unit};
use crate::canvas::Canvas;
use visionflow_scene::{primitive_kind, style_flag};

pub fn draw(item: &Item<'_>, canvas: &mut Canvas) {
    let (view, half_width, pad) = (item.view, item.half_width(), item.pad());
    let (from, to) = item.corners();
    let mut along = minus(to, from);
    if item.is(primitive_kind::FLAG_SHORT_END) {
        let whole = length(along);
        let part = (whole - 10.0 * view.ratio).max(0.0) / whole.max(1e-6);
        along = along.map(|at| at * part);
    }
    let (enter, leave) = clip(from, along, view.size, pad + 8.0);
    if enter > leave {
        return;
    }
    let at = |t: f32| [from[0] + along[0] * t, from[1] + along[1] * t];
    let (start, end) = (at(enter), at(leave));
    let before = item.primitive.b[0] * view.scale + length(along) * enter;
    let line = minus(end, start);
    let length_px = length(line);
    let direction = if length_px > 1e-6 {
        line.map(|at| at / length_px)
    } else {
        [1.0, 0.0]
    };
    let starts = item.is(primitive_kind::FLAG_START_CAP);
    let (selected, dashed) = (item.has(style_flag::SELECTED), item.has(style_flag::DASHED));
    let shade = |x: f32, y: f32| {
        let from_start = [x - start[0], y - start[1]];
        let t = dot(from_start, direction);
        let nearest = t.max(0.0).min(length_px);
        let gap = minus(from_start, direction.map(|at| at * nearest));
        let distance = length(gap);
        // The end before it in the line covers the joint; only a line's first start is round.
        let mut visible = if starts { 1.0 } else { unit(t + 0.5) };
        if dashed {
            visible *= dash(before + nearest, view.ratio);
        }
        let color = paint(item.style.stroke, visible * coverage(distance - half_width));
        if selected {
            let line = visible * coverage(distance - 0.5 * view.ratio);
            return over(paint(Item::white(), line), color);
        }
        color
    };
    let low = [start[0].min(end[0]) - pad, start[1].min(end[1]) - pad];
    let high = [start[0].max(end[0]) + pad, start[1].max(end[1]) + pad];
    let area = canvas.area(low, high);
    for y in area.y.0..area.y.1 {
        // The part of the line near this row, and as much again as it is thick.
        let center = y as f32 + 0.5;
        let reach = |edge: f32| match line[1] {
            rise if rise.abs() > 1e-3 => unit((edge - start[1]) / rise) * line[0],
            _ => f32::NAN,
        };
        let (a, b) = (reach(center - pad), reach(center + pad));
        let row = if a.is_nan() || b.is_nan() {
            area.x
        } else {
            let near = [start[0] + a.min(b) - pad, center];
            let far = [start[0] + a.max(b) + pad, center];
            canvas.area(near, far).x
        };
        canvas.shade_row(y, row, 1, shade);
    }
}

/// The parameters at which a line enters and leaves the view (Liang and Barsky, 1984).
fn clip(a: [f32; 2], d: [f32; 2], size: [f32; 2], margin: f32) -> (f32, f32) {
    let (mut enter, mut leave) = (0.0_f32, 1.0_f32);
    for axis in 0..2 {
        let low = -margin - a[axis];
        let high = size[axis] + margin - a[axis];
        if d[axis].abs() < 1e-6 {
            if low > 0.0 || high < 0.0 {
                return (1.0, 0.0);
            }
        } else {
            let (t0, t1) = (low / d[axis], high / d[axis]);
            enter = enter.max(t0.min(t1));
            leave = leave.min(t0.max(t1));
        }
    }
    (enter, leave)
}
