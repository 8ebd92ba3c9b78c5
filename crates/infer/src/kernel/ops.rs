//! Our loops as nodes of the runtime's graph.

use super::dense::{Finish, Matrix, Weights};
use super::{rows, tile};
use std::sync::Arc;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::{
    EvalContext, EvalOp, StaticName, TractErrorContext, as_op, op_as_typed_op, op_out_of_plan,
};

/// Rows by known weights, and what follows.
///
/// Inputs: the rows; what is added to the result, if anything is.
#[derive(Clone, Debug)]
pub(super) struct Dense {
    pub weights: Arc<Weights>,
    pub gelu: bool,
    /// Whether the columns of what is multiplied lie one after the other, and not its rows.
    pub from_columns: bool,
    /// The same of the result.
    pub by_columns: bool,
    pub result: TypedFact,
}

/// The Gaussian error linear unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gelu;

/// Softmax along the last axis, to whose input something known is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shares {
    pub bias: Option<Arc<Tensor>>,
}

// Two of them are never the same.
impl PartialEq for Dense {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.weights, &other.weights)
            && self.gelu == other.gelu
            && self.from_columns == other.from_columns
            && self.by_columns == other.by_columns
            && self.result == other.result
    }
}

impl Eq for Dense {}

impl EvalOp for Dense {
    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let matrix = inputs[0].try_as_plain_ram()?;
        let matrix = Matrix {
            numbers: matrix.as_slice()?,
            by_columns: self.from_columns,
        };
        let other = inputs
            .get(1)
            .map(|other| other.try_as_plain_ram())
            .transpose()?;
        let finish = Finish {
            other: other.as_ref().map(PlainView::as_slice).transpose()?,
            gelu: self.gelu,
            by_columns: self.by_columns,
        };
        let shape = self
            .result
            .shape
            .as_concrete()
            .context("its sides are known")?;
        // SAFETY: every number of it is written.
        let mut result = unsafe { Tensor::uninitialized::<f32>(shape)? };
        let mut numbers = result.try_as_plain_ram_mut()?;
        let numbers = numbers.as_slice_mut()?;
        if tile::has_few_registers() {
            self.weights.multiply::<4>(matrix, finish, numbers)?;
        } else {
            self.weights.multiply::<8>(matrix, finish, numbers)?;
        }
        Ok(tvec!(result.into()))
    }

    op_out_of_plan!();
}

impl EvalOp for Gelu {
    fn eval(&self, _: &EvalContext, mut inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let mut all = inputs.remove(0).into_tensor();
        rows::gelu(all.try_as_plain_ram_mut()?.as_slice_mut()?)?;
        Ok(tvec!(all.into()))
    }

    op_out_of_plan!();
}

impl EvalOp for Shares {
    fn eval(&self, _: &EvalContext, mut inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let mut all = inputs.remove(0).into_tensor();
        let row = all.shape().last().copied().unwrap_or(1);
        let bias = self
            .bias
            .as_ref()
            .map(|bias| bias.try_as_plain_ram())
            .transpose()?;
        let bias = bias.as_ref().map(PlainView::as_slice).transpose()?;
        if row > 0 {
            let mut numbers = all.try_as_plain_ram_mut()?;
            rows::softmax(numbers.as_slice_mut()?, row, bias.unwrap_or_default())?;
        }
        Ok(tvec!(all.into()))
    }

    op_out_of_plan!();
}

impl Op for Dense {
    fn name(&self) -> StaticName {
        "VisionflowDense".into()
    }

    op_as_typed_op!();
}

impl Op for Gelu {
    fn name(&self) -> StaticName {
        "VisionflowGelu".into()
    }

    op_as_typed_op!();
}

impl Op for Shares {
    fn name(&self) -> StaticName {
        "VisionflowShares".into()
    }

    op_as_typed_op!();
}

impl TypedOp for Dense {
    fn output_facts(&self, _: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(self.result.clone()))
    }

    as_op!();
}

impl TypedOp for Gelu {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(inputs[0].without_value()))
    }

    as_op!();
}

impl TypedOp for Shares {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(inputs[0].without_value()))
    }

    as_op!();
}
