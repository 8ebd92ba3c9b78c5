//! What a person has set for the tools; it outlives them, and the embedder keeps it.

use serde::{Deserialize, Serialize};
use visionflow_model::Align;

/// The brush is never smaller or larger than this, in image pixels.
const RADII: (f64, f64) = (0.5, 2_000.0);

/// Settings of all tools.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own that any other may go with"
)]
pub struct ToolSettings {
    /// The radius of brush and eraser, in image pixels.
    pub brush_radius: f64,
    /// How far a colour may differ from the magic wand's seed, 0 to 255.
    pub wand_tolerance: u8,
    /// What the magic wand makes.
    pub wand_result: WandResult,
    /// What the smart polygon makes.
    pub smart_result: WandResult,
    /// Once the smart polygon was used, photographs are made ready for it when they open.
    pub smart_prepares: bool,
    /// A pixel belongs to one mask only: the one that is edited takes it from the others, unless
    /// they are locked.
    pub panoptic: bool,
    /// New corners jump onto corners nearby.
    pub snap: bool,
    /// New polygons follow the outlines of their neighbours.
    pub share_borders: bool,
    /// How far a simplified line may lie from the drawn one, in image pixels.
    pub simplify_tolerance: f64,
    pub text: TextSettings,
}

/// How new texts are set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TextSettings {
    /// The font's size in image pixels.
    pub size: f64,
    pub bold: bool,
    pub align: Align,
}

/// The shape that the magic wand or the smart polygon leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum WandResult {
    #[default]
    Mask,
    Polygon,
}

impl Default for ToolSettings {
    fn default() -> Self {
        Self {
            brush_radius: 12.0,
            wand_tolerance: 24,
            wand_result: WandResult::default(),
            smart_result: WandResult::Polygon,
            smart_prepares: true,
            panoptic: false,
            snap: false,
            share_borders: false,
            simplify_tolerance: 1.0,
            text: TextSettings::default(),
        }
    }
}

impl Default for TextSettings {
    fn default() -> Self {
        Self {
            size: 24.0,
            bold: false,
            align: Align::default(),
        }
    }
}

impl ToolSettings {
    /// The same with every number where it makes sense; settings may come from outside.
    #[must_use]
    pub fn sanitized(self) -> Self {
        let or = |value: f64, default: f64| if value.is_finite() { value } else { default };
        let usual = Self::default();
        Self {
            brush_radius: or(self.brush_radius, usual.brush_radius).clamp(RADII.0, RADII.1),
            simplify_tolerance: or(self.simplify_tolerance, usual.simplify_tolerance)
                .clamp(0.0, 1_000.0),
            text: TextSettings {
                size: or(self.text.size, usual.text.size).clamp(1.0, 10_000.0),
                ..self.text
            },
            ..self
        }
    }

    /// With the brush one step larger or smaller.
    #[must_use]
    pub(crate) fn with_brush(self, larger: bool) -> Self {
        let radius = self.brush_radius;
        // A step is an eighth, and at least half a pixel, so that small brushes change too.
        let step = (radius / 8.0).max(0.5);
        let radius = if larger { radius + step } else { radius - step };
        Self {
            brush_radius: (radius * 2.0).round() / 2.0,
            ..self
        }
        .sanitized()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brush_grows_and_shrinks_within_its_range() {
        let with = |brush_radius| ToolSettings {
            brush_radius,
            ..ToolSettings::default()
        };
        assert_eq!(with(0.5).with_brush(false).brush_radius, 0.5);
        assert_eq!(with(0.5).with_brush(true).brush_radius, 1.0);
        assert_eq!(with(80.0).with_brush(true).brush_radius, 90.0);
        assert_eq!(with(80.0).with_brush(false).brush_radius, 70.0);
        assert_eq!(with(1_999.0).with_brush(true).brush_radius, 2_000.0);
        assert_eq!(with(f64::NAN).sanitized(), ToolSettings::default());
    }
}
