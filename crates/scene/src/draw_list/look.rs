//! How the photograph is shown: values that its shader applies, pixel by pixel, and nothing stores.
//!
//! The order is: window and level, then contrast, brightness, gamma, inversion, then the channel.

/// A view of the photograph's colours; the default leaves them as they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageLook {
    /// Added to every channel (0 to 1); from -1 to 1.
    pub brightness: f32,
    /// Factor of the distance from the middle grey; 1 changes nothing.
    pub contrast: f32,
    /// The exponent's inverse: greater than 1 brightens the dark parts.
    pub gamma: f32,
    pub invert: bool,
    pub channel: Channel,
    /// Window and level as the two values (0 to 1 of the sample's range, so that 16-bit images
    /// keep their depth) that become black and white.
    pub window: Option<(f32, f32)>,
}

/// Which channels of the photograph are shown; a single one as grey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum Channel {
    #[default]
    All = 0,
    Red = 1,
    Green = 2,
    Blue = 3,
    /// Rec. 709 luma.
    Luma = 4,
}

impl Default for ImageLook {
    fn default() -> Self {
        Self {
            brightness: 0.0,
            contrast: 1.0,
            gamma: 1.0,
            invert: false,
            channel: Channel::All,
            window: None,
        }
    }
}
