//! Units and shares, held against their definitions in double precision.

use super::*;
use proptest::prelude::*;

/// The error function by a series without differences, in double precision.
fn erf(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    for n in 1..400 {
        term *= 2.0 * x * x / f64::from(2 * n + 1);
        sum += term;
    }
    sum * (-x * x).exp() * 2.0 / std::f64::consts::PI.sqrt()
}

#[test]
fn gelu_is_that_of_its_definition() {
    for i in -4000..=4001 {
        let x = i as f32 / 400.0;
        let mut all = [x; 7];
        gelu(&mut all).unwrap();
        let own = f64::from(x);
        let expected = 0.5 * own * (1.0 + erf(own / 2f64.sqrt()));
        for got in all {
            let error = (f64::from(got) - expected).abs();
            assert!(error < 1e-6 * own.abs().max(1.0), "{x}: {got}, {expected}");
        }
    }
}

#[test]
fn exponentials_are_those_of_the_library() {
    for i in 0..=87_000 {
        let x = -(i as f32) / 1000.0;
        let [got, ..] = Lanes::splat(x).exp().numbers();
        let error = (f64::from(got) / f64::from(x).exp() - 1.0).abs();
        assert!(error < 1e-6, "{x}: {got}");
    }
    assert!(Lanes::splat(f32::NEG_INFINITY).exp().numbers()[0] < 1e-37);
}

proptest! {
    #[test]
    fn shares_add_up(
        row in 1usize..30,
        rows in 1usize..9,
        biased in 0usize..4,
        seed in 0usize..1000,
    ) {
        let number = |i: usize| ((i * 7919 + seed * 31) % 1009) as f32 / 50.0 - 10.0;
        let all: Vec<f32> = (0..row * rows).map(number).collect();
        let bias: Vec<f32> = (0..row * biased).map(|i| number(i + 77)).collect();
        let mut got = all.clone();
        softmax(&mut got, row, &bias).unwrap();
        for (at, got) in got.chunks(row).enumerate() {
            let sums: Vec<f64> = (0..row)
                .map(|i| {
                    let at = at * row + i;
                    let bias = if bias.is_empty() { 0.0 } else { bias[at % bias.len()] };
                    f64::from(all[at]) + f64::from(bias)
                })
                .collect();
            let most = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = sums.iter().map(|sum| (sum - most).exp()).sum();
            for (got, sum) in got.iter().zip(&sums) {
                let expected = (sum - most).exp() / total;
                prop_assert!((f64::from(*got) - expected).abs() < 2e-6, "{got} {expected}");
            }
        }
    }
}
