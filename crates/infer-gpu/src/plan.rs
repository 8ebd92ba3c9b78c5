//! A graph to the shaders that run it, and to the memory they share.
//!
//! Every value is first what it is made of: a view of a buffer, a number, or a [`Pending`] computation
//! that is written down only when somebody needs it in memory. So a convolution, the bias, the Gaussian
//! unit and the sum with what came before become one shader, and most changes of shape none.

mod memory;
mod pending;

pub use memory::Memory;

use crate::GpuError;
use crate::expr::{Expr, Load, Margin};
use crate::kernel::{Dispatch, Kernel, Limits, Planes, Product};
use crate::view::{BufferId, View};
use pending::{Pending, Value};
use std::sync::Arc;
use visionflow_infer::{Contraction, Convolution, Graph, Node, Operation};

/// What is run, in order, on buffers of so many numbers.
pub struct Plan {
    pub dispatches: Vec<Dispatch>,
    pub lengths: Vec<usize>,
    /// What some of the buffers hold before anything is run.
    pub constants: Vec<(BufferId, Arc<[f32]>)>,
    pub inputs: Vec<BufferId>,
    pub outputs: Vec<BufferId>,
}

impl Plan {
    pub fn new(graph: &Graph, limits: &Limits) -> Result<Self, GpuError> {
        let mut uses = vec![0; graph.shapes.len()];
        let read = graph.nodes.iter().flat_map(|node| &node.inputs);
        for value in read.chain(&graph.outputs) {
            uses[*value] += 1;
        }
        let mut planner = Planner {
            graph,
            limits: *limits,
            uses,
            values: vec![None; graph.shapes.len()],
            lengths: Vec::new(),
            dispatches: Vec::new(),
        };
        let mut constants = Vec::new();
        for (id, values) in &graph.constants {
            planner.values[*id] = Some(if let [number] = **values {
                Value::Number(number)
            } else {
                let buffer = planner.buffer(values.len())?;
                constants.push((buffer, values.clone()));
                Value::Stored(View::rows(buffer, &graph.shapes[*id]))
            });
        }
        let mut inputs = Vec::new();
        for id in &graph.inputs {
            let buffer = planner.buffer(graph.len_of(*id))?;
            inputs.push(buffer);
            planner.values[*id] = Some(Value::Stored(View::rows(buffer, &graph.shapes[*id])));
        }
        for node in &graph.nodes {
            let value = planner.node(node)?;
            planner.values[node.output] = Some(value);
        }
        let outputs = graph.outputs.iter().map(|id| planner.written(*id));
        let outputs = outputs.collect::<Result<_, _>>()?;
        Ok(Self {
            dispatches: planner.dispatches,
            lengths: planner.lengths,
            constants,
            inputs,
            outputs,
        })
    }
}

struct Planner<'a> {
    graph: &'a Graph,
    limits: Limits,
    /// How many operations read each value.
    uses: Vec<usize>,
    values: Vec<Option<Value>>,
    lengths: Vec<usize>,
    dispatches: Vec<Dispatch>,
}

