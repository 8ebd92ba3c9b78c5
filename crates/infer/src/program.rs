//! A loaded model, run node by node, so that a host with one thread can do other things in between.

mod loading;

use crate::Error;
use crate::header::Header;
use loading::shaped;
pub(crate) use loading::unusable;
pub(crate) use loading::{Side, Sides, guarded, missing_operators, output_sides};
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

/// Outputs of more numbers than this are not read.
const MAX_VALUES: usize = 64 << 20;

impl Program {
    /// Reads a model, keeps of it what some of its outputs need, and optimises that for inputs of
    /// known sides.
    pub fn load(
        file: &[u8],
        header: &Header,
        sides: &[Sides],
        outputs: &[String],
    ) -> Result<Self, Error> {
        let model = Self::typed(file, header, sides, outputs)?;
        guarded(|| {
            // On the server the runtime has kernels for every processor.
            let is_ours = cfg!(all(target_arch = "wasm32", target_feature = "simd128"));
            let mut model = model.into_decluttered().map_err(unusable)?;
            if is_ours {
                model = crate::kernel::attention(model).map_err(unusable)?;
            }
            model.optimize().map_err(unusable)?;
            if is_ours {
                model = crate::kernel::faster(model).map_err(unusable)?;
            }
            let plan = Plan::new(model).map_err(unusable)?;
            Ok(Self { plan })
        })
    }

    /// The same with all shapes known, and nothing done to it yet.
    pub fn typed(
        file: &[u8],
        header: &Header,
        sides: &[Sides],
        outputs: &[String],
    ) -> Result<TypedModel, Error> {
        if header.is_split {
            return Err(Error::Split);
        }
        if let Some(name) = missing_operators(header).into_iter().next() {
            return Err(Error::UnknownOperator(name));
        }
        guarded(|| {
            let model = shaped(file, header, sides, outputs).map_err(unusable)?;
            model.into_typed().map_err(unusable)
        })
    }

    /// The type of an input's values.
    pub fn element(&self, input: usize) -> Result<DatumType, Error> {
        let fact = self.plan.model().input_fact(input).map_err(unusable)?;
        Ok(fact.datum_type)
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
            late[*node] |= inputs.any(|input| late[input.node] || self.is_counted(*input));
        }
        (
            self.steps(|node| !late[node]),
            self.steps(|node| late[node]),
        )
    }

    /// Whether a value says how many points there are, which nobody knows before they come.
    fn is_counted(&self, outlet: OutletId) -> bool {
        let fact = self.plan.model().outlet_fact(outlet);
        fact.is_ok_and(|fact| fact.datum_type == TDim::datum_type() || !fact.shape.is_concrete())
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
        let is_set = model.inputs.iter().any(|input| input.node == *node);
        let inputs = if is_set {
            None
        } else {
            Some(self.state.prepare_inputs(*node).map_err(failed)?)
        };
        // What nobody needs afterwards goes before, so that it can be computed in place.
        for spent in &steps.spent[self.step] {
            self.state.set_values(*spent, TVec::new()).map_err(failed)?;
        }
        if let Some(inputs) = inputs {
            let compute = |state: &mut State| state.compute_one_with_inputs(*node, inputs);
            guarded(|| compute(&mut self.state).map_err(failed))?;
        }
        // Nor is what nobody needs at all kept.
        if steps.spent[self.step].contains(node) {
            self.state.set_values(*node, TVec::new()).map_err(failed)?;
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
        let value = values.and_then(|values| values.get(slot)).cloned();
        // What does not depend on the inputs is no step.
        let fixed = || {
            let fact = self.state.model().outlet_fact(OutletId::new(node, slot));
            Some(fact.ok()?.konst.clone()?.into_tvalue())
        };
        value
            .or_else(fixed)
            .ok_or_else(|| Error::Failed("a value was not computed".into()))
    }

    /// One of the model's outputs, its sides and its numbers; refused where one is not finite.
    pub fn output(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), Error> {
        let model = self.state.model();
        let named = |outlet: &&OutletId| model.outlet_label(**outlet) == Some(name);
        let names = || model.outputs.iter().find(named);
        let outlet = names().ok_or_else(|| Error::Failed(format!("it has no output {name}")))?;
        let value = self.value(outlet.node, outlet.slot)?;
        if value.len() > MAX_VALUES {
            return Err(Error::Answer {
                got: value.len(),
                most: MAX_VALUES,
            });
        }
        let shape = value.shape().to_vec();
        let value = value.cast_to::<f32>().map_err(failed)?;
        let array = value.to_plain_array_view::<f32>().map_err(failed)?;
        let values: Vec<f32> = array.iter().copied().collect();
        if values.iter().all(|value| value.is_finite()) {
            Ok((shape, values))
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

/// The same of another type.
pub(crate) fn tensor_of(kind: DatumType, shape: &[usize], values: &[f32]) -> Result<Tensor, Error> {
    let plain = tensor(shape, values)?;
    let other = plain.cast_to_dt(kind).map_err(failed)?;
    Ok(other.into_owned())
}
