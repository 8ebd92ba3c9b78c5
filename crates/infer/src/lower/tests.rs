//! What is lowered, and what has no words.

use super::lower;
use crate::{Error, Operation, Reduction};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::ops::cast::cast;
use tract_onnx::tract_core::ops::math::{add, floor};
use tract_onnx::tract_core::ops::nn::RmsNorm;

fn model() -> (TypedModel, OutletId) {
    let mut model = TypedModel::default();
    let input = model
        .add_source("input", f32::fact([2, 3]))
        .expect("a source");
    (model, input)
}

#[test]
fn numbers_of_half_precision_are_those_of_single() {
    let (mut model, input) = model();
    let bias = tensor1(&[1.5f32, -2.0, 0.25])
        .cast_to::<f16>()
        .expect("halves")
        .into_owned();
    let bias = bias.into_shape(&[1, 3]).expect("a row");
    let bias = model.add_const("bias", bias).expect("a constant");
    let bias = model
        .wire_node("cast", cast(f32::datum_type()), &[bias])
        .expect("a cast")[0];
    let sum = model
        .wire_node("sum", add(), &[input, bias])
        .expect("a sum");
    model.select_output_outlets(&sum).expect("an output");
    let graph = lower(&model).expect("operations");
    assert_eq!(graph.nodes.len(), 1);
    assert_eq!(graph.shapes[graph.outputs[0]], [2, 3]);
    let bias = graph
        .constants
        .iter()
        .find(|(id, _)| *id == graph.nodes[0].inputs[1]);
    assert_eq!(bias.expect("a constant").1[..], [1.5, -2.0, 0.25]);
}

#[test]
fn the_root_of_mean_squares_is_four_operations() {
    let (mut model, input) = model();
    let norm = RmsNorm {
        axis: 1,
        eps: tensor0(1e-5f32).into_arc_tensor(),
    };
    let made = model.wire_node("norm", norm, &[input]).expect("a norm");
    model.select_output_outlets(&made).expect("an output");
    let graph = lower(&model).expect("operations");
    let first = Operation::Reduce(Reduction::MeanOfSquares, vec![1]);
    assert_eq!(graph.nodes.len(), 4);
    assert_eq!(graph.nodes[0].operation, first);
}

#[test]
fn an_operation_without_words_is_named() {
    let (mut model, input) = model();
    let made = model.wire_node("floor", floor(), &[input]).expect("a node");
    model.select_output_outlets(&made).expect("an output");
    assert_eq!(lower(&model), Err(Error::UnknownOperator("Floor".into())));
}
