//! The photograph: smaller copies of it, and what of them a pixel shows, as GPUs sample textures.

use crate::blend::{Ink, mix, unit};
use crate::canvas::Canvas;
use visionflow_geometry::Point;
use visionflow_scene::DrawList;

/// From this zoom on (CSS pixels per image pixel) the image's pixels are shown as squares.
const NEAREST_FROM_SCALE: f64 = 4.0;

/// A decoded photograph, each copy half as large as the one before; straight alpha.
#[derive(Debug)]
pub struct Photo {
    levels: Vec<Level>,
}

#[derive(Debug)]
struct Level {
    size: [u32; 2],
    rgba: Vec<u8>,
}

/// Where along one axis a pixel looks: two texels and how much of the second.
#[derive(Clone, Copy, Debug)]
struct Tap {
    low: u32,
    high: u32,
    part: f32,
}

impl Photo {
    /// `None` where the bytes are not `width * height` times four.
    pub fn new(width: u32, height: u32, rgba: Vec<u8>) -> Option<Self> {
        let fits = u64::from(width) * u64::from(height) * 4 == rgba.len() as u64;
        (fits && !rgba.is_empty()).then(|| Self {
            levels: vec![Level {
                size: [width, height],
                rgba,
            }],
        })
    }

    /// Draws it over the canvas where the draw list's image lies.
    pub fn draw(&mut self, list: &DrawList, canvas: &mut Canvas) {
        let Some((width, height)) = list.image_size else {
            return;
        };
        let image = [f64::from(width), f64::from(height)];
        let ratio = list.viewport.pixel_ratio;
        let texels = f64::from(self.levels[0].size[0]) / image[0];
        let lod = libm::log2(texels / (list.camera.scale() * ratio)).max(0.0);
        let is_square = lod == 0.0 && list.camera.scale() >= NEAREST_FROM_SCALE;
        let (fine, part) = (lod.floor() as usize, (lod - lod.floor()) as f32);
        self.halve_until(fine + usize::from(part > 0.0));
        let last = self.levels.len() - 1;
        let pair = [
            &self.levels[fine.min(last)],
            &self.levels[(fine + 1).min(last)],
        ];
        let (canvas_width, canvas_height) = canvas.size();
        let along = |axis: usize, pixels: u32| -> Vec<Option<[Tap; 2]>> {
            let tap = |pixel: u32| {
                let css = (f64::from(pixel) + 0.5) / ratio;
                let at = list.camera.image_from_screen(Point::new(css, css));
                let share = [at.x, at.y][axis] / image[axis];
                let tap = |level: &Level| Tap::at(share, level.size[axis], is_square);
                (0.0..1.0).contains(&share).then(|| pair.map(tap))
            };
            (0..pixels).map(tap).collect()
        };
        let (columns, rows) = (along(0, canvas_width), along(1, canvas_height));
        let area = canvas.area([0.0; 2], [canvas_width as f32, canvas_height as f32]);
        canvas.shade(area, 2, |x, y| {
            let (Some(column), Some(row)) = (columns[x as usize], rows[y as usize]) else {
                return [0.0; 4];
            };
            let mut color = pair[0].look(column[0], row[0]);
            if part > 0.0 {
                color = mix(color, pair[1].look(column[1], row[1]), part);
            }
            let [r, g, b, a] = color;
            [r * a, g * a, b * a, a]
        });
    }

    /// Makes copies down to the one of this number, or to a single texel.
    fn halve_until(&mut self, level: usize) {
        while self.levels.len() <= level {
            let last = &self.levels[self.levels.len() - 1];
            if last.size == [1, 1] {
                return;
            }
            let half = last.half();
            self.levels.push(half);
        }
    }
}

impl Tap {
    /// `share` of the way along `size` texels.
    fn at(share: f64, size: u32, is_square: bool) -> Self {
        let place = share * f64::from(size);
        let last = size - 1;
        if is_square {
            let texel = (place as u32).min(last);
            return Self {
                low: texel,
                high: texel,
                part: 0.0,
            };
        }
        let from_center = place - 0.5;
        let low = from_center.floor();
        Self {
            low: (low.max(0.0) as u32).min(last),
            high: ((low + 1.0).max(0.0) as u32).min(last),
            part: unit((from_center - low) as f32),
        }
    }
}

impl Level {
    fn texel(&self, x: u32, y: u32) -> Ink {
        let start = (y as usize * self.size[0] as usize + x as usize) * 4;
        std::array::from_fn(|channel| f32::from(self.rgba[start + channel]) / 255.0)
    }

    fn look(&self, x: Tap, y: Tap) -> Ink {
        let row = |y: u32| match x.part {
            part if part > 0.0 => mix(self.texel(x.low, y), self.texel(x.high, y), part),
            _ => self.texel(x.low, y),
        };
        match y.part {
            part if part > 0.0 => mix(row(y.low), row(y.high), part),
            _ => row(y.low),
        }
    }

    /// A copy of half the size: the average of what lies around each of its centres.
    fn half(&self) -> Self {
        let size = self.size.map(|side| (side / 2).max(1));
        let taps = |axis: usize| -> Vec<Tap> {
            let share = |i: u32| (f64::from(i) + 0.5) / f64::from(size[axis]);
            (0..size[axis])
                .map(|i| Tap::at(share(i), self.size[axis], false))
                .collect()
        };
        let (columns, rows) = (taps(0), taps(1));
        let mut rgba = Vec::with_capacity(size[0] as usize * size[1] as usize * 4);
        for row in &rows {
            for column in &columns {
                let color = self.look(*column, *row);
                rgba.extend(color.map(|channel| (channel * 255.0 + 0.5) as u8));
            }
        }
        Self { size, rgba }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_averages() {
        let rgba = vec![
            0, 0, 0, 255, 200, 100, 40, 255, 0, 0, 0, 255, 200, 100, 40, 255,
        ];
        let mut photo = Photo::new(2, 2, rgba).unwrap();
        photo.halve_until(9);
        assert_eq!(photo.levels.len(), 2);
        assert_eq!(photo.levels[1].rgba, [100, 50, 20, 255]);
        assert!(Photo::new(2, 2, vec![0; 15]).is_none());
        assert!(Photo::new(0, 2, Vec::new()).is_none());
    }
}
