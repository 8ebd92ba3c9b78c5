//! Each operation on small values of odd sides, against the same computed the plain way.

#[path = "support/device.rs"]
mod device;
#[path = "support/reference.rs"]
mod reference;

use reference::numbers;
use visionflow_infer::{
    Binary, Contraction, Convolution, Graph, Operation, Reduction, Unary, ValueId,
};
use visionflow_infer_gpu::Network;

/// A graph being put together, whose inputs are filled with numbers.
#[derive(Default)]
struct Case(Graph);

impl Case {
    fn input(&mut self, shape: &[usize]) -> ValueId {
        let value = self.0.value(shape);
        self.0.inputs.push(value);
        value
    }

    fn known(&mut self, shape: &[usize]) -> ValueId {
        let values = numbers(shape.iter().product(), shape.len() as u32 + 77);
        self.0.constant(shape, values)
    }

    fn then(&mut self, operation: Operation, inputs: &[ValueId], shape: &[usize]) -> ValueId {
        self.0.push(operation, inputs, shape)
    }

    /// Both ways must agree about the outputs.
    fn check(mut self, outputs: &[ValueId]) {
        self.0.outputs = outputs.to_vec();
        let graph = self.0;
        let inputs = graph.inputs.iter().zip(1..);
        let inputs: Vec<_> = inputs
            .map(|(id, seed)| numbers(graph.len_of(*id), seed))
            .collect();
        let inputs: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
        let wanted = reference::evaluate(&graph, &inputs);
        let network = pollster::block_on(Network::new(device::open(), &graph));
        let network = network.expect("a network");
        // What a run leaves behind must not change the next one.
        for _ in 0..2 {
            let made = pollster::block_on(network.run(&inputs)).expect("outputs");
            assert_eq!(made.len(), wanted.len());
            for (made, wanted) in made.iter().zip(&wanted) {
                assert_eq!(made.len(), wanted.len());
                for (at, (made, wanted)) in made.iter().zip(wanted).enumerate() {
                    let most = 2e-5 * wanted.abs().max(1.0);
                    assert!(
                        (made - wanted).abs() <= most,
                        "{at}: {made} is not {wanted}"
                    );
                }
            }
        }
    }
}

fn contract(a: &[u32], b: &[u32], result: &[u32]) -> Operation {
    Operation::Contract(Contraction {
        a: a.to_vec(),
        b: b.to_vec(),
        result: result.to_vec(),
    })
}

#[test]
fn products_of_any_order_of_axes() {
    for (a, b, result) in [
        ([0, 1], [1, 2], [0, 2]),
        ([1, 0], [2, 1], [0, 2]),
        ([0, 1], [1, 2], [2, 0]),
        ([0, 1], [2, 1], [0, 2]),
    ] {
        let sides = [70, 37, 131];
        let of = |axes: [u32; 2]| axes.map(|axis| sides[axis as usize]);
        let mut case = Case::default();
        let left = case.input(&of(a));
        let right = case.known(&of(b));
        let made = case.then(contract(&a, &b, &result), &[left, right], &of(result));
        case.check(&[made]);
    }
}

#[test]
fn products_in_batches_as_attention_has_them() {
    // Windows, tokens, three of heads and their size.
    let mut case = Case::default();
    let tokens = case.input(&[3, 49, 3 * 2 * 8]);
    let heads = case.then(Operation::Reshape, &[tokens], &[3, 49, 2, 24]);
    let heads = case.then(
        Operation::Transpose(vec![0, 2, 1, 3]),
        &[heads],
        &[3, 2, 49, 24],
    );
    let part = |start| Operation::Slice { axis: 3, start };
    let [q, k, v] = [0, 8, 16].map(|start| case.then(part(start), &[heads], &[3, 2, 49, 8]));
    let scores = contract(&[0, 1, 2, 4], &[0, 1, 3, 4], &[0, 1, 2, 3]);
    let scores = case.then(scores, &[q, k], &[3, 2, 49, 49]);
    let bias = case.known(&[1, 2, 49, 49]);
    let scores = case.then(
        Operation::Binary(Binary::Add),
        &[scores, bias],
        &[3, 2, 49, 49],
    );
    let shares = case.then(Operation::Softmax, &[scores], &[3, 2, 49, 49]);
    let mixed = contract(&[0, 1, 2, 4], &[0, 1, 4, 3], &[0, 1, 2, 3]);
    let mixed = case.then(mixed, &[shares, v], &[3, 2, 49, 8]);
    let mixed = case.then(
        Operation::Transpose(vec![0, 2, 1, 3]),
        &[mixed],
        &[3, 49, 2, 8],
    );
    let mixed = case.then(Operation::Reshape, &[mixed], &[3, 49, 16]);
    case.check(&[mixed]);
}

