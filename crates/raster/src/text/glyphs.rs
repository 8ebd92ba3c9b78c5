//! Outlines of glyphs to how much of each pixel they cover, exactly: every line adds its signed
//! area to the pixels right of it, and a sum along each row makes coverage of it.

use super::font::{UNITS_PER_EM, Weight, faces};
use super::layout::Line;
use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};

/// The most lines a curve becomes.
const MOST_PIECES: f32 = 32.0;

/// Pixels with what is covered of them.
pub struct Coverage {
    width: usize,
    height: usize,
    /// Differences along each row; two more than pixels in it.
    sums: Vec<f32>,
}

impl Coverage {
    pub fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self {
            width,
            height,
            sums: vec![0.0; (width + 2) * height],
        }
    }

    /// Draws a line of text whose baseline begins at `at`.
    pub fn draw(&mut self, line: &Line, weight: Weight, size: f32, at: [f32; 2]) {
        for glyph in &line.glyphs {
            let Some(font) = faces(weight).get(glyph.face) else {
                continue;
            };
            let origin = [at[0] + glyph.at[0] * size, at[1] - glyph.at[1] * size];
            let mut pen = Pen {
                coverage: self,
                scale: size / UNITS_PER_EM,
                origin,
                start: origin,
                last: origin,
            };
            if let Some(outline) = font.outline_glyphs().get(glyph.id) {
                // An outline that cannot be read is left out; those of this crate can.
                let _ = outline.draw(&DrawOptions::default(), DrawMemory::default(), &mut pen);
            }
        }
    }

    /// How much of each pixel is covered, row by row.
    pub fn shares(&self) -> impl Iterator<Item = u8> {
        self.sums.chunks_exact(self.width + 2).flat_map(|row| {
            let mut sum = 0.0_f32;
            row[..self.width].iter().map(move |step| {
                sum += step;
                (sum.abs().min(1.0) * 255.0 + 0.5) as u8
            })
        })
    }

    fn line(&mut self, from: [f32; 2], to: [f32; 2]) {
        if from[1] == to[1] {
            return;
        }
        let (direction, low, high) = if from[1] < to[1] {
            (1.0, from, to)
        } else {
            (-1.0, to, from)
        };
        let slope = (high[0] - low[0]) / (high[1] - low[1]);
        let first = low[1].floor().max(0.0) as usize;
        let end = (high[1].ceil().max(0.0) as usize).min(self.height);
        for row in first..end {
            let (top, bottom) = (low[1].max(row as f32), high[1].min(row as f32 + 1.0));
            if bottom > top {
                let at = |y: f32| (low[0] + (y - low[1]) * slope).clamp(0.0, self.width as f32);
                self.piece(row, at(top), at(bottom), (bottom - top) * direction);
            }
        }
    }

    /// A line within one row, that covers `height` of it.
    fn piece(&mut self, row: usize, a: f32, b: f32, height: f32) {
        let start = row * (self.width + 2);
        let sums = &mut self.sums[start..start + self.width + 2];
        let (low, high) = (a.min(b), a.max(b));
        let (first, last) = (low.floor() as usize, high.ceil() as usize);
        if last <= first + 1 {
            let part = f32::midpoint(a, b) - first as f32;
            sums[first] += height - height * part;
            sums[first + 1] += height * part;
            return;
        }
        // Trapezoids: a triangle at each end, slices of equal height between them.
        let slice = height / (high - low);
        let entered = 1.0 - (low - first as f32);
        let first_area = 0.5 * slice * entered * entered;
        let left = high - (last - 1) as f32;
        let last_area = 0.5 * slice * left * left;
        sums[first] += first_area;
        if last == first + 2 {
            sums[first + 1] += height - first_area - last_area;
        } else {
            let second = slice * (entered + 0.5);
            sums[first + 1] += second - first_area;
            for sum in &mut sums[first + 2..last - 1] {
                *sum += slice;
            }
            let before = second + slice * (last - first - 3) as f32;
            sums[last - 1] += height - before - last_area;
        }
        sums[last] += last_area;
    }
}

/// Takes an outline in font units and draws it in pixels, flat.
struct Pen<'a> {
    coverage: &'a mut Coverage,
    scale: f32,
    origin: [f32; 2],
    start: [f32; 2],
    last: [f32; 2],
}

impl Pen<'_> {
    fn px(&self, x: f32, y: f32) -> [f32; 2] {
        [
            self.origin[0] + x * self.scale,
            self.origin[1] - y * self.scale,
        ]
    }

    fn to(&mut self, point: [f32; 2]) {
        self.coverage.line(self.last, point);
        self.last = point;
    }

    /// A curve in so many pieces that none is off by a tenth of a pixel; `bend` says how far its
    /// control points lie off a line.
    fn curve(&mut self, bend: f32, at: impl Fn(f32) -> [f32; 2]) {
        let pieces = (bend * 1.3).sqrt().ceil().clamp(1.0, MOST_PIECES);
        for piece in 1..=pieces as u32 {
            self.to(at(piece as f32 / pieces));
        }
    }
}

impl PathSink for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.close();
        self.start = self.px(x, y);
        self.last = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let point = self.px(x, y);
        self.to(point);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let (a, b, c) = (self.last, self.px(cx0, cy0), self.px(x, y));
        let off = |axis: usize| (a[axis] - 2.0 * b[axis] + c[axis]).abs();
        self.curve(off(0) + off(1), |t| {
            let s = 1.0 - t;
            std::array::from_fn(|i| s * s * a[i] + 2.0 * s * t * b[i] + t * t * c[i])
        });
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (a, b, c, d) = (
            self.last,
            self.px(cx0, cy0),
            self.px(cx1, cy1),
            self.px(x, y),
        );
        let off = |i: usize| (a[i] - 2.0 * b[i] + c[i]).abs() + (b[i] - 2.0 * c[i] + d[i]).abs();
        self.curve(1.5 * (off(0) + off(1)), |t| {
            let s = 1.0 - t;
            std::array::from_fn(|i| {
                s * s * s * a[i]
                    + 3.0 * s * s * t * b[i]
                    + 3.0 * s * t * t * c[i]
                    + t * t * t * d[i]
            })
        });
    }

    fn close(&mut self) {
        let start = self.start;
        self.to(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_the_area() {
        let mut coverage = Coverage::new(12, 8);
        let ring = [[1.25, 1.5], [9.75, 0.25], [10.5, 6.75], [2.0, 7.5]];
        for i in 0..4 {
            coverage.line(ring[i], ring[(i + 1) % 4]);
        }
        let twice: f32 = (0..4)
            .map(|i| (ring[i], ring[(i + 1) % 4]))
            .map(|(a, b)| a[0] * b[1] - a[1] * b[0])
            .sum();
        let sum: f32 = coverage
            .shares()
            .map(|share| f32::from(share) / 255.0)
            .sum();
        assert!(
            (sum - twice.abs() / 2.0).abs() < 0.1,
            "{sum} for {}",
            twice / 2.0
        );
    }

    #[test]
    fn what_lies_outside_harms_nothing() {
        let mut coverage = Coverage::new(4, 4);
        let line = Line::of("Wide words", Weight::Bold);
        for at in [
            [-3.0, 2.0],
            [1.0, -5.0],
            [3.5, 9.0],
            [1e9, -1e9],
            [0.0, 3.9],
        ] {
            coverage.draw(&line, Weight::Bold, 9.0, at);
        }
        assert!(coverage.shares().any(|share| share > 0));
    }
}
