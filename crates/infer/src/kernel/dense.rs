//! A matrix by known weights, with what follows done to each tile while it is in registers.
//!
//! Rows are read where they lie, or from a block turned over where they lie across; the weights are laid
//! out anew once, in panels of 8 columns. A block of rows that stays in the second cache meets one panel
//! after the other.

use super::lanes::Lanes;
use std::array::from_fn;
use std::marker::PhantomData;
use std::ops::Range;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::tract_linalg::multithread::par_chunks_mut;

pub(super) const COLUMNS: usize = 8;
/// What a block of rows may take of the second cache.
const BLOCK_BYTES: usize = 256 << 10;
/// So many blocks at least, of what is long enough, for threads that end at different times.
const BLOCKS: usize = 32;

/// Weights of `k` rows and `n` columns, and what is added to each column.
#[derive(Debug)]
pub(super) struct Weights {
    pub k: usize,
    pub n: usize,
    /// For every 8 columns their rows one after the other.
    panels: Vec<[f32; COLUMNS]>,
    bias: Vec<[f32; COLUMNS]>,
}

/// A matrix, whose rows or columns lie one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matrix<'a> {
    pub numbers: &'a [f32],
    pub by_columns: bool,
}

/// What is done with the sums.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finish<'a> {
    /// Added, where it lies as the result does.
    pub other: Option<&'a [f32]>,
    pub gelu: bool,
    /// Whether the result has its columns one after the other, and not its rows.
    pub by_columns: bool,
}

impl Weights {
    /// From the columns one by one.
    pub fn new<E>(
        [k, n]: [usize; 2],
        bias: &[f32],
        mut column: impl FnMut(usize, &mut [f32]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let count = n.div_ceil(COLUMNS);
        let mut panels = vec![[0.0; COLUMNS]; count * k];
        let mut own = vec![0.0; k];
        for at in 0..n {
            column(at, &mut own)?;
            let panel = &mut panels[at / COLUMNS * k..][..k];
            for (row, number) in panel.iter_mut().zip(&own) {
                row[at % COLUMNS] = *number;
            }
        }
        let mut padded = vec![[0.0; COLUMNS]; count];
        padded.as_flattened_mut()[..bias.len()].copy_from_slice(bias);
        Ok(Self {
            k,
            n,
            panels,
            bias: padded,
        })
    }

    /// Multiplies a matrix by the weights, `ROWS` rows at once. Every number of the result is the same
    /// with any number of threads.
    pub fn multiply<const ROWS: usize>(
        &self,
        matrix: Matrix,
        finish: Finish,
        result: &mut [f32],
    ) -> TractResult<()> {
        assert!(self.k > 0, "there is something to multiply");
        let m = matrix.numbers.len() / self.k;
        assert_eq!(result.len(), m * self.n, "the result has other sides");
        let most = (BLOCK_BYTES / 4 / self.k / ROWS).max(1) * ROWS;
        let block = most.min(m.div_ceil(BLOCKS).next_multiple_of(ROWS));
        let mut blocks: Vec<usize> = (0..m).step_by(block.max(1)).collect();
        let numbers = result.len();
        let target = Target::of(result);
        par_chunks_mut(&mut blocks, 1, numbers, |_, blocks| {
            let mut turned = Vec::new();
            for first in blocks {
                let rows = *first..m.min(*first + block);
                self.multiply_rows::<ROWS>(matrix, finish, rows, &mut turned, &target);
            }
            Ok(())
        })
    }

    /// Some of the rows; `turned` is room for them.
    fn multiply_rows<const ROWS: usize>(
        &self,
        matrix: Matrix,
        finish: Finish,
        block: Range<usize>,
        turned: &mut Vec<f32>,
        target: &Target,
    ) {
        let m = matrix.numbers.len() / self.k;
        let (first, count) = (block.start, block.len());
        let rows = if matrix.by_columns {
            turned.resize(count * self.k, 0.0);
            turn(&matrix.numbers[first..], m, count, turned);
            &turned[..]
        } else {
            &matrix.numbers[first * self.k..][..count * self.k]
        };
        let panels = self.panels.chunks_exact(self.k).zip(&self.bias);
        for (at, (panel, bias)) in panels.enumerate() {
            for row in (0..count).step_by(ROWS) {
                // The last rows are computed again where there are too few.
                let own: [&[f32]; ROWS] = from_fn(|i| {
                    let row = (row + i).min(count - 1);
                    &rows[row * self.k..(row + 1) * self.k]
                });
                let place = Place {
                    row: first + row,
                    end: block.end,
                    column: at * COLUMNS,
                    sides: [m, self.n],
                };
                place.write(tile(own, panel), bias, finish, target);
            }
        }
    }
}

/// The first `count` rows of a matrix whose columns lie one after the other, `stride` apart.
fn turn(columns: &[f32], stride: usize, count: usize, rows: &mut [f32]) {
    let k = rows.len() / count;
    let fours = (count / 4 * 4, k / 4 * 4);
    for at in (0..fours.1).step_by(4) {
        for row in (0..fours.0).step_by(4) {
            let four = from_fn(|i| {
                let numbers = &columns[(at + i) * stride + row..];
                Lanes::of(numbers.first_chunk().expect(FOUR))
            });
            for (i, lanes) in Lanes::transposed(four).into_iter().enumerate() {
                lanes.put(four_mut(rows, (row + i) * k + at));
            }
        }
    }
    for row in 0..count {
        let done = if row < fours.0 { fours.1 } else { 0 };
        for at in done..k {
            rows[row * k + at] = columns[at * stride + row];
        }
    }
}

pub(super) type Pair = [Lanes; 2];

#[inline(always)]
fn pair(numbers: &[f32; COLUMNS]) -> Pair {
    let (fours, _) = numbers.as_chunks::<4>();
    [Lanes::of(&fours[0]), Lanes::of(&fours[1])]
}

/// The products of some rows with the columns of a panel.
///
/// A function of its own, so that what surrounds it does not change how the compiler orders its loop: with
/// the factors of all rows read first there are too few registers, and it takes twice as long.
#[inline(never)]
pub(super) fn tile<const ROWS: usize>(
    rows: [&[f32]; ROWS],
    panel: &[[f32; COLUMNS]],
) -> [Pair; ROWS] {
    let rows = rows.map(|row| &row[..panel.len()]);
    let mut sums = [[Lanes::splat(0.0); 2]; ROWS];
    for (at, columns) in panel.iter().enumerate() {
        let columns = pair(columns);
        for (row, sums) in rows.iter().zip(&mut sums) {
            // SAFETY: every row is as long as the panel. (The compiler would ask again each time.)
            let factor = Lanes::splat(unsafe { *row.get_unchecked(at) });
            sums[0] = factor.mul_add(columns[0], sums[0]);
            sums[1] = factor.mul_add(columns[1], sums[1]);
        }
    }
    sums
}

/// The result, to which several threads write, each to rows of its own.
struct Target<'a> {
    numbers: *mut f32,
    count: usize,
    of: PhantomData<&'a mut [f32]>,
}