fn check_convolution(image: [usize; 4], weights: [usize; 4], own: Convolution) {
    let mut case = Case::default();
    let side = |axis: usize| {
        let reach = own.dilations[axis] * (weights[axis + 2] - 1) + 1;
        (image[axis + 2] + 2 * own.padding[axis] - reach) / own.strides[axis] + 1
    };
    let shape = [image[0], weights[0], side(0), side(1)];
    let pixels = case.input(&image);
    let kernel = case.known(&weights);
    let bias = case.known(&[weights[0]]);
    let made = case.then(Operation::Convolve(own), &[pixels, kernel, bias], &shape);
    let unit = case.then(Operation::Unary(Unary::Gelu), &[made], &shape);
    let more = case.input(&shape);
    let sum = case.then(Operation::Binary(Binary::Add), &[more, unit], &shape);
    case.check(&[sum]);
}

#[test]
fn convolutions_dense_pointwise_depthwise_and_in_groups() {
    let own = |strides, padding, dilations, groups| Convolution {
        strides,
        dilations,
        padding,
        groups,
    };
    check_convolution([1, 3, 17, 23], [8, 3, 3, 3], own([2, 2], [1, 1], [1, 1], 1));
    check_convolution([2, 5, 9, 11], [70, 5, 1, 1], own([1, 1], [0, 0], [1, 1], 1));
    check_convolution([1, 6, 13, 9], [6, 1, 3, 3], own([1, 1], [1, 1], [1, 1], 6));
    check_convolution([1, 6, 13, 9], [12, 1, 3, 3], own([2, 1], [2, 1], [2, 1], 6));
    check_convolution([2, 8, 7, 10], [6, 4, 2, 3], own([1, 2], [1, 0], [1, 2], 2));
}

#[test]
fn what_is_done_to_each_number() {
    for unary in [
        Unary::Abs,
        Unary::Erf,
        Unary::Exp,
        Unary::Gelu,
        Unary::HardSwish,
        Unary::Negate,
        Unary::Power(2.0),
        Unary::Power(3.0),
        Unary::Sigmoid,
        Unary::Silu,
        Unary::Square,
        Unary::Tanh,
    ] {
        let mut case = Case::default();
        let x = case.input(&[7, 41]);
        let made = case.then(Operation::Unary(unary), &[x], &[7, 41]);
        case.check(&[made]);
    }
    for unary in [
        Unary::Log,
        Unary::Reciprocal,
        Unary::ReciprocalRoot,
        Unary::Root,
    ] {
        let mut case = Case::default();
        let x = case.input(&[300]);
        let square = case.then(Operation::Unary(Unary::Square), &[x], &[300]);
        let least = case.0.constant(&[1], [0.25]);
        let above = case.then(Operation::Binary(Binary::Add), &[square, least], &[300]);
        let made = case.then(Operation::Unary(unary), &[above], &[300]);
        case.check(&[made]);
    }
}

#[test]
fn what_is_done_to_two_repeats_sides_of_one() {
    for binary in [
        Binary::Add,
        Binary::Maximum,
        Binary::Minimum,
        Binary::Multiply,
        Binary::Subtract,
    ] {
        let mut case = Case::default();
        let a = case.input(&[3, 1, 5]);
        let b = case.input(&[1, 4, 5]);
        let made = case.then(Operation::Binary(binary), &[a, b], &[3, 4, 5]);
        case.check(&[made]);
    }
    let mut case = Case::default();
    let a = case.input(&[40]);
    let size = case.then(Operation::Unary(Unary::Abs), &[a], &[40]);
    let one = case.0.constant(&[1], [1.0]);
    let above = case.then(Operation::Binary(Binary::Add), &[size, one], &[40]);
    let power = case.then(Operation::Binary(Binary::Power), &[above, a], &[40]);
    let ratio = case.then(Operation::Binary(Binary::Divide), &[a, above], &[40]);
    case.check(&[power, ratio]);
}

