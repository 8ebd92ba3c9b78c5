//! Prompts to masks.
//!
//! What the decoder computes from the embedding and an earlier mask alone is done once in
//! [`Decoder::prepare`]; every prompt on the same photograph shares it.

use crate::Error;
use crate::embedding::Embedding;
use crate::frame::{Frame, SIDE};
use crate::header::Header;
use crate::logits::{Logits, MASK_SIDE};
use crate::program::{Known, Program, Side, Sides, Steps, tensor_of};
use crate::prompt::{Candidate, Prompt};
use crate::recognise::{Half, half};
use crate::spec::Layout;

/// How far the threshold is moved to tell how stable a mask is; the authors' value.
const STABILITY_OFFSET: f32 = 1.0;

/// The mask decoder, ready to run.
pub struct Decoder {
    program: Program,
    layout: Layout,
    /// What does not depend on points.
    image_side: Steps,
    prompt_side: Steps,
    inputs: Inputs,
    masks: String,
    scores: String,
}

struct Inputs {
    embedding: Vec<usize>,
    points: usize,
    labels: usize,
    /// An earlier mask and whether there is one.
    mask: Option<(usize, usize)>,
    /// The photograph's height and width, where a model still asks for it.
    size: Option<usize>,
}

/// A photograph, as far as the decoder can go without a prompt.
#[derive(Clone)]
pub struct Prepared {
    known: Known,
}

impl Decoder {
    /// From an ONNX file's bytes.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        let header = Header::read(file)?;
        let decoder = half(&header);
        let Some(Half::Decoder {
            layout,
            embedding,
            points,
            labels,
            mask,
            size,
            masks,
            scores,
        }) = decoder
        else {
            return Err(header.is_not("Segment Anything's mask decoder"));
        };
        let sides = sides(layout, &header, &points, &labels);
        let outputs = [masks.clone(), scores.clone()];
        let program = Program::load(file, &header, &sides, &outputs)?;
        let embedding = embedding.iter().map(|name| program.input(name));
        let inputs = Inputs {
            embedding: embedding.collect::<Result<_, Error>>()?,
            points: program.input(&points)?,
            labels: program.input(&labels)?,
            mask: match mask {
                Some((mask, has_mask)) => Some((program.input(&mask)?, program.input(&has_mask)?)),
                None => None,
            },
            // It only says how large masks should be made, which is done here.
            size: size.and_then(|name| program.input(&name).ok()),
        };
        let (image_side, prompt_side) = program.split(&[inputs.points, inputs.labels]);
        Ok(Self {
            program,
            layout,
            image_side,
            prompt_side,
            inputs,
            masks,
            scores,
        })
    }

    /// Where the model sees a photograph of so many pixels.
    pub fn frame(&self, width: u32, height: u32) -> Frame {
        self.layout.frame(width, height)
    }

    /// Does what all prompts on a photograph share; `earlier` is the mask of a candidate that later
    /// prompts refine.
    pub fn prepare(
        &self,
        embedding: &Embedding,
        earlier: Option<&Logits>,
    ) -> Result<Prepared, Error> {
        let parts = embedding.parts();
        if parts.len() != self.inputs.embedding.len() {
            return Err(Error::Spec("the embedding is another model's".into()));
        }
        let mut inputs = Vec::new();
        for (index, (shape, values)) in self.inputs.embedding.iter().zip(parts) {
            inputs.push(self.input(*index, &shape, values)?);
        }
        match (self.inputs.mask, earlier) {
            (Some((mask, has_mask)), earlier) => {
                let none = vec![0.0; MASK_SIDE * MASK_SIDE];
                let values = earlier.map_or(&none[..], Logits::values);
                inputs.push(self.input(mask, &[1, 1, MASK_SIDE, MASK_SIDE], values)?);
                let has = f32::from(earlier.is_some());
                inputs.push(self.input(has_mask, &[1], &[has])?);
            }
            (None, None) => {}
            (None, Some(_)) => {
                let why = "it does not look at an earlier mask";
                return Err(Error::Unsupported("a decoder without refinement", why));
            }
        }
        if let Some(size) = self.inputs.size {
            inputs.push(self.input(size, &[2], &[SIDE as f32; 2])?);
        }
        let mut run = self.program.begin(inputs, &Vec::new())?;
        run.finish(&self.image_side)?;
        Ok(Prepared {
            known: run.known(&self.image_side)?,
        })
    }

    /// The model's masks, best first: of four, for a lone click, which may mean a part or the whole,
    /// the three alternatives by predicted intersection over union and then the single mask; for
    /// several prompts, for which the model's authors take the single mask, that one before the
    /// others. Of any other number simply the best first.
    pub fn decode(
        &self,
        prepared: &Prepared,
        prompt: &Prompt,
        frame: &Frame,
    ) -> Result<Vec<Candidate>, Error> {
        let (points, labels) = prompt.points(frame)?;
        let count = labels.len();
        let (places, kinds): (&[usize], &[usize]) = match self.layout {
            Layout::EfficientSam => (&[1, 1, count, 2], &[1, 1, count]),
            _ => (&[1, count, 2], &[1, count]),
        };
        let inputs = vec![
            self.input(self.inputs.points, places, &points)?,
            self.input(self.inputs.labels, kinds, &labels)?,
        ];
        let mut run = self.program.begin(inputs, &prepared.known)?;
        run.finish(&self.prompt_side)?;
        let (_, masks) = run.output(&self.masks)?;
        let (_, scores) = run.output(&self.scores)?;
        if masks.len() != scores.len() * MASK_SIDE * MASK_SIDE || scores.is_empty() {
            return Err(Error::MaskSize {
                wanted: scores.len() * MASK_SIDE * MASK_SIDE,
                got: masks.len(),
            });
        }
        let masks = masks.chunks_exact(MASK_SIDE * MASK_SIDE).zip(&scores);
        let candidates = masks.map(|(values, score)| {
            let logits = Logits::new(values.to_vec())?;
            Ok(Candidate {
                predicted_iou: score.clamp(0.0, 1.0),
                stability: logits.stability(frame, STABILITY_OFFSET),
                logits,
            })
        });
        let mut candidates: Vec<Candidate> = candidates.collect::<Result<_, Error>>()?;
        let single = usize::from(candidates.len() == 4);
        candidates[single..].sort_by(|a, b| b.predicted_iou.total_cmp(&a.predicted_iou));
        if prompt.is_ambiguous() {
            candidates.rotate_left(single);
        }
        Ok(candidates)
    }

    fn input(
        &self,
        index: usize,
        shape: &[usize],
        values: &[f32],
    ) -> Result<(usize, tract_onnx::prelude::Tensor), Error> {
        let kind = self.program.element(index)?;
        Ok((index, tensor_of(kind, shape, values)?))
    }
}

