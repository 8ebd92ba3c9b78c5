//! What moves numbers and does not change them.

use crate::Error;
use crate::graph::Operation;
use tract_onnx::tract_core::internal::{AxisOp, DimLike};
use tract_onnx::tract_core::ops::array::{Pad, PadMode, Slice};

/// Another shape, or the axes in another order.
pub fn axis(op: &AxisOp, rank: usize) -> Operation {
    match op {
        AxisOp::Add(_) | AxisOp::Rm(_) | AxisOp::Reshape(..) => Operation::Reshape,
        AxisOp::Move(from, to) => {
            let mut axes: Vec<usize> = (0..rank).collect();
            let moved = axes.remove(*from);
            axes.insert(*to, moved);
            Operation::Transpose(axes)
        }
    }
}

pub fn slice(op: &Slice) -> Option<Operation> {
    let start = op.start.to_usize().ok()?;
    Some(Operation::Slice {
        axis: op.axis,
        start,
    })
}

pub fn pad(op: &Pad) -> Result<Option<Operation>, Error> {
    let PadMode::Constant(value) = &op.mode else {
        return Ok(None);
    };
    let value = super::numbers(value)?;
    let before = op.pads.iter().map(|(before, _)| *before).collect();
    Ok(value.first().map(|value| Operation::Pad {
        before,
        value: *value,
    }))
}
