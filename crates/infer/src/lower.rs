//! The runtime's graph of a Segment Anything encoder to a [`Graph`] of plain operations.
//!
//! The runtime reads the file, works shapes out and simplifies; what it keeps after that are few
//! kinds of nodes, and each is said here in the operations of [`crate::Operation`]. A node that has
//! no such words is an error that names it.

mod images;
mod shapes;
mod units;

use crate::Error;
use crate::encoder::simplified;
use crate::graph::{Contraction, Graph, Operation, Reduction, Unary, ValueId};
use crate::program::failed;
use std::collections::HashMap;
use std::sync::Arc;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::{Axis, AxisOp};
use tract_onnx::tract_core::ops::array::{MultiBroadcastTo, Pad, Slice, TypedConcat};
use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::cast::Cast;
use tract_onnx::tract_core::ops::cnn::{Conv, SumPool};
use tract_onnx::tract_core::ops::einsum::EinSum;
use tract_onnx::tract_core::ops::element_wise::ElementWiseOp;
use tract_onnx::tract_core::ops::nn::{Reduce, Reducer, RmsNorm, Softmax, SoftmaxKind};

/// The operations of an encoder's file, from pixels as [`crate::Encoder::planes`] gives them to an
/// embedding.
pub fn lower_encoder(file: &[u8]) -> Result<Graph, Error> {
    let (model, outputs) = simplified(file)?;
    let mut graph = lower(&model)?;
    let of_name = |name: &String| {
        let mut outlets = model.outputs.iter();
        let at = outlets.position(|outlet| model.outlet_label(*outlet) == Some(name));
        at.map(|at| graph.outputs[at])
    };
    let outputs = outputs.iter().map(of_name).collect::<Option<_>>();
    graph.outputs = outputs.ok_or_else(|| Error::Failed("an output was lost".into()))?;
    Ok(graph)
}

/// A simplified model's operations.
pub(crate) fn lower(model: &TypedModel) -> Result<Graph, Error> {
    let mut lowering = Lowering {
        graph: Graph::default(),
        known: HashMap::new(),
        model,
    };
    for node in model.eval_order().map_err(failed)? {
        lowering.node(model.node(node))?;
    }
    let Lowering {
        mut graph, known, ..
    } = lowering;
    let value = |outlet: &OutletId| {
        let value = known.get(outlet).copied();
        value.ok_or_else(|| Error::Failed("an outlet was not lowered".into()))
    };
    graph.inputs = model.inputs.iter().map(value).collect::<Result<_, _>>()?;
    graph.outputs = model.outputs.iter().map(value).collect::<Result<_, _>>()?;
    Ok(graph)
}

struct Lowering<'a> {
    graph: Graph,
    known: HashMap<OutletId, ValueId>,
    model: &'a TypedModel,
}

/// A shape in plain numbers; refused where it depends on an input.
fn sides(fact: &TypedFact) -> Result<Vec<usize>, Error> {
    let shape = fact.shape.as_concrete();
    let shape = shape.ok_or_else(|| Error::Failed("a shape is not known".into()))?;
    Ok(shape.to_vec())
}

fn numbers(tensor: &Tensor) -> Result<Arc<[f32]>, Error> {
    let values = tensor.cast_to::<f32>().map_err(failed)?;
    let array = values.to_plain_array_view::<f32>().map_err(failed)?;
    Ok(array.iter().copied().collect())
}

