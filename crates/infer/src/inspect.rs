//! A model looked at before it is trusted: what it is, what it lacks, and whether it runs.

use crate::Error;
use crate::decoder::Decoder;
use crate::encoder::Encoder;
use crate::fit::Photo;
use crate::header::{Dim, Header, Port};
use crate::network::{Network, sides};
use crate::program::{missing_operators, output_sides};
use crate::prompt::Prompt;
use crate::recognise::{image_input, recognise};
use crate::spec::{Layout, ModelSpec, Task};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use visionflow_geometry::Point;

/// What [`inspect`] has seen.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Whether the model ran once and its answer could be read.
    pub ok: bool,
    /// Why not, or what it is.
    pub message: String,
    pub task: Option<Task>,
    pub layout: Option<Layout>,
    pub inputs: Vec<Port>,
    pub outputs: Vec<Port>,
    pub operators: Vec<String>,
    /// Those that the runtime does not know.
    pub missing: Vec<String>,
    pub spec: Option<ModelSpec>,
    /// Other ways to run it, for an admin to choose from.
    pub alternatives: Vec<ModelSpec>,
    /// How long loading and running took.
    pub seconds: f64,
    pub sha256: Vec<String>,
    pub bytes: Vec<u64>,
}

/// Loads a model from its files' bytes and runs it once on a grey picture; `clock` gives seconds.
/// Of several ways to read the files the likeliest is tried, or `wanted` where it is one of them.
pub fn inspect(files: &[&[u8]], wanted: Option<&ModelSpec>, clock: &dyn Fn() -> f64) -> Report {
    let start = clock();
    let mut report = Report {
        ok: false,
        message: String::new(),
        task: None,
        layout: None,
        inputs: Vec::new(),
        outputs: Vec::new(),
        operators: Vec::new(),
        missing: Vec::new(),
        spec: None,
        alternatives: Vec::new(),
        seconds: 0.0,
        sha256: files.iter().map(|file| sha256(file)).collect(),
        bytes: files.iter().map(|file| file.len() as u64).collect(),
    };
    match report.look(files, wanted) {
        Ok(spec) => {
            report.ok = true;
            report.message = format!("{} ran", spec.layout.name());
        }
        Err(error) => report.message = error.to_string(),
    }
    report.seconds = clock() - start;
    report
}

/// Whether a model runs as its specification says: loads it and runs it once on a grey picture.
pub fn validate(files: &[&[u8]], spec: &ModelSpec) -> Result<(), Error> {
    let grey = [128, 128, 128, 255].repeat(WIDTH * HEIGHT);
    spec.check()?;
    if spec.task == Task::Promptable {
        let (encoder, decoder) = pair(files)?;
        let embedding = encoder.encode(WIDTH, HEIGHT, &grey)?;
        let prepared = decoder.prepare(&embedding, None)?;
        let frame = decoder.frame(WIDTH as u32, HEIGHT as u32);
        let centre = Prompt::at(Point::new(WIDTH as f64 / 2.0, HEIGHT as f64 / 2.0));
        return decoder.decode(&prepared, &centre, &frame).map(|_| ());
    }
    let [file] = files else {
        return Err(Error::Spec("this model is one file".into()));
    };
    let photo = Photo {
        width: WIDTH as u32,
        height: HEIGHT as u32,
        scaled_width: WIDTH,
        scaled_height: HEIGHT,
        rgba: &grey,
    };
    Network::load(file, spec)?.run(&photo).map(|_| ())
}

/// The grey picture's sides.
const WIDTH: usize = 64;
const HEIGHT: usize = 48;

/// Both halves of a model for prompts, whichever file is which.
pub fn pair(files: &[&[u8]]) -> Result<(Encoder, Decoder), Error> {
    let [a, b] = files else {
        return Err(Error::Spec("a model for prompts is two files".into()));
    };
    let headers = [Header::read(a)?, Header::read(b)?];
    recognise(&headers)?;
    if crate::recognise::is_encoder(&headers[0]) {
        Ok((Encoder::load(a)?, Decoder::load(b)?))
    } else {
        Ok((Encoder::load(b)?, Decoder::load(a)?))
    }
}

impl Report {
    fn look(&mut self, files: &[&[u8]], wanted: Option<&ModelSpec>) -> Result<ModelSpec, Error> {
        let mut headers = files
            .iter()
            .map(|file| Header::read(file))
            .collect::<Result<Vec<_>, _>>()?;
        for header in &headers {
            self.inputs.extend(header.inputs.iter().cloned());
            self.outputs.extend(header.outputs.iter().cloned());
            self.operators.extend(header.operators.iter().cloned());
            self.missing.extend(missing_operators(header));
        }
        for list in [&mut self.operators, &mut self.missing] {
            list.sort();
            list.dedup();
        }
        let mut specs = match (recognise(&headers), files, &mut headers[..]) {
            // Perhaps the file does not say what the runtime can work out.
            (Err(Error::UnknownLayout { .. }), [file], [header]) if self.missing.is_empty() => {
                complete(file, header)?;
                self.outputs.clone_from(&header.outputs);
                recognise(&headers)
            }
            (other, ..) => other,
        }?;
        if specs.is_empty() {
            return Err(Error::Spec("no file was given".into()));
        }
        let spec = specs.remove(wanted.map_or(0, |wanted| place_of(wanted, &specs)));
        self.alternatives = specs;
        (self.task, self.layout) = (Some(spec.task), Some(spec.layout));
        self.spec = Some(spec.clone());
        if !self.missing.is_empty() {
            return Err(Error::UnknownOperator(self.missing.join(", ")));
        }
        validate(files, &spec)?;
        Ok(spec)
    }
}

/// Which of the ways to read a file is the wanted one: by its outputs too, where it names any that
/// are known; the first where none is.
fn place_of(wanted: &ModelSpec, specs: &[ModelSpec]) -> usize {
    let is_alike = |spec: &ModelSpec| (spec.task, spec.layout) == (wanted.task, wanted.layout);
    let is_same = |spec: &ModelSpec| is_alike(spec) && spec.outputs == wanted.outputs;
    let same = specs.iter().position(is_same);
    same.or_else(|| specs.iter().position(is_alike))
        .unwrap_or(0)
}

/// Fills in the sides of outputs.
fn complete(file: &[u8], header: &mut Header) -> Result<(), Error> {
    let input = image_input(header)?;
    let known = output_sides(file, header, &sides(header, &input)?)?;
    for (name, sides) in known {
        if let Some(port) = header.outputs.iter_mut().find(|port| port.name == name) {
            let side = |side: Option<usize>| side.map_or(Dim::Open(String::new()), Dim::Fixed);
            port.shape = sides.into_iter().map(side).collect();
        }
    }
    Ok(())
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::new(), |mut hex, byte| {
        // A string takes whatever comes.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
