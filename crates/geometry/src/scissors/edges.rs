//! What a step costs: zero crossings of the Laplacian, the gradient's direction and its magnitude,
//! weighed 0.43, 0.43 and 0.14 as in the paper.

use super::STEPS;
use crate::{PixelView, Point};

/// What a step of one pixel across flat ground costs, less one.
const SCALE: f32 = 128.0;
const WEIGHT_ZERO: f32 = 0.43;
const WEIGHT_DIRECTION: f32 = 0.43;
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
        let smooth = smoothed(&channels(view, window), window);
        let (strength, along) = gradient(&smooth, window);
        let crossing = zero_crossings(&smooth, window);
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
        let link = if with > 64 { link ^ 128 } else { link };
        let bend = u32::from(turn(self.along[from], link)) + u32::from(turn(self.along[to], link));
        let bend = bend as f32 / 192.0 * WEIGHT_DIRECTION * SCALE;
        let cost = f32::from(self.still_cost[to]) + bend;
        let diagonal = STEPS[direction].0 != 0 && STEPS[direction].1 != 0;
        let length = if diagonal {
            std::f32::consts::SQRT_2
        } else {
            1.0
        };
        1 + (cost * length) as u32
    }
}

/// The angle between two directions, 128 being half a turn.
fn turn(a: u8, b: u8) -> u8 {
    let turn = a.wrapping_sub(b);
    turn.min(turn.wrapping_neg())
}

/// Red, green and blue of the window.
fn channels(view: &PixelView, window: Window) -> Vec<[f32; 3]> {
    (0..window.width * window.height)
        .map(|index| {
            let (x, y) = window.pixel(index);
            let [r, g, b, _] = view.rgba(x, y).unwrap_or_default();
            [r, g, b].map(f32::from)
        })
        .collect()
}

/// A binomial filter of 5 × 5 against noise (close to a Gaussian with σ = 1), edges repeated.
fn smoothed(cells: &[[f32; 3]], window: Window) -> Vec<[f32; 3]> {
    let (width, height) = (window.width as isize, window.height as isize);
    let pass = |cells: &[[f32; 3]], dx: isize, dy: isize| -> Vec<[f32; 3]> {
        let at = |x: isize, y: isize| {
            cells[(y.clamp(0, height - 1) * width + x.clamp(0, width - 1)) as usize]
        };
        let all = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        all.map(|(x, y)| {
            let taps = [1.0, 4.0, 6.0, 4.0, 1.0].into_iter().zip(-2..);
            taps.fold([0.0; 3], |sum, (weight, i)| {
                let cell = at(x + i * dx, y + i * dy);
                [0, 1, 2].map(|c| sum[c] + cell[c] * weight / 16.0)
            })
        })
        .collect()
    };
    pass(&pass(cells, 1, 0), 0, 1)
}

/// Magnitude, one for the steepest fiftieth, and the direction along the edge (Sobel's operator, of
/// the three channels the one that changes most).
fn gradient(cells: &[[f32; 3]], window: Window) -> (Vec<f32>, Vec<u8>) {
    let slopes: Vec<(f32, f32)> = (0..cells.len())
        .map(|index| {
            let near = Neighbourhood::of(index, window);
            let slope = |c: usize| {
                let v = |dx: usize, dy: usize| cells[near.at(dx, dy)][c];
                let x = v(2, 0) + 2.0 * v(2, 1) + v(2, 2) - v(0, 0) - 2.0 * v(0, 1) - v(0, 2);
                let y = v(0, 2) + 2.0 * v(1, 2) + v(2, 2) - v(0, 0) - 2.0 * v(1, 0) - v(2, 0);
                (x, y)
            };
            let steepness = |(x, y): (f32, f32)| x * x + y * y;
            let slopes = [slope(0), slope(1), slope(2)];
            let best = slopes
                .into_iter()
                .max_by(|a, b| steepness(*a).total_cmp(&steepness(*b)));
            best.unwrap_or_default()
        })
        .collect();
    let mut magnitudes: Vec<f32> = slopes.iter().map(|(x, y)| x.hypot(*y)).collect();
    let mut sorted = magnitudes.clone();
    let fiftieth = sorted.len() - 1 - sorted.len() / 50;
    let (_, steep, _) = sorted.select_nth_unstable_by(fiftieth, f32::total_cmp);
    // Where almost all is flat, a step of eight levels is an edge still.
    let steep = steep.max(32.0);
    for magnitude in &mut magnitudes {
        *magnitude = (*magnitude / steep).min(1.0);
    }
    let along = slopes.iter().map(|(x, y)| {
        let angle = x.atan2(-y) / std::f32::consts::TAU * 256.0;
        angle.round() as i32 as u8
    });
    (magnitudes, along.collect())
}

/// Where the Laplacian of the grey picture changes its sign: at the pixel of the two that is nearer
/// to zero.
fn zero_crossings(cells: &[[f32; 3]], window: Window) -> Vec<bool> {
    let grey: Vec<f32> = cells.iter().map(|cell| cell.iter().sum()).collect();
    let laplacian: Vec<f32> = (0..grey.len())
        .map(|index| {
            let near = Neighbourhood::of(index, window);
            let sides = [(0, 1), (2, 1), (1, 0), (1, 2)];
            let around: f32 = sides.iter().map(|(x, y)| grey[near.at(*x, *y)]).sum();
            around - 4.0 * grey[index]
        })
        .collect();
    (0..grey.len())
        .map(|index| {
            let near = Neighbourhood::of(index, window);
            let own = laplacian[index];
            let sides = [(0, 1), (2, 1), (1, 0), (1, 2)];
            sides.iter().any(|(x, y)| {
                let other = laplacian[near.at(*x, *y)];
                own * other < 0.0 && own.abs() <= other.abs()
            })
        })
        .collect()
}

/// The indices of a pixel and its neighbours, those beyond the window drawn to its border.
struct Neighbourhood {
    columns: [usize; 3],
    rows: [usize; 3],
}

impl Neighbourhood {
    fn of(index: usize, window: Window) -> Self {
        let (x, y) = (index % window.width, index / window.width);
        let around = |v: usize, count: usize| [v.saturating_sub(1), v, (v + 1).min(count - 1)];
        Self {
            columns: around(x, window.width),
            rows: around(y, window.height).map(|row| row * window.width),
        }
    }

    /// Column and row 0 to 2, the pixel itself being (1, 1).
    fn at(&self, column: usize, row: usize) -> usize {
        self.rows[row] + self.columns[column]
    }
}
