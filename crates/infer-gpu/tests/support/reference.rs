//! A graph computed the plain way, number by number, for shaders to be held against.

use visionflow_infer::{
    Binary, Contraction, Convolution, Graph, Node, Operation, Reduction, Unary,
};

/// A value with its shape.
type Values = Vec<Option<Vec<f32>>>;

/// The outputs for some inputs.
pub fn evaluate(graph: &Graph, inputs: &[&[f32]]) -> Vec<Vec<f32>> {
    let mut values: Values = vec![None; graph.shapes.len()];
    for (id, constant) in &graph.constants {
        values[*id] = Some(constant.to_vec());
    }
    for (id, input) in graph.inputs.iter().zip(inputs) {
        values[*id] = Some(input.to_vec());
    }
    for node in &graph.nodes {
        let made = compute(graph, node, &values);
        values[node.output] = Some(made);
    }
    let output = |id: &usize| values[*id].clone().expect("an output that was computed");
    graph.outputs.iter().map(output).collect()
}

/// Numbers between -2 and 2 without any order.
pub fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 22) as f32 - 2.0
    };
    (0..count).map(|_| next()).collect()
}

/// Every place of a shape in order.
fn places(shape: &[usize]) -> impl Iterator<Item = Vec<usize>> + '_ {
    let all: usize = shape.iter().product();
    (0..all).map(move |index| {
        let mut rest = index;
        let mut place = vec![0; shape.len()];
        for (at, side) in place.iter_mut().zip(shape).rev() {
            *at = rest % side;
            rest /= side;
        }
        place
    })
}

/// The index of a place; axes of one element are the same everywhere.
fn index(shape: &[usize], place: &[usize]) -> usize {
    let sides = shape.iter().zip(place);
    sides.fold(0, |index, (side, at)| {
        index * side + if *side == 1 { 0 } else { *at }
    })
}

fn compute(graph: &Graph, node: &Node, values: &Values) -> Vec<f32> {
    let value = |at: usize| {
        values[node.inputs[at]]
            .as_ref()
            .expect("a value that is known")
    };
    let shape_of = |at: usize| &graph.shapes[node.inputs[at]];
    let shape = &graph.shapes[node.output];
    let moved = |from: &dyn Fn(&[usize]) -> Vec<usize>| {
        let read = |place: Vec<usize>| value(0)[index(shape_of(0), &from(&place))];
        places(shape).map(read).collect()
    };
    match &node.operation {
        Operation::Contract(contraction) => {
            contract(graph, node, contraction, [value(0), value(1)])
        }
        Operation::Convolve(convolution) => {
            convolve(graph, node, convolution, [value(0), value(1), value(2)])
        }
        Operation::Unary(unary) => value(0).iter().map(|x| one(*unary, *x)).collect(),
        Operation::Binary(binary) => places(shape)
            .map(|place| {
                let a = value(0)[index(shape_of(0), &place)];
                let b = value(1)[index(shape_of(1), &place)];
                two(*binary, a, b)
            })
            .collect(),
        Operation::Reduce(kind, _) => reduce(*kind, shape_of(0), shape, value(0)),
        Operation::Softmax => {
            let row = *shape.last().expect("an axis");
            let rows = value(0).chunks_exact(row).flat_map(|row| {
                let largest = row.iter().copied().fold(f32::MIN, f32::max);
                let powers: Vec<f32> = row.iter().map(|x| (x - largest).exp()).collect();
                let sum: f32 = powers.iter().sum();
                powers.into_iter().map(move |power| power / sum)
            });
            rows.collect()
        }
        Operation::Reshape => value(0).clone(),
        Operation::Transpose(axes) => moved(&|place| {
            let mut from = vec![0; place.len()];
            for (axis, at) in axes.iter().zip(place) {
                from[*axis] = *at;
            }
            from
        }),
        Operation::Slice { axis, start } => moved(&|place| {
            let mut from = place.to_vec();
            from[*axis] += start;
            from
        }),
        Operation::Broadcast => moved(&<[usize]>::to_vec),
        Operation::Pad {
            before,
            value: fill,
        } => places(shape)
            .map(|place| {
                let own = shape_of(0).iter().zip(before.iter().zip(&place));
                let from: Option<Vec<usize>> = own
                    .map(|(side, (before, at))| at.checked_sub(*before).filter(|at| at < side))
                    .collect();
                from.map_or(*fill, |from| value(0)[index(shape_of(0), &from)])
            })
            .collect(),
        Operation::Concat { axis } => places(shape)
            .map(|mut place| {
                let mut part = 0;
                while place[*axis] >= shape_of(part)[*axis] {
                    place[*axis] -= shape_of(part)[*axis];
                    part += 1;
                }
                value(part)[index(shape_of(part), &place)]
            })
            .collect(),
    }
}

