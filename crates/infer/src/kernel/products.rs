//! Many products of small matrices, as attention has them: the runtime does one after the other, and shares
//! out each, which gains nothing with small ones. Here they are shared out whole.

use std::sync::Arc;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::{
    EvalContext, EvalOp, StaticName, TractErrorContext, as_op, op_as_typed_op, op_out_of_plan,
};
use tract_onnx::tract_core::ops::matmul::optimized::OptMatMul;
use tract_onnx::tract_core::tract_linalg::mmm::FusedSpec;
use tract_onnx::tract_core::tract_linalg::multithread::{
    Executor, multithread_tract_scope, par_chunks_mut,
};

/// The runtime's node, of known sides and with one kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Products(OptMatMul);

impl Products {
    /// Nothing where there are not many, or the runtime chooses among kernels.
    pub fn of(op: &OptMatMul) -> Option<Self> {
        let shape = op.c_fact.shape.as_concrete()?;
        let one = |axis: Option<usize>| axis.map_or(1, |axis| shape[axis]);
        let is_many = shape.iter().product::<usize>() > one(op.c_m_axis) * one(op.c_n_axis);
        (is_many && op.mmm.len() == 1).then(|| Self(op.clone()))
    }

    /// Where each product begins in the result.
    fn places(&self, shape: &[usize]) -> Vec<TVec<usize>> {
        let is_within = |axis| [self.0.c_m_axis, self.0.c_n_axis].contains(&Some(axis));
        let mut places = vec![TVec::new()];
        for (axis, side) in shape.iter().enumerate() {
            let side = if is_within(axis) { 1 } else { *side };
            let along = |place: TVec<usize>| {
                (0..side).map(move |at| place.iter().copied().chain([at]).collect())
            };
            places = places.into_iter().flat_map(along).collect();
        }
        places
    }
}

impl EvalOp for Products {
    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let Self(op) = self;
        let shape = op.c_fact.shape.as_concrete();
        let shape = shape.context("its sides are known")?;
        let side = |axis: Option<usize>| axis.map_or(1, |axis| shape[axis]);
        let (m, n) = (side(op.c_m_axis), side(op.c_n_axis));
        // SAFETY: every number of it is in one of the products.
        let result = unsafe { Tensor::uninitialized_dt(op.c_fact.datum_type, shape)? };
        let inputs: Vec<Arc<Tensor>> = inputs
            .into_iter()
            .map(IntoArcTensor::into_arc_tensor)
            .collect();
        let kernel = &*op.mmm[0];
        par_chunks_mut(&mut self.places(shape), 1, result.len(), |_, places| {
            let inputs: TVec<TValue> = inputs
                .iter()
                .cloned()
                .map(IntoTValue::into_tvalue)
                .collect();
            // SAFETY: it is used with this kernel alone.
            let mut space = unsafe { kernel.allocate_scratch_space() };
            multithread_tract_scope(Executor::SingleThread, || {
                for place in places {
                    let parts = op.micro_ops.iter();
                    let parts = parts.map(|part| part.resolve(&inputs, place, &result, kernel, 0));
                    let parts: TVec<FusedSpec> = parts.collect();
                    // SAFETY: the sides are those of the kernel's packed inputs and of the place in the
                    // result, which nobody else writes to.
                    unsafe { kernel.run_with_scratch_space(m, n, space.as_mut(), &parts)? };
                }
                Ok(())
            })
        })?;
        Ok(tvec!(result.into_tvalue()))
    }

    op_out_of_plan!();
}

impl Op for Products {
    fn name(&self) -> StaticName {
        "VisionflowProducts".into()
    }

    op_as_typed_op!();
}

impl TypedOp for Products {
    fn output_facts(&self, _: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(self.0.c_fact.clone()))
    }

    as_op!();
}
