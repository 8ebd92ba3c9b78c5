//! Matrix products in batches, of values whose axes lie in any order.

use crate::GpuError;
use crate::source::Source;
use crate::view::{Axis, View, merged, place, plus};
use visionflow_infer::Contraction;

/// Axes of one kind, with the way each of the values goes along them.
#[derive(Clone, Debug, Default, PartialEq)]
struct Along {
    left: Vec<Axis>,
    right: Vec<Axis>,
    result: Vec<Axis>,
}

/// Two values, and which of their axes are rows, columns, summed over, and in step.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    pub left: View,
    pub right: View,
    batch: Along,
    rows: Along,
    columns: Along,
    summed: Along,
}

const TILE: usize = 64;

impl Product {
    /// The product that a contraction of two values is, in a result of a shape.
    pub fn new(
        contraction: &Contraction,
        [a, b]: [View; 2],
        shape: &[usize],
    ) -> Result<Self, GpuError> {
        // The result's last axis should be among the columns, which neighbours write together.
        let mut last = contraction.result.iter().zip(shape);
        let last = last.rfind(|(_, length)| **length > 1);
        let is_row = last.is_some_and(|(axis, _)| !contraction.b.contains(axis));
        let (left_axes, right_axes, left, right) = if is_row {
            (&contraction.b, &contraction.a, b, a)
        } else {
            (&contraction.a, &contraction.b, a, b)
        };
        let result = View::rows(left.buffer, shape);
        let mut product = Self {
            left,
            right,
            batch: Along::default(),
            rows: Along::default(),
            columns: Along::default(),
            summed: Along::default(),
        };
        let summed = left_axes.iter().chain(right_axes);
        let summed = summed.filter(|axis| !contraction.result.contains(axis));
        let mut all: Vec<u32> = contraction.result.clone();
        for axis in summed {
            if !all.contains(axis) {
                all.push(*axis);
            }
        }
        for axis in all {
            let of = |axes: &[u32], view: &View| {
                let at = axes.iter().position(|own| *own == axis)?;
                Some(view.axes[at])
            };
            let left = of(left_axes, &product.left);
            let right = of(right_axes, &product.right);
            let made = of(&contraction.result, &result);
            let all = [left, right, made].into_iter().flatten();
            let length = all.map(|axis| axis.length).max().unwrap_or(1);
            // What has one element of an axis has the same for all of it.
            let stretched = |axis: Option<Axis>| {
                let stride = axis.filter(|axis| axis.length > 1);
                let stride = stride.map_or(0, |axis| axis.stride);
                Axis { length, stride }
            };
            let along = match (left, right, made) {
                (Some(_), Some(_), Some(_)) => &mut product.batch,
                (Some(_), None, Some(_)) => &mut product.rows,
                (None, Some(_), Some(_)) => &mut product.columns,
                (_, _, None) => &mut product.summed,
                (None, None, Some(_)) if length == 1 => continue,
                (None, None, Some(_)) => {
                    return Err(GpuError::Unsupported(format!("{contraction:?}")));
                }
            };
            along.left.push(stretched(left));
            along.right.push(stretched(right));
            along.result.push(stretched(made));
        }
        Ok(product)
    }

    /// Tells a shader where its numbers lie; how many workgroups it takes.
    pub fn describe(&self, source: &mut Source) -> usize {
        let [batch, m, n, k] = [&self.batch, &self.rows, &self.columns, &self.summed].map(length);
        let left = [
            place(&self.batch.left, "batch"),
            place(&self.rows.left, "m"),
            place(&self.summed.left, "k"),
        ];
        let right = [
            place(&self.batch.right, "batch"),
            place(&self.summed.right, "k"),
            place(&self.columns.right, "n"),
        ];
        let result = [
            place(&self.batch.result, "batch"),
            place(&self.rows.result, "m"),
            place(&self.columns.result, "n"),
        ];
        let x = source.binding(self.left.buffer);
        let left = plus(self.left.offset, &left.join(" + "));
        source.returning(
            "left(batch: u32, m: u32, k: u32) -> f32",
            &format!("{x}[{left}]"),
        );
        let x = source.binding(self.right.buffer);
        let right = plus(self.right.offset, &right.join(" + "));
        source.returning(
            "right(batch: u32, k: u32, n: u32) -> f32",
            &format!("{x}[{right}]"),
        );
        let signature = "result_at(batch: u32, m: u32, n: u32) -> u32";
        source.returning(signature, &result.join(" + "));
        source.flag(
            "LEFT_ALONG_K",
            step(&self.summed.left) <= step(&self.rows.left),
        );
        source.flag(
            "RIGHT_ALONG_K",
            step(&self.summed.right) < step(&self.columns.right),
        );
        describe_tiles(source, batch, [m, n, k])
    }
}

fn length(along: &Along) -> usize {
    along.left.iter().map(|axis| axis.length).product()
}

/// How far it is from one to the next.
fn step(axes: &[Axis]) -> usize {
    merged(axes).last().map_or(usize::MAX, |axis| axis.stride)
}

/// The sizes that the tiled product goes by; how many workgroups they make.
pub fn describe_tiles(source: &mut Source, batch: usize, [m, n, k]: [usize; 3]) -> usize {
    let (down, across) = (m.div_ceil(TILE), n.div_ceil(TILE));
    source.constant("M", m);
    source.constant("N", n);
    source.constant("K", k);
    source.constant("TILES_DOWN", down);
    source.constant("TILES_ACROSS", across);
    batch * down * across
}
