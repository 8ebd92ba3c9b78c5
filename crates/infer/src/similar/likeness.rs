//! What the encoder says of a thing.

use crate::bits::Bits;
use crate::embedding::Embedding;
use crate::frame::Frame;
use crate::logits::{MASK_SIDE, SPACING};
use visionflow_geometry::Point;

/// Places along each side of an embedding.
pub(super) const PLACES: usize = 64;
const CHANNELS: usize = 256;
/// Values of a mask along each side of a place.
const FINE: usize = MASK_SIDE / PLACES;

/// What is particular to a thing, apart from what is common to its photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// Of length 1.
    vector: Vec<f32>,
    /// Of the thing, as a part of the square of the photograph's long side.
    area: f32,
}

impl Likeness {
    /// Of a shape in a photograph; `None` where it lies beside it. Rings are in the photograph's
    /// pixels, and their interior follows the even-odd rule.
    pub fn of(embedding: &Embedding, frame: &Frame, rings: &[Vec<Point>]) -> Option<Self> {
        let bits = Bits::of_rings(rings, frame);
        let vector = Plane::of(embedding, frame).mean(&bits)?;
        let area = bits.count() as f32 / (MASK_SIDE * MASK_SIDE) as f32;
        Some(Self { vector, area })
    }

    /// How many of the decoder's values such a thing covers in a photograph.
    pub(super) fn area(&self, frame: &Frame) -> f32 {
        // Stretched photographs cover the whole square.
        let square = (frame.scaled_width().max(frame.scaled_height()) / SPACING) as f32;
        self.area * square * square
    }
}

/// Directions of all places, without what they have in common.
pub(super) struct Plane {
    /// Place by place, each of length 1 (0 in the padding).
    vectors: Vec<f32>,
}

impl Plane {
    pub fn of(embedding: &Embedding, frame: &Frame) -> Self {
        let values = embedding.values();
        let columns = frame.scaled_width().div_ceil(SPACING * FINE);
        let rows = frame.scaled_height().div_ceil(SPACING * FINE);
        let seen = |place: &usize| place % PLACES < columns && place / PLACES < rows;
        let mut vectors = vec![0.0; PLACES * PLACES * CHANNELS];
        let mut mean = vec![0.0; CHANNELS];
        for place in (0..PLACES * PLACES).filter(seen) {
            let vector = &mut vectors[place * CHANNELS..][..CHANNELS];
            for (channel, value) in vector.iter_mut().enumerate() {
                *value = values[channel * PLACES * PLACES + place];
            }
            normalise(vector);
            for (mean, value) in mean.iter_mut().zip(vector) {
                *mean += *value / (columns * rows) as f32;
            }
        }
        for place in (0..PLACES * PLACES).filter(seen) {
            let vector = &mut vectors[place * CHANNELS..][..CHANNELS];
            for (value, mean) in vector.iter_mut().zip(&mean) {
                *value -= mean;
            }
            normalise(vector);
        }
        Self { vectors }
    }

    /// The mean direction in a mask; `None` where that is empty.
    pub fn mean(&self, bits: &Bits) -> Option<Vec<f32>> {
        let mut mean = vec![0.0; CHANNELS];
        for (place, weight) in weights(bits) {
            let vector = &self.vectors[place * CHANNELS..][..CHANNELS];
            for (mean, value) in mean.iter_mut().zip(vector) {
                *mean += weight * value;
            }
        }
        normalise(&mut mean).then_some(mean)
    }

    /// The likeness of every place.
    pub fn map(&self, known: &Likeness) -> Vec<f32> {
        let vectors = self.vectors.chunks_exact(CHANNELS);
        vectors.map(|vector| dot(vector, &known.vector)).collect()
    }

    /// The likeness of a mask; `None` where that is empty.
    pub fn likeness(&self, known: &Likeness, bits: &Bits) -> Option<f32> {
        Some(dot(&self.mean(bits)?, &known.vector))
    }
}

/// The places that a mask covers, and how much of each.
fn weights(bits: &Bits) -> impl Iterator<Item = (usize, f32)> + '_ {
    (0..PLACES * PLACES).filter_map(|place| {
        let (x, y) = (place % PLACES * FINE, place / PLACES * FINE);
        let inside = (0..FINE * FINE).filter(|i| bits.contains(x + i % FINE, y + i / FINE));
        let count = inside.count();
        (count > 0).then_some((place, count as f32 / (FINE * FINE) as f32))
    })
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// To length 1; `false` for nothing.
fn normalise(vector: &mut [f32]) -> bool {
    let length = dot(vector, vector).sqrt();
    if length <= f32::EPSILON {
        return false;
    }
    for value in vector {
        *value /= length;
    }
    true
}
