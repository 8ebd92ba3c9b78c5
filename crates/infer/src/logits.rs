//! The decoder's masks: how sure it is, at every fourth pixel of the model's square.

use crate::Error;
use crate::frame::{Frame, SIDE};

/// Values along each side.
pub const MASK_SIDE: usize = 256;
/// Pixels of the model's square from one value to the next.
pub(crate) const SPACING: usize = SIDE / MASK_SIDE;

/// [`MASK_SIDE`] x [`MASK_SIDE`] values, row by row; above 0 is inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Logits {
    values: Vec<f32>,
}

impl Logits {
    pub fn new(values: Vec<f32>) -> Result<Self, Error> {
        if values.len() != MASK_SIDE * MASK_SIDE {
            return Err(Error::MaskSize {
                wanted: MASK_SIDE * MASK_SIDE,
                got: values.len(),
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

    pub(crate) fn row(&self, y: usize) -> &[f32] {
        &self.values[y * MASK_SIDE..][..MASK_SIDE]
    }

    /// Intersection over union of the masks above `by` and above `-by`, in the photograph; 0 where
    /// there is none.
    pub fn stability(&self, frame: &Frame, by: f32) -> f32 {
        let (mut sure, mut maybe) = (0_u32, 0_u32);
        for value in self.inside(frame).flatten() {
            sure += u32::from(*value > by);
            maybe += u32::from(*value > -by);
        }
        if maybe == 0 {
            0.0
        } else {
            sure as f32 / maybe as f32
        }
    }

    /// The rows of values that lie in the photograph and not in the padding.
    pub(crate) fn inside(&self, frame: &Frame) -> impl Iterator<Item = &[f32]> {
        let columns = frame.scaled_width().div_ceil(SPACING);
        let rows = frame.scaled_height().div_ceil(SPACING);
        (0..rows).map(move |y| &self.row(y)[..columns])
    }
}

/// A disc, with logits that fall by one a value's distance.
#[cfg(test)]
pub(crate) fn disc(x: f32, y: f32, radius: f32) -> Logits {
    let values = (0..MASK_SIDE * MASK_SIDE).map(|i| {
        let (column, row) = (i % MASK_SIDE, i / MASK_SIDE);
        radius - (column as f32 - x).hypot(row as f32 - y)
    });
    Logits::new(values.collect()).expect("finite")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stability_is_the_ratio_of_areas() {
        let frame = Frame::new(100, 100);
        let stability = disc(128.0, 128.0, 50.0).stability(&frame, 1.0);
        assert!((stability - (49.0_f32 / 51.0).powi(2)).abs() < 0.01);
        assert_eq!(disc(0.0, 0.0, -10.0).stability(&frame, 1.0), 0.0);
    }

    #[test]
    fn padding_does_not_count() {
        let wide = Frame::new(200, 50);
        let below = disc(128.0, 200.0, 20.0);
        assert_eq!(below.stability(&wide, 1.0), 0.0);
        assert!(below.stability(&Frame::new(9, 9), 1.0) > 0.5);
    }

    #[test]
    fn only_whole_masks_of_numbers_are_taken() {
        assert!(matches!(
            Logits::new(vec![0.0; 5]),
            Err(Error::MaskSize { got: 5, .. })
        ));
        let values = vec![f32::NAN; MASK_SIDE * MASK_SIDE];
        assert_eq!(Logits::new(values), Err(Error::NotANumber));
    }
}
