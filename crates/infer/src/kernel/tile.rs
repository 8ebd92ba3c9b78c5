//! Matrix multiplication in tiles of 4 rows and 8 columns.
//!
//! Eight running sums, two vectors of columns and one number of a row fit into the 16 vector registers
//! of x86; the runtime's own tile for the browser, 8 rows and 8 columns, needs 16 for its sums alone,
//! so that half of its instructions move registers to memory and back. Where there are 32 registers
//! (ARM) its tile is kept.

use super::lanes::Lanes;
use std::sync::LazyLock;
use tract_linalg::Scaler;
use tract_linalg::isa::Arch;
use tract_linalg::mmm::{DynKernel, FusedKerSpec, OutputStoreKer};
use tract_linalg::mmm_routines::MmmRoutine;
use tract_linalg::mmm_tiers::MmmTier;
use tract_linalg::pack::Packing;
use tract_onnx::prelude::DatumType;
use tract_onnx::tract_core::internal::inventory;
use tract_onnx::tract_core::tract_linalg;

const ROWS: usize = 4;
const COLUMNS: usize = 8;
const NAME: &str = "visionflow_f32_4x8";

static TILE: LazyLock<DynKernel<ROWS, COLUMNS, f32>> = LazyLock::new(|| {
    let panels = (f32::packing(ROWS), f32::packing(COLUMNS));
    let mut tile = DynKernel::new(NAME, run, panels.0.align(4), panels.1.align(16));
    tile.arch = Some(Arch::Wasm32Simd128);
    tile.built = cfg!(all(target_arch = "wasm32", target_feature = "simd128"));
    tile
});

inventory::submit! {
    MmmRoutine { make: || TILE.mmm() }
}

inventory::submit! {
    MmmTier {
        arch: Some(Arch::Wasm32Simd128),
        // The runtime's own says 1.
        precedence: 2,
        name: "visionflow",
        applies: |_| has_few_registers(),
        preferred: |_, accumulator, query, _| {
            // A matrix with a vector is the runtime's.
            let is_ours = accumulator == DatumType::F32 && query.n != Some(1);
            is_ours.then_some(NAME)
        },
    }
}

/// Whether this is x86, which a module cannot ask. There what is not a number comes out of arithmetic
/// with its sign set, elsewhere without.
pub(super) fn has_few_registers() -> bool {
    let infinite = || std::hint::black_box(f32::INFINITY);
    (infinite() - infinite()).is_sign_negative()
}

/// The running sums: four rows of two vectors.
type Sums = [[Lanes; 2]; ROWS];

/// Does one tile as the runtime says.
///
/// # Safety
/// The list ends with `Done`; its pointers are to panels, rows, columns and tiles of this kernel's
/// shape, as the runtime lays them out.
unsafe fn run(list: &[FusedKerSpec<f32>]) -> isize {
    use FusedKerSpec as Do;
    let mut sums: Sums = [[Lanes::splat(0.0); 2]; ROWS];
    for step in list {
        // SAFETY: the pointers are as the runtime promises.
        unsafe {
            match *step {
                Do::Done => break,
                Do::Clear => sums = [[Lanes::splat(0.0); 2]; ROWS],
                Do::LoadTile(_, rows) => load(&mut sums, rows),
                Do::AddMatMul { k, pa, pb, .. } => multiply(&mut sums, k, pa.cast(), pb.cast()),
                Do::ScalarMin(a) => every(&mut sums, |sum| Lanes::splat(a).min(sum)),
                Do::ScalarMax(a) => every(&mut sums, |sum| Lanes::splat(a).max(sum)),
                Do::ScalarAdd(a) => every(&mut sums, |sum| Lanes::splat(a).add(sum)),
                Do::ScalarMul(a) => every(&mut sums, |sum| Lanes::splat(a).mul(sum)),
                Do::ScalarSub(a) => every(&mut sums, |sum| Lanes::splat(a).sub(sum)),
                Do::ScalarSubF(a) => every(&mut sums, |sum| sum.sub(Lanes::splat(a))),
                Do::LeakyRelu(a) => every(&mut sums, |sum| {
                    sum.or_where_not_positive(Lanes::splat(a).mul(sum))
                }),
                Do::PerRowMin(rows) => each_row(&mut sums, rows, Lanes::min),
                Do::PerRowMax(rows) => each_row(&mut sums, rows, Lanes::max),
                Do::PerRowAdd(rows) => each_row(&mut sums, rows, Lanes::add),
                Do::PerRowMul(rows) => each_row(&mut sums, rows, Lanes::mul),
                Do::PerRowSub(rows) => each_row(&mut sums, rows, Lanes::sub),
                Do::PerRowSubF(rows) => each_row(&mut sums, rows, |row, sum| sum.sub(row)),
                Do::PerColMin(columns) => each_column(&mut sums, columns, Lanes::min),
                Do::PerColMax(columns) => each_column(&mut sums, columns, Lanes::max),
                Do::PerColAdd(columns) => each_column(&mut sums, columns, Lanes::add),
                Do::PerColMul(columns) => each_column(&mut sums, columns, Lanes::mul),
                Do::PerColSub(columns) => each_column(&mut sums, columns, Lanes::sub),
                Do::PerColSubF(columns) => {
                    each_column(&mut sums, columns, |column, sum| sum.sub(column));
                }
                Do::QScale(shift, policy, factor) => {
                    let scale = Scaler::from_fuse_params(shift, policy, factor).scale;
                    every(&mut sums, |sum| sum.mul(Lanes::splat(scale)));
                }
                Do::RoundingShiftRight(shift, _) => {
                    let scale = 2f32.powi(-(shift as i32));
                    every(&mut sums, |sum| sum.mul(Lanes::splat(scale)));
                }
                Do::ShiftLeft(shift) => {
                    let scale = 2f32.powi(shift as i32);
                    every(&mut sums, |sum| sum.mul(Lanes::splat(scale)));
                }
                Do::AddUnicast(tile) => add_tile(&mut sums, &tile),
                Do::AddRowColProducts(rows, columns) => multiply(&mut sums, 1, rows, columns),
                Do::Store(tile) => store(&sums, &tile),
            }
        }
    }
    0
}

