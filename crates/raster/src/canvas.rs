//! Pixels to draw on: eight bits a channel, multiplied by alpha, as a GPU's target holds them.

use crate::blend::Ink;

/// A part of a picture in the making.
#[derive(Clone, Debug)]
pub struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<[u8; 4]>,
    /// How many pixels were looked at since the last call of [`Canvas::take_spent`].
    spent: u64,
}

/// Pixels from the first to before the last, each way; never outside the canvas.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    pub x: (u32, u32),
    pub y: (u32, u32),
}

impl Canvas {
    /// Everything in one colour: straight alpha.
    pub fn new(width: u32, height: u32, [r, g, b, a]: [u8; 4]) -> Self {
        let premultiplied = |channel: u8| ((u16::from(channel) * u16::from(a) + 127) / 255) as u8;
        let color = [premultiplied(r), premultiplied(g), premultiplied(b), a];
        Self {
            width,
            height,
            pixels: vec![color; width as usize * height as usize],
            spent: 0,
        }
    }

    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// One row as straight-alpha RGBA.
    pub fn row(&self, y: u32) -> impl Iterator<Item = [u8; 4]> {
        let start = y as usize * self.width as usize;
        self.pixels[start..start + self.width as usize]
            .iter()
            .map(|pixel| straight(*pixel))
    }

    /// One pixel of a canvas that is opaque everywhere.
    pub(crate) fn opaque(&self, x: u32, y: u32) -> [u8; 3] {
        let [r, g, b, _] = self.pixels[y as usize * self.width as usize + x as usize];
        [r, g, b]
    }

    /// Copies a canvas of the same height to a column.
    pub(crate) fn put(&mut self, left: u32, tile: &Self) {
        let rows = self.pixels.chunks_exact_mut(self.width as usize);
        for (row, from) in rows.zip(tile.pixels.chunks_exact(tile.width as usize)) {
            row[left as usize..left as usize + from.len()].copy_from_slice(from);
        }
    }

    /// The pixels whose centres may lie between two corners.
    pub fn area(&self, low: [f32; 2], high: [f32; 2]) -> Area {
        let range = |low: f32, high: f32, size: u32| {
            let start = (low.floor() as u32).min(size);
            (start, (high.ceil() as u32).clamp(start, size))
        };
        Area {
            x: range(low[0], high[0], self.width),
            y: range(low[1], high[1], self.height),
        }
    }

    /// Lays what `shade` answers for the centre of each pixel over it; `cost` is what a pixel counts.
    pub fn shade(&mut self, area: Area, cost: u64, shade: impl Fn(f32, f32) -> Ink) {
        for y in area.y.0..area.y.1 {
            self.shade_row(y, area.x, cost, &shade);
        }
    }

    /// The same for a part of one row.
    pub fn shade_row(
        &mut self,
        y: u32,
        (start, end): (u32, u32),
        cost: u64,
        shade: impl Fn(f32, f32) -> Ink,
    ) {
        self.spent += u64::from(end.saturating_sub(start)) * cost;
        let row = y as usize * self.width as usize;
        for x in start..end {
            let ink = shade(x as f32 + 0.5, y as f32 + 0.5);
            if ink != [0.0; 4] {
                blend(&mut self.pixels[row + x as usize], ink);
            }
        }
    }

    /// Lays one colour over a part of a row.
    pub fn fill_row(&mut self, y: u32, (start, end): (u32, u32), ink: Ink) {
        if ink == [0.0; 4] || start >= end {
            return;
        }
        self.spent += u64::from(end - start);
        let row = y as usize * self.width as usize;
        for pixel in &mut self.pixels[row + start as usize..row + end as usize] {
            blend(pixel, ink);
        }
    }

    /// What was spent since the last call.
    pub fn take_spent(&mut self) -> u64 {
        std::mem::take(&mut self.spent)
    }
}

fn blend(pixel: &mut [u8; 4], ink: Ink) {
    let rest = 1.0 - ink[3];
    for (channel, ink) in pixel.iter_mut().zip(ink) {
        *channel = (ink * 255.0 + f32::from(*channel) * rest + 0.5) as u8;
    }
}

fn straight([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    let divide = |channel: u8| match a {
        0 => 0,
        255 => channel,
        a => {
            let (channel, a) = (u32::from(channel), u32::from(a));
            ((channel * 255 + a / 2) / a).min(255) as u8
        }
    };
    [divide(r), divide(g), divide(b), a]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_back_as_they_went_in() {
        let mut canvas = Canvas::new(3, 1, [0; 4]);
        let half = [0.5, 0.25, 0.0, 0.5];
        canvas.fill_row(0, (1, 2), half);
        canvas.fill_row(0, (2, 3), [0.0, 0.0, 1.0, 1.0]);
        let row: Vec<_> = canvas.row(0).collect();
        assert_eq!(row, [[0; 4], [255, 128, 0, 128], [0, 0, 255, 255]]);
        assert_eq!(canvas.take_spent(), 2);
    }

    #[test]
    fn areas_never_leave_the_canvas() {
        let canvas = Canvas::new(10, 5, [0; 4]);
        let check = |low, high, x, y| {
            let area = canvas.area(low, high);
            assert_eq!((area.x, area.y), (x, y));
        };
        check([-5.0, 1.2], [3.1, 99.0], (0, 4), (1, 5));
        check(
            [f32::MAX, f32::MIN],
            [f32::INFINITY, -1.0],
            (10, 10),
            (0, 0),
        );
        check([f32::NAN; 2], [f32::NAN; 2], (0, 0), (0, 0));
    }
}
