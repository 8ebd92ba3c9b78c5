//! Tiles as the runtime asks for them, held against a plain loop.

use super::*;
use proptest::prelude::*;
use tract_linalg::BinOp;
use tract_linalg::mmm::{AsInputValue, FusedSpec, RoundingPolicy};
use tract_onnx::prelude::{Tensor, tensor0};

/// Numbers between -1 and 1 that differ.
fn numbers(count: usize, seed: usize) -> Vec<f32> {
    let number = |i: usize| ((i * 7919 + seed * 104_729 + 13) % 2003) as f32 / 1001.0 - 1.0;
    (0..count).map(number).collect()
}

fn matrix(rows: usize, columns: usize, seed: usize) -> Tensor {
    Tensor::from_shape(&[rows, columns], &numbers(rows * columns, seed)).unwrap()
}

fn values(tensor: &Tensor) -> Vec<f32> {
    let view = tensor.to_plain_array_view::<f32>().unwrap();
    view.iter().copied().collect()
}

/// Where the product is written: rows or columns side by side, or neither.
#[derive(Clone, Copy, Debug)]
enum Written {
    Rows,
    Columns,
    Apart,
}

/// What `list` makes of the product of two matrices, row by row.
fn multiplied(
    [m, k, n]: [usize; 3],
    written: Written,
    list: impl for<'a> Fn(&'a Extras, &mut Vec<FusedSpec<'a>>),
) -> Vec<f32> {
    let tile = TILE.mmm();
    let (rows, columns) = &tile.packings()[0];
    let a = rows.prepare_one(&matrix(m, k, 1), 1, 0).unwrap();
    let b = columns.prepare_one(&matrix(k, n, 2), 0, 1).unwrap();
    let (shape, axes): (&[usize], _) = match written {
        Written::Rows => (&[m, n], (0, 1)),
        Written::Columns => (&[n, m], (1, 0)),
        Written::Apart => (&[m, n, 3], (0, 1)),
    };
    let product = Tensor::zero::<f32>(shape).unwrap();
    let extras = Extras {
        row: Tensor::from_shape(&[m], &numbers(m, 3)).unwrap(),
        column: Tensor::from_shape(&[n], &numbers(n, 4)).unwrap(),
        whole: matrix(m, n, 5),
        one: tensor0(0.75f32),
    };
    let mut all = vec![FusedSpec::AddMatMul {
        a: AsInputValue::Borrowed(&*a),
        b: AsInputValue::Borrowed(&*b),
        packing: 0,
    }];
    list(&extras, &mut all);
    // SAFETY: the product has these axes, and everything has its sides.
    unsafe {
        let store = tile.c_view(Some(axes.0), Some(axes.1));
        all.push(FusedSpec::Store(store.wrap(&product.view())));
        tile.run(m, n, &all).unwrap();
    }
    let all = values(&product);
    let at = |row: usize, column: usize| match written {
        Written::Rows => all[row * n + column],
        Written::Columns => all[column * m + row],
        Written::Apart => all[(row * n + column) * 3],
    };
    (0..m * n).map(|i| at(i / n, i % n)).collect()
}

struct Extras {
    row: Tensor,
    column: Tensor,
    whole: Tensor,
    one: Tensor,
}

fn expected([m, k, n]: [usize; 3], how: impl Fn(f32, usize, usize) -> f32) -> Vec<f32> {
    let (a, b) = (values(&matrix(m, k, 1)), values(&matrix(k, n, 2)));
    let sum = |row: usize, column: usize| -> f32 {
        (0..k).map(|i| a[row * k + i] * b[i * n + column]).sum()
    };
    let all = (0..m * n).map(|i| (i / n, i % n));
    all.map(|(row, column)| how(sum(row, column), row, column))
        .collect()
}

#[track_caller]
fn check_equal(got: &[f32], expected: &[f32]) {
    assert_eq!(got.len(), expected.len());
    for (at, (got, expected)) in got.iter().zip(expected).enumerate() {
        let error = (got - expected).abs();
        assert!(error < 1e-4, "number {at} is {got} instead of {expected}");
    }
}

proptest! {
    #[test]
    fn products_of_any_shape(
        m in 1usize..23,
        k in 1usize..50,
        n in 2usize..35,
        written in prop_oneof![Just(Written::Rows), Just(Written::Columns), Just(Written::Apart)],
    ) {
        let sides = [m, k, n];
        check_equal(
            &multiplied(sides, written, |_, _| ()),
            &expected(sides, |sum, _, _| sum),
        );
    }

    #[test]
    fn what_is_added_and_multiplied_afterwards(
        m in 1usize..14,
        n in 2usize..20,
        written in prop_oneof![Just(Written::Rows), Just(Written::Columns), Just(Written::Apart)],
        op in prop_oneof![
            Just(BinOp::Min), Just(BinOp::Max), Just(BinOp::Add), Just(BinOp::Mul), Just(BinOp::Sub),
            Just(BinOp::SubF),
        ],
    ) {
        let sides = [m, 5, n];
        let apply = |other: f32, sum: f32| match op {
            BinOp::Min => other.min(sum),
            BinOp::Max => other.max(sum),
            BinOp::Add => other + sum,
            BinOp::Mul => other * sum,
            BinOp::Sub => other - sum,
            BinOp::SubF => sum - other,
        };
        let (row, column, whole) = (numbers(m, 3), numbers(n, 4), numbers(m * n, 5));
        check_equal(
            &multiplied(sides, written, |extras, list| {
                list.push(FusedSpec::BinPerRow(extras.row.view(), op));
                list.push(FusedSpec::BinScalar(&extras.one, op));
                list.push(FusedSpec::BinPerCol(extras.column.view(), op));
                // SAFETY: it has the product's sides.
                let whole = unsafe { TILE.mmm().c_view(Some(0), Some(1)).wrap(&extras.whole.view()) };
                list.push(FusedSpec::AddUnicast(whole));
                list.push(FusedSpec::LeakyRelu(&extras.one));
            }),
            &expected(sides, |sum, i, j| {
                let sum = apply(column[j], apply(0.75, apply(row[i], sum))) + whole[i * n + j];
                if sum > 0.0 { sum } else { 0.75 * sum }
            }),
        );
    }
}

#[test]
fn rows_times_columns_and_shifts() {
    let sides = [6, 3, 11];
    let (row, column) = (numbers(6, 3), numbers(11, 4));
    check_equal(
        &multiplied(sides, Written::Rows, |extras, list| {
            list.push(FusedSpec::AddRowColProducts(&extras.row, &extras.column));
            list.push(FusedSpec::ShiftLeft(3));
            list.push(FusedSpec::RoundingShiftRight(1, RoundingPolicy::Even));
        }),
        &expected(sides, |sum, i, j| (sum + row[i] * column[j]) * 4.0),
    );
}

#[test]
fn the_server_does_not_use_it() {
    assert!(!TILE.mmm().runnable());
}