#[test]
fn a_row_is_made_normal() {
    let mut case = Case::default();
    let binary = Operation::Binary;
    let x = case.input(&[2, 9, 70]);
    let sum = case.then(
        Operation::Reduce(Reduction::Mean, vec![2]),
        &[x],
        &[2, 9, 1],
    );
    let apart = case.then(binary(Binary::Subtract), &[x, sum], &[2, 9, 70]);
    let squares = Operation::Reduce(Reduction::MeanOfSquares, vec![2]);
    let squares = case.then(squares, &[apart], &[2, 9, 1]);
    let least = case.0.constant(&[1, 1, 1], [1e-5]);
    let squares = case.then(binary(Binary::Add), &[squares, least], &[2, 9, 1]);
    let root = case.then(
        Operation::Unary(Unary::ReciprocalRoot),
        &[squares],
        &[2, 9, 1],
    );
    let normal = case.then(binary(Binary::Multiply), &[apart, root], &[2, 9, 70]);
    let scale = case.known(&[1, 1, 70]);
    let scaled = case.then(binary(Binary::Multiply), &[normal, scale], &[2, 9, 70]);
    case.check(&[scaled]);
}

#[test]
fn reductions_along_any_axes() {
    for kind in [
        Reduction::Maximum,
        Reduction::Mean,
        Reduction::MeanOfSquares,
        Reduction::Minimum,
        Reduction::Sum,
    ] {
        for (axes, shape) in [
            (vec![1], [3, 1, 5]),
            (vec![0, 2], [1, 67, 1]),
            (vec![2], [3, 67, 1]),
        ] {
            let mut case = Case::default();
            let x = case.input(&[3, 67, 5]);
            let made = case.then(Operation::Reduce(kind, axes), &[x], &shape);
            case.check(&[made]);
        }
    }
}

#[test]
fn windows_are_cut_out_and_put_back() {
    // 10 x 13 tokens of 4 in windows of 7, which takes a margin of 4 and 1.
    let mut case = Case::default();
    let x = case.input(&[1, 10, 13, 4]);
    let margin = Operation::Pad {
        before: vec![0; 4],
        value: 0.5,
    };
    let padded = case.then(margin, &[x], &[1, 14, 14, 4]);
    let split = case.then(Operation::Reshape, &[padded], &[1, 2, 7, 2, 7, 4]);
    let order = Operation::Transpose(vec![0, 1, 3, 2, 4, 5]);
    let across = case.then(order.clone(), &[split], &[1, 2, 2, 7, 7, 4]);
    let windows = case.then(Operation::Reshape, &[across], &[4, 49, 4]);
    let unit = case.then(Operation::Unary(Unary::Exp), &[windows], &[4, 49, 4]);
    let back = case.then(Operation::Reshape, &[unit], &[1, 2, 2, 7, 7, 4]);
    let back = case.then(order, &[back], &[1, 2, 7, 2, 7, 4]);
    let back = case.then(Operation::Reshape, &[back], &[1, 14, 14, 4]);
    let first = Operation::Slice { axis: 1, start: 0 };
    let rows = case.then(first, &[back], &[1, 10, 14, 4]);
    let second = Operation::Slice { axis: 2, start: 1 };
    let cut = case.then(second, &[rows], &[1, 10, 13, 4]);
    case.check(&[cut, windows]);
}

#[test]
fn a_margin_before_parts_in_a_row_and_repeats() {
    let mut case = Case::default();
    let x = case.input(&[2, 3]);
    let before = Operation::Pad {
        before: vec![1, 2],
        value: -3.0,
    };
    let padded = case.then(before, &[x], &[4, 6]);
    let y = case.input(&[2, 6]);
    let all = case.then(
        Operation::Concat { axis: 0 },
        &[padded, y, padded],
        &[10, 6],
    );
    let row = case.input(&[1, 6]);
    let rows = case.then(Operation::Broadcast, &[row], &[10, 6]);
    let sum = case.then(Operation::Binary(Binary::Add), &[all, rows], &[10, 6]);
    case.check(&[sum, rows]);
}

#[test]
fn an_input_of_another_size_is_refused() {
    let mut graph = Graph::default();
    let x = graph.value(&[4]);
    let made = graph.push(Operation::Unary(Unary::Exp), &[x], &[4]);
    graph.inputs = vec![x];
    graph.outputs = vec![made];
    let network = pollster::block_on(Network::new(device::open(), &graph)).expect("a network");
    let refused = pollster::block_on(network.run(&[&[1.0; 3]])).err();
    let refused = refused.map(|error| error.to_string());
    assert_eq!(
        refused.as_deref(),
        Some("an input of 4 numbers was given 3")
    );
}
