//! What the encoder makes of a photograph.

use crate::Error;
use half::f16;

/// 256 values for each of 64 x 64 places.
pub(crate) const SHAPE: [usize; 4] = [1, 256, 64, 64];
const LENGTH: usize = SHAPE[1] * SHAPE[2] * SHAPE[3];

/// Features of one photograph, plane by plane; every value is a finite number.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    values: Vec<f32>,
}

impl Embedding {
    pub(crate) fn new(values: Vec<f32>) -> Result<Self, Error> {
        if values.len() != LENGTH {
            return Err(Error::EmbeddingSize {
                wanted: LENGTH * 4,
                got: values.len() * 4,
            });
        }
        if !values.iter().all(|value| value.is_finite()) {
            return Err(Error::NotANumber);
        }
        Ok(Self { values })
    }

    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Half precision, little-endian: 2 MB, and masks from it are the same to the eye.
    pub fn to_f16_bytes(&self) -> Vec<u8> {
        let halves = self.values.iter().map(|value| f16::from_f32(*value));
        halves.flat_map(f16::to_le_bytes).collect()
    }

    pub fn from_f16_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() != LENGTH * 2 {
            return Err(Error::EmbeddingSize {
                wanted: LENGTH * 2,
                got: bytes.len(),
            });
        }
        let halves = bytes.chunks_exact(2);
        Self::new(
            halves
                .map(|half| f16::from_le_bytes([half[0], half[1]]).to_f32())
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_there_and_back() {
        let values: Vec<f32> = (0..LENGTH).map(|i| (i as f32).sin()).collect();
        let embedding = Embedding::new(values).expect("finite");
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