impl Lowering<'_> {
    fn node(&mut self, node: &TypedNode) -> Result<(), Error> {
        let outlet = OutletId::new(node.id, 0);
        let unknown = || Error::UnknownOperator(node.op.name().into_owned());
        let [output] = node.outputs.as_slice() else {
            return Err(unknown());
        };
        let shape = sides(&output.fact)?;
        if let Some(tensor) = &output.fact.konst {
            let values = numbers(tensor)?;
            let value = self.graph.constant(&shape, values);
            self.known.insert(outlet, value);
            return Ok(());
        }
        if !matches!(output.fact.datum_type, DatumType::F32 | DatumType::F16) {
            return Err(unknown());
        }
        if self.model.inputs.contains(&outlet) {
            let value = self.graph.value(&shape);
            self.known.insert(outlet, value);
            return Ok(());
        }
        let inputs = node
            .inputs
            .iter()
            .map(|input| self.known.get(input).copied());
        let inputs = inputs
            .collect::<Option<Vec<ValueId>>>()
            .ok_or_else(unknown)?;
        let value = self.operation(node, &inputs, &shape)?;
        let value = value.ok_or_else(unknown)?;
        self.known.insert(outlet, value);
        Ok(())
    }

    /// What a node computes, or nothing where there are no words for it.
    fn operation(
        &mut self,
        node: &TypedNode,
        inputs: &[ValueId],
        shape: &[usize],
    ) -> Result<Option<ValueId>, Error> {
        if node.op_is::<Cast>() {
            return Ok(inputs.first().copied());
        }
        let operation = if let Some(op) = node.op_as::<Conv>() {
            return Ok(self.convolution(op, inputs, shape));
        } else if let Some(op) = node.op_as::<SumPool>() {
            return Ok(self.pooling(op, inputs[0], shape));
        } else if let Some(op) = node.op_as::<RmsNorm>() {
            return self.root_mean_square(op, inputs[0]).map(Some);
        } else if let Some(op) = node.op_as::<AxisOp>() {
            Some(shapes::axis(op, self.graph.shapes[inputs[0]].len()))
        } else if let Some(op) = node.op_as::<EinSum>() {
            contraction(op).map(Operation::Contract)
        } else if let Some(op) = node.op_as::<TypedBinOp>() {
            units::binary(op).map(Operation::Binary)
        } else if let Some(op) = node.op_as::<ElementWiseOp>() {
            units::unary(op).map(Operation::Unary)
        } else if let Some(op) = node.op_as::<Reduce>() {
            reduction(op.reducer).map(|kind| Operation::Reduce(kind, op.axes.to_vec()))
        } else if let Some(op) = node.op_as::<Softmax>() {
            let is_last = op.axes.as_slice() == [shape.len() - 1];
            let is_plain = op.kind == SoftmaxKind::Softmax && op.quant_output_dt.is_none();
            (is_last && is_plain).then_some(Operation::Softmax)
        } else if let Some(op) = node.op_as::<Slice>() {
            shapes::slice(op)
        } else if let Some(op) = node.op_as::<Pad>() {
            shapes::pad(op)?
        } else if let Some(op) = node.op_as::<TypedConcat>() {
            Some(Operation::Concat { axis: op.axis })
        } else if node.op_is::<MultiBroadcastTo>() {
            Some(Operation::Broadcast)
        } else {
            None
        };
        Ok(operation.map(|operation| self.graph.push(operation, inputs, shape)))
    }

    /// Divided by the root of the mean of its squares along an axis.
    fn root_mean_square(&mut self, op: &RmsNorm, input: ValueId) -> Result<ValueId, Error> {
        let shape = self.graph.shapes[input].clone();
        let mut row = shape.clone();
        row[op.axis] = 1;
        let epsilon = numbers(&op.eps)?;
        let epsilon = self.graph.constant(&vec![1; shape.len()], epsilon);
        let mean = Operation::Reduce(Reduction::MeanOfSquares, vec![op.axis]);
        let mean = self.graph.push(mean, &[input], &row);
        let add = Operation::Binary(crate::Binary::Add);
        let sum = self.graph.push(add, &[mean, epsilon], &row);
        let root = Operation::Unary(Unary::ReciprocalRoot);
        let root = self.graph.push(root, &[sum], &row);
        let times = Operation::Binary(crate::Binary::Multiply);
        Ok(self.graph.push(times, &[input, root], &shape))
    }
}

fn reduction(reducer: Reducer) -> Option<Reduction> {
    Some(match reducer {
        Reducer::Max => Reduction::Maximum,
        Reducer::Min => Reduction::Minimum,
        Reducer::Sum => Reduction::Sum,
        Reducer::MeanOfSquares => Reduction::MeanOfSquares,
        _ => return None,
    })
}

/// The axes of a product of two values, numbered in the runtime's order.
fn contraction(op: &EinSum) -> Option<Contraction> {
    if op.axes.input_count() != 2 || op.q_params.is_some() {
        return None;
    }
    let axes: Vec<&Axis> = op.axes.iter_all_axes().collect();
    let numbered = |of: fn(&Axis) -> &[usize]| {
        let rank = axes.iter().map(|axis| of(axis).len()).sum();
        let mut numbers = vec![u32::MAX; rank];
        for (number, axis) in axes.iter().enumerate() {
            let positions = of(axis);
            // A diagonal.
            if positions.len() > 1 {
                return None;
            }
            for position in positions {
                *numbers.get_mut(*position)? = number as u32;
            }
        }
        Some(numbers)
    };
    Some(Contraction {
        a: numbered(|axis| &axis.inputs[0])?,
        b: numbered(|axis| &axis.inputs[1])?,
        result: numbered(|axis| &axis.outputs[0])?,
    })
}

#[cfg(test)]
mod tests;
