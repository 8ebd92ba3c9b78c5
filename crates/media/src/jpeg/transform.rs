//! From coefficients to samples, at full size or a power of two below.
//!
//! A smaller size is the inverse transform of the low frequencies alone, as libjpeg does it.

use super::block::Block;
use std::f32::consts::PI;
use std::sync::OnceLock;

/// Samples of one component.
#[derive(Clone, Debug)]
pub struct Plane {
    pub width: u32,
    pub height: u32,
    pub samples: Vec<u8>,
}

impl Plane {
    pub fn new(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            samples: vec![0; width as usize * height as usize],
        }
    }

    /// Puts a block where it belongs, counted in blocks; `level` halvings make it smaller.
    pub fn put(&mut self, col: u32, row: u32, level: u32, block: &Block) {
        let side = 8 >> level;
        let width = self.width as usize;
        let at = (row as usize * side) * width + col as usize * side;
        let out = &mut self.samples[at..];
        if side == 1 || !block.has_ac {
            let value = sample(block.values[0] as f32 / 8.0);
            for y in 0..side {
                out[y * width..y * width + side].fill(value);
            }
            return;
        }
        match side {
            8 => inverse::<8>(&block.values, out, width),
            4 => inverse::<4>(&block.values, out, width),
            _ => inverse::<2>(&block.values, out, width),
        }
    }
}

/// Samples lie around 128.
fn sample(value: f32) -> u8 {
    (value + 128.5).clamp(0.0, 255.0) as u8
}

/// `basis[u][x]`: what frequency `u` adds to sample `x` of `N`, for coefficients of a block of 8.
fn basis<const N: usize>() -> &'static [[f32; 8]; 8] {
    static TABLES: [OnceLock<[[f32; 8]; 8]>; 9] = [const { OnceLock::new() }; 9];
    TABLES[N].get_or_init(|| {
        let mut table = [[0.0; 8]; 8];
        for (u, row) in table.iter_mut().enumerate().take(N) {
            let scale = if u == 0 { 0.5_f32.sqrt() } else { 1.0 };
            for (x, value) in row.iter_mut().enumerate().take(N) {
                let angle = (2 * x + 1) as f32 * u as f32 * PI / (2 * N) as f32;
                // Of the forward transform's factor 1/4 each of the two passes makes good a half.
                *value = 0.5 * scale * angle.cos();
            }
        }
        table
    })
}

/// T.81, section A.3.3, separated into columns and rows.
fn inverse<const N: usize>(values: &[i32; 64], out: &mut [u8], stride: usize) {
    let basis = basis::<N>();
    let mut columns = [[0.0_f32; N]; N];
    for v in 0..N {
        let row = &values[v * 8..v * 8 + N];
        if row.iter().all(|value| *value == 0) {
            continue;
        }
        let mut line = [0.0_f32; N];
        for (u, value) in row.iter().enumerate() {
            if *value != 0 {
                let value = *value as f32;
                for x in 0..N {
                    line[x] += value * basis[u][x];
                }
            }
        }
        for y in 0..N {
            let factor = basis[v][y];
            for x in 0..N {
                columns[y][x] += factor * line[x];
            }
        }
    }
    for (y, line) in columns.iter().enumerate() {
        for (x, value) in line.iter().enumerate() {
            out[y * stride + x] = sample(*value);
        }
    }
}
