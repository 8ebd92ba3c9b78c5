//! Products by known weights, held against a plain loop.

use super::*;
use proptest::prelude::*;

fn numbers(count: usize, seed: usize) -> Vec<f32> {
    let number = |i: usize| ((i * 7919 + seed * 104_729 + 13) % 2003) as f32 / 1001.0 - 1.0;
    (0..count).map(number).collect()
}

#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is tried with each")]
struct Case {
    added: bool,
    gelu: bool,
    from_columns: bool,
    by_columns: bool,
}

fn check<const ROWS: usize>([m, k, n]: [usize; 3], case: Case) {
    let Case {
        added,
        gelu,
        from_columns,
        by_columns,
    } = case;
    let (rows, weights, bias) = (numbers(m * k, 1), numbers(k * n, 2), numbers(n, 3));
    let other = numbers(m * n, 4);
    let column = |at: usize, column: &mut [f32]| {
        column
            .iter_mut()
            .enumerate()
            .for_each(|(i, number)| *number = weights[i * n + at]);
        Ok::<(), ()>(())
    };
    let own = Weights::new([k, n], &bias, column).unwrap();
    let finish = Finish {
        other: added.then_some(&other),
        gelu,
        by_columns,
    };
    let mut got = vec![f32::NAN; m * n];
    let across: Vec<f32> = (0..m * k).map(|i| rows[i % m * k + i / m]).collect();
    let matrix = Matrix {
        numbers: if from_columns { &across } else { &rows },
        by_columns: from_columns,
    };
    own.multiply::<ROWS>(matrix, finish, &mut got).unwrap();
    for row in 0..m {
        for column in 0..n {
            let at = if by_columns {
                column * m + row
            } else {
                row * n + column
            };
            let products = (0..k).map(|i| rows[row * k + i] * weights[i * n + column]);
            let sum = products.sum::<f32>() + bias[column] + if added { other[at] } else { 0.0 };
            let mut expected = [sum];
            if gelu {
                crate::kernel::rows::gelu(&mut expected).unwrap();
            }
            let error = (got[at] - expected[0]).abs();
            assert!(
                error < 1e-4,
                "{row}, {column}: {} instead of {}",
                got[at],
                expected[0]
            );
        }
    }
}

proptest! {
    #[test]
    fn products_of_any_shape(
        m in 1usize..30,
        k in 1usize..40,
        n in 1usize..35,
        (added, gelu, from_columns, by_columns) in any::<(bool, bool, bool, bool)>(),
    ) {
        let case = Case { added, gelu, from_columns, by_columns };
        check::<4>([m, k, n], case);
        check::<8>([m, k, n], case);
    }
}

/// More rows than a block has.
#[test]
fn several_blocks() {
    for from_columns in [false, true] {
        for by_columns in [false, true] {
            let case = Case {
                added: true,
                gelu: by_columns,
                from_columns,
                by_columns,
            };
            check::<4>([301, 257, 9], case);
            check::<4>([301, 256, 16], case);
        }
    }
}

/// Products of a size that is shared out to threads, with rows and columns either way round.
#[cfg(feature = "threads")]
pub fn of_every_layout() -> Vec<Vec<f32>> {
    let [m, k, n] = [331, 37, 125];
    let (matrix, bias, other) = (numbers(m * k, 1), numbers(n, 3), numbers(m * n, 4));
    let column = |at: usize, column: &mut [f32]| {
        column.copy_from_slice(&numbers(k, at));
        Ok::<(), ()>(())
    };
    let weights = Weights::new([k, n], &bias, column).unwrap();
    let layouts = [(false, false), (false, true), (true, false), (true, true)];
    let products = layouts.map(|(from_columns, by_columns)| {
        let matrix = Matrix {
            numbers: &matrix,
            by_columns: from_columns,
        };
        let finish = Finish {
            other: Some(&other),
            gelu: true,
            by_columns,
        };
        let mut result = vec![f32::NAN; m * n];
        weights.multiply::<4>(matrix, finish, &mut result).unwrap();
        result
    });
    products.into()
}

#[test]
fn columns_that_cannot_be_had() {
    let none = Weights::new([3, 3], &[], |_, _| Err("gone"));
    assert_eq!(none.unwrap_err(), "gone");
}
