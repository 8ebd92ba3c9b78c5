//! What is done to numbers that lie one after the other.

use super::lanes::Lanes;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::tract_linalg::multithread::par_chunks_mut;

/// The Gaussian error linear unit of each.
pub(super) fn gelu(numbers: &mut [f32]) -> TractResult<()> {
    let count = numbers.len();
    par_chunks_mut(numbers, 1, count, |_, numbers| {
        each(numbers, Lanes::gelu);
        Ok(())
    })
}

/// Softmax of every row of so many numbers, to which those of `bias` are added before, which begins
/// anew when it ends.
pub(super) fn softmax(numbers: &mut [f32], row: usize, bias: &[f32]) -> TractResult<()> {
    debug_assert!(row > 0 && bias.len().is_multiple_of(row));
    let count = numbers.len();
    par_chunks_mut(numbers, row, count, |first, numbers| {
        // What is known begins where the rows that another thread has left it.
        let known = bias.chunks_exact(row).cycle();
        let mut known = known.skip(first % (bias.len() / row).max(1));
        for row in numbers.chunks_exact_mut(row) {
            softmax_row(row, known.next());
        }
        Ok(())
    })
}

pub(super) fn softmax_row(row: &mut [f32], bias: Option<&[f32]>) {
    let lowest = Lanes::splat(f32::NEG_INFINITY);
    let mut most = lowest;
    let mut last = f32::NEG_INFINITY;
    let (fours, rest) = row.as_chunks_mut::<4>();
    if let Some(bias) = bias {
        let (others, other_rest) = bias.as_chunks::<4>();
        for (four, other) in fours.iter_mut().zip(others) {
            let sum = Lanes::of(four).add(Lanes::of(other));
            most = most.max(sum);
            sum.put(four);
        }
        for (number, other) in rest.iter_mut().zip(other_rest) {
            *number += other;
            last = last.max(*number);
        }
    } else {
        for four in &*fours {
            most = most.max(Lanes::of(four));
        }
        for number in &*rest {
            last = last.max(*number);
        }
    }
    let most = most.numbers().into_iter().fold(last, f32::max);
    let highest = Lanes::splat(most);
    let mut sum = Lanes::splat(0.0);
    for four in &mut *fours {
        let power = Lanes::of(four).sub(highest).exp();
        sum = sum.add(power);
        power.put(four);
    }
    let mut sum: f32 = sum.numbers().into_iter().sum();
    if !rest.is_empty() {
        let powers = padded(rest, f32::NEG_INFINITY).sub(highest).exp().numbers();
        rest.copy_from_slice(&powers[..rest.len()]);
        sum += rest.iter().sum::<f32>();
    }
    let share = Lanes::splat(1.0 / sum);
    each(row, |number| number.mul(share));
}

#[inline(always)]
fn each(numbers: &mut [f32], how: impl Fn(Lanes) -> Lanes) {
    let (fours, rest) = numbers.as_chunks_mut::<4>();
    for four in fours {
        how(Lanes::of(four)).put(four);
    }
    if !rest.is_empty() {
        let results = how(padded(rest, 0.0)).numbers();
        rest.copy_from_slice(&results[..rest.len()]);
    }
}

/// Up to four numbers, and `other` where there are fewer.
fn padded(numbers: &[f32], other: f32) -> Lanes {
    let mut four = [other; 4];
    four[..numbers.len()].copy_from_slice(numbers);
    Lanes::of(&four)
}

#[cfg(test)]
mod tests;
