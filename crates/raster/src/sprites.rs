//! Painted texts at their places: texel for pixel, or stretched over a part of the image.

use crate::blend::{Ink, mix};
use crate::canvas::{Area, Canvas};
use visionflow_scene::{DrawList, Sprite};

/// A painted text: straight alpha, row by row.
#[derive(Clone, Debug)]
pub struct Bitmap {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

/// Where a sprite lies, in device pixels.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    at: [f32; 2],
    size: [f32; 2],
}

impl Place {
    /// Tags lie on whole pixels; what belongs to the image scales with it.
    pub fn of(list: &DrawList, sprite: &Sprite, (width, height): (u32, u32)) -> Self {
        let ratio = list.viewport.pixel_ratio;
        let anchor = list.camera.screen_from_image(sprite.anchor);
        if let Some((width, height)) = sprite.size_in_image {
            let scale = list.camera.scale() * ratio;
            return Self {
                at: [(anchor.x * ratio) as f32, (anchor.y * ratio) as f32],
                size: [(width * scale) as f32, (height * scale) as f32],
            };
        }
        let at = |screen: f64, offset: f32, align: f32, size: u32| {
            let place = (screen + f64::from(offset)) * ratio - f64::from(align) * f64::from(size);
            place.round() as f32
        };
        Self {
            at: [
                at(anchor.x, sprite.offset_css.0, sprite.align.0, width),
                at(anchor.y, sprite.offset_css.1, sprite.align.1, height),
            ],
            size: [width as f32, height as f32],
        }
    }

    /// The pixels that it touches.
    pub fn area(self, canvas: &Canvas) -> Area {
        let far = [self.at[0] + self.size[0], self.at[1] + self.size[1]];
        canvas.area(self.at, far)
    }
}

impl Area {
    pub fn is_empty(self) -> bool {
        self.x.0 >= self.x.1 || self.y.0 >= self.y.1
    }
}

impl Bitmap {
    /// Draws it at a place.
    pub fn draw(&self, place: Place, canvas: &mut Canvas) {
        let (width, height) = (self.width as f32, self.height as f32);
        let [left, top] = place.at;
        let far = [left + place.size[0], top + place.size[1]];
        canvas.shade(place.area(canvas), 4, |x, y| {
            if x < left || y < top || x > far[0] || y > far[1] {
                return [0.0; 4];
            }
            let at = [
                (x - left) / place.size[0] * width - 0.5,
                (y - top) / place.size[1] * height - 0.5,
            ];
            let low = at.map(|at| (at + 1e-4).floor());
            let part = [(at[0] - low[0]).max(0.0), (at[1] - low[1]).max(0.0)];
            let (column, row) = (low[0] as i64, low[1] as i64);
            let top = mix(
                self.texel(column, row),
                self.texel(column + 1, row),
                part[0],
            );
            let below = mix(
                self.texel(column, row + 1),
                self.texel(column + 1, row + 1),
                part[0],
            );
            mix(top, below, part[1])
        });
    }

    /// Multiplied by its alpha, so that what is transparent has no colour to mix in.
    fn texel(&self, x: i64, y: i64) -> Ink {
        let x = x.clamp(0, i64::from(self.width) - 1) as usize;
        let y = y.clamp(0, i64::from(self.height) - 1) as usize;
        let start = (y * self.width as usize + x) * 4;
        let Some(texel) = self.rgba.get(start..start + 4) else {
            return [0.0; 4];
        };
        let [r, g, b, a] = [0, 1, 2, 3].map(|channel| f32::from(texel[channel]) / 255.0);
        [r * a, g * a, b * a, a]
    }
}