// SAFETY: it is only written to, and no two threads have a row in common: [`Weights::multiply`] gives
// away every block once, and [`Place`] stays within the rows of its block.
unsafe impl Sync for Target<'_> {}

impl<'a> Target<'a> {
    fn of(result: &'a mut [f32]) -> Self {
        Self {
            numbers: result.as_mut_ptr(),
            count: result.len(),
            of: PhantomData,
        }
    }

    #[inline(always)]
    fn put_four(&self, at: usize, lanes: Lanes) {
        assert!(at + 4 <= self.count, "the four lie in the result");
        // SAFETY: they do.
        unsafe { lanes.store(self.numbers.add(at)) }
    }

    #[inline(always)]
    fn put(&self, at: usize, number: f32) {
        assert!(at < self.count, "it lies in the result");
        // SAFETY: it does.
        unsafe { *self.numbers.add(at) = number }
    }
}

/// Where a tile lies in a result of some sides.
struct Place {
    row: usize,
    /// The first row that is another thread's.
    end: usize,
    column: usize,
    sides: [usize; 2],
}

impl Place {
    #[inline(always)]
    fn write<const ROWS: usize>(
        &self,
        sums: [Pair; ROWS],
        bias: &[f32; COLUMNS],
        finish: Finish,
        target: &Target,
    ) {
        let bias = pair(bias);
        let [m, n] = self.sides;
        let (rows, columns) = (ROWS.min(self.end - self.row), COLUMNS.min(n - self.column));
        let ended = |sum: Lanes| if finish.gelu { sum.gelu() } else { sum };
        if finish.by_columns && rows == ROWS && columns == COLUMNS {
            for first in (0..ROWS).step_by(4) {
                for half in 0..2 {
                    let four = from_fn(|i| sums[first + i][half].add(bias[half]));
                    for (at, lanes) in Lanes::transposed(four).into_iter().enumerate() {
                        let at = (self.column + 4 * half + at) * m + self.row + first;
                        let lanes = with(lanes, finish.other, at);
                        target.put_four(at, ended(lanes));
                    }
                }
            }
        } else if !finish.by_columns && columns == COLUMNS {
            for (i, sums) in sums.into_iter().take(rows).enumerate() {
                let at = (self.row + i) * n + self.column;
                for half in 0..2 {
                    let at = at + 4 * half;
                    let lanes = with(sums[half].add(bias[half]), finish.other, at);
                    target.put_four(at, ended(lanes));
                }
            }
        } else {
            for (i, sums) in sums.into_iter().take(rows).enumerate() {
                let numbers = [sums[0].add(bias[0]), sums[1].add(bias[1])].map(Lanes::numbers);
                for (j, number) in numbers.as_flattened()[..columns].iter().enumerate() {
                    let (row, column) = (self.row + i, self.column + j);
                    let at = if finish.by_columns {
                        column * m + row
                    } else {
                        row * n + column
                    };
                    let sum = number + finish.other.map_or(0.0, |other| other[at]);
                    target.put(at, ended(Lanes::splat(sum)).numbers()[0]);
                }
            }
        }
    }
}

#[inline(always)]
fn with(lanes: Lanes, other: Option<&[f32]>, at: usize) -> Lanes {
    match other.map(|other| &other[at..]) {
        Some(other) => lanes.add(Lanes::of(other.first_chunk().expect(FOUR))),
        None => lanes,
    }
}

#[inline(always)]
fn four_mut(numbers: &mut [f32], at: usize) -> &mut [f32; 4] {
    numbers[at..].first_chunk_mut().expect(FOUR)
}

const FOUR: &str = "the four lie in the matrix";

#[cfg(test)]
pub(super) mod tests;
