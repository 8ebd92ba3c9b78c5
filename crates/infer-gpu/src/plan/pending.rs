//! What a value is made of until it is written down, and when that is.

use super::Planner;
use crate::GpuError;
use crate::expr::Expr;
use crate::kernel::Kernel;
use crate::view::{BufferId, View};
use visionflow_infer::{Binary, ValueId};

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Stored(View),
    Number(f32),
    Pending(Box<Pending>),
}

/// A shader that was not run yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    kernel: Kernel,
    finish: Expr,
    shape: Vec<usize>,
}

/// What costs no more than this is computed again by everyone who reads it, and not kept.
const CHEAP: usize = 8;

impl Pending {
    pub fn of(kernel: Kernel, finish: Expr, shape: &[usize]) -> Value {
        Value::Pending(Box::new(Self {
            kernel,
            finish,
            shape: shape.to_vec(),
        }))
    }

    fn is_map(&self) -> bool {
        self.kernel == Kernel::Map
    }
}

impl Planner<'_> {
    pub(super) fn value(&self, id: ValueId) -> Result<Value, GpuError> {
        let value = self.values[id].clone();
        value.ok_or_else(|| GpuError::Unsupported("a value that nothing makes".into()))
    }

    /// A value in memory.
    pub(super) fn view(&mut self, id: ValueId) -> Result<View, GpuError> {
        let shape = self.graph.shapes[id].clone();
        let pending = match self.value(id)? {
            Value::Stored(view) => return Ok(view),
            Value::Number(number) => Pending {
                kernel: Kernel::Map,
                finish: Expr::Number(number),
                shape,
            },
            Value::Pending(pending) => *pending,
        };
        let buffer = self.write(&pending)?;
        let view = View::rows(buffer, &pending.shape);
        self.values[id] = Some(Value::Stored(view.clone()));
        Ok(view)
    }

    fn write(&mut self, pending: &Pending) -> Result<BufferId, GpuError> {
        let buffer = self.buffer(pending.shape.iter().product())?;
        let Pending {
            kernel,
            finish,
            shape,
        } = pending;
        let dispatch = kernel.dispatch(finish, shape, buffer, &self.limits)?;
        if dispatch.reads.len() + 1 > self.limits.buffers {
            return Err(GpuError::Limit {
                what: "an operation's buffers",
                needed: dispatch.reads.len() as u64 + 1,
                most: self.limits.buffers as u64,
            });
        }
        self.dispatches.push(dispatch);
        Ok(buffer)
    }

    /// A value in a buffer of its own, row by row.
    pub(super) fn written(&mut self, id: ValueId) -> Result<BufferId, GpuError> {
        let shape = self.graph.shapes[id].clone();
        let view = self.view(id)?;
        let is_made = self.dispatches.iter().any(|d| d.result == view.buffer);
        let is_whole = view.offset == 0
            && self.lengths[view.buffer.0] == self.graph.len_of(id)
            && view
                .reshaped(&[self.graph.len_of(id)])
                .is_some_and(|v| v.axes[0].stride <= 1);
        if is_made && is_whole {
            return Ok(view.buffer);
        }
        self.write(&Pending {
            kernel: Kernel::Map,
            finish: Expr::load(view),
            shape,
        })
    }

    /// What is at each place of a value, repeated to a shape, for shaders that load it. Computations
    /// that are more than that are written down.
    pub(super) fn loaded(&mut self, id: ValueId, shape: &[usize]) -> Result<Expr, GpuError> {
        match self.value(id)? {
            Value::Number(number) => return Ok(Expr::Number(number)),
            Value::Pending(pending)
                if pending.is_map() && (self.uses[id] == 1 || pending.finish.cost() <= CHEAP) =>
            {
                if pending.shape == shape {
                    return Ok(pending.finish);
                }
                let repeated = |view: &View| view.repeated(shape);
                let seen = pending.finish.seen(&pending.shape, &repeated);
                // Whoever has the longer shape would compute it again for all of it.
                if let Some(seen) = seen.filter(|seen| seen.cost() <= CHEAP) {
                    return Ok(seen);
                }
            }
            _ => {}
        }
        Ok(Expr::load(self.view(id)?.repeated(shape)))
    }

    /// The same, or the shader that makes the value, if nobody else needs that.
    pub(super) fn fused(
        &mut self,
        id: ValueId,
        shape: &[usize],
    ) -> Result<(Kernel, Expr), GpuError> {
        if let Value::Pending(pending) = self.value(id)?
            && !pending.is_map()
            && self.uses[id] == 1
            && pending.shape == shape
        {
            return Ok((pending.kernel, pending.finish));
        }
        Ok((Kernel::Map, self.loaded(id, shape)?))
    }

    pub(super) fn binary(
        &mut self,
        operation: Binary,
        [a, b]: [ValueId; 2],
        shape: &[usize],
    ) -> Result<Value, GpuError> {
        let (kernel, left) = self.fused(a, shape)?;
        let (kernel, right) = if kernel == Kernel::Map {
            self.fused(b, shape)?
        } else {
            (kernel, self.loaded(b, shape)?)
        };
        let made = Expr::binary(operation, left, right);
        let mut buffers = Vec::new();
        kernel.buffers(&mut buffers);
        made.buffers(&mut buffers);
        if buffers.len() < self.limits.buffers {
            return Ok(Pending::of(kernel, made, shape));
        }
        // One shader does not see that many.
        let (left, right) = (self.view(a)?, self.view(b)?);
        let [left, right] = [left, right].map(|view| Expr::load(view.repeated(shape)));
        let made = Expr::binary(operation, left, right);
        Ok(Pending::of(Kernel::Map, made, shape))
    }

    /// The same numbers in another shape.
    pub(super) fn reshaped(&mut self, id: ValueId, shape: &[usize]) -> Result<Value, GpuError> {
        match self.value(id)? {
            Value::Number(number) => Ok(Value::Number(number)),
            Value::Stored(view) => Ok(match view.reshaped(shape) {
                Some(view) => Value::Stored(view),
                None => Pending::of(Kernel::Map, Expr::load(view), shape),
            }),
            // Places are counted row by row, which does not change.
            Value::Pending(pending) if self.uses[id] == 1 => {
                Ok(Pending::of(pending.kernel, pending.finish, shape))
            }
            Value::Pending(_) => {
                let view = self.view(id)?;
                let view = view.reshaped(shape);
                view.map(Value::Stored)
                    .ok_or_else(|| GpuError::Unsupported("a shape of what was just written".into()))
            }
        }
    }

    /// The same buffer in another way.
    pub(super) fn seen(
        &mut self,
        id: ValueId,
        as_view: impl Fn(&View) -> View,
    ) -> Result<Value, GpuError> {
        if let Value::Number(number) = self.value(id)? {
            return Ok(Value::Number(number));
        }
        Ok(Value::Stored(as_view(&self.view(id)?)))
    }
}
