//! Triangles, without smoothed edges: they join to larger areas without a seam.
//!
//! Corners are rounded to 1/256 of a pixel, and from there on everything is whole numbers, so that
//! of two triangles with a common side each pixel belongs to exactly one (the top-left rule of GPUs).

use super::Item;
use crate::blend::paint;
use crate::canvas::Canvas;

/// Steps to a pixel.
const STEPS: f32 = 256.0;
/// Beyond this (device pixels) a triangle is cut off before its corners are rounded.
const FAR: f32 = 1_048_576.0;

pub fn draw(item: &Item<'_>, canvas: &mut Canvas) {
    let fill = paint(item.style.fill, 1.0);
    let (p, q) = item.corners();
    let corners = [p, q, item.view.to_px(item.primitive.b)];
    if corners.iter().flatten().any(|at| !at.is_finite()) || fill == [0.0; 4] {
        return;
    }
    if corners.iter().flatten().all(|at| at.abs() < FAR) {
        fill_triangle(corners, canvas, fill);
        return;
    }
    let cut = clipped(&corners);
    for i in 2..cut.len() {
        fill_triangle([cut[0], cut[i - 1], cut[i]], canvas, fill);
    }
}

fn fill_triangle(corners: [[f32; 2]; 3], canvas: &mut Canvas, fill: [f32; 4]) {
    let [a, mut b, mut c] = corners.map(|p| p.map(|at| (at * STEPS).round_ties_even() as i64));
    let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    if area == 0 {
        return;
    }
    if area < 0 {
        (b, c) = (c, b);
    }
    let (width, height) = canvas.size();
    let ys = [a[1], b[1], c[1]];
    let (top, bottom) = (ys.iter().min(), ys.iter().max());
    let (Some(top), Some(bottom)) = (top, bottom) else {
        return;
    };
    let first = (top.div_euclid(256)).clamp(0, i64::from(height));
    let last = (bottom.div_euclid(256) + 1).clamp(0, i64::from(height));
    for y in first..last {
        // Steps along the row at which the pixels' centres lie in: from `start` to before `end`.
        let (mut start, mut end) = (0, i64::from(width));
        for (from, to) in [(a, b), (b, c), (c, a)] {
            bound(from, to, y * 256 + 128, &mut start, &mut end);
        }
        if start < end {
            canvas.fill_row(y as u32, (start as u32, end as u32), fill);
        }
    }
}

/// Narrows the pixels of a row to those on the inner side of an edge.
fn bound(from: [i64; 2], to: [i64; 2], y: i64, start: &mut i64, end: &mut i64) {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    // A centre x is inside where dx·(y − y₀) − dy·(x − x₀) is positive, or zero on a top or left edge.
    let is_top_left = dy < 0 || (dy == 0 && dx > 0);
    let least = i64::from(!is_top_left);
    // At the centre of pixel i this is `rest − 256·dy·i`.
    let rest = dx * (y - from[1]) - dy * (128 - from[0]);
    let step = 256 * dy;
    match dy.signum() {
        0 if rest < least => *end = *start,
        0 => {}
        1 => *end = (*end).min((rest - least).div_euclid(step) + 1),
        _ => *start = (*start).max(-((rest - least).div_euclid(-step))),
    }
}

/// Sutherland and Hodgman, 1974, in `f64`.
fn clipped(corners: &[[f32; 2]; 3]) -> Vec<[f32; 2]> {
    let limit = f64::from(FAR) / 2.0;
    let mut points: Vec<[f64; 2]> = corners.iter().map(|p| p.map(f64::from)).collect();
    for (axis, sign) in [(0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0)] {
        let room = |p: [f64; 2]| limit - sign * p[axis];
        let mut kept = Vec::with_capacity(points.len() + 1);
        for (i, &point) in points.iter().enumerate() {
            let before = points[(i + points.len() - 1) % points.len()];
            let (was, is) = (room(before), room(point));
            if (was < 0.0) != (is < 0.0) {
                let t = was / (was - is);
                let other = 1 - axis;
                let mut cut = [0.0; 2];
                cut[axis] = sign * limit;
                cut[other] = before[other] + (point[other] - before[other]) * t;
                kept.push(cut);
            }
            if is >= 0.0 {
                kept.push(point);
            }
        }
        points = kept;
    }
    points.iter().map(|p| p.map(|at| at as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: [f32; 4] = [0.5, 0.5, 0.5, 0.5];

    fn alphas(triangles: &[[[f32; 2]; 3]]) -> Vec<u8> {
        let mut canvas = Canvas::new(16, 16, [0; 4]);
        for triangle in triangles {
            fill_triangle(*triangle, &mut canvas, INK);
        }
        let rows = (0..16).flat_map(|y| canvas.row(y).map(|p| p[3]).collect::<Vec<_>>());
        rows.collect()
    }

    #[test]
    fn every_pixel_belongs_to_one_triangle_of_a_fan() {
        let middle = [7.3, 8.9];
        let rim: Vec<[f32; 2]> = vec![
            [-3.0, -4.0],
            [18.5, -2.0],
            [20.0, 19.0],
            [2.5, 22.0],
            [-9.0, 8.5],
        ];
        let fan: Vec<_> = (0..rim.len())
            .map(|i| [middle, rim[i], rim[(i + 1) % rim.len()]])
            .collect();
        assert!(alphas(&fan).iter().all(|alpha| *alpha == 128));
        let halves = [
            [[0.5, 0.5], [8.5, 0.5], [8.5, 8.5]],
            [[0.5, 0.5], [8.5, 8.5], [0.5, 8.5]],
        ];
        let covered = alphas(&halves);
        let once: usize = covered.iter().map(|alpha| usize::from(*alpha / 128)).sum();
        assert_eq!(once, 64);
        assert!(covered.iter().all(|alpha| [0, 128].contains(alpha)));
    }

    #[test]
    fn a_corner_far_away_is_cut_off() {
        let far = clipped(&[[0.0, 0.0], [3.0e30, 0.0], [0.0, 3.0e30]]);
        assert!(far.len() >= 3 && far.iter().flatten().all(|at| at.abs() < FAR));
    }
}
