//! The few kinds of shaders, each with what it is told of its sizes and of where its numbers lie.

mod convolve;
mod product;

pub use convolve::Planes;
pub use product::Product;

use crate::GpuError;
use crate::expr::Expr;
use crate::source::{Source, number};
use crate::view::{BufferId, View, place};
use visionflow_infer::Reduction;

/// What a shader computes for each number of its result, before what is done to that by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Kernel {
    /// Nothing.
    Map,
    Product(Product),
    /// A convolution that sums over planes.
    Dense(Planes),
    /// One that does not.
    Depthwise(Planes),
    Reduce {
        given: Expr,
        kind: Reduction,
        /// The value that is reduced, and along which axes.
        shape: Vec<usize>,
        axes: Vec<usize>,
    },
    Softmax {
        given: Expr,
        row: usize,
    },
}

/// One shader that is run once.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch {
    pub shader: String,
    /// In the order of their bindings, after the result.
    pub reads: Vec<BufferId>,
    pub result: BufferId,
    /// Workgroups across and down.
    pub groups: [u32; 2],
}

/// What the device can do at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub groups_per_side: u32,
    pub binding_bytes: u64,
    /// That a shader has, the result among them.
    pub buffers: usize,
}

impl Kernel {
    /// Every buffer that is read, each once.
    pub fn buffers(&self, into: &mut Vec<BufferId>) {
        let views = match self {
            Self::Map => return,
            Self::Product(product) => [&product.left, &product.right],
            Self::Dense(planes) | Self::Depthwise(planes) => [&planes.image, &planes.weights],
            Self::Reduce { given, .. } | Self::Softmax { given, .. } => return given.buffers(into),
        };
        for view in views {
            if !into.contains(&view.buffer) {
                into.push(view.buffer);
            }
        }
    }

    /// The shader that writes a result of a shape; `finish` is what is done to each number at last.
    pub fn dispatch(
        &self,
        finish: &Expr,
        shape: &[usize],
        result: BufferId,
        limits: &Limits,
    ) -> Result<Dispatch, GpuError> {
        let length: usize = shape.iter().product();
        let mut source = Source::default();
        let finish = finish.wgsl(&mut source);
        source.returning("finish(i: u32, made: f32) -> f32", &finish);
        let (groups, file) = match self {
            Self::Map => {
                source.constant("LENGTH", length);
                (length.div_ceil(256), include_str!("shaders/map.wgsl"))
            }
            Self::Product(product) => (product.describe(&mut source), CONTRACT),
            Self::Dense(planes) => (planes.describe_dense(&mut source), CONTRACT),
            Self::Depthwise(planes) => {
                source.constant("LENGTH", length);
                planes.describe_depthwise(&mut source);
                (length.div_ceil(256), include_str!("shaders/depthwise.wgsl"))
            }
            Self::Reduce {
                given,
                kind,
                shape,
                axes,
            } => {
                describe_given(&mut source, given);
                describe_fold(&mut source, *kind, shape, axes);
                (length, include_str!("shaders/reduce.wgsl"))
            }
            Self::Softmax { given, row } => {
                describe_given(&mut source, given);
                source.constant("COUNT", *row);
                (length / row, include_str!("shaders/softmax.wgsl"))
            }
        };
        let most = u64::from(limits.groups_per_side);
        let across = (groups as u64).min(most).max(1);
        let down = (groups as u64).div_ceil(across);
        if down > most {
            return Err(GpuError::Limit {
                what: "a dispatch",
                needed: groups as u64,
                most: most * most,
            });
        }
        source.constant("GROUPS", groups);
        source.constant("GROUPS_ACROSS", across as usize);
        let (shader, reads) = source.finish(file);
        Ok(Dispatch {
            shader,
            reads,
            result,
            groups: [across as u32, down as u32],
        })
    }
}

const CONTRACT: &str = include_str!("shaders/contract.wgsl");

fn describe_given(source: &mut Source, given: &Expr) {
    let given = given.wgsl(source);
    source.returning("given(i: u32) -> f32", &given);
}

fn describe_fold(source: &mut Source, kind: Reduction, shape: &[usize], axes: &[usize]) {
    let all = View::rows(BufferId(0), shape).axes;
    let (along, kept): (Vec<_>, Vec<_>) = all
        .into_iter()
        .enumerate()
        .partition(|(axis, _)| axes.contains(axis));
    let only = |axes: Vec<(usize, _)>| axes.into_iter().map(|(_, axis)| axis).collect::<Vec<_>>();
    let (along, kept) = (only(along), only(kept));
    let count: usize = along.iter().map(|axis| axis.length).product();
    source.constant("COUNT", count);
    let at = format!("{} + {}", place(&kept, "row"), place(&along, "at"));
    source.returning("place(row: u32, at: u32) -> u32", &at);
    let (neutral, prepared, fold) = match kind {
        Reduction::Maximum => ("x", "x", "max(a, b)"),
        Reduction::Minimum => ("x", "x", "min(a, b)"),
        Reduction::Sum | Reduction::Mean => ("0.0", "x", "a + b"),
        Reduction::MeanOfSquares => ("0.0", "x * x", "a + b"),
    };
    let is_mean = matches!(kind, Reduction::Mean | Reduction::MeanOfSquares);
    let scale = if is_mean { 1.0 / count as f32 } else { 1.0 };
    source.returning("neutral(x: f32) -> f32", neutral);
    source.returning("prepared(x: f32) -> f32", prepared);
    source.returning("fold(a: f32, b: f32) -> f32", fold);
    source.returning("scaled(x: f32) -> f32", &format!("x * {}", number(scale)));
}
