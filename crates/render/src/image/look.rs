//! How the image's colours are shown, as the shader reads it.

use bytemuck::{Pod, Zeroable};
use visionflow_scene::ImageLook;

#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Look {
    window_low: f32,
    window_factor: f32,
    brightness: f32,
    contrast: f32,
    inverse_gamma: f32,
    invert: f32,
    channel: u32,
    pad: u32,
}

impl Look {
    /// `usual` is the window of an image that has one of its own (16-bit greys), where the
    /// person chose none.
    pub fn of(look: &ImageLook, usual: Option<(f32, f32)>) -> Self {
        let (low, high) = look.window.or(usual).unwrap_or((0.0, 1.0));
        // A window of no width would divide by nothing; this is narrower than any sample.
        let width = (high - low).max(1.0 / 131_072.0);
        Self {
            window_low: low,
            window_factor: 1.0 / width,
            brightness: look.brightness,
            contrast: look.contrast,
            inverse_gamma: 1.0 / look.gamma.max(0.01),
            invert: f32::from(u8::from(look.invert)),
            channel: look.channel as u32,
            pad: 0,
        }
    }
}
