//! What a step costs: zero crossings of the Laplacian, the gradient's direction and its magnitude,
//! weighed 0.43, 0.43 and 0.14 as in the paper.

use crate::{PixelView, Point};

/// What a step of one pixel across flat ground costs, less one.
const SCALE: f32 = 128.0;
const WEIGHT_ZERO: f32 = 0.43;
/// 0.43 of [`SCALE`] for a turn of 192 (256 to the full turn), in 256ths.
const BEND: u32 = 73;
const WEIGHT_MAGNITUDE: f32 = 0.14;

/// A part of the view, in its pixels.
#[derive(Clone, Copy)]
pub(super) struct Window {
    left: u32,
    top: u32,
    pub width: usize,
    pub height: usize,
    origin: Point,
    pub scale: f64,
}

impl Window {
    pub fn around(view: &PixelView, x: u32, y: u32, reach: u32) -> Self {
        let (left, top) = (x.saturating_sub(reach), y.saturating_sub(reach));
        Self {
            left,
            top,
            width: ((x + reach + 1).min(view.width) - left) as usize,
            height: ((y + reach + 1).min(view.height) - top) as usize,
            origin: view.origin,
            scale: view.scale,
        }
    }

    pub fn index_of(self, x: u32, y: u32) -> usize {
        (y - self.top) as usize * self.width + (x - self.left) as usize
    }

    /// The pixel of the view.
    pub fn pixel(self, index: usize) -> (u32, u32) {
        let (x, y) = (index % self.width, index / self.width);
        (self.left + x as u32, self.top + y as u32)
    }

    /// The pixel's centre in the image.
    pub fn image_from_index(self, index: usize) -> Point {
        let (x, y) = self.pixel(index);
        Point::new(
            self.origin.x + (f64::from(x) + 0.5) * self.scale,
            self.origin.y + (f64::from(y) + 0.5) * self.scale,
        )
    }

    pub fn view_from_image(self, p: Point) -> Point {
        Point::new(
            (p.x - self.origin.x) / self.scale,
            (p.y - self.origin.y) / self.scale,
        )
    }

    /// The window's pixel nearest to a point of the view.
    pub fn nearest(self, p: Point) -> usize {
        let clamp = |v: f64, first: u32, count: usize| {
            (v - f64::from(first)).clamp(0.0, count as f64 - 1.0) as usize
        };
        clamp(p.y, self.top, self.height) * self.width + clamp(p.x, self.left, self.width)
    }
}

pub(super) struct Edges {
    pub window: Window,
    /// The gradient's magnitude, 0 to 1.
    pub strength: Vec<f32>,
    /// The part of a step's cost that depends on the pixel it leads to only.
    pub still_cost: Vec<u8>,
    /// The direction along the edge, across the gradient: 256 to the full turn.
    along: Vec<u8>,
}

impl Edges {
    pub fn of(view: &PixelView, window: Window) -> Self {
        let planes = Planes::of(view, window);
        let (strength, along) = planes.gradient();
        let crossing = planes.zero_crossings();
        let still = strength.iter().zip(&crossing).map(|(strength, crossing)| {
            let zero = if *crossing { 0.0 } else { 1.0 };
            (SCALE * (WEIGHT_ZERO * zero + WEIGHT_MAGNITUDE * (1.0 - strength))) as u8
        });
        Self {
            window,
            still_cost: still.collect(),
            strength,
            along,
        }
    }

    /// What the step from one pixel to its neighbour costs: 1 to 255.
    pub fn step_cost(&self, from: usize, to: usize, direction: usize) -> u32 {
        // The link is turned so that it runs with the edge at `from`; angles are bytes.
        let link = direction as u8 * 32;
        let with = turn(self.along[from], link);
        let (link, with) = if with > 64 {
            (link ^ 128, 128 - with)
        } else {
            (link, with)
        };
        let bend = u32::from(with) + u32::from(turn(self.along[to], link));
        let cost = u32::from(self.still_cost[to]) + ((bend * BEND) >> 8);
        // Odd directions are diagonal: 181 / 128 is the root of two.
        1 + if direction % 2 == 1 {
            (cost * 181) >> 7
        } else {
            cost
        }
    }
}

/// The angle between two directions, 128 being half a turn.
fn turn(a: u8, b: u8) -> u8 {
    let turn = a.wrapping_sub(b);
    turn.min(turn.wrapping_neg())
}

/// As far as a pixel's edge looks at its neighbours: two for smoothing, one for a slope, one for its
/// change.
const MARGIN: usize = 4;

