//! Attention as small graphs have it, and what becomes of them: the same numbers.

use super::*;
use crate::kernel::replace::tests::{graph_of, ours, plus, run, tensor};
#[cfg(feature = "threads")]
use crate::kernel::tests::on_any_number_of_threads;
use proptest::prelude::*;
use tract_onnx::tract_core::ops::array::Slice;
use tract_onnx::tract_core::ops::einsum::EinSum;
use tract_onnx::tract_core::ops::math::mul;
use tract_onnx::tract_core::ops::nn::Softmax;

/// Windows, places, heads, numbers; whether something is added before the shares.
fn model([windows, places, heads, numbers]: [usize; 4], is_biased: bool) -> TypedModel {
    let input = [windows, places, heads, 3 * numbers];
    graph_of(&input, |model, x| {
        let mut parts = Vec::new();
        for at in 0..3 {
            let cut = Slice::new(3, at * numbers, (at + 1) * numbers);
            parts.extend(model.wire_node(format!("part {at}"), cut, &[x])?);
        }
        let op = EinSum::new("ambk,anbk->abmn".parse()?, f32::datum_type());
        let products = model.wire_node("products", op, &parts[..2])?[0];
        let scale = model.add_const("scale", tensor(&[1, 1, 1, 1], 5))?;
        let mut sums = model.wire_node("scaled", mul(), &[products, scale])?[0];
        if is_biased {
            sums = plus(model, sums, tensor(&[1, heads, places, places], 3))?;
        }
        let softmax = Softmax {
            axes: tvec!(3),
            ..Softmax::default()
        };
        let shares = model.wire_node("shares", softmax, &[sums])?[0];
        let op = EinSum::new("abmk,akbn->ambn".parse()?, f32::datum_type());
        Ok(model.wire_node("sums", op, &[shares, parts[2]])?[0])
    })
}

fn check(sides: [usize; 4], is_biased: bool) {
    let [windows, places, heads, numbers] = sides;
    let input = tensor(&[windows, places, heads, 3 * numbers], 9);
    let model = model(sides, is_biased).into_decluttered().unwrap();
    let fused = attention(model.clone()).unwrap();
    let fused = fused.into_optimized().unwrap();
    // Sides of one are simplified away.
    if sides.iter().all(|side| *side > 1) {
        assert_eq!(ours(&fused), ["VisionflowAttention"]);
        assert_eq!(fused.nodes().len(), 2, "nothing else is left");
    }
    let expected = run(model.into_optimized().unwrap(), &input);
    let got = run(fused, &input);
    assert_eq!(got.shape(), expected.shape());
    let got = got.to_plain_array_view::<f32>().unwrap();
    let expected = expected.to_plain_array_view::<f32>().unwrap();
    for (got, expected) in got.iter().zip(&expected) {
        assert!((got - expected).abs() < 1e-5, "{got} instead of {expected}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn windows_of_any_sides(
        windows in 2usize..5,
        places in 1usize..40,
        heads in 1usize..4,
        numbers in 1usize..20,
        is_biased in any::<bool>(),
    ) {
        check([windows, places, heads, numbers], is_biased);
    }
}

#[test]
fn more_rows_than_a_block_has() {
    check([2, 196, 2, 32], true);
}

#[test]
fn one_window_is_left_alone() {
    let model = model([1, 9, 2, 4], true).into_decluttered().unwrap();
    assert!(ours(&attention(model).unwrap()).is_empty());
}

#[cfg(feature = "threads")]
#[test]
fn windows_are_the_same_with_any_number_of_threads() {
    let input = tensor(&[25, 49, 3, 3 * 8], 9);
    let fused = attention(model([25, 49, 3, 8], true).into_decluttered().unwrap()).unwrap();
    on_any_number_of_threads(|| run(fused.clone(), &input));
}
