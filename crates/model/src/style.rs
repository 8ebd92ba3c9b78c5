//! How annotations are painted, by label and by annotation.

use crate::Color;
use serde::{Deserialize, Serialize};

/// What of a style is set; the rest follows from the label, and at last from the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields))]
pub struct Style {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stroke: Option<Color>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<Color>,
    /// Of the fill, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opacity: Option<f32>,
    /// Of the stroke, in CSS pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<f32>,
}

/// The widest stroke, in CSS pixels.
pub const MAX_STROKE_WIDTH: f32 = 100.0;

impl Style {
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// This style where it is set, `below` elsewhere.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            stroke: self.stroke.or(below.stroke),
            fill: self.fill.or(below.fill),
            opacity: self.opacity.or(below.opacity),
            width: self.width.or(below.width),
        }
    }

    /// Whether every number is in its range.
    pub fn is_valid(&self) -> bool {
        let within = |value: Option<f32>, max: f32| value.is_none_or(|v| (0.0..=max).contains(&v));
        within(self.opacity, 1.0) && within(self.width, MAX_STROKE_WIDTH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_wins_only_where_it_is_set() {
        let label = Style {
            fill: Some(Color::new(1, 2, 3)),
            width: Some(4.0),
            ..Style::default()
        };
        let own = Style {
            width: Some(1.0),
            ..Style::default()
        };
        let both = own.over(label);
        assert_eq!((both.fill, both.width), (label.fill, Some(1.0)));
        assert!(both.is_valid());
        let nan = Style {
            opacity: Some(f32::NAN),
            ..Style::default()
        };
        assert!(!nan.is_valid());
    }
}
