//! Nodes of an optimised graph that our loops do faster, replaced.
//!
//! What is not recognised stays as it is, so that any model runs.

use super::dense::Weights;
use super::ops::{Dense, Gelu, Shares};
use super::products::Products;
use std::sync::Arc;
use tract_linalg::BinOp;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::InOut;
use tract_onnx::tract_core::ops::binary::{OptBinUnicast, TypedBinOp};
use tract_onnx::tract_core::ops::change_axes::IntoShape;
use tract_onnx::tract_core::ops::element_wise::ElementWiseOp;
use tract_onnx::tract_core::ops::math::Add;
use tract_onnx::tract_core::ops::matmul::optimized::{MatMulOperand, OptMatMul, ProtoFusedSpec};
use tract_onnx::tract_core::ops::matmul::pack::OptMatMulPack;
use tract_onnx::tract_core::ops::nn::{GeluExact, Softmax, SoftmaxKind};

/// The same graph with our nodes where they are known to do the same.
pub(crate) fn faster(mut model: TypedModel) -> TractResult<TypedModel> {
    for replaced in [dense, shares, gelu, products] {
        for node in 0..model.nodes().len() {
            if let Some(patch) = replaced(&model, model.node(node))? {
                patch.apply(&mut model)?;
            }
        }
        model.compact()?;
    }
    Ok(model)
}

type Patch = TractResult<Option<TypedModelPatch>>;

/// The Gaussian error linear unit on its own.
fn gelu(model: &TypedModel, node: &TypedNode) -> Patch {
    if !is_gelu(node) || model.outlet_fact(node.inputs[0])?.datum_type != DatumType::F32 {
        return Ok(None);
    }
    TypedModelPatch::replace_single_op(model, node, &node.inputs, Gelu).map(Some)
}

/// Many products of matrices that are both computed.
fn products(model: &TypedModel, node: &TypedNode) -> Patch {
    let Some(products) = node.op_as::<OptMatMul>().and_then(Products::of) else {
        return Ok(None);
    };
    TypedModelPatch::replace_single_op(model, node, &node.inputs, products).map(Some)
}

fn is_gelu(node: &TypedNode) -> bool {
    let op = node.op_as::<ElementWiseOp>();
    op.is_some_and(|op| op.0.is::<GeluExact>() && op.1.is_none())
}

/// Softmax along the last axis, with a known sum before it.
fn shares(model: &TypedModel, node: &TypedNode) -> Patch {
    let Some(softmax) = node.op_as::<Softmax>() else {
        return Ok(None);
    };
    let input = model.outlet_fact(node.inputs[0])?;
    let is_ours = softmax.kind == SoftmaxKind::Softmax
        && softmax.quant_output_dt.is_none()
        && input.datum_type == DatumType::F32
        && softmax.axes.as_slice() == [input.rank().wrapping_sub(1)]
        && input.shape.is_concrete();
    if !is_ours {
        return Ok(None);
    }
    let before = model.node(node.inputs[0].node);
    let (from, bias) = match added(model, before)? {
        Some((from, bias)) if is_only_for(model, before, node) => (from, Some(bias)),
        _ => (node.inputs[0], None),
    };
    let mut patch = TypedModelPatch::default();
    let wire = patch.tap_model(model, from)?;
    let wire = patch.wire_node(&node.name, Shares { bias }, &[wire])?;
    patch.shunt_outside(model, node.id.into(), wire[0])?;
    Ok(Some(patch))
}

/// What a node adds something known to that lies along its last axes, and what that is.
pub(super) fn added(
    model: &TypedModel,
    node: &TypedNode,
) -> TractResult<Option<(OutletId, Arc<Tensor>)>> {
    let adds = match (node.op_as::<OptBinUnicast>(), node.op_as::<TypedBinOp>()) {
        (Some(op), _) => op.binop.is::<Add>(),
        (_, Some(op)) => op.0.is::<Add>() && op.1.is_none(),
        _ => false,
    };
    if !adds {
        return Ok(None);
    }
    for slot in 0..2 {
        let (known, other) = (node.inputs[slot], node.inputs[1 - slot]);
        let Some(bias) = model.outlet_fact(known)?.konst.clone() else {
            continue;
        };
        let fact = model.outlet_fact(other)?;
        let Some(shape) = fact.shape.as_concrete() else {
            continue;
        };
        let mut sides = bias
            .shape()
            .iter()
            .zip(shape)
            .skip_while(|(side, _)| **side == 1);
        let fits = bias.datum_type() == DatumType::F32
            && fact.datum_type == DatumType::F32
            && bias.rank() == shape.len()
            && bias.shape().last() == shape.last()
            && sides.all(|(side, own)| side == own)
            && node.outputs[0].fact.shape == fact.shape;
        if fits {
            return Ok(Some((other, bias)));
        }
    }
    Ok(None)
}

/// Whether nothing but `next` sees what a node computes.
pub(super) fn is_only_for(model: &TypedModel, node: &TypedNode, next: &TypedNode) -> bool {
    let [output] = node.outputs.as_slice() else {
        return false;
    };
    let successors = output.successors.iter();
    let only = successors.map(|inlet| inlet.node).eq([next.id]);
    only && !model.outputs.contains(&node.id.into())
}

/// The one node that sees what a node computes.
fn only_next<'a>(model: &'a TypedModel, node: &TypedNode) -> Option<&'a TypedNode> {
    let successor = node.outputs.first()?.successors.first()?;
    let next = model.node(successor.node);
    is_only_for(model, node, next).then_some(next)
}

