//! Attention in a simplified graph: products of queries and keys, scaled, added to, their shares, and the
//! products of these with values.

use super::{Attention, LONGEST, Sides};
use crate::kernel::replace::{added, is_only_for};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::DimLike as _;
use tract_onnx::tract_core::ops::array::Slice;
use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::einsum::EinSum;
use tract_onnx::tract_core::ops::math::Mul;
use tract_onnx::tract_core::ops::nn::{Softmax, SoftmaxKind};

/// The same graph with our node wherever there is attention within windows.
pub(crate) fn attention(mut model: TypedModel) -> TractResult<TypedModel> {
    for node in 0..model.nodes().len() {
        if let Some(patch) = replaced(&model, model.node(node))? {
            patch.apply(&mut model)?;
        }
    }
    model.compact()?;
    Ok(model)
}

/// Seen from its last node.
fn replaced(model: &TypedModel, last: &TypedNode) -> TractResult<Option<TypedModelPatch>> {
    if !multiplies(last, "abcd,adbe->acbe") {
        return Ok(None);
    }
    let Some(softmax) = before(model, last, 0) else {
        return Ok(None);
    };
    let is_ours = softmax.op_as::<Softmax>().is_some_and(|op| {
        op.kind == SoftmaxKind::Softmax && op.quant_output_dt.is_none() && op.axes.as_slice() == [3]
    });
    let (true, Some(mut node)) = (is_ours, before(model, softmax, 0)) else {
        return Ok(None);
    };
    let mut bias = None;
    if let Some((from, known)) = added(model, node)? {
        let Some(next) = only(model, from, node) else {
            return Ok(None);
        };
        (node, bias) = (next, Some(known));
    }
    let mut scale = 1.0;
    if let Some((from, by)) = scaled(model, node)? {
        let Some(next) = only(model, from, node) else {
            return Ok(None);
        };
        (node, scale) = (next, by);
    }
    if !multiplies(node, "abcd,aecd->acbe") {
        return Ok(None);
    }
    let [queries, keys, values] = [node.inputs[0], node.inputs[1], last.inputs[1]];
    let Some(sides) = sides(model, [queries, keys, values])? else {
        return Ok(None);
    };
    let products = sides.queries * sides.keys;
    if bias.as_ref().is_some_and(|bias| bias.len() % products != 0) {
        return Ok(None);
    }
    let parts = [queries, keys, values].map(|part| whole(model, part));
    let attention = Attention {
        sides,
        first: parts.map(|(_, first)| first),
        scale,
        bias,
    };
    let mut patch = TypedModelPatch::default();
    let taps = parts.iter().map(|(part, _)| patch.tap_model(model, *part));
    let taps = taps.collect::<TractResult<TVec<OutletId>>>()?;
    let wire = patch.wire_node(&last.name, attention, &taps)?;
    patch.shunt_outside(model, last.id.into(), wire[0])?;
    Ok(Some(patch))
}

/// Whether a node multiplies numbers along these axes, whatever they are called there.
fn multiplies(node: &TypedNode, expression: &str) -> bool {
    let op = node.op_as::<EinSum>();
    op.is_some_and(|op| {
        op.operating_dt == DatumType::F32
            && op.q_params.is_none()
            && in_order(&op.axes.to_string()) == in_order(expression)
    })
}

/// An expression whose axes are called by the order in which they come.
fn in_order(expression: &str) -> String {
    let mut known = Vec::new();
    let name = |letter: char| {
        if !letter.is_alphabetic() {
            return letter;
        }
        let at = known.iter().position(|other| *other == letter);
        let at = at.unwrap_or_else(|| {
            known.push(letter);
            known.len() - 1
        });
        char::from(b'a' + at as u8)
    };
    expression.chars().map(name).collect()
}

/// What computes a node's input, where it does so for that node alone.
fn before<'a>(model: &'a TypedModel, node: &TypedNode, input: usize) -> Option<&'a TypedNode> {
    only(model, node.inputs[input], node)
}

fn only<'a>(model: &'a TypedModel, outlet: OutletId, next: &TypedNode) -> Option<&'a TypedNode> {
    let node = model.node(outlet.node);
    is_only_for(model, node, next).then_some(node)
}

/// What a node multiplies by one known number, and that number.
fn scaled(model: &TypedModel, node: &TypedNode) -> TractResult<Option<(OutletId, f32)>> {
    let multiplies = |op: &TypedBinOp| op.0.is::<Mul>() && op.1.is_none();
    if !node.op_as::<TypedBinOp>().is_some_and(multiplies) {
        return Ok(None);
    }
    for slot in 0..2 {
        let known = model.outlet_fact(node.inputs[slot])?.konst.clone();
        let one = known.filter(|known| known.len() == 1 && known.datum_type() == DatumType::F32);
        if let Some(one) = one {
            let by = one.try_as_plain_ram()?.as_slice::<f32>()?[0];
            return Ok(Some((node.inputs[1 - slot], by)));
        }
    }
    Ok(None)
}

/// Nothing where there is one window, whose work cannot be shared out so, or rows are too long.
fn sides(model: &TypedModel, parts: [OutletId; 3]) -> TractResult<Option<Sides>> {
    let mut shapes = Vec::new();
    for part in parts {
        let fact = model.outlet_fact(part)?;
        let (Some(shape), DatumType::F32) = (fact.shape.as_concrete(), fact.datum_type) else {
            return Ok(None);
        };
        shapes.push(shape);
    }
    let ([windows, queries, heads, numbers], [_, keys, _, _], [_, _, _, values]) =
        (shapes[0], shapes[1], shapes[2])
    else {
        return Ok(None);
    };
    let [windows, queries, heads, numbers] = [*windows, *queries, *heads, *numbers];
    let [keys, values] = [*keys, *values];
    let fits = windows > 1
        && (1..=LONGEST).contains(&keys)
        && [queries, heads, numbers, values]
            .iter()
            .all(|side| *side > 0)
        && shapes[1] == [windows, keys, heads, numbers]
        && shapes[2] == [windows, keys, heads, values];
    Ok(fits.then_some(Sides {
        windows,
        heads,
        queries,
        keys,
        numbers,
        values,
    }))
}

/// Of what a part is cut, and from where on.
fn whole(model: &TypedModel, part: OutletId) -> (OutletId, usize) {
    let node = model.node(part.node);
    let cut = node.op_as::<Slice>().filter(|op| op.axis == 3);
    let first = cut.and_then(|op| op.start.to_usize().ok());
    first.map_or((part, 0), |first| (node.inputs[0], first))
}