/// Adds the product of a panel of `k` times 4 rows and one of `k` times 8 columns.
///
/// One step of `k` a round: asked for more, the compiler reads ahead into registers that there are not.
///
/// # Safety
/// The panels are that long.
#[inline(always)]
unsafe fn multiply(sums: &mut Sums, k: usize, mut rows: *const f32, mut columns: *const f32) {
    let mut left = k;
    let mut own = *sums;
    while left > 0 {
        // SAFETY: both are read to their `k`th part and no further.
        unsafe {
            let pair = [Lanes::load(columns), Lanes::load(columns.add(4))];
            for (row, own) in own.iter_mut().enumerate() {
                let factor = Lanes::splat(*rows.add(row));
                own[0] = factor.mul_add(pair[0], own[0]);
                own[1] = factor.mul_add(pair[1], own[1]);
            }
            rows = rows.add(ROWS);
            columns = columns.add(COLUMNS);
        }
        left -= 1;
    }
    *sums = own;
}

#[inline(always)]
fn every(sums: &mut Sums, how: impl Fn(Lanes) -> Lanes) {
    *sums = sums.map(|row| row.map(&how));
}

/// # Safety
/// There are 4 numbers.
#[inline(always)]
unsafe fn each_row(sums: &mut Sums, rows: *const f32, how: impl Fn(Lanes, Lanes) -> Lanes) {
    for (row, sums) in sums.iter_mut().enumerate() {
        // SAFETY: the fourth is the last.
        let value = Lanes::splat(unsafe { *rows.add(row) });
        *sums = sums.map(|sum| how(value, sum));
    }
}

/// # Safety
/// There are 8 numbers.
#[inline(always)]
unsafe fn each_column(sums: &mut Sums, columns: *const f32, how: impl Fn(Lanes, Lanes) -> Lanes) {
    // SAFETY: the eighth is the last.
    let pair = unsafe { [Lanes::load(columns), Lanes::load(columns.add(4))] };
    *sums = sums.map(|row| [how(pair[0], row[0]), how(pair[1], row[1])]);
}

/// # Safety
/// There are 4 rows of 8 numbers, one after the other.
unsafe fn load(sums: &mut Sums, rows: *const f32) {
    for (row, sums) in sums.iter_mut().enumerate() {
        // SAFETY: the 32nd is the last.
        *sums = unsafe { pair(rows.add(row * COLUMNS)) };
    }
}

/// # Safety
/// There are 8 numbers.
#[inline(always)]
unsafe fn pair(from: *const f32) -> [Lanes; 2] {
    // SAFETY: the caller's.
    unsafe { [Lanes::load(from), Lanes::load(from.add(4))] }
}

/// # Safety
/// Every number of the tile can be read.
unsafe fn add_tile(sums: &mut Sums, tile: &OutputStoreKer) {
    for (row, sums) in sums.iter_mut().enumerate() {
        // SAFETY: the rows and columns are those of the tile.
        unsafe {
            let from = tile.ptr.offset(tile.row_byte_stride * row as isize);
            let other = if tile.col_byte_stride == 4 {
                pair(from.cast())
            } else {
                let number = |column: usize| {
                    let at = from.offset(tile.col_byte_stride * column as isize);
                    at.cast::<f32>().read_unaligned()
                };
                let numbers: [f32; COLUMNS] = std::array::from_fn(number);
                pair(numbers.as_ptr())
            };
            *sums = [sums[0].add(other[0]), sums[1].add(other[1])];
        }
    }
}

/// # Safety
/// Every number of the tile can be written.
#[expect(clippy::cast_ptr_alignment, reason = "it is not relied on")]
unsafe fn store(sums: &Sums, tile: &OutputStoreKer) {
    let (down, right) = (tile.row_byte_stride, tile.col_byte_stride);
    // SAFETY: the rows and columns are those of the tile, and vectors are written along what lies
    // side by side.
    unsafe {
        if right == 4 {
            for (row, sums) in sums.iter().enumerate() {
                let to = tile.ptr.offset(down * row as isize).cast::<f32>();
                sums[0].store(to);
                sums[1].store(to.add(4));
            }
        } else if down == 4 {
            for half in 0..2 {
                let columns = Lanes::transposed(sums.map(|row| row[half]));
                for (column, lanes) in columns.into_iter().enumerate() {
                    let to = tile.ptr.offset(right * (4 * half + column) as isize);
                    lanes.store(to.cast());
                }
            }
        } else {
            for (row, sums) in sums.iter().enumerate() {
                let mut numbers = [0.0; COLUMNS];
                sums[0].store(numbers.as_mut_ptr());
                sums[1].store(numbers.as_mut_ptr().add(4));
                for (column, number) in numbers.into_iter().enumerate() {
                    let to = tile
                        .ptr
                        .offset(down * row as isize + right * column as isize);
                    to.cast::<f32>().write_unaligned(number);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
