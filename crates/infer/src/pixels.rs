//! Pixels brought to another size, and to the input of Segment Anything's encoder.

use crate::Error;
use crate::frame::{Frame, SIDE};

/// What Segment Anything was trained with.
pub(crate) const MEAN: [f32; 3] = [123.675, 116.28, 103.53];
pub(crate) const DEVIATION: [f32; 3] = [58.395, 57.12, 57.375];

/// Three planes of [`SIDE`] x [`SIDE`] values from RGBA pixels, row by row; alpha is not looked at.
pub(crate) fn planes(
    frame: &Frame,
    width: usize,
    height: usize,
    rgba: &[u8],
    (mean, deviation): ([f32; 3], [f32; 3]),
) -> Result<Vec<f32>, Error> {
    check_pixels(width, height, rgba)?;
    let to = (frame.scaled_width(), frame.scaled_height());
    let mut planes = vec![0.0; 3 * SIDE * SIDE];
    scaled((width, height), rgba, to, |y, row| {
        for (channel, plane) in planes.chunks_exact_mut(SIDE * SIDE).enumerate() {
            let target = &mut plane[y * SIDE..][..to.0];
            for (target, pixel) in target.iter_mut().zip(row.chunks_exact(3)) {
                *target = (pixel[channel] - mean[channel]) / deviation[channel];
            }
        }
    });
    Ok(planes)
}

/// Refuses pixels that are not as many as their sides say.
pub(crate) fn check_pixels(width: usize, height: usize, rgba: &[u8]) -> Result<(), Error> {
    let wanted = width.saturating_mul(height).saturating_mul(4);
    if rgba.len() == wanted && wanted > 0 {
        return Ok(());
    }
    Err(Error::Pixels {
        width,
        height,
        wanted,
        got: rgba.len(),
    })
}

/// Gives the rows of RGB values, 0 to 255, of RGBA pixels brought to another size.
pub(crate) fn scaled(
    (width, height): (usize, usize),
    rgba: &[u8],
    (to_width, to_height): (usize, usize),
    mut give: impl FnMut(usize, &[f32]),
) {
    let columns = weights(width, to_width);
    let rows = weights(height, to_height);
    // Source rows already scaled in width, in a ring as long as the widest reach.
    let reach = rows
        .iter()
        .map(|taps| taps.weights.len())
        .max()
        .unwrap_or(1);
    let mut ring = vec![vec![0.0; 3 * to_width]; reach];
    let mut done = 0;
    let mut sum = vec![0.0; 3 * to_width];
    for (y, taps) in rows.iter().enumerate() {
        while done < taps.first + taps.weights.len() {
            let source = &rgba[done * width * 4..][..width * 4];
            scale_row(source, &columns, &mut ring[done % reach]);
            done += 1;
        }
        sum.fill(0.0);
        for (offset, weight) in taps.weights.iter().enumerate() {
            let row = &ring[(taps.first + offset) % reach];
            for (sum, value) in sum.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
        give(y, &sum);
    }
}

fn scale_row(source: &[u8], columns: &[Taps], target: &mut [f32]) {
    for (target, taps) in target.chunks_exact_mut(3).zip(columns) {
        let pixels = source[taps.first * 4..].chunks_exact(4);
        let mut sum = [0.0; 3];
        for (weight, pixel) in taps.weights.iter().zip(pixels) {
            for (sum, value) in sum.iter_mut().zip(pixel) {
                *sum += weight * f32::from(*value);
            }
        }
        target.copy_from_slice(&sum);
    }
}

/// Which source samples a target sample is made of.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

/// A triangle as wide as two target samples, or two source samples where these are wider: linear
/// interpolation upwards, averaging without aliases downwards, as the model was trained with.
fn weights(from: usize, to: usize) -> Vec<Taps> {
    let step = from as f64 / to as f64;
    let radius = step.max(1.0);
    let taps = |index: usize| {
        let centre = (index as f64 + 0.5) * step;
        let first = (centre - radius).max(0.0).floor() as usize;
        let end = ((centre + radius).ceil() as usize).min(from);
        let weight = |i: usize| (1.0 - ((i as f64 + 0.5 - centre) / radius).abs()).max(0.0);
        let total: f64 = (first..end).map(weight).sum();
        Taps {
            first,
            weights: (first..end).map(|i| (weight(i) / total) as f32).collect(),
        }
    };
    (0..to).map(taps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: usize, height: usize, rgba: &[u8]) -> Result<Vec<f32>, Error> {
        let frame = Frame::new(width as u32, height as u32);
        planes(&frame, width, height, rgba, (MEAN, DEVIATION))
    }

    fn grey(value: u8, pixels: usize) -> Vec<u8> {
        [value, value, value, 255].repeat(pixels)
    }

    #[test]
    fn a_plain_picture_stays_plain_at_every_size() {
        for (width, height) in [(1, 1), (7, 3), (1024, 1024), (3000, 1), (1500, 2000)] {
            let planes = of(width, height, &grey(90, width * height)).expect("pixels");
            let frame = Frame::new(width as u32, height as u32);
            for (i, value) in planes.iter().enumerate() {
                let (channel, x, y) = (i / SIDE / SIDE, i % SIDE, i / SIDE % SIDE);
                let inside = x < frame.scaled_width() && y < frame.scaled_height();
                let expected = (90.0 - MEAN[channel]) / DEVIATION[channel];
                let expected = if inside { expected } else { 0.0 };
                assert!((value - expected).abs() < 1e-5, "{x} {y} {value}");
            }
        }
    }

    #[test]
    fn fine_stripes_average_out() {
        let width = 4096;
        let stripes = (0..width).flat_map(|x| {
            let value = if x % 2 == 0 { 0 } else { 200 };
            [value, value, value, 255]
        });
        let planes = of(width, 1, &stripes.collect::<Vec<u8>>()).expect("pixels");
        let expected = (100.0 - MEAN[0]) / DEVIATION[0];
        assert!(
            planes[2..SIDE - 2]
                .iter()
                .all(|v| (v - expected).abs() < 1e-4)
        );
    }

    #[test]
    fn the_wrong_number_of_bytes_is_refused() {
        let error = of(2, 2, &[0; 15]).expect_err("too few");
        assert!(matches!(
            error,
            Error::Pixels {
                wanted: 16,
                got: 15,
                ..
            }
        ));
        assert!(of(0, 5, &[]).is_err());
    }
}
