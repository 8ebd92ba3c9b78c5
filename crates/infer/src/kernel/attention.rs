//! Attention within windows, from queries, keys and values to what is attended to, in one go.
//!
//! As the runtime has it, the shares of a photograph's windows are written and read four times over, 20 MB
//! each time, and every operand is laid out anew. Here a block of rows stays in the first cache from the
//! products to the sums. (The blocks are those of Dao et al., FlashAttention, 2022; rows are short enough for
//! softmax to see them whole.)

mod recognise;

use super::dense::{COLUMNS, tile};
use super::rows::softmax_row;
use super::tile::has_few_registers;
use std::array::from_fn;
use std::sync::Arc;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::{
    EvalContext, EvalOp, StaticName, as_op, op_as_typed_op, op_out_of_plan,
};
use tract_onnx::tract_core::tract_linalg::multithread::par_chunks_mut;

pub(crate) use recognise::attention;

/// So many rows are in work at once.
const BLOCK: usize = 32;
/// Rows longer than this leave the caches.
const LONGEST: usize = 1024;

/// Inputs: queries, keys and values, each of windows x places x heads x numbers, of which last those from
/// `first` on are meant. The result is of windows x places x heads x `sides.values`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attention {
    sides: Sides,
    first: [usize; 3],
    scale: f32,
    /// Added before the shares are taken, for the last axes of windows x heads x queries x keys.
    bias: Option<Arc<Tensor>>,
}

// What it is equal to it stays equal to: the scale is a number.
impl Eq for Attention {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sides {
    windows: usize,
    heads: usize,
    /// Places that ask, and places that are asked.
    queries: usize,
    keys: usize,
    /// Numbers of a query or key, and of a value.
    numbers: usize,
    values: usize,
}

/// Some of the numbers at the places of one head in one window.
#[derive(Clone, Copy)]
struct Part<'a> {
    /// From the first of them on.
    numbers: &'a [f32],
    stride: usize,
    length: usize,
}

impl<'a> Part<'a> {
    fn row(self, place: usize) -> &'a [f32] {
        &self.numbers[place * self.stride..][..self.length]
    }
}

/// Room for one head in one window.
#[derive(Default)]
struct Room {
    keys: Vec<[f32; COLUMNS]>,
    values: Vec<[f32; COLUMNS]>,
    shares: Vec<f32>,
}

impl Attention {
    fn window<const ROWS: usize>(
        &self,
        window: usize,
        inputs: [&[f32]; 3],
        bias: &[f32],
        room: &mut Room,
        result: &mut [f32],
    ) {
        let sides = self.sides;
        let places = [sides.queries, sides.keys, sides.keys];
        let lengths = [sides.numbers, sides.numbers, sides.values];
        for head in 0..sides.heads {
            let part = |at: usize| {
                let numbers = inputs[at];
                let stride = numbers.len() / sides.windows / places[at];
                let width = stride / sides.heads;
                let start = window * places[at] * stride + head * width + self.first[at];
                Part {
                    numbers: &numbers[start..],
                    stride,
                    length: lengths[at],
                }
            };
            let bias = (!bias.is_empty()).then(|| {
                let count = sides.queries * sides.keys;
                let start = (window * sides.heads + head) * count % bias.len();
                &bias[start..]
            });
            self.head::<ROWS>(
                [0, 1, 2].map(part),
                bias,
                room,
                &mut result[head * sides.values..],
            );
        }
    }

    /// `result` begins with the first place's numbers of this head.
    fn head<const ROWS: usize>(
        &self,
        [queries, keys, values]: [Part; 3],
        bias: Option<&[f32]>,
        room: &mut Room,
        result: &mut [f32],
    ) {
        let sides = self.sides;
        across(keys, sides.keys, self.scale, &mut room.keys);
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

impl EvalOp for Attention {
    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let sides = self.sides;
        let views = inputs.iter().map(|input| input.try_as_plain_ram());
        let views = views.collect::<TractResult<TVec<_>>>()?;
        let slices = views.iter().map(PlainView::as_slice::<f32>);
        let slices = slices.collect::<TractResult<TVec<_>>>()?;
        let inputs = [slices[0], slices[1], slices[2]];
        let bias = self.bias.as_ref().map(|bias| bias.try_as_plain_ram());
        let bias = bias.transpose()?;
        let bias = bias.as_ref().map(PlainView::as_slice).transpose()?;
        let bias = bias.unwrap_or_default();
        let shape = [sides.windows, sides.queries, sides.heads, sides.values];
        // SAFETY: every number of it is written.
        let mut result = unsafe { Tensor::uninitialized::<f32>(&shape)? };
        let mut numbers = result.try_as_plain_ram_mut()?;
        let length = sides.queries * sides.heads * sides.values;
        let work = sides.windows * sides.heads * sides.queries * sides.keys;
        par_chunks_mut(numbers.as_slice_mut()?, length, work, |first, windows| {
            let mut room = Room::default();
            for (at, window) in windows.chunks_exact_mut(length).enumerate() {
                if has_few_registers() {
                    self.window::<4>(first + at, inputs, bias, &mut room, window);
                } else {
                    self.window::<8>(first + at, inputs, bias, &mut room, window);
                }
            }
            Ok(())
        })?;
        Ok(tvec!(result.into()))
    }

    op_out_of_plan!();
}

impl Op for Attention {
    fn name(&self) -> StaticName {
        "VisionflowAttention".into()
    }

    op_as_typed_op!();
}

impl TypedOp for Attention {
    fn output_facts(&self, _: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let Sides {
            windows,
            queries,
            heads,
            values,
            ..
        } = self.sides;
        Ok(tvec!(f32::fact([windows, queries, heads, values])))
    }

    as_op!();
}

#[cfg(test)]
mod tests;
