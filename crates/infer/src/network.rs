//! Detectors, classifiers and embedders: a photograph to what a model says of it, in one go or in
//! steps.

use crate::Error;
use crate::decode::{Outcome, Output, decode};
use crate::fit::{Fit, Photo, values};
use crate::header::{Element, Header};
use crate::program::{Program, Run, Side, Sides, Steps, guarded, tensor_of};
use crate::spec::{Input, ModelSpec, Task};
use tract_onnx::prelude::Tensor;

/// A model of one file, ready to run.
pub struct Network {
    program: Program,
    steps: Steps,
    spec: ModelSpec,
    input: Input,
    image: usize,
    /// Inputs that are the same for every photograph.
    others: Vec<(usize, Tensor)>,
}

/// A photograph that is being looked at.
pub struct Work {
    run: Run,
    fit: Fit,
}

impl Network {
    /// From an ONNX file's bytes and what is known of it.
    pub fn load(file: &[u8], spec: &ModelSpec) -> Result<Self, Error> {
        spec.check()?;
        let input = match (&spec.input, spec.task) {
            (Some(input), Task::Detector | Task::Classifier | Task::Embedder) => input.clone(),
            _ => return Err(Error::Spec("a model for prompts is two files".into())),
        };
        let header = Header::read(file)?;
        let sides = sides(&header, &input)?;
        if spec.outputs.is_empty() {
            return Err(Error::Spec("it does not say which outputs are read".into()));
        }
        let program = Program::load(file, &header, &sides, &spec.outputs)?;
        let mut others = Vec::new();
        for (name, sides) in &sides {
            // An input that is not used is gone.
            if let (false, Ok(at)) = (*name == input.name, program.input(name)) {
                others.push((at, other(&program, at, name, sides, &input)?));
            }
        }
        Ok(Self {
            image: program.input(&input.name)?,
            steps: program.whole(),
            program,
            spec: spec.clone(),
            input,
            others,
        })
    }

    pub fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    /// Looks at a photograph.
    pub fn run(&self, photo: &Photo) -> Result<Outcome, Error> {
        let mut work = self.begin(photo)?;
        while self.step(&mut work)? {}
        self.outcome(&work)
    }

    /// Begins to look; goes on by [`Network::step`].
    pub fn begin(&self, photo: &Photo) -> Result<Work, Error> {
        let (fit, values) = values(&self.input, photo)?;
        let shape = shape(&self.input);
        let image = tensor_of(self.program.element(self.image)?, &shape, &values)?;
        let mut inputs = self.others.clone();
        inputs.push((self.image, image));
        let run = self.program.begin(inputs, &Vec::new())?;
        Ok(Work { run, fit })
    }

    /// Does a small part of the work; `false` when all is done.
    pub fn step(&self, work: &mut Work) -> Result<bool, Error> {
        work.run.step(&self.steps)
    }

    /// The result, once [`Network::step`] has said `false`.
    pub fn outcome(&self, work: &Work) -> Result<Outcome, Error> {
        let read = |name: &String| {
            let (shape, values) = work.run.output(name)?;
            Ok(Output { shape, values })
        };
        let outputs: Vec<Output> = self
            .spec
            .outputs
            .iter()
            .map(read)
            .collect::<Result<_, Error>>()?;
        guarded(|| decode(&self.spec, &outputs, &work.fit))
    }
}

/// The sides of every input: of the photograph's, and of a mask that says which pixels are real.
pub(crate) fn sides(header: &Header, input: &Input) -> Result<Vec<Sides>, Error> {
    let (width, height) = (input.width, input.height);
    let sides = header.inputs.iter().map(|port| {
        let sides = if port.name == input.name {
            shape(input).to_vec()
        } else if port.name == "pixel_mask" && port.shape.len() == 3 {
            let fixed = port.sides();
            vec![1, fixed[1].unwrap_or(height), fixed[2].unwrap_or(width)]
        } else if port.name == SIZES && port.shape.len() == 2 {
            vec![1, 2]
        } else {
            let why = format!("nobody knows what its input {} should be", port.name);
            return Err(Error::Spec(why));
        };
        let fits = port
            .sides()
            .iter()
            .zip(&sides)
            .all(|(side, own)| side.is_none_or(|side| side == *own));
        if !fits || !port.shape.is_empty() && port.shape.len() != sides.len() {
            return Err(Error::Spec(format!(
                "its input {} has other sides",
                port.name
            )));
        }
        let known = [
            Element::F32,
            Element::F16,
            Element::U8,
            Element::I64,
            Element::Bool,
            Element::Unknown,
        ];
        if !known.contains(&port.element) {
            return Err(Error::Spec(format!(
                "its input {} has another type",
                port.name
            )));
        }
        Ok((
            port.name.clone(),
            sides.into_iter().map(Side::Fixed).collect(),
        ))
    });
    sides.collect()
}

fn shape(input: &Input) -> [usize; 4] {
    if input.channels_last {
        [1, input.height, input.width, 3]
    } else {
        [1, 3, input.height, input.width]
    }
}

/// The photograph's width and height, to which a model brings its boxes; the input's are given, so that
/// boxes come in its pixels.
const SIZES: &str = "orig_target_sizes";

/// An input that is the same for every photograph: sizes, or ones for pixels that are real.
fn other(
    program: &Program,
    at: usize,
    name: &str,
    sides: &[Side],
    input: &Input,
) -> Result<Tensor, Error> {
    let kind = program.element(at)?;
    if name == SIZES {
        return tensor_of(kind, &[1, 2], &[input.width as f32, input.height as f32]);
    }
    let side = |side: &Side| match side {
        Side::Fixed(side) => *side,
        Side::Points => 1,
    };
    let shape: Vec<usize> = sides.iter().map(side).collect();
    let count = shape.iter().product();
    tensor_of(kind, &shape, &vec![1.0; count])
}
