//! A loaded model, run node by node, so that a host with one thread can do other things in between.

use crate::Error;
use crate::header::{Header, Kind};
use std::io::Cursor;
use std::sync::Arc;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::plan::{SimplePlan, SimpleState};

type Plan = SimplePlan<TypedFact, Box<dyn TypedOp>>;
type State = SimpleState<TypedFact, Box<dyn TypedOp>>;

/// The order of evaluation, and after each step whose values nobody needs any more.
pub(crate) struct Program {
    plan: Arc<Plan>,
}

/// A part of a program's nodes in the order of evaluation.
#[derive(Clone, Default)]
pub(crate) struct Steps {
    nodes: Vec<usize>,
    /// After each step the nodes whose values can go.
    spent: Vec<Vec<usize>>,
}

/// Values of nodes that were computed earlier.
pub(crate) type Known = Vec<(usize, TVec<TValue>)>;

impl Program {
    /// Reads a model of the wanted kind and optimises it.
    pub fn load(file: &[u8], wanted: Kind) -> Result<Self, Error> {
        let header = Header::read(file)?;
        if header.kind() != Some(wanted) {
            return Err(Error::WrongModel {
                wanted: match wanted {
                    Kind::Encoder => "Segment Anything's image encoder",
                    Kind::Decoder => "Segment Anything's mask decoder",
                },
                inputs: header.inputs.join(", "),
                outputs: header.outputs.join(", "),
            });
        }
        let onnx = tract_onnx::onnx();
        let known = |name: &&String| !onnx.op_register.0.contains_key(name.as_str());
        if let Some(name) = header.operators.iter().find(known) {
            return Err(Error::UnknownOperator(name.clone()));
        }
        let unusable = |error: TractError| Error::Unusable(format!("{error:#}"));
        let model = onnx.model_for_read(&mut Cursor::new(file));
        let model = model.and_then(InferenceModelExt::into_optimized);
        let plan = model.and_then(Plan::new).map_err(unusable)?;
        Ok(Self { plan })
    }

    /// The input of this name.
    pub fn input(&self, name: &str) -> Result<usize, Error> {
        let model = self.plan.model();
        let mut inputs = model.inputs.iter();
        let at = inputs.position(|outlet| model.node(outlet.node).name == name);
        at.ok_or_else(|| Error::Unusable(format!("its input {name} was lost")))
    }

    /// The nodes that `needed` picks among those that are computed; of their values those stay that
    /// other nodes or the model's outputs use.
    fn steps(&self, needed: impl Fn(usize) -> bool) -> Steps {
        let model = self.plan.model();
        let all = self.plan.order_without_consts();
        let nodes: Vec<usize> = all.iter().copied().filter(|node| needed(*node)).collect();
        let mut last = vec![None; model.nodes().len()];
        for (step, node) in nodes.iter().enumerate() {
            last[*node] = Some(step);
            for input in &model.node(*node).inputs {
                last[input.node] = last[input.node].map(|_| step);
            }
        }
        for node in all.iter().filter(|node| !needed(**node)) {
            for input in &model.node(*node).inputs {
                last[input.node] = None;
            }
        }
        for outlet in &model.outputs {
            last[outlet.node] = None;
        }
        let mut spent = vec![Vec::new(); nodes.len()];
        for (node, step) in last.iter().enumerate() {
            if let Some(step) = step {
                spent[*step].push(node);
            }
        }
        Steps { nodes, spent }
    }

    /// Every step.
    pub fn whole(&self) -> Steps {
        self.steps(|_| true)
    }

    /// The steps that need none of the inputs named, and those that do.
    pub fn split(&self, inputs: &[usize]) -> (Steps, Steps) {
        let model = self.plan.model();
        let mut late = vec![false; model.nodes().len()];
        for input in inputs {
            late[model.inputs[*input].node] = true;
        }
        for node in self.plan.order_without_consts() {
            let mut inputs = model.node(*node).inputs.iter();
            late[*node] |= inputs.any(|input| late[input.node]);
        }
        (
            self.steps(|node| !late[node]),
            self.steps(|node| late[node]),
        )
    }

    /// Begins a run from some inputs and what is known already.
    pub fn begin(&self, inputs: Vec<(usize, Tensor)>, known: &Known) -> Result<Run, Error> {
        let mut state = self.plan.spawn().map_err(failed)?;
        for (index, tensor) in inputs {
            state.set_input(index, tensor.into()).map_err(failed)?;
        }
        for (node, values) in known {
            state.set_values(*node, values.clone()).map_err(failed)?;
        }
        Ok(Run { state, step: 0 })
    }
}

/// A run in the middle.
pub(crate) struct Run {
    state: State,
    step: usize,
}

impl Run {
    /// Computes the next node; `false` when none is left.
    pub fn step(&mut self, steps: &Steps) -> Result<bool, Error> {
        let Some(node) = steps.nodes.get(self.step) else {
            return Ok(false);
        };
        // Inputs are set, not computed.
        let model = self.state.model();
        if !model.inputs.iter().any(|input| input.node == *node) {
            self.state.compute_one(*node).map_err(failed)?;
        }
        for spent in &steps.spent[self.step] {
            self.state.set_values(*spent, TVec::new()).map_err(failed)?;
        }
        self.step += 1;
        Ok(self.step < steps.nodes.len())
    }

    /// How much of the nodes is computed.
    pub fn progress(&self, steps: &Steps) -> f32 {
        self.step as f32 / steps.nodes.len().max(1) as f32
    }

    pub fn finish(&mut self, steps: &Steps) -> Result<(), Error> {
        while self.step(steps)? {}
        Ok(())
    }

    /// What later nodes use of the steps that were run.
    pub fn known(&self, steps: &Steps) -> Result<Known, Error> {
        let mut gone = vec![false; self.state.model().nodes().len()];
        for node in steps.spent.iter().flatten() {
            gone[*node] = true;
        }
        let left = steps.nodes.iter().filter(|node| !gone[**node]);
        let values = left.map(|node| {
            let outputs = self.state.model().node(*node).outputs.len();
            let values = (0..outputs).map(|slot| self.value(*node, slot));
            Ok((*node, values.collect::<Result<_, Error>>()?))
        });
        values.collect()
    }

    fn value(&self, node: usize, slot: usize) -> Result<TValue, Error> {
        let values = self.state.turn_state.values[node].as_ref();
        let value = values.and_then(|values| values.get(slot));
        value
            .cloned()
            .ok_or_else(|| Error::Failed("a value was not computed".into()))
    }

    /// One of the model's outputs as plain numbers; refused where one is not finite.
    pub fn output(&self, name: &str) -> Result<Vec<f32>, Error> {
        let model = self.state.model();
        let named = |outlet: &&OutletId| model.outlet_label(**outlet) == Some(name);
        let names = || model.outputs.iter().find(named);
        let outlet = names().ok_or_else(|| Error::Failed(format!("it has no output {name}")))?;
        let value = self.value(outlet.node, outlet.slot)?;
        let array = value.to_plain_array_view::<f32>().map_err(failed)?;
        let values: Vec<f32> = array.iter().copied().collect();
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(Error::NotANumber)
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn failed(error: TractError) -> Error {
    Error::Failed(format!("{error:#}"))
}

/// A tensor of a shape from plain numbers.
pub(crate) fn tensor(shape: &[usize], values: &[f32]) -> Result<Tensor, Error> {
    Tensor::from_shape(shape, values).map_err(failed)
}
