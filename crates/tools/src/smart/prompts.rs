//! The clicks and boxes that say which object is meant.

use crate::ask::Prompt;
use crate::{Context, WandResult};
use visionflow_geometry::{Point, Rect};

/// One prompt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Placed {
    /// Whether it belongs to the object.
    Point(Point, bool),
    /// The object lies inside; the latest box counts.
    Box(Rect),
}

/// Prompts in the order in which they were placed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Prompts(pub Vec<Placed>);

impl Prompts {
    pub fn of(placed: Placed) -> Self {
        Self(vec![placed])
    }

    pub fn points(&self) -> impl Iterator<Item = (Point, bool)> + '_ {
        self.0.iter().filter_map(|placed| match placed {
            Placed::Point(at, belongs) => Some((*at, *belongs)),
            Placed::Box(_) => None,
        })
    }

    /// The latest box, and around what is said to belong to the object too.
    pub fn bounds(&self) -> Option<Rect> {
        let boxes = self.0.iter().rev();
        let bounds = boxes.clone().find_map(|placed| match placed {
            Placed::Box(rect) => Some(*rect),
            Placed::Point(..) => None,
        })?;
        let belongs = self.points().filter(|(_, belongs)| *belongs);
        Some(belongs.fold(bounds, |bounds, (at, _)| {
            bounds.union(Rect::from_corners(at, at))
        }))
    }

    pub fn prompt(&self, tolerance: f64) -> Prompt {
        Prompt {
            points: self.points().collect(),
            bounds: self.bounds(),
            tolerance,
        }
    }
}

/// How exact outlines shall be: masks are made of pixels.
pub(super) fn tolerance(context: &Context<'_>) -> f64 {
    match context.settings.smart_result {
        WandResult::Polygon => context.settings.simplify_tolerance,
        WandResult::Mask => 0.0,
    }
}
