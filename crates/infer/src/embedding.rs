//! What the encoder makes of a photograph.

use crate::Error;
use half::f16;

/// 256 values for each of 64 x 64 places.
pub(crate) const SHAPE: [usize; 4] = [1, 256, 64, 64];
const LENGTH: usize = SHAPE[1] * SHAPE[2] * SHAPE[3];
#[cfg(feature = "models")]
/// What SAM 2's decoder takes besides, the finer first.
pub(crate) const FINE_SHAPES: [[usize; 4]; 2] = [[1, 32, 256, 256], [1, 64, 128, 128]];
const FINE_LENGTH: usize = 32 * 256 * 256 + 64 * 128 * 128;

/// Features of one photograph, plane by plane; every value is a finite number.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    values: Vec<f32>,
    /// One after the other; empty for models without.
    fine: Vec<f32>,
}

impl Embedding {
    #[cfg(feature = "models")]
    /// From the parts that an encoder gives: the first alone, or with the two fine ones.
    pub(crate) fn new(parts: &[Vec<f32>]) -> Result<Self, Error> {
        let (values, fine) = parts.split_first().ok_or(Error::EmbeddingSize {
            wanted: LENGTH * 4,
            got: 0,
        })?;
        Self::of(values.clone(), fine.concat())
    }

    fn of(values: Vec<f32>, fine: Vec<f32>) -> Result<Self, Error> {
        let fits = values.len() == LENGTH && [0, FINE_LENGTH].contains(&fine.len());
        if !fits {
            return Err(Error::EmbeddingSize {
                wanted: LENGTH * 4,
                got: (values.len() + fine.len()) * 4,
            });
        }
        if !values.iter().chain(&fine).all(|value| value.is_finite()) {
            return Err(Error::NotANumber);
        }
        Ok(Self { values, fine })
    }

    /// All that an encoder gave, one part after the other.
    pub fn from_values(values: &[f32]) -> Result<Self, Error> {
        let (values, fine) = values.split_at(values.len().min(LENGTH));
        Self::of(values.to_vec(), fine.to_vec())
    }

    /// How far this is from what another encoder made of the same photograph, as a part of the other's
    /// length.
    pub fn apart(&self, other: &Self) -> f64 {
        let square = |value: f32| f64::from(value).powi(2);
        let pairs = self.values.iter().zip(&other.values);
        let pairs = pairs.chain(self.fine.iter().zip(&other.fine));
        let (mut difference, mut length) = (0.0, 0.0);
        for (own, other) in pairs {
            difference += square(own - other);
            length += square(*other);
        }
        (difference / length).sqrt()
    }

    pub fn values(&self) -> &[f32] {
        &self.values
    }

    #[cfg(feature = "models")]
    /// The parts with their shapes, as a decoder takes them.
    pub(crate) fn parts(&self) -> Vec<([usize; 4], &[f32])> {
        let mut parts = vec![(SHAPE, &self.values[..])];
        if !self.fine.is_empty() {
            let (fine, middle) = self.fine.split_at(FINE_SHAPES[0].iter().product());
            parts.extend([(FINE_SHAPES[0], fine), (FINE_SHAPES[1], middle)]);
        }
        parts
    }

    /// Half precision, little-endian: 2 MB (8 for SAM 2), and masks from it are the same to the eye.
    pub fn to_f16_bytes(&self) -> Vec<u8> {
        let all = self.values.iter().chain(&self.fine);
        let halves = all.map(|value| f16::from_f32(*value));
        halves.flat_map(f16::to_le_bytes).collect()
    }

    pub fn from_f16_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if ![LENGTH * 2, (LENGTH + FINE_LENGTH) * 2].contains(&bytes.len()) {
            return Err(Error::EmbeddingSize {
                wanted: LENGTH * 2,
                got: bytes.len(),
            });
        }
        let halves = bytes.chunks_exact(2);
        let mut values: Vec<f32> = halves
            .map(|half| f16::from_le_bytes([half[0], half[1]]).to_f32())
            .collect();
        let fine = values.split_off(LENGTH);
        Self::of(values, fine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_there_and_back() {
        let values: Vec<f32> = (0..LENGTH).map(|i| (i as f32).sin()).collect();
        let embedding = Embedding::new(&[values]).expect("finite");
        let back = Embedding::from_f16_bytes(&embedding.to_f16_bytes()).expect("its own bytes");
        let pairs = embedding.values().iter().zip(back.values());
        assert!(pairs.clone().all(|(a, b)| (a - b).abs() < 6e-4));
        assert_eq!(back.to_f16_bytes(), embedding.to_f16_bytes());
    }

    #[test]
    fn what_is_no_embedding_is_refused() {
        let short = Embedding::from_f16_bytes(&[0; 10]);
        assert!(matches!(short, Err(Error::EmbeddingSize { got: 10, .. })));
        let mut bytes = vec![0; LENGTH * 2];
        bytes[1] = 0x7e; // not a number
        assert_eq!(Embedding::from_f16_bytes(&bytes), Err(Error::NotANumber));
    }
}
