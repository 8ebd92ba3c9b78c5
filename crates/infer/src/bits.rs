//! Masks at the decoder's own resolution, one bit a value, for comparing many.

use crate::frame::Frame;
use crate::logits::{Logits, MASK_SIDE, SPACING};
use visionflow_geometry::Point;

/// A mask at the decoder's own resolution.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Of the photograph, not of its padding.
    pub fn of(logits: &Logits, frame: &Frame) -> Self {
        let mut words = vec![0; MASK_SIDE * MASK_SIDE / 64];
        for (y, row) in logits.inside(frame).enumerate() {
            for (x, value) in row.iter().enumerate() {
                let at = y * MASK_SIDE + x;
                words[at / 64] |= u64::from(*value > 0.0) << (at % 64);
            }
        }
        Self { words }
    }

    /// Of a shape in the photograph's pixels, by the even-odd rule at the middles of values.
    pub fn of_rings(rings: &[Vec<Point>], frame: &Frame) -> Self {
        let spacing = SPACING as f64;
        let rings: Vec<Vec<Point>> = rings
            .iter()
            .map(|ring| {
                let at = ring.iter().map(|p| frame.to_model(*p));
                at.map(|p| Point::new(p.x / spacing, p.y / spacing))
                    .collect()
            })
            .collect();
        let columns = frame.scaled_width().div_ceil(SPACING);
        let mut words = vec![0; MASK_SIDE * MASK_SIDE / 64];
        for row in 0..frame.scaled_height().div_ceil(SPACING) {
            let y = row as f64 + 0.5;
            let edges = rings
                .iter()
                .flat_map(|ring| (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()])));
            let mut crossed: Vec<f64> = edges
                .filter(|(a, b)| (a.y > y) != (b.y > y))
                .map(|(a, b)| a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y))
                .collect();
            crossed.sort_by(f64::total_cmp);
            for pair in crossed.chunks_exact(2) {
                let value = |x: f64| ((x + 0.5).floor().max(0.0) as usize).min(columns);
                for x in value(pair[0])..value(pair[1]) {
                    let at = row * MASK_SIDE + x;
                    words[at / 64] |= 1 << (at % 64);
                }
            }
        }
        Self { words }
    }

    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// Intersection over union; 0 for two empty masks.
    pub fn overlap(&self, other: &Self) -> f32 {
        let pairs = || self.words.iter().zip(&other.words);
        let both: u32 = pairs().map(|(a, b)| (a & b).count_ones()).sum();
        let either: u32 = pairs().map(|(a, b)| (a | b).count_ones()).sum();
        both as f32 / either.max(1) as f32
    }

    /// Whether a value of the decoder is inside.
    pub fn contains(&self, x: usize, y: usize) -> bool {
        let at = y * MASK_SIDE + x;
        self.words[at / 64] >> (at % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logits::disc;

    #[test]
    fn padding_does_not_count() {
        let below = disc(128.0, 200.0, 20.0);
        assert_eq!(Bits::of(&below, &Frame::new(200, 50)).count(), 0);
        assert!(Bits::of(&below, &Frame::new(9, 9)).contains(128, 200));
    }

    #[test]
    fn masks_overlap_by_area() {
        let frame = Frame::new(10, 10);
        let (a, b) = (disc(100.0, 100.0, 40.0), disc(100.0, 100.0, 20.0));
        let overlap = Bits::of(&a, &frame).overlap(&Bits::of(&b, &frame));
        assert!((overlap - 0.25).abs() < 0.01, "{overlap}");
        let none = Bits::of(&disc(0.0, 0.0, -1.0), &frame);
        assert_eq!(none.overlap(&none), 0.0);
    }
}
