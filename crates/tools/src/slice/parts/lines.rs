//! Lines cut where another line crosses them.

use crate::step::snapped;
use visionflow_geometry::Point;
use visionflow_geometry::sort_by;
use visionflow_model::Shape;

/// The parts of a line between its crossings with `knife`, the longest first; nothing where they do
/// not cross.
pub(super) fn cut(
    line: &[Point],
    knife: &[Point],
    shape: impl Fn(Vec<Point>) -> Shape,
) -> Vec<Shape> {
    let Some(start) = line.first() else {
        return Vec::new();
    };
    let mut parts = vec![vec![*start]];
    for side in line.windows(2) {
        let mut crossings: Vec<f64> = knife
            .windows(2)
            .filter_map(|edge| crossing([side[0], side[1]], [edge[0], edge[1]]))
            .collect();
        sort_by(&mut crossings, f64::total_cmp);
        for along in crossings {
            let at = snapped(side[0] + (side[1] - side[0]) * along);
            push(&mut parts, at);
            parts.push(vec![at]);
        }
        push(&mut parts, side[1]);
    }
    // A crossing at an end, or at a corner of the knife, leaves a part without length.
    parts.retain(|part| part.len() > 1);
    if parts.len() < 2 {
        return Vec::new();
    }
    sort_by(&mut parts, |a, b| length(b).total_cmp(&length(a)));
    parts.into_iter().map(shape).collect()
}

fn push(parts: &mut [Vec<Point>], at: Point) {
    if let Some(part) = parts.last_mut()
        && part.last() != Some(&at)
    {
        part.push(at);
    }
}

fn length(points: &[Point]) -> f64 {
    let sides = points.windows(2);
    sides.map(|side| side[0].distance(side[1])).sum()
}

/// Where along `side`, from 0 to 1, `edge` crosses it; nowhere for two that are parallel.
fn crossing(side: [Point; 2], edge: [Point; 2]) -> Option<f64> {
    let (way, other) = (side[1] - side[0], edge[1] - edge[0]);
    let turn = way.cross(other);
    if turn == 0.0 {
        return None;
    }
    let between = edge[0] - side[0];
    let (along, across) = (between.cross(other) / turn, between.cross(way) / turn);
    let within = |t: f64| (0.0..=1.0).contains(&t);
    (within(along) && within(across)).then_some(along)
}
