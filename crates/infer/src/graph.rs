//! A network as a plain list of operations, for whoever runs it without the runtime.
//!
//! [`lower`](crate::lower_encoder) makes one of a model; `visionflow-infer-gpu` runs it by compute
//! shaders. It is values of known shapes, row by row in memory, and operations in an order in which
//! they can be computed; [`Graph::to_bytes`] carries it from one module to another.

mod bytes;

use crate::Error;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// A value's place in [`Graph::shapes`].
pub type ValueId = usize;

/// Operations in the order of evaluation, all in single precision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// The shape of every value.
    pub shapes: Vec<Vec<usize>>,
    /// What is known of the values before anything is run.
    pub constants: Vec<(ValueId, Arc<[f32]>)>,
    pub nodes: Vec<Node>,
    pub inputs: Vec<ValueId>,
    pub outputs: Vec<ValueId>,
}

/// One operation with what it reads and what it makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    pub operation: Operation,
    pub inputs: Vec<ValueId>,
    pub output: ValueId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Operation {
    /// The sum of products of two values over the axes that the result lacks; axes of one number
    /// belong together: a number may stand once in each value, and not in one input alone unless
    /// the result has it.
    Contract(Contraction),
    /// Image `[n, channels, height, width]`, weights `[outputs, channels / groups, height, width]`,
    /// bias of any shape with `outputs` or one number.
    Convolve(Convolution),
    Unary(Unary),
    /// Of two values whose sides are the same or 1.
    Binary(Binary),
    /// Along axes, which stay with one element.
    Reduce(Reduction, Vec<usize>),
    /// Shares along the last axis.
    Softmax,
    /// The same numbers in another shape.
    Reshape,
    /// The result's axis `i` is the input's `axes[i]`.
    Transpose(Vec<usize>),
    /// A part of an axis, from here on.
    Slice {
        axis: usize,
        start: usize,
    },
    /// So many times `value` before each axis, and after it what the result's shape leaves.
    Pad {
        before: Vec<usize>,
        value: f32,
    },
    /// All inputs, one after the other along an axis.
    Concat {
        axis: usize,
    },
    /// Axes of one element are repeated.
    Broadcast,
}

/// Each axis of the two inputs and of the result, as a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contraction {
    pub a: Vec<u32>,
    pub b: Vec<u32>,
    pub result: Vec<u32>,
}

/// Vertical before horizontal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Convolution {
    pub strides: [usize; 2],
    pub dilations: [usize; 2],
    /// Rows above and columns to the left; below and to the right follow from the result's shape.
    pub padding: [usize; 2],
    pub groups: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Unary {
    Abs,
    Erf,
    Exp,
    /// With the error function, not its approximation by a hyperbolic tangent.
    Gelu,
    HardSwish,
    Log,
    Negate,
    /// To a known power.
    Power(f32),
    Reciprocal,
    ReciprocalRoot,
    Root,
    Sigmoid,
    Silu,
    Square,
    Tanh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binary {
    Add,
    Divide,
    Maximum,
    Minimum,
    Multiply,
    Power,
    Subtract,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reduction {
    Maximum,
    Mean,
    MeanOfSquares,
    Minimum,
    Sum,
}

impl Graph {
    /// A new value of a shape.
    pub fn value(&mut self, shape: &[usize]) -> ValueId {
        self.shapes.push(shape.to_vec());
        self.shapes.len() - 1
    }

    /// A new value that is known.
    pub fn constant(&mut self, shape: &[usize], values: impl Into<Arc<[f32]>>) -> ValueId {
        let id = self.value(shape);
        self.constants.push((id, values.into()));
        id
    }

    /// Appends an operation whose result has a shape, and names that result.
    pub fn push(&mut self, operation: Operation, inputs: &[ValueId], shape: &[usize]) -> ValueId {
        let output = self.value(shape);
        self.nodes.push(Node {
            operation,
            inputs: inputs.to_vec(),
            output,
        });
        output
    }

    /// How many numbers a value has.
    pub fn len_of(&self, value: ValueId) -> usize {
        self.shapes[value].iter().product()
    }

    /// Some of the operations alone, given what others make for them.
    pub fn part(&self, nodes: Range<usize>) -> Self {
        let own = &self.nodes[nodes];
        let makes = |id: &ValueId| own.iter().any(|node| node.output == *id);
        let is_known = |id: &ValueId| self.constants.iter().any(|(known, _)| known == id);
        let mut inputs: Vec<ValueId> = Vec::new();
        for id in own.iter().flat_map(|node| &node.inputs) {
            if !makes(id) && !is_known(id) && !inputs.contains(id) {
                inputs.push(*id);
            }
        }
        let is_read = |id: &ValueId| own.iter().any(|node| node.inputs.contains(id));
        let outputs = own.iter().map(|node| node.output);
        let outputs = outputs.filter(|id| !is_read(id) || self.outputs.contains(id));
        Self {
            shapes: self.shapes.clone(),
            constants: self.constants.clone(),
            outputs: outputs.collect(),
            nodes: own.to_vec(),
            inputs,
        }
    }

    /// Whether every value that is read is there by then, and constants have their shape's length.
    fn checked(self) -> Result<Self, Error> {
        let broken = || Error::Failed("what should be a graph of operations is none".into());
        let mut known = vec![false; self.shapes.len()];
        let given = self.constants.iter().map(|(id, _)| id);
        for id in given.chain(&self.inputs) {
            *known.get_mut(*id).ok_or_else(broken)? = true;
        }
        let fits = |(id, values): &(ValueId, Arc<[f32]>)| values.len() == self.len_of(*id);
        if !self.constants.iter().all(fits) {
            return Err(broken());
        }
        for node in &self.nodes {
            let is_known = |id: &ValueId| known.get(*id).copied().unwrap_or_default();
            if !node.inputs.iter().all(is_known) {
                return Err(broken());
            }
            *known.get_mut(node.output).ok_or_else(broken)? = true;
        }
        let is_known = |id: &ValueId| known.get(*id).copied().unwrap_or_default();
        if self.outputs.iter().all(is_known) {
            Ok(self)
        } else {
            Err(broken())
        }
    }
}