/// Red, green and blue of a window and its margin, smoothed.
///
/// Loops run over whole arrays, and what they make of the margin's outer cells means nothing: the
/// compiler can vectorise them, and no pixel of the window reads it.
struct Planes {
    window: Window,
    stride: usize,
    channels: [Vec<f32>; 3],
}

impl Planes {
    fn of(view: &PixelView, window: Window) -> Self {
        let (stride, rows) = (window.width + 2 * MARGIN, window.height + 2 * MARGIN);
        let place = |i: usize, first: u32, count: u32| {
            (first as usize + i)
                .saturating_sub(MARGIN)
                .min(count as usize - 1) as u32
        };
        let mut channels = [0; 3].map(|_| Vec::with_capacity(stride * rows));
        for row in 0..rows {
            let y = place(row, window.top, view.height);
            for column in 0..stride {
                let x = place(column, window.left, view.width);
                let pixel = view.rgba(x, y).unwrap_or_default();
                for (channel, value) in channels.iter_mut().zip(pixel) {
                    channel.push(f32::from(value));
                }
            }
        }
        let channels = channels.map(|cells| binomial(&binomial(&cells, 1), stride));
        Self {
            window,
            stride,
            channels,
        }
    }

    /// The values of the window's own pixels.
    fn inner<T: Copy>(&self, cells: &[T]) -> Vec<T> {
        let rows = (0..self.window.height).map(|row| (row + MARGIN) * self.stride + MARGIN);
        rows.flat_map(|at| cells[at..at + self.window.width].iter().copied())
            .collect()
    }

    /// Magnitude, one for the steepest fiftieth, and the direction along the edge (Sobel's operator,
    /// of the three channels the one that changes most).
    fn gradient(&self) -> (Vec<f32>, Vec<u8>) {
        let count = self.channels[0].len();
        let mut slopes = vec![(0.0_f32, 0.0_f32, 0.0_f32); count];
        let s = self.stride;
        for v in &self.channels {
            for i in s + 1..count - s - 1 {
                let (a, b, c) = (v[i - s - 1], v[i - s], v[i - s + 1]);
                let (d, e) = (v[i - 1], v[i + 1]);
                let (f, g, h) = (v[i + s - 1], v[i + s], v[i + s + 1]);
                let (x, y) = (
                    c + 2.0 * e + h - a - 2.0 * d - f,
                    f + 2.0 * g + h - a - 2.0 * b - c,
                );
                let steepness = x * x + y * y;
                if steepness > slopes[i].0 {
                    slopes[i] = (steepness, x, y);
                }
            }
        }
        let slopes = self.inner(&slopes);
        let mut strength: Vec<f32> = slopes.iter().map(|slope| slope.0.sqrt()).collect();
        let mut sorted = strength.clone();
        let fiftieth = sorted.len() - 1 - sorted.len() / 50;
        let (_, steep, _) = sorted.select_nth_unstable_by(fiftieth, f32::total_cmp);
        // Where almost all is flat, a step of eight levels is an edge still.
        let steep = steep.max(32.0);
        for strength in &mut strength {
            *strength = (*strength / steep).min(1.0);
        }
        let along = slopes.iter().map(|(_, x, y)| {
            let angle = x.atan2(-y) / std::f32::consts::TAU * 256.0;
            angle.round() as i32 as u8
        });
        (strength, along.collect())
    }

    /// Where the Laplacian of the grey picture changes its sign: at the pixel of the two that is
    /// nearer to zero.
    fn zero_crossings(&self) -> Vec<bool> {
        let [r, g, b] = &self.channels;
        let (count, s) = (r.len(), self.stride);
        let grey: Vec<f32> = (0..count).map(|i| r[i] + g[i] + b[i]).collect();
        let mut laplacian = vec![0.0; count];
        for i in s..count - s {
            laplacian[i] = grey[i - s] + grey[i - 1] + grey[i + 1] + grey[i + s] - 4.0 * grey[i];
        }
        let mut crossing = vec![false; count];
        for i in s..count - s {
            let own: f32 = laplacian[i];
            let over = |other: f32| own * other < 0.0 && own.abs() <= other.abs();
            crossing[i] = over(laplacian[i - s])
                | over(laplacian[i - 1])
                | over(laplacian[i + 1])
                | over(laplacian[i + s]);
        }
        self.inner(&crossing)
    }
}

/// A binomial filter of five along one axis against noise (close to a Gaussian with σ = 1).
fn binomial(v: &[f32], step: usize) -> Vec<f32> {
    let mut result = vec![0.0; v.len()];
    for i in 2 * step..v.len() - 2 * step {
        let far = v[i - 2 * step] + v[i + 2 * step];
        let near = v[i - step] + v[i + step];
        result[i] = (far + 4.0 * near + 6.0 * v[i]) / 16.0;
    }
    result
}
