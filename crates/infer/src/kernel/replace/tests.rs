//! Small graphs and what becomes of them: our nodes where they are expected, and the same numbers.

use super::*;
#[cfg(feature = "threads")]
use crate::kernel::tests::on_any_number_of_threads;
use tract_onnx::tract_core::ops::einsum::EinSum;
use tract_onnx::tract_core::ops::math::add;
use tract_onnx::tract_core::ops::nn::gelu_exact::gelu_exact;

pub fn tensor(shape: &[usize], seed: usize) -> Tensor {
    let number = |i: usize| ((i * 7919 + seed * 104_729 + 13) % 2003) as f32 / 1001.0 - 1.0;
    let count = shape.iter().product();
    let numbers: Vec<f32> = (0..count).map(number).collect();
    Tensor::from_shape(shape, &numbers).unwrap()
}

/// The same, optimised.
fn graph(
    input: &[usize],
    wire: impl FnOnce(&mut TypedModel, OutletId) -> TractResult<OutletId>,
) -> TypedModel {
    graph_of(input, wire).into_optimized().unwrap()
}

/// A graph of one input, made by `wire` from it.
pub fn graph_of(
    input: &[usize],
    wire: impl FnOnce(&mut TypedModel, OutletId) -> TractResult<OutletId>,
) -> TypedModel {
    let mut model = TypedModel::default();
    let source = model.add_source("x", f32::fact(input)).unwrap();
    let end = wire(&mut model, source).unwrap();
    model.select_output_outlets(&[end]).unwrap();
    model
}

fn product(
    model: &mut TypedModel,
    expression: &str,
    from: OutletId,
    weights: Tensor,
) -> TractResult<OutletId> {
    let weights = model.add_const("weights", weights)?;
    let op = EinSum::new(expression.parse()?, f32::datum_type());
    Ok(model.wire_node("product", op, &[from, weights])?[0])
}

pub fn plus(model: &mut TypedModel, from: OutletId, other: Tensor) -> TractResult<OutletId> {
    let name = format!("plus {:?}", other.shape());
    let other = model.add_const(format!("{name} what"), other)?;
    Ok(model.wire_node(name, add(), &[from, other])?[0])
}

pub fn ours(model: &TypedModel) -> Vec<String> {
    let names = model.nodes().iter().map(|node| node.op.name().to_string());
    names
        .filter(|name| name.starts_with("Visionflow"))
        .collect()
}

pub fn run(model: TypedModel, input: &Tensor) -> Tensor {
    let plan = model.into_runnable().unwrap();
    let mut results = plan.run(tvec!(input.clone().into())).unwrap();
    results.remove(0).into_tensor()
}

#[track_caller]
fn check(model: TypedModel, input: &[usize], nodes: &[&str]) {
    let input = tensor(input, 9);
    let replaced = faster(model.clone()).unwrap();
    assert_eq!(ours(&replaced), nodes);
    let (got, expected) = (run(replaced, &input), run(model, &input));
    assert_eq!(got.shape(), expected.shape());
    let got = got.to_plain_array_view::<f32>().unwrap();
    let expected = expected.to_plain_array_view::<f32>().unwrap();
    for (got, expected) in got.iter().zip(&expected) {
        assert!((got - expected).abs() < 1e-5, "{got} instead of {expected}");
    }
}

#[test]
fn a_layer_with_all_that_follows() {
    let model = graph(&[29, 10], |model, x| {
        let product = product(model, "mk,kn->mn", x, tensor(&[10, 19], 1))?;
        let sum = plus(model, product, tensor(&[1, 19], 2))?;
        Ok(model.wire_node("unit", gelu_exact(), &[sum])?[0])
    });
    check(model, &[29, 10], &["VisionflowDense"]);
}

#[test]
fn a_layer_whose_result_is_written_by_columns() {
    let model = graph(&[29, 10], |model, x| {
        product(model, "mk,kn->nm", x, tensor(&[10, 19], 1))
    });
    check(model, &[29, 10], &["VisionflowDense"]);
}

#[test]
fn a_layer_beside_which_its_input_passes() {
    let model = graph(&[29, 10], |model, x| {
        let product = product(model, "mk,kn->mn", x, tensor(&[10, 10], 1))?;
        Ok(model.wire_node("residual", add(), &[product, x])?[0])
    });
    check(model, &[29, 10], &["VisionflowDense"]);
}

#[test]
fn a_layer_whose_columns_lie_one_after_the_other() {
    let model = graph(&[10, 29], |model, x| {
        product(model, "km,kn->mn", x, tensor(&[10, 19], 1))
    });
    check(model, &[10, 29], &["VisionflowDense"]);
}

#[test]
fn many_matrices_at_once() {
    for expression in ["bmk,bkn->bmn", "bmk,bkn->mbn", "bmk,bkn->nbm"] {
        let model = graph(&[3, 29, 10], |model, x| {
            product(model, expression, x, tensor(&[3, 10, 19], 1))
        });
        check(model, &[3, 29, 10], &["VisionflowProducts"]);
    }
    // Each with itself, and every number more than its product.
    let model = graph(&[3, 5, 29, 10], |model, x| {
        let op = EinSum::new("bhmk,bhnk->bhmn".parse()?, f32::datum_type());
        let product = model.wire_node("product", op, &[x, x])?[0];
        plus(model, product, tensor(&[1, 1, 1, 1], 2))
    });
    check(model, &[3, 5, 29, 10], &["VisionflowProducts"]);
}

#[cfg(feature = "threads")]
#[test]
fn many_matrices_are_the_same_with_any_number_of_threads() {
    let sides = [64, 29, 10];
    let model = graph(&sides, |model, x| {
        product(model, "bmk,bkn->bmn", x, tensor(&[64, 10, 19], 1))
    });
    let model = faster(model).unwrap();
    let input = tensor(&sides, 9);
    let alone = on_any_number_of_threads(|| run(model.clone(), &input));
    assert!(alone.len() > 1 << 15);
}

#[test]
fn shares_with_a_sum_before_them() {
    let softmax = || Softmax {
        axes: tvec!(2),
        ..Softmax::default()
    };
    let model = graph(&[4, 3, 7], |model, x| {
        let sum = plus(model, x, tensor(&[1, 3, 7], 1))?;
        Ok(model.wire_node("softmax", softmax(), &[sum])?[0])
    });
    check(model, &[4, 3, 7], &["VisionflowShares"]);
    // A sum that something else needs too stays.
    let model = graph(&[4, 3, 7], |model, x| {
        let sum = plus(model, x, tensor(&[1, 3, 7], 1))?;
        let shares = model.wire_node("softmax", softmax(), &[sum])?[0];
        Ok(model.wire_node("both", add(), &[sum, shares])?[0])
    });
    check(model, &[4, 3, 7], &["VisionflowShares"]);
}

#[test]
fn shares_along_another_axis_are_left_alone() {
    let model = graph(&[4, 3, 7], |model, x| {
        let softmax = Softmax {
            axes: tvec!(1),
            ..Softmax::default()
        };
        Ok(model.wire_node("softmax", softmax, &[x])?[0])
    });
    check(model, &[4, 3, 7], &[]);
}

#[test]
fn a_unit_on_its_own() {
    let model = graph(&[5, 3], |model, x| {
        Ok(model.wire_node("unit", gelu_exact(), &[x])?[0])
    });
    check(model, &[5, 3], &["VisionflowGelu"]);
}
