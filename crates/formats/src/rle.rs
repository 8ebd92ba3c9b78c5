//! COCO's uncompressed run lengths: for outlines that a list of polygons cannot say.

use visionflow_geometry::Polygon;

/// Runs of outside and inside pixels in turn, column by column from the top left, beginning with
/// outside (the `counts` of a COCO segmentation).
///
/// A pixel is inside when its centre is, by the even-odd rule.
pub fn counts(polygon: &Polygon, width: u32, height: u32) -> Vec<u64> {
    let mut runs = Runs::default();
    let mut crossings = Vec::new();
    for column in 0..width {
        let x = f64::from(column) + 0.5;
        crossings.clear();
        crossings.extend(
            polygon
                .edges()
                .filter(|(a, b)| (a.x > x) != (b.x > x))
                .map(|(a, b)| a.y + (x - a.x) * (b.y - a.y) / (b.x - a.x)),
        );
        crossings.sort_by(f64::total_cmp);
        let mut row = 0;
        for span in crossings.chunks_exact(2) {
            // The first and the first-after pixel whose centre lies between the two crossings.
            let edge = |y: f64| (y - 0.5).ceil().clamp(f64::from(row), f64::from(height)) as u32;
            let (from, to) = (edge(span[0]), edge(span[1]));
            runs.push(false, u64::from(from - row));
            runs.push(true, u64::from(to - from));
            row = to;
        }
        runs.push(false, u64::from(height - row));
    }
    runs.counts
}

#[derive(Default)]
struct Runs {
    counts: Vec<u64>,
}

impl Runs {
    fn push(&mut self, inside: bool, length: u64) {
        if length == 0 {
            return;
        }
        if self.counts.is_empty() {
            self.counts.push(0);
        }
        // The last run is of the outside when there is an odd number of them.
        let last_is_inside = self.counts.len().is_multiple_of(2);
        match self.counts.last_mut() {
            Some(last) if last_is_inside == inside => *last += length,
            _ => self.counts.push(length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use visionflow_geometry::{Point, Rect};

    fn square(from: f64, to: f64) -> Vec<Point> {
        Rect::from_corners(Point::new(from, from), Point::new(to, to))
            .corners()
            .to_vec()
    }

    #[test]
    fn a_frame_has_its_hole() {
        let frame = Polygon {
            rings: vec![square(0.0, 3.0), square(1.0, 2.0)],
        };
        assert_eq!(counts(&frame, 3, 3), [0, 4, 1, 4]);
        assert_eq!(counts(&Polygon::default(), 3, 3), [9]);
        assert_eq!(counts(&Polygon::from_ring(square(-9.0, 9.0)), 2, 2), [0, 4]);
    }

    proptest! {
        #[test]
        fn runs_agree_with_the_even_odd_rule(
            rings in prop::collection::vec(prop::collection::vec((-3.0..13.0, -3.0..13.0), 3..7), 1..4)
        ) {
            let ring = |ring: Vec<(f64, f64)>| ring.into_iter().map(|(x, y)| Point::new(x, y)).collect();
            let polygon = Polygon { rings: rings.into_iter().map(ring).collect() };
            let (width, height) = (10, 8);
            let mut inside = Vec::new();
            for (i, run) in counts(&polygon, width, height).into_iter().enumerate() {
                inside.extend(std::iter::repeat_n(i % 2 == 1, run as usize));
            }
            prop_assert_eq!(inside.len(), (width * height) as usize);
            for (i, inside) in inside.into_iter().enumerate() {
                let (x, y) = (i as u32 / height, i as u32 % height);
                let center = Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
                prop_assert_eq!(inside, polygon.contains(center), "pixel {} {}", x, y);
            }
        }
    }
}
