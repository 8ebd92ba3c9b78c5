//! What a model is for and how it is run, told from its headers alone.
//!
//! Names that an exporter wrote beside the graph decide where there are any; else the number and the
//! shapes of outputs do.

mod input;
mod promptable;
mod rows;

use crate::Error;
use crate::header::{Header, Port};
use crate::metadata::{MAX_CLASSES, class_names, unnamed};
use crate::spec::{Input, Layout, ModelSpec, Scaling, Task};
#[cfg(feature = "models")]
pub(crate) use promptable::{Half, half};

#[cfg(feature = "models")]
/// The photograph's place among a model's inputs, as a detector would take it.
pub(crate) fn image_input(header: &Header) -> Result<Input, Error> {
    input::image(header, 640)
}

#[cfg(feature = "models")]
pub(crate) fn is_encoder(header: &Header) -> bool {
    matches!(half(header), Some(Half::Encoder { .. }))
}

/// The ways in which a model's files can be run, the likeliest first; never none.
pub fn recognise(headers: &[Header]) -> Result<Vec<ModelSpec>, Error> {
    if headers.iter().any(|header| header.is_split) {
        return Err(Error::Split);
    }
    match headers {
        [header] => one(header),
        [a, b] => promptable::pair(a, b).map(|spec| vec![spec]),
        _ => Err(Error::Spec(
            "a model is one file, or two for prompts".into(),
        )),
    }
}

fn one(header: &Header) -> Result<Vec<ModelSpec>, Error> {
    promptable::refuse_one(header)?;
    if let Some(spec) = rows::detector(header)? {
        return Ok(vec![spec]);
    }
    let whole = whole(header)?;
    if whole.is_empty() {
        return Err(unknown(header));
    }
    Ok(whole)
}

pub(crate) fn unknown(header: &Header) -> Error {
    Error::UnknownLayout {
        inputs: described(&header.inputs),
        outputs: described(&header.outputs),
    }
}

/// Names and shapes, as far as a person wants to read them.
fn described(ports: &[Port]) -> String {
    let side = |side: Option<usize>| side.map_or("?".into(), |side| side.to_string());
    let port = |port: &Port| {
        let sides: Vec<String> = port.sides().into_iter().map(side).collect();
        format!("{} [{}]", port.name, sides.join(", "))
    };
    let listed: Vec<String> = ports.iter().take(8).map(port).collect();
    match listed.len() {
        0 => "nothing".into(),
        _ => listed.join(", "),
    }
}

/// Classifiers and embedders: an output of one row.
fn whole(header: &Header) -> Result<Vec<ModelSpec>, Error> {
    let names = header
        .metadata
        .get("names")
        .and_then(|text| class_names(text));
    let mut specs = Vec::new();
    for output in header.outputs.iter().take(8) {
        let Some(length) = row_length(output) else {
            continue;
        };
        let is_named = names.as_ref().is_some_and(|names| names.len() == length);
        let is_vector = !is_named && is_embedding(&output.name);
        let classes = match &names {
            Some(names) if is_named => names.clone(),
            _ => (0..length).map(unnamed).collect(),
        };
        let classifier = ModelSpec {
            task: Task::Classifier,
            layout: Layout::Classifier,
            classes,
            score: 0.5,
            iou: 1.0,
            limit: 5,
            files: 1,
            input: Some(whole_input(header, &output.name)?),
            outputs: vec![output.name.clone()],
            joints: None,
        };
        let embedder = ModelSpec {
            task: Task::Embedder,
            layout: Layout::Embedder,
            classes: Vec::new(),
            ..classifier.clone()
        };
        // What was told by its name goes before what is left to choose.
        let is_told = |name: &str| {
            ["logit", "prob", "class", "score"]
                .iter()
                .any(|word| name.contains(word))
        };
        let told = is_named || is_told(&output.name.to_lowercase());
        let (first, second) = if is_vector {
            (embedder, classifier)
        } else {
            (classifier, embedder)
        };
        let at = if told { 0 } else { specs.len() };
        specs.insert(at, first);
        specs.push(second);
    }
    Ok(specs)
}

fn whole_input(header: &Header, output: &str) -> Result<Input, Error> {
    let is_clip = output.contains("image_embeds");
    let is_ultralytics = header
        .metadata
        .get("task")
        .is_some_and(|task| task == "classify");
    let mut input = input::image(header, 224)?;
    input.scaling = Scaling::Crop;
    (input.mean, input.deviation) = if is_clip {
        input::CLIP
    } else if is_ultralytics {
        input::PLAIN
    } else {
        input::IMAGENET
    };
    input::keep_bytes(&mut input, header);
    Ok(input)
}

fn is_embedding(name: &str) -> bool {
    let name = name.to_lowercase();
    let words = ["embed", "feature", "pooler", "vector", "descriptor"];
    words.iter().any(|word| name.contains(word))
}

/// How long an output's only row is: `[1, n]`, `[1, n, 1, 1]` or `[n]`.
fn row_length(output: &Port) -> Option<usize> {
    match output.sides()[..] {
        [None | Some(1), Some(length)]
        | [None | Some(1), Some(length), Some(1), Some(1)]
        | [Some(length)] => Some(length).filter(|length| (2..=MAX_CLASSES).contains(length)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
