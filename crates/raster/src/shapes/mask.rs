//! Tiles of masks.

use super::Item;
use crate::atlas::SIDE;
use crate::blend::{Ink, NOTHING, dash, over, paint, unit};
use crate::canvas::Canvas;
use visionflow_scene::style_flag;

/// Cosine and sine of the eight directions in which the outline is looked for.
const DIRECTIONS: [[f32; 2]; 8] = [
    [1.0, 0.0],
    [0.707_106_77, 0.707_106_77],
    [0.0, 1.0],
    [-0.707_106_77, 0.707_106_77],
    [-1.0, 0.0],
    [-0.707_106_77, -0.707_106_77],
    [0.0, -1.0],
    [0.707_106_77, -0.707_106_77],
];

/// A tile in device pixels.
struct Tile<'a> {
    item: &'a Item<'a>,
    corner: [f32; 2],
    /// Pixels a texel.
    texel: [f32; 2],
    place: u32,
    /// The places of the eight tiles around it, plus one.
    neighbours: [u32; 8],
}

pub fn draw(item: &Item<'_>, canvas: &mut Canvas) {
    let (low, high) = item.corners();
    let Some(neighbours) = item.data(0) else {
        return;
    };
    let tile = Tile {
        item,
        corner: low,
        texel: [
            (high[0] - low[0]) / SIDE as f32,
            (high[1] - low[1]) / SIDE as f32,
        ],
        place: item.primitive.b[1].to_bits(),
        neighbours: bytemuck::cast(*neighbours),
    };
    // A pixel belongs to the tile that its centre lies in.
    let edge = |at: f32| (at - 0.5).ceil();
    let area = canvas.area(low.map(edge), high.map(edge));
    canvas.shade(area, 8, |x, y| tile.shade([x, y]));
}

impl Tile<'_> {
    fn shade(&self, p: [f32; 2]) -> Ink {
        let (item, ratio) = (self.item, self.item.view.ratio);
        let at = [
            (p[0] - self.corner[0]) / self.texel[0],
            (p[1] - self.corner[1]) / self.texel[1],
        ];
        let here = self.at(at);
        if here <= 0.0 {
            return NOTHING;
        }
        // The outline lies inside: where a step of its width leads out of the mask.
        let (mut least, mut near) = (here, here);
        let selected = item.has(style_flag::SELECTED);
        for direction in DIRECTIONS {
            let step = |length: f32| {
                let along = |axis: usize| at[axis] + direction[axis] / self.texel[axis] * length;
                self.at([along(0), along(1)])
            };
            least = least.min(step(item.half_width() * 2.0));
            if selected {
                near = near.min(step(ratio));
            }
        }
        let mut color = paint(item.style.fill, here);
        let mut stroke = unit(here - least);
        if item.has(style_flag::DASHED) {
            // Nothing leads along an outline of pixels: stripes across it.
            stroke *= dash(p[0] - self.corner[0] + p[1] - self.corner[1], ratio);
        }
        color = over(paint(item.style.stroke, stroke), color);
        if selected {
            let line = unit(here - near);
            color = over(paint(Item::white(), line), color);
        }
        color
    }

    /// Pixels of the image are squares; texels smaller than a device pixel are mixed.
    fn at(&self, at: [f32; 2]) -> f32 {
        if self.texel[0] >= 1.0 {
            return self.share(at[0].floor() as i32, at[1].floor() as i32);
        }
        let p = at.map(|at| at - 0.5);
        let low = p.map(f32::floor);
        let part = [p[0] - low[0], p[1] - low[1]];
        let (x, y) = (low[0] as i32, low[1] as i32);
        // An absurdly wide outline asks at the end of the numbers.
        let (right, lower) = (x.saturating_add(1), y.saturating_add(1));
        let mix = |a: f32, b: f32, part: f32| a * (1.0 - part) + b * part;
        let top = mix(self.share(x, y), self.share(right, y), part[0]);
        let below = mix(self.share(x, lower), self.share(right, lower), part[0]);
        mix(top, below, part[1])
    }

    /// How much of a texel is in the mask; what lies beyond the tile is its neighbour's.
    fn share(&self, x: i32, y: i32) -> f32 {
        let (column, row) = (x.div_euclid(SIDE), y.div_euclid(SIDE));
        let mut place = self.place;
        if (column, row) != (0, 0) {
            let number = (row.clamp(-1, 1) + 1) * 3 + column.clamp(-1, 1) + 1;
            // The middle one is the tile itself.
            let index = if number > 4 { number - 1 } else { number };
            match self.neighbours[index as usize].checked_sub(1) {
                Some(next) => place = next,
                None => return 0.0,
            }
        }
        let atlas = self.item.atlas;
        atlas.share(place, x.rem_euclid(SIDE), y.rem_euclid(SIDE))
    }
}
