//! What a person points at, and what the model proposes.

use crate::Error;
use crate::frame::Frame;
use crate::logits::Logits;
use visionflow_geometry::{Point, Rect};

/// A click, in pixels of the photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Click {
    pub at: Point,
    /// Whether the thing is here, or ends before here.
    pub positive: bool,
}

/// What is asked for. At least a click or a box is needed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    pub clicks: Vec<Click>,
    /// A box around the thing, in pixels of the photograph.
    pub area: Option<Rect>,
}

impl Prompt {
    /// The prompt for a single thing at a point.
    pub fn at(point: Point) -> Self {
        Self {
            clicks: vec![Click {
                at: point,
                positive: true,
            }],
            area: None,
        }
    }

    /// Whether it may mean a thing, a part of it or the whole it belongs to: one lone click.
    pub fn is_ambiguous(&self) -> bool {
        self.clicks.len() == 1 && self.area.is_none()
    }

    /// Coordinates in the model's square and labels as the decoder takes them: 1 and 0 for clicks, 2
    /// and 3 for a box's corners; without a box a padding point labelled -1 follows.
    pub(crate) fn points(&self, frame: &Frame) -> Result<(Vec<f32>, Vec<f32>), Error> {
        if self.clicks.is_empty() && self.area.is_none() {
            return Err(Error::NoPrompt);
        }
        let clicks = self.clicks.iter();
        let mut points: Vec<(Point, f32)> = clicks
            .map(|click| (frame.to_model(click.at), f32::from(click.positive)))
            .collect();
        match self.area {
            Some(area) => points.extend([
                (frame.to_model(area.min), 2.0),
                (frame.to_model(area.max), 3.0),
            ]),
            None => points.push((Point::default(), -1.0)),
        }
        if !points.iter().all(|(p, _)| p.is_finite()) {
            return Err(Error::PromptNotFinite);
        }
        let places = points.iter().flat_map(|(p, _)| [p.x as f32, p.y as f32]);
        Ok((
            places.collect(),
            points.iter().map(|(_, label)| *label).collect(),
        ))
    }
}

/// A proposal of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The model's own estimate of the mask's intersection over union with the thing meant, 0 to 1.
    pub predicted_iou: f32,
    /// How little the mask changes when the model's threshold does: intersection over union of the
    /// masks above 1 and above -1.
    pub stability: f32,
    /// Also what a refined prompt hands back to the decoder.
    pub logits: Logits,
}
