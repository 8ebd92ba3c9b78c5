//! A file to a graph that the runtime can optimise.

use crate::Error;
use crate::header::Header;
use std::io::Cursor;
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::infer::{Factoid, GenericFactoid};

/// A side of an input: so long, or as many as there are points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Side {
    Fixed(usize),
    Points,
}

/// What is said of an input before the model is optimised.
pub(crate) type Sides = (String, Vec<Side>);
/// What is known of an output afterwards.
pub(crate) type KnownSides = (String, Vec<Option<usize>>);

/// The operators of a model that the runtime does not know.
pub(crate) fn missing_operators(header: &Header) -> Vec<String> {
    let onnx = tract_onnx::onnx();
    let known = |name: &&String| {
        // The runtime goes by the name alone.
        let name = name.strip_prefix("com.microsoft.").unwrap_or(name.as_str());
        onnx.op_register.0.contains_key(name)
    };
    let all = header.operators.iter();
    all.filter(|name| !known(name)).cloned().collect()
}

/// The sides of the outputs as the runtime works them out, for files that do not say them.
pub(crate) fn output_sides(
    file: &[u8],
    header: &Header,
    sides: &[Sides],
) -> Result<Vec<KnownSides>, Error> {
    guarded(|| {
        let outputs: Vec<String> = header
            .outputs
            .iter()
            .map(|port| port.name.clone())
            .collect();
        let mut model = shaped(file, header, sides, &outputs).map_err(unusable)?;
        model.analyse(true).map_err(unusable)?;
        let side = |dim: &GenericFactoid<TDim>| {
            dim.concretize()
                .and_then(|dim| usize::try_from(dim.to_i64().ok()?).ok())
        };
        let outputs = outputs.into_iter().zip(model.outputs.clone());
        let known = outputs.map(|(name, outlet)| {
            let fact = model.outlet_fact(outlet).map_err(unusable)?;
            Ok((name, fact.shape.dims().map(side).collect()))
        });
        known.collect()
    })
}

pub(super) fn shaped(
    file: &[u8],
    header: &Header,
    sides: &[Sides],
    outputs: &[String],
) -> TractResult<InferenceModel> {
    // What a file says of its values in between holds for the sides that it was exported with.
    let onnx = tract_onnx::onnx().with_ignore_value_info(!sides.is_empty());
    let mut model = onnx.model_for_read(&mut Cursor::new(file))?;
    let points = model.symbols.sym("visionflow_points");
    for (name, sides) in sides {
        let mut inputs = model.inputs.iter();
        let at = inputs.position(|outlet| model.node(outlet.node).name == *name);
        let at = at.ok_or_else(|| TractError::msg(format!("it has no input {name}")))?;
        let kind = model.input_fact(at)?.datum_type.concretize();
        let sides = sides.iter().map(|side| match side {
            Side::Fixed(side) => side.to_dim(),
            Side::Points => points.to_dim(),
        });
        let fact = InferenceFact::dt_shape(kind.unwrap_or(DatumType::F32), sides);
        model.set_input_fact(at, fact)?;
    }
    let outlet = |name: &String| {
        let outlet = model.find_outlet_label(name);
        outlet.ok_or_else(|| TractError::msg(format!("it has no output {name}")))
    };
    let outlets: Vec<OutletId> = outputs.iter().map(outlet).collect::<TractResult<_>>()?;
    if outputs.len() < header.outputs.len() {
        model.select_output_outlets(&outlets)?;
        without_idle_inputs(&mut model)?;
    }
    Ok(model)
}

/// Drops inputs that no output needs any more.
fn without_idle_inputs(model: &mut InferenceModel) -> TractResult<()> {
    let mut needed = vec![false; model.nodes().len()];
    let mut left: Vec<usize> = model.outputs.iter().map(|outlet| outlet.node).collect();
    while let Some(node) = left.pop() {
        if !std::mem::replace(&mut needed[node], true) {
            left.extend(model.node(node).inputs.iter().map(|input| input.node));
        }
    }
    let inputs = model.inputs.iter().copied();
    let inputs: Vec<OutletId> = inputs.filter(|outlet| needed[outlet.node]).collect();
    model.set_input_outlets(&inputs)
}

/// A runtime that panics over a strange model fails, and no more. (In the browser the module stops.)
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    result.unwrap_or_else(|_| Err(Error::Failed("the runtime gave up on it".into())))
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn unusable(error: TractError) -> Error {
    Error::Unusable(format!("{error:#}"))
}