/// Rows by known weights, with what is added and the unit that follows.
fn dense(model: &TypedModel, node: &TypedNode) -> Patch {
    let Some((op, inputs)) = recognised(model, node)? else {
        return Ok(None);
    };
    let mut patch = TypedModelPatch::default();
    let taps = inputs.iter().map(|input| patch.tap_model(model, *input));
    let taps = taps.collect::<TractResult<TVec<OutletId>>>()?;
    // The unit may come after a change of shape, which it does not mind.
    let mut end = node;
    let mut shape = None;
    if let Some(next) = only_next(model, node) {
        if is_gelu(next) {
            end = next;
        } else if let (true, Some(last)) = (next.op_is::<IntoShape>(), only_next(model, next))
            && is_gelu(last)
        {
            shape = Some(next);
            end = last;
        }
    }
    let gelu = end.id != node.id;
    let mut wire = patch.wire_node(&node.name, Dense { gelu, ..op }, &taps)?;
    if let Some(shape) = shape {
        wire = patch.wire_node(&shape.name, shape.op.clone(), &wire)?;
    }
    patch.shunt_outside(model, end.id.into(), wire[0])?;
    Ok(Some(patch))
}

/// A multiplication of one matrix of numbers by one of known weights, as our node and its inputs.
fn recognised(
    model: &TypedModel,
    node: &TypedNode,
) -> TractResult<Option<(Dense, TVec<OutletId>)>> {
    let Some(op) = node.op_as::<OptMatMul>() else {
        return Ok(None);
    };
    let (Some(shape), Some(down), Some(right)) =
        (op.c_fact.shape.as_concrete(), op.c_m_axis, op.c_n_axis)
    else {
        return Ok(None);
    };
    let (m, n) = (shape[down], shape[right]);
    let [
        ProtoFusedSpec::AddMatMul { a, b, .. },
        others @ ..,
        ProtoFusedSpec::Store(_),
    ] = op.micro_ops.as_slice()
    else {
        return Ok(None);
    };
    let (MatMulOperand::Input(rows), MatMulOperand::Const(weights)) = (a, b) else {
        return Ok(None);
    };
    let is_plain = op.c_fact.datum_type == DatumType::F32
        && op.mmm.len() == 1
        && op.mmm[0].internal_type() == DatumType::F32
        && shape.iter().product::<usize>() == m * n
        && weights.mn() == n
        && weights.k() > 0
        && n > 1;
    let packed = model.node(node.inputs[*rows].node);
    let k = weights.k();
    if !is_plain {
        return Ok(None);
    }
    let Some(from_columns) = is_across(model, packed, [m, k])? else {
        return Ok(None);
    };
    let mut inputs = tvec!(packed.inputs[0]);
    let mut bias: Option<Arc<Tensor>> = None;
    for other in others {
        match other {
            ProtoFusedSpec::BinPerCol(input, BinOp::Add, _) if bias.is_none() => {
                bias.clone_from(&model.outlet_fact(node.inputs[*input])?.konst);
                let fits =
                    |bias: &Arc<Tensor>| bias.datum_type() == DatumType::F32 && bias.len() == n;
                if !bias.as_ref().is_some_and(fits) {
                    return Ok(None);
                }
            }
            ProtoFusedSpec::AddUnicast(_, input, _) if inputs.len() == 1 => {
                let fact = model.outlet_fact(node.inputs[*input])?;
                if fact.datum_type != DatumType::F32 || fact.shape != op.c_fact.shape {
                    return Ok(None);
                }
                inputs.push(node.inputs[*input]);
            }
            _ => return Ok(None),
        }
    }
    let bias = bias
        .as_ref()
        .map(|bias| bias.try_as_plain_ram())
        .transpose()?;
    let bias: &[f32] = match &bias {
        Some(bias) => bias.as_slice()?,
        None => &[],
    };
    let column = |at: usize, column: &mut [f32]| weights.extract_at_mn_f32(at, column);
    let dense = Dense {
        weights: Arc::new(Weights::new([k, n], bias, column)?),
        gelu: false,
        from_columns,
        by_columns: right < down,
        result: op.c_fact.clone(),
    };
    Ok(Some((dense, inputs)))
}

/// Whether the matrix of these sides that a node packs has its columns one after the other in the
/// node's input, and not its rows; nothing where it is no such matrix.
fn is_across(
    model: &TypedModel,
    packed: &TypedNode,
    [m, k]: [usize; 2],
) -> TractResult<Option<bool>> {
    let Some(op) = packed.op_as::<OptMatMulPack>() else {
        return Ok(None);
    };
    let input = model.outlet_fact(packed.inputs[0])?;
    let Some(shape) = input.shape.as_concrete() else {
        return Ok(None);
    };
    let axes = op.axes_mapping(&[input], &[&packed.outputs[0].fact])?;
    let position = |axis: char| {
        let positions = axes.axis_positions(InOut::In(0), axis);
        positions.ok().and_then(|all| all.first().copied())
    };
    let (Some(along), Some(down)) = (position('K'), position('M')) else {
        return Ok(None);
    };
    let is_one = input.datum_type == DatumType::F32
        && input.konst.is_none()
        && shape[along] == k
        && shape[down] == m
        && shape.iter().product::<usize>() == m * k;
    Ok(is_one.then_some(along < down))
}

#[cfg(test)]
pub(super) mod tests;
