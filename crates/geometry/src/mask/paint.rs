//! Brush and eraser: a disc swept along a path.
//!
//! A pixel is painted when its centre lies within the brush's radius of the path.
//! The sweep between two points is a capsule; a capsule is convex, so each row of pixels meets it
//! in one run, found in constant time.

use super::{Mask, Span, TILE_SIZE, TileKey};
use crate::{Point, Rect};

/// What a brush does to a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brush {
    Paint,
    Erase,
}

impl Mask {
    /// Sweeps a disc of `radius` image pixels along `path`, within `clip` (the image).
    ///
    /// A single point is a dab.
    /// However thin the brush, the pixels under the path are painted without a gap.
    pub fn stroke(&mut self, brush: Brush, path: &[Point], radius: f64, clip: Rect) {
        let Some(clip) = PixelRect::within(clip) else {
            return;
        };
        let ends: &[Point] = if path.len() == 1 {
            &[path[0], path[0]]
        } else {
            path
        };
        for segment in ends.windows(2) {
            let spans = capsule(segment[0], segment[1], radius, clip);
            match brush {
                Brush::Paint => self.insert_spans(spans),
                Brush::Erase => self.remove_spans(spans),
            }
        }
    }

    /// Paints along `path`; see [`Mask::stroke`].
    pub fn paint(&mut self, path: &[Point], radius: f64, clip: Rect) {
        self.stroke(Brush::Paint, path, radius, clip);
    }

    /// Erases along `path`; see [`Mask::stroke`].
    pub fn erase(&mut self, path: &[Point], radius: f64, clip: Rect) {
        self.stroke(Brush::Erase, path, radius, clip);
    }
}

/// Whole pixels: columns from `left` to before `right`, rows from `top` to before `bottom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PixelRect {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

impl PixelRect {
    /// The pixels that a rectangle of the image touches; `None` when there are none.
    pub fn within(rect: Rect) -> Option<Self> {
        let limit = f64::from(TileKey::LIMIT * TILE_SIZE);
        let clamp = |v: f64| v.clamp(-limit, limit) as i32;
        let pixels = Self {
            left: clamp(rect.min.x.floor()),
            top: clamp(rect.min.y.floor()),
            right: clamp(rect.max.x.ceil()),
            bottom: clamp(rect.max.y.ceil()),
        };
        (pixels.left < pixels.right && pixels.top < pixels.bottom).then_some(pixels)
    }
}

/// The pixels whose centres lie within `radius` of the segment from `a` to `b`, one run a row;
/// nothing where a number is not finite.
fn capsule(a: Point, b: Point, radius: f64, clip: PixelRect) -> impl Iterator<Item = Span> {
    // Half a pixel is the least that leaves no gap in a diagonal line.
    let radius = radius.max(0.5);
    let sound = a.is_finite() && b.is_finite() && radius.is_finite();
    let (low, high) = (a.y.min(b.y) - radius, a.y.max(b.y) + radius);
    let clamp = |y: f64| y.clamp(f64::from(clip.top), f64::from(clip.bottom)) as i32;
    let rows = if sound {
        clamp((low - 0.5).ceil().min(a.y.min(b.y).floor()))
            ..clamp((high - 0.5).floor().max(a.y.max(b.y).floor()) + 1.0)
    } else {
        0..0
    };
    let (left, right) = (f64::from(clip.left), f64::from(clip.right));
    rows.filter_map(move |y| {
        let (from, to) = capsule_row(a, b, radius, f64::from(y) + 0.5)
            .map_or((f64::INFINITY, f64::NEG_INFINITY), |(from, to)| {
                ((from - 0.5).ceil(), (to - 0.5).floor() + 1.0)
            });
        let (from, to) = [a, b]
            .iter()
            .filter(|p| p.y.floor() == f64::from(y))
            .fold((from, to), |(from, to), p| {
                (from.min(p.x.floor()), to.max(p.x.floor() + 1.0))
            });
        let start = from.clamp(left, right) as i32;
        let end = to.clamp(left, right) as i32;
        (start < end).then_some(Span { y, start, end })
    })
}

/// Where the line at height `y` enters and leaves the capsule around the segment.
fn capsule_row(a: Point, b: Point, radius: f64, y: f64) -> Option<(f64, f64)> {
    let disc = |center: Point| {
        let rise = y - center.y;
        let squared = radius * radius - rise * rise;
        (squared >= 0.0).then(|| (center.x - squared.sqrt(), center.x + squared.sqrt()))
    };
    let parts = [disc(a), disc(b), strip_row(a, b, radius, y)];
    parts
        .into_iter()
        .flatten()
        .reduce(|p, q| (p.0.min(q.0), p.1.max(q.1)))
}

