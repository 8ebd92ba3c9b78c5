//! A whole image with its annotations in any size, made band by band out of tiles.

use crate::canvas::Canvas;
use crate::error::RasterError;
use crate::painter::Painter;
use crate::photo::Photo;
use crate::pins::Pin;
use crate::text;
use visionflow_geometry::Vec2;
use visionflow_scene::{Camera, Scene, SpriteId, Viewport};

/// Pixels of the picture per pixel of the image, at least and at most.
pub const MIN_SCALE: f64 = 0.01;
pub const MAX_SCALE: f64 = 8.0;
/// The longest side of a picture, and the most pixels.
pub const MAX_SIDE: u64 = 30_000;
pub const MAX_PIXELS: u64 = 100_000_000;
/// How many pixels may be looked at for one picture, over all that is drawn: minutes of one core.
const MAX_EFFORT: u64 = 10_000_000_000;
/// What is drawn at once; masks in view of it always have room in the scene's atlas.
const TILE: (u32, u32) = (2048, 512);
/// Painted texts are kept up to this.
const SPRITE_BYTES: usize = 64 << 20;

/// What lies under the annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backdrop {
    /// Nothing at all.
    Transparent,
    White,
    /// The photograph; where it is transparent, white.
    Image,
}

/// A size in pixels, and how it comes from the image's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    pub width: u32,
    pub height: u32,
    /// CSS pixels per image pixel, and device pixels per CSS pixel.
    camera_scale: f64,
    pixel_ratio: f64,
}

/// The size of an image's picture, or why it is refused.
///
/// Enlarged, lines and letters grow with the image; made smaller, lines keep the width that they
/// have on a screen, so that they stay visible.
pub fn size_of(image: (u32, u32), scale: f64) -> Result<Size, RasterError> {
    if !(MIN_SCALE..=MAX_SCALE).contains(&scale) {
        return Err(RasterError::Scale);
    }
    let side = |side: u32| ((f64::from(side) * scale).round() as u64).max(1);
    let (width, height) = (side(image.0), side(image.1));
    if width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS {
        return Err(RasterError::TooLarge { width, height });
    }
    let pixel_ratio = scale.max(1.0);
    Ok(Size {
        width: width as u32,
        height: height as u32,
        camera_scale: scale / pixel_ratio,
        pixel_ratio,
    })
}

/// A picture in the making; its bands come from the top down.
pub struct Picture<'a> {
    scene: &'a mut Scene,
    photo: Option<Photo>,
    backdrop: Backdrop,
    pins: Vec<Pin>,
    size: Size,
    painter: Painter,
    done: u32,
}

impl<'a> Picture<'a> {
    /// `scene` has the image's size and every annotation; `photo` is drawn on [`Backdrop::Image`].
    pub fn new(
        scene: &'a mut Scene,
        size: Size,
        backdrop: Backdrop,
        photo: Option<Photo>,
        pins: Vec<Pin>,
    ) -> Self {
        // Another picture may have been made of it.
        scene.invalidate_gpu();
        Self {
            scene,
            photo: photo.filter(|_| backdrop == Backdrop::Image),
            backdrop,
            pins,
            size,
            painter: Painter::within(MAX_EFFORT),
            done: 0,
        }
    }

    pub fn size(&self) -> Size {
        self.size
    }

    pub fn is_opaque(&self) -> bool {
        self.backdrop != Backdrop::Transparent
    }

    /// How much of the picture is made, from 0 to 1.
    pub fn progress(&self) -> f64 {
        f64::from(self.done) / f64::from(self.size.height)
    }

    /// The next rows of the picture over its whole width; `None` after the last.
    pub fn next_band(&mut self) -> Result<Option<Canvas>, RasterError> {
        let (width, height) = (self.size.width, self.size.height);
        if self.done >= height {
            return Ok(None);
        }
        let (top, rows) = (self.done, TILE.1.min(height - self.done));
        let empty = if self.is_opaque() { [255; 4] } else { [0; 4] };
        let mut band = Canvas::new(width, rows, empty);
        for left in (0..width).step_by(TILE.0 as usize) {
            let mut tile = Canvas::new(TILE.0.min(width - left), rows, empty);
            self.draw_tile((left, top), &mut tile)?;
            band.put(left, &tile);
        }
        self.done += rows;
        Ok(Some(band))
    }

    fn draw_tile(&mut self, (left, top): (u32, u32), tile: &mut Canvas) -> Result<(), RasterError> {
        let Size {
            camera_scale,
            pixel_ratio,
            ..
        } = self.size;
        let css = |pixels: u32| f64::from(pixels) / pixel_ratio;
        let camera = Camera::new(camera_scale, Vec2::new(-css(left), -css(top)));
        let (width, height) = tile.size();
        let viewport = Viewport {
            width: css(width),
            height: css(height),
            pixel_ratio,
        };
        let list = self.scene.draw_list(&camera, viewport);
        self.painter.take(list);
        let shown = Painter::shown(list, tile);
        self.paint_texts(&shown);
        // The same again: what changed was taken above.
        let list = self.scene.draw_list(&camera, viewport);
        self.painter.paint(list, self.photo.as_mut(), tile)?;
        for pin in &self.pins {
            pin.draw(list, tile);
        }
        Ok(())
    }

    fn paint_texts(&mut self, shown: &[SpriteId]) {
        if self.painter.sprite_bytes() > SPRITE_BYTES {
            self.painter.retain_text_sprites(shown);
        }
        for text in self.scene.texts() {
            if shown.contains(&text.id) && !self.painter.has(text.id) {
                let bitmap = text::paint(text, self.size.pixel_ratio as f32);
                self.painter.set_text_sprite(text.id, bitmap);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_limits() {
        let check = |image, scale, expected: Option<(u32, u32)>| {
            let size = size_of(image, scale).ok();
            assert_eq!(size.map(|size| (size.width, size.height)), expected);
        };
        check((400, 300), 1.0, Some((400, 300)));
        check((400, 300), 0.5, Some((200, 150)));
        check((10, 3), 0.01, Some((1, 1)));
        check((400, 300), 8.0, Some((3200, 2400)));
        for scale in [1000.0, 8.01, 0.0, -1.0, f64::NAN, f64::INFINITY] {
            check((400, 300), scale, None);
        }
        check((20_000, 10), 2.0, None);
        check((10_001, 10_000), 1.0, None);
        check((30_000, 3333), 1.0, Some((30_000, 3333)));
        let words = size_of((9000, 9000), 8.0).unwrap_err().to_string();
        assert!(
            words.contains("72000 × 72000") && words.contains("100 megapixels"),
            "{words}"
        );
    }
}
