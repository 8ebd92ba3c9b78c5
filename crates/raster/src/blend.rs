//! Colours as the shaders handle them: four `f32`, multiplied by their alpha.

use visionflow_scene::Rgba;

/// Red, green, blue and alpha from 0 to 1, the colours multiplied by alpha.
pub type Ink = [f32; 4];

pub const NOTHING: Ink = [0.0; 4];

/// A colour with so much of its alpha.
pub fn paint(color: Rgba, coverage: f32) -> Ink {
    let [r, g, b, a] = color.0.to_le_bytes().map(|byte| f32::from(byte) / 255.0);
    let alpha = a * coverage;
    [r * alpha, g * alpha, b * alpha, alpha]
}

pub fn over(top: Ink, below: Ink) -> Ink {
    let rest = 1.0 - top[3];
    std::array::from_fn(|channel| top[channel] + below[channel] * rest)
}

/// How much of the pixel lies where the distance is negative.
pub fn coverage(distance: f32) -> f32 {
    unit(0.5 - distance)
}

/// From 0 to 1; what is no number is 0.
#[allow(clippy::manual_clamp, reason = "`clamp` keeps what is no number")]
pub fn unit(value: f32) -> f32 {
    value.max(0.0).min(1.0)
}

/// How much of a dash lies so far along a line, in device pixels.
pub fn dash(along: f32, ratio: f32) -> f32 {
    let (on, period) = (6.0 * ratio, 10.0 * ratio);
    let place = along - (along / period).floor() * period;
    coverage((place - on * 0.5).abs() - on * 0.5)
}

pub fn mix(a: Ink, b: Ink, part: f32) -> Ink {
    std::array::from_fn(|channel| a[channel] * (1.0 - part) + b[channel] * part)
}
