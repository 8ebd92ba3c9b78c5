//! How the photograph is shown, in numbers for JavaScript.

use serde::{Deserialize, Serialize};
use visionflow_scene::{Channel, ImageLook};

/// How the photograph and what lies over it are shown; nothing of it is part of the annotations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own that any other may go with"
)]
pub struct ViewOptions {
    /// Added to every channel, from -1 to 1.
    pub brightness: f32,
    /// Factor of the distance from the middle grey; 1 changes nothing.
    pub contrast: f32,
    /// Greater than 1 brightens the dark parts.
    pub gamma: f32,
    pub invert: bool,
    pub channel: ChannelName,
    /// Window and level: what becomes black and what white, from 0 to 1 of the samples' range.
    pub window: Option<[f32; 2]>,
    /// Lines between the photograph's pixels, once they are large enough.
    pub pixel_grid: bool,
    /// Lines every so many pixels of the photograph.
    pub grid: Option<f64>,
    /// Lines across the canvas through the pointer.
    pub crosshair: bool,
    /// The label's name beside what is selected or hovered.
    pub names: bool,
}

/// The channels that are shown; a single one as grey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ChannelName {
    #[default]
    All,
    Red,
    Green,
    Blue,
    Luma,
}

impl ViewOptions {
    pub fn from_look(look: ImageLook) -> Self {
        Self {
            brightness: look.brightness,
            contrast: look.contrast,
            gamma: look.gamma,
            invert: look.invert,
            channel: match look.channel {
                Channel::All => ChannelName::All,
                Channel::Red => ChannelName::Red,
                Channel::Green => ChannelName::Green,
                Channel::Blue => ChannelName::Blue,
                Channel::Luma => ChannelName::Luma,
            },
            window: look.window.map(|(black, white)| [black, white]),
            pixel_grid: false,
            grid: None,
            crosshair: false,
            names: true,
        }
    }

    /// The part that concerns the photograph's colours.
    pub fn look(&self) -> ImageLook {
        ImageLook {
            brightness: self.brightness,
            contrast: self.contrast,
            gamma: self.gamma,
            invert: self.invert,
            channel: match self.channel {
                ChannelName::All => Channel::All,
                ChannelName::Red => Channel::Red,
                ChannelName::Green => Channel::Green,
                ChannelName::Blue => Channel::Blue,
                ChannelName::Luma => Channel::Luma,
            },
            window: self.window.map(|[black, white]| (black, white)),
        }
    }
}
