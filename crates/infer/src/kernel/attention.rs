//! Attention within windows, from queries, keys and values to what is attended to, in one go.
//!
//! As the runtime has it, the shares of a photograph's windows are written and read four times over, 20 MB
//! each time, and every operand is laid out anew. Here a block of rows stays in the first cache from the
//! products to the sums. (The blocks are those of Dao et al., FlashAttention, 2022; rows are short enough for
//! softmax to see them whole.)

mod head;
mod recognise;

use super::tile::has_few_registers;
use head::{Part, Room, attend};
use std::sync::Arc;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::{
    EvalContext, EvalOp, StaticName, as_op, op_as_typed_op, op_out_of_plan,
};
use tract_onnx::tract_core::tract_linalg::multithread::par_chunks_mut;

pub(crate) use recognise::attention;

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
            let result = &mut result[head * sides.values..];
            attend::<ROWS>(sides, self.scale, [0, 1, 2].map(part), bias, room, result);
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
