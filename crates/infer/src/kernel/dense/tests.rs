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
    own.multiply::<ROWS>(matrix, finish, &mut got);
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
                crate::kernel::rows::gelu(&mut expected);
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

#[test]
fn columns_that_cannot_be_had() {
    let none = Weights::new([3, 3], &[], |_, _| Err("gone"));
    assert_eq!(none.unwrap_err(), "gone");
}