/// The same for the rectangle between the two discs.
fn strip_row(a: Point, b: Point, radius: f64, y: f64) -> Option<(f64, f64)> {
    let along = b - a;
    let length = along.length();
    if length == 0.0 {
        return None;
    }
    let side = crate::Vec2::new(-along.y, along.x) * (radius / length);
    let corners = [a + side, b + side, b + side * -1.0, a + side * -1.0];
    let mut row: Option<(f64, f64)> = None;
    for i in 0..4 {
        let (p, q) = (corners[i], corners[(i + 1) % 4]);
        if (p.y <= y) != (q.y <= y) {
            let x = p.x + (q.x - p.x) * (y - p.y) / (q.y - p.y);
            row = Some(row.map_or((x, x), |(from, to)| (from.min(x), to.max(x))));
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: Rect = Rect {
        min: Point::new(0.0, 0.0),
        max: Point::new(1000.0, 1000.0),
    };

    /// Compares with the definition, pixel by pixel.
    fn check(path: &[Point], radius: f64) {
        let mut mask = Mask::default();
        mask.paint(path, radius, IMAGE);
        for y in 0..300 {
            for x in 0..300 {
                let center = Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
                let distance = path
                    .windows(2)
                    .map(|s| center.distance_to_segment(s[0], s[1]))
                    .chain(path.iter().map(|p| p.distance(center)))
                    .fold(f64::INFINITY, f64::min);
                let expected = distance <= radius;
                // What lies on the rim may fall to either side.
                if (distance - radius).abs() > 1e-9 {
                    assert_eq!(mask.get(x, y), expected, "({x}, {y}) of {path:?}, {radius}");
                }
            }
        }
    }

    #[test]
    fn a_stroke_is_what_lies_within_its_radius() {
        let p = Point::new;
        check(&[p(50.3, 60.7)], 12.25);
        check(&[p(20.0, 20.0), p(250.0, 100.0)], 7.5);
        check(&[p(250.0, 30.0), p(20.0, 251.0), p(25.0, 40.0)], 3.1);
        check(&[p(10.0, 256.0), p(290.0, 256.0)], 20.0);
        check(&[p(128.0, 10.0), p(128.0, 290.0)], 20.0);
        check(&[p(-40.0, 10.0), p(15.0, -30.0)], 30.0);
    }

    #[test]
    fn a_hairline_has_no_gaps() {
        for end in [Point::new(90.0, 37.0), Point::new(11.0, 93.0)] {
            let mut mask = Mask::default();
            mask.paint(&[Point::new(10.2, 10.9), end], 0.01, IMAGE);
            assert!(mask.contains(end) && mask.contains(Point::new(10.2, 10.9)));
            let steep = (end.y - 10.9).abs() > (end.x - 10.2).abs();
            for i in 11..90 {
                let hit = (0..100).any(|j| {
                    if steep {
                        mask.get(j, i)
                    } else {
                        mask.get(i, j)
                    }
                });
                assert!(hit, "{i}");
            }
        }
    }

    #[test]
    fn erasing_takes_the_same_pixels_out() {
        let path = [Point::new(100.0, 100.0), Point::new(400.0, 300.0)];
        let mut mask = Mask::default();
        mask.paint(&path, 20.0, IMAGE);
        assert!(mask.area() > 10_000);
        mask.erase(&path, 20.0, IMAGE);
        assert!(mask.is_empty());
    }

    #[test]
    fn nothing_is_painted_outside_the_image_or_by_nonsense() {
        let mut mask = Mask::default();
        mask.paint(&[Point::new(-5.0, 5.0), Point::new(5.0, 5.0)], 3.0, IMAGE);
        assert_eq!(mask.bounds().map(|b| b.min.x), Some(0.0));
        let mut mask = Mask::default();
        mask.paint(&[Point::new(f64::NAN, 5.0)], 3.0, IMAGE);
        mask.paint(&[Point::new(1.0, 5.0)], f64::INFINITY, IMAGE);
        mask.paint(&[], 3.0, IMAGE);
        let nowhere = Rect::from_size(0.0, 0.0);
        mask.paint(&[Point::new(1.0, 5.0)], 3.0, nowhere);
        assert!(mask.is_empty());
        mask.paint(
            &[Point::new(-1e300, 5.0), Point::new(1e300, 5.0)],
            3.0,
            IMAGE,
        );
    }
}