impl Planner<'_> {
    fn buffer(&mut self, length: usize) -> Result<BufferId, GpuError> {
        let needed = length as u64 * 4;
        if needed > self.limits.binding_bytes {
            return Err(GpuError::Limit {
                what: "a buffer",
                needed,
                most: self.limits.binding_bytes,
            });
        }
        self.lengths.push(length);
        Ok(BufferId(self.lengths.len() - 1))
    }

    fn node(&mut self, node: &Node) -> Result<Value, GpuError> {
        let shape = self.graph.shapes[node.output].clone();
        let first = *node.inputs.first().ok_or_else(|| unsupported(node))?;
        let given = self.graph.shapes[first].clone();
        Ok(match &node.operation {
            Operation::Contract(contraction) => self.contract(contraction, node, &shape)?,
            Operation::Convolve(convolution) => self.convolve(convolution, node, &shape)?,
            Operation::Unary(operation) => {
                let (kernel, of) = self.fused(first, &shape)?;
                let made = Expr::Unary(*operation, Box::new(of));
                Pending::of(kernel, made, &shape)
            }
            Operation::Binary(operation) => {
                let second = *node.inputs.get(1).ok_or_else(|| unsupported(node))?;
                self.binary(*operation, [first, second], &shape)?
            }
            Operation::Reduce(kind, axes) => {
                let kernel = Kernel::Reduce {
                    given: self.loaded(first, &given)?,
                    kind: *kind,
                    shape: given,
                    axes: axes.clone(),
                };
                Pending::of(kernel, Expr::Made, &shape)
            }
            Operation::Softmax => {
                let kernel = Kernel::Softmax {
                    given: self.loaded(first, &given)?,
                    row: given.last().copied().unwrap_or(1),
                };
                Pending::of(kernel, Expr::Made, &shape)
            }
            Operation::Reshape => self.reshaped(first, &shape)?,
            Operation::Transpose(axes) => self.seen(first, |view| view.transposed(axes))?,
            Operation::Slice { axis, start } => {
                self.seen(first, |view| view.sliced(*axis, *start, shape[*axis]))?
            }
            Operation::Broadcast => self.seen(first, |view| view.repeated(&shape))?,
            Operation::Pad { before, value } => {
                let view = self.view(first)?;
                let part = within(view, before.clone(), &shape, *value);
                Pending::of(Kernel::Map, part, &shape)
            }
            Operation::Concat { axis } => {
                let mut start = 0;
                let mut all: Option<Expr> = None;
                for input in &node.inputs {
                    let view = self.view(*input)?;
                    let mut before = vec![0; shape.len()];
                    before[*axis] = start;
                    start += view.axes[*axis].length;
                    let part = within(view, before, &shape, 0.0);
                    all = Some(match all {
                        Some(all) => Expr::binary(visionflow_infer::Binary::Add, all, part),
                        None => part,
                    });
                }
                let all = all.ok_or_else(|| unsupported(node))?;
                Pending::of(Kernel::Map, all, &shape)
            }
        })
    }

    fn contract(
        &mut self,
        contraction: &Contraction,
        node: &Node,
        shape: &[usize],
    ) -> Result<Value, GpuError> {
        let [a, b] = *node.inputs.as_slice() else {
            return Err(unsupported(node));
        };
        let operands = [self.view(a)?, self.view(b)?];
        let product = Product::new(contraction, operands, shape)?;
        Ok(Pending::of(Kernel::Product(product), Expr::Made, shape))
    }

    fn convolve(
        &mut self,
        convolution: &Convolution,
        node: &Node,
        shape: &[usize],
    ) -> Result<Value, GpuError> {
        let ([image, weights, bias], [images, planes, rows, columns]) =
            (node.inputs.as_slice(), shape)
        else {
            return Err(unsupported(node));
        };
        let (image, weights) = (self.view(*image)?, self.view(*weights)?);
        let is_pointwise = weights.axes[2..].iter().all(|axis| axis.length == 1)
            && convolution.strides == [1, 1]
            && convolution.padding == [0, 0]
            && convolution.groups == 1;
        let kernel = if is_pointwise {
            let contraction = Contraction {
                a: vec![0, 1, 5, 6],
                b: vec![2, 1, 3, 4],
                result: vec![2, 0, 3, 4],
            };
            Kernel::Product(Product::new(&contraction, [weights, image], shape)?)
        } else {
            let planes = Planes {
                image,
                weights,
                convolution: convolution.clone(),
                shape: [*images, *planes, *rows, *columns],
            };
            if planes.is_depthwise() {
                Kernel::Depthwise(planes)
            } else {
                Kernel::Dense(planes)
            }
        };
        let bias = if let Value::Number(number) = self.value(*bias)? {
            Expr::Number(number)
        } else {
            let view = self.view(*bias)?.reshaped(&[1, *planes, 1, 1]);
            let view = view.ok_or_else(|| unsupported(node))?;
            Expr::load(view.repeated(shape))
        };
        let made = Expr::binary(visionflow_infer::Binary::Add, Expr::Made, bias);
        Ok(Pending::of(kernel, made, shape))
    }
}

/// A value inside of a larger one.
fn within(view: View, before: Vec<usize>, shape: &[usize], value: f32) -> Expr {
    Expr::Load(Load {
        view,
        margin: Some(Margin {
            shape: shape.to_vec(),
            before,
            value,
        }),
    })
}

fn unsupported(node: &Node) -> GpuError {
    GpuError::Unsupported(format!("{:?}", node.operation))
}

#[cfg(test)]
mod tests;