fn contract(graph: &Graph, node: &Node, axes: &Contraction, [a, b]: [&Vec<f32>; 2]) -> Vec<f32> {
    let (a_shape, b_shape) = (&graph.shapes[node.inputs[0]], &graph.shapes[node.inputs[1]]);
    let shape = &graph.shapes[node.output];
    let mut summed: Vec<(u32, usize)> = Vec::new();
    for (axis, side) in axes.a.iter().zip(a_shape).chain(axes.b.iter().zip(b_shape)) {
        if !axes.result.contains(axis) && !summed.iter().any(|(known, _)| known == axis) {
            summed.push((*axis, *side));
        }
    }
    let sides: Vec<usize> = summed.iter().map(|(_, side)| *side).collect();
    let all: Vec<u32> = axes
        .result
        .iter()
        .copied()
        .chain(summed.iter().map(|(axis, _)| *axis))
        .collect();
    let pick = |own: &[u32], place: &[usize]| -> Vec<usize> {
        let at = |axis: &u32| place[all.iter().position(|known| known == axis).expect("an axis")];
        own.iter().map(at).collect()
    };
    places(shape)
        .map(|place| {
            let term = |inner: Vec<usize>| {
                let place = [place.as_slice(), &inner].concat();
                a[index(a_shape, &pick(&axes.a, &place))]
                    * b[index(b_shape, &pick(&axes.b, &place))]
            };
            places(&sides).map(term).sum()
        })
        .collect()
}

fn convolve(
    graph: &Graph,
    node: &Node,
    own: &Convolution,
    [x, w, bias]: [&Vec<f32>; 3],
) -> Vec<f32> {
    let (image, weights) = (&graph.shapes[node.inputs[0]], &graph.shapes[node.inputs[1]]);
    let shape = &graph.shapes[node.output];
    let per_group = shape[1] / own.groups;
    places(shape)
        .map(|place| {
            let first = place[1] / per_group * weights[1];
            let term = |at: Vec<usize>| {
                let from = |axis: usize| {
                    let all =
                        place[axis + 2] * own.strides[axis] + at[axis + 1] * own.dilations[axis];
                    let from = all.checked_sub(own.padding[axis]);
                    from.filter(|from| *from < image[axis + 2])
                };
                let (Some(row), Some(column)) = (from(0), from(1)) else {
                    return 0.0;
                };
                x[index(image, &[place[0], first + at[0], row, column])]
                    * w[index(weights, &[place[1], at[0], at[1], at[2]])]
            };
            let sum: f32 = places(&weights[1..]).map(term).sum();
            sum + bias[if bias.len() == 1 { 0 } else { place[1] }]
        })
        .collect()
}

fn reduce(kind: Reduction, given: &[usize], shape: &[usize], values: &[f32]) -> Vec<f32> {
    let first = match kind {
        Reduction::Maximum => f32::MIN,
        Reduction::Minimum => f32::MAX,
        _ => 0.0,
    };
    let mut folded = vec![first; shape.iter().product()];
    for (place, x) in places(given).zip(values) {
        let to = &mut folded[index(shape, &place)];
        *to = match kind {
            Reduction::Maximum => to.max(*x),
            Reduction::Minimum => to.min(*x),
            Reduction::Sum | Reduction::Mean => *to + x,
            Reduction::MeanOfSquares => *to + x * x,
        };
    }
    let count = (values.len() / folded.len()) as f32;
    if matches!(kind, Reduction::Mean | Reduction::MeanOfSquares) {
        for sum in &mut folded {
            *sum /= count;
        }
    }
    folded
}

fn two(binary: Binary, a: f32, b: f32) -> f32 {
    match binary {
        Binary::Add => a + b,
        Binary::Divide => a / b,
        Binary::Maximum => a.max(b),
        Binary::Minimum => a.min(b),
        Binary::Multiply => a * b,
        Binary::Power => a.powf(b),
        Binary::Subtract => a - b,
    }
}

fn one(unary: Unary, x: f32) -> f32 {
    match unary {
        Unary::Abs => x.abs(),
        Unary::Erf => error_function(x),
        Unary::Exp => x.exp(),
        Unary::Gelu => 0.5 * x * (1.0 + error_function(x / 2f32.sqrt())),
        Unary::HardSwish => x * (x / 6.0 + 0.5).clamp(0.0, 1.0),
        Unary::Log => x.ln(),
        Unary::Negate => -x,
        Unary::Power(power) => x.powf(power),
        Unary::Reciprocal => x.recip(),
        Unary::ReciprocalRoot => x.sqrt().recip(),
        Unary::Root => x.sqrt(),
        Unary::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Unary::Silu => x / (1.0 + (-x).exp()),
        Unary::Square => x * x,
        Unary::Tanh => x.tanh(),
    }
}

/// By its series, in double precision.
fn error_function(x: f32) -> f32 {
    let x = f64::from(x);
    if x.abs() > 5.0 {
        return x.signum() as f32;
    }
    let (mut term, mut sum) = (x, x);
    for n in 1..120 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    (sum * std::f64::consts::FRAC_2_SQRT_PI) as f32
}
