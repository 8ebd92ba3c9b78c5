//! Comments as numbered badges above the picture.

use crate::blend::{coverage, over, paint};
use crate::canvas::Canvas;
use crate::sprites::{Bitmap, Place};
use crate::text;
use visionflow_geometry::Point;
use visionflow_model::Color;
use visionflow_scene::{DrawList, Rgba, Sprite, SpriteId};

/// CSS pixels.
const SIDE: f32 = 24.0;
const RADIUS: f32 = 10.0;
const RIM: f32 = 1.5;

/// A comment's thread at its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pin {
    /// In image space.
    pub x: f64,
    pub y: f64,
    pub number: u32,
    pub color: Color,
    /// White inside, with its colour around it.
    pub resolved: bool,
}

impl Pin {
    /// Draws it over what the canvas shows of the list's image.
    pub(crate) fn draw(&self, list: &DrawList, canvas: &mut Canvas) {
        let sprite = Sprite {
            id: SpriteId(0),
            anchor: Point::new(self.x, self.y),
            align: (0.5, 0.5),
            offset_css: (0.0, 0.0),
            size_in_image: None,
            stand_in: None,
        };
        let ratio = list.viewport.pixel_ratio as f32;
        let side = (SIDE * ratio).ceil().max(1.0) as u32;
        let place = Place::of(list, &sprite, (side, side));
        if !place.area(canvas).is_empty() {
            self.badge(side, ratio).draw(place, canvas);
        }
    }

    fn badge(&self, side: u32, ratio: f32) -> Bitmap {
        let color = Rgba::new(self.color, 1.0);
        let readable = text::readable_on(self.color);
        let ink = Rgba::new(Color::new(readable, readable, readable), 1.0);
        let (core, rim, ink) = if self.resolved {
            (Rgba::WHITE, color, color)
        } else {
            (color, Rgba::WHITE, ink)
        };
        let number = self.number.to_string();
        let size = if number.len() > 2 { 8.5 } else { 11.0 };
        let letters = text::centred(&number, side, size * ratio);
        let middle = side as f32 / 2.0;
        let mut canvas = Canvas::new(side, side, [0; 4]);
        let area = canvas.area([0.0; 2], [side as f32; 2]);
        canvas.shade(area, 1, |x, y| {
            let (dx, dy) = (x - middle, y - middle);
            let distance = (dx * dx + dy * dy).sqrt() - RADIUS * ratio;
            let share = letters[y as usize * side as usize + x as usize];
            let below = over(
                paint(core, coverage(distance)),
                paint(rim, coverage(distance - RIM * ratio)),
            );
            over(paint(ink, f32::from(share) / 255.0), below)
        });
        let rgba = (0..side).flat_map(|y| canvas.row(y).flatten().collect::<Vec<_>>());
        Bitmap {
            width: side,
            height: side,
            rgba: rgba.collect(),
        }
    }
}
