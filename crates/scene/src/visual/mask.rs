//! A mask: one primitive for every tile in view, at the resolution that the zoom asks for.

use super::{Part, Visualizer};
use crate::ink::Ink;
use crate::masks::Owner;
use visionflow_geometry::{Mask, Point};

/// The outline keeps its width; the white line beside it says that the mask is selected.
pub const SELECTED_WIDTH: f32 = 3.0;

pub fn append(visualizer: &mut Visualizer, mask: &Mask, part: Part, owner: Owner, ink: &mut Ink) {
    // A ghost's dashes cannot follow pixels: its fill is all that shows.
    if matches!(part, Part::Outline { .. }) {
        return;
    }
    let mut atlas = std::mem::take(&mut visualizer.masks);
    for tile in atlas.show(mask, owner) {
        let [left, top] = visualizer.relative(Point::new(tile.rect.min.x, tile.rect.min.y));
        let [right, bottom] = visualizer.relative(tile.rect.max);
        ink.mask_tile([left, top, right, bottom], tile.place, tile.neighbours);
    }
    visualizer.masks = atlas;
}
