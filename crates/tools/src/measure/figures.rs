//! The figures of a measured line or area, and where they stand.

use crate::Measure;
use visionflow_geometry::{Point, Polygon, Rect};

/// The length of every side, the angle at every corner between two, the length of the whole line,
/// and the area and circumference of a closed one.
pub(super) fn of(points: &[Point], closed: bool) -> Vec<Measure> {
    let count = points.len();
    let next = |index: usize| points[(index + 1) % count];
    let sides = if closed {
        count
    } else {
        count.saturating_sub(1)
    };
    let length = |index: usize| points[index].distance(next(index));
    let mut measures: Vec<_> = (0..sides)
        .filter(|index| length(*index) > 0.0)
        .map(|index| Measure {
            at: middle(points[index], next(index)),
            text: pixels(length(index)),
        })
        .collect();
    let corners = if closed {
        0..count
    } else {
        1..count.saturating_sub(1).max(1)
    };
    measures.extend(corners.filter_map(|index| {
        let before = points[(index + count - 1) % count];
        angle(before, points[index], next(index)).map(|text| Measure {
            at: points[index],
            text,
        })
    }));
    if sides > 1 {
        let whole: f64 = (0..sides).map(length).sum();
        measures.push(total(points, closed, whole));
    }
    measures
}

/// The sum of an open line at its end, of a closed one with its area in its middle.
fn total(points: &[Point], closed: bool, length: f64) -> Measure {
    if closed {
        let area = Polygon::from_ring(points.to_vec()).area();
        let bounds = Rect::around(points.iter().copied()).unwrap_or_default();
        return Measure {
            at: bounds.center(),
            text: format!("{} px² · {}", number(area), pixels(length)),
        };
    }
    Measure {
        at: points.last().copied().unwrap_or_default(),
        text: format!("Σ {}", pixels(length)),
    }
}

/// The angle between the ways from `at` to its two neighbours; `None` where there is none.
fn angle(before: Point, at: Point, after: Point) -> Option<String> {
    let (a, b) = (before - at, after - at);
    let is_corner = a.length() > 0.0 && b.length() > 0.0;
    is_corner.then(|| format!("{}°", number(a.cross(b).abs().atan2(a.dot(b)).to_degrees())))
}

fn pixels(length: f64) -> String {
    format!("{} px", number(length))
}

/// One decimal, and none behind a round number or a large one.
fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded >= 10_000.0 || rounded.fract() == 0.0 {
        format!("{rounded:.0}")
    } else {
        format!("{rounded:.1}")
    }
}

fn middle(a: Point, b: Point) -> Point {
    Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(points: &[(f64, f64)], closed: bool, expected: &[&str]) {
        let points: Vec<_> = points.iter().map(|(x, y)| Point::new(*x, *y)).collect();
        let texts: Vec<_> = of(&points, closed).into_iter().map(|m| m.text).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn lines_have_lengths_angles_and_a_sum() {
        check(&[(0.0, 0.0)], false, &[]);
        check(&[(0.0, 0.0), (0.0, 0.0)], false, &[]);
        check(&[(0.0, 0.0), (30.0, 40.0)], false, &["50 px"]);
        check(
            &[(0.0, 0.0), (10.0, 0.0), (10.0, 10.5)],
            false,
            &["10 px", "10.5 px", "90°", "Σ 20.5 px"],
        );
    }

    #[test]
    fn areas_have_sides_angles_and_a_size() {
        check(
            &[(0.0, 0.0), (30.0, 0.0), (0.0, 40.0)],
            true,
            &[
                "30 px",
                "50 px",
                "40 px",
                "90°",
                "53.1°",
                "36.9°",
                "600 px² · 120 px",
            ],
        );
    }
}