/// Of sides that a file leaves open all are one but the number of points. A decoder that leaves only
/// that open is left as it is.
fn sides(layout: Layout, header: &Header, points: &str, labels: &str) -> Vec<Sides> {
    let open = |name: &str| {
        let port = header.inputs.iter().find(|port| port.name == name);
        port.map_or(0, |port| {
            port.sides().iter().filter(|side| side.is_none()).count()
        })
    };
    let others = header
        .inputs
        .iter()
        .filter(|port| ![points, labels].contains(&port.name.as_str()));
    if layout == Layout::Sam
        && others.clone().all(|port| open(&port.name) == 0)
        && open(labels) <= 1
    {
        return Vec::new();
    }
    let fixed = |port: &crate::header::Port| {
        let sides = port.sides().into_iter().enumerate();
        let sides = sides.map(|(at, side)| Side::Fixed(side.unwrap_or(known_side(&port.name, at))));
        (port.name.clone(), sides.collect())
    };
    let mut sides: Vec<Sides> = others
        .filter(|port| !port.shape.is_empty())
        .map(fixed)
        .collect();
    let (mut places, mut kinds) = (vec![Side::Fixed(1)], vec![Side::Fixed(1)]);
    if layout == Layout::EfficientSam {
        places.push(Side::Fixed(1));
        kinds.push(Side::Fixed(1));
    }
    places.extend([Side::Points, Side::Fixed(2)]);
    kinds.push(Side::Points);
    sides.extend([(points.to_owned(), places), (labels.to_owned(), kinds)]);
    sides
}

/// What an open side of an input is, by the input's name.
fn known_side(name: &str, at: usize) -> usize {
    let shape = match name {
        "mask_input" => [1, 1, MASK_SIDE, MASK_SIDE],
        "high_res_feats_0" => crate::embedding::FINE_SHAPES[0],
        "high_res_feats_1" => crate::embedding::FINE_SHAPES[1],
        _ if name.starts_with("image_embed") => crate::embedding::SHAPE,
        _ => [1; 4],
    };
    shape.get(at).copied().unwrap_or(1)
}
