//! One head in one window: a block of queries at a time, from products to sums.

use super::Sides;
use crate::kernel::dense::{COLUMNS, tile};
use crate::kernel::rows::softmax_row;
use std::array::from_fn;

/// So many queries are in work at once.
const BLOCK: usize = 32;

/// Some of the numbers at the places of one head in one window.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// From the first of them on.
    pub numbers: &'a [f32],
    pub stride: usize,
    pub length: usize,
}

impl<'a> Part<'a> {
    fn row(self, place: usize) -> &'a [f32] {
        &self.numbers[place * self.stride..][..self.length]
    }
}

/// Room for one head in one window.
#[derive(Default)]
pub(super) struct Room {
    keys: Vec<[f32; COLUMNS]>,
    values: Vec<[f32; COLUMNS]>,
    shares: Vec<f32>,
}

/// The sums of `values` by the shares of `queries` times `keys`, scaled, to which `bias` is added before;
/// `result` begins with the first place's numbers of this head.
pub(super) fn attend<const ROWS: usize>(
    sides: Sides,
    scale: f32,
    [queries, keys, values]: [Part; 3],
    bias: Option<&[f32]>,
    room: &mut Room,
    result: &mut [f32],
) {
    across(keys, sides.keys, scale, &mut room.keys);
    along(values, sides.keys, &mut room.values);
    for first in (0..sides.queries).step_by(BLOCK) {
        let count = BLOCK.min(sides.queries - first);
        let shares = &mut room.shares;
        shares.resize(count * sides.keys, 0.0);
        let query = |row: usize| queries.row(first + row);
        products::<ROWS>(
            query,
            count,
            &room.keys,
            sides.numbers,
            |row, column, eight| {
                let row = &mut shares[row * sides.keys..][..sides.keys];
                put(&mut row[column..], eight);
            },
        );
        for (row, shares) in shares.chunks_exact_mut(sides.keys).enumerate() {
            let bias = bias.map(|bias| &bias[(first + row) * sides.keys..][..sides.keys]);
            softmax_row(shares, bias);
        }
        let share = |row: usize| &shares[row * sides.keys..][..sides.keys];
        products::<ROWS>(
            share,
            count,
            &room.values,
            sides.keys,
            |row, column, eight| {
                let at = (first + row) * sides.heads * sides.values;
                put(&mut result[at..][column..sides.values], eight);
            },
        );
    }
}

fn put(row: &mut [f32], eight: [f32; COLUMNS]) {
    let count = row.len().min(COLUMNS);
    row[..count].copy_from_slice(&eight[..count]);
}

/// Rows as panels of eight columns, scaled.
fn across(rows: Part, count: usize, scale: f32, panels: &mut Vec<[f32; COLUMNS]>) {
    panels.clear();
    panels.resize(count.div_ceil(COLUMNS) * rows.length, [0.0; COLUMNS]);
    for place in 0..count {
        let panel = &mut panels[place / COLUMNS * rows.length..][..rows.length];
        for (column, number) in panel.iter_mut().zip(rows.row(place)) {
            column[place % COLUMNS] = number * scale;
        }
    }
}

/// Rows as the rows of panels of eight columns.
fn along(rows: Part, count: usize, panels: &mut Vec<[f32; COLUMNS]>) {
    panels.clear();
    panels.resize(rows.length.div_ceil(COLUMNS) * count, [0.0; COLUMNS]);
    for place in 0..count {
        for (at, numbers) in rows.row(place).chunks(COLUMNS).enumerate() {
            panels[at * count + place][..numbers.len()].copy_from_slice(numbers);
        }
    }
}

/// Some rows by panels of `length`; eight numbers after the other with their row and first column.
#[inline(always)]
fn products<'a, const ROWS: usize>(
    row: impl Fn(usize) -> &'a [f32],
    count: usize,
    panels: &[[f32; COLUMNS]],
    length: usize,
    mut put: impl FnMut(usize, usize, [f32; COLUMNS]),
) {
    for (at, panel) in panels.chunks_exact(length).enumerate() {
        for first in (0..count).step_by(ROWS) {
            // The last rows are computed again where there are too few.
            let rows: [&[f32]; ROWS] = from_fn(|i| row((first + i).min(count - 1)));
            let sums = tile(rows, panel);
            for (i, pair) in sums.into_iter().take(count - first).enumerate() {
                let mut eight = [0.0; COLUMNS];
                let (fours, _) = eight.as_chunks_mut::<4>();
                pair[0].put(&mut fours[0]);
                pair[1].put(&mut fours[1]);
                put(first + i, at * COLUMNS, eight);
            }
        }
    }
}
