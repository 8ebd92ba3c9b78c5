//! Prompts to masks.
//!
//! What the decoder computes from the embedding and an earlier mask alone is done once in
//! [`Decoder::prepare`]; every prompt on the same photograph shares it.

use crate::Error;
use crate::embedding::{Embedding, SHAPE};
use crate::frame::Frame;
use crate::header::Kind;
use crate::logits::{Logits, MASK_SIDE};
use crate::program::{Known, Program, Steps, tensor};
use crate::prompt::{Candidate, Prompt};

/// How far the threshold is moved to tell how stable a mask is; the authors' value.
const STABILITY_OFFSET: f32 = 1.0;

/// The mask decoder, ready to run.
pub struct Decoder {
    program: Program,
    /// What does not depend on points.
    image_side: Steps,
    prompt_side: Steps,
    inputs: Inputs,
}

struct Inputs {
    embedding: usize,
    points: usize,
    labels: usize,
    mask: usize,
    has_mask: usize,
}

/// A photograph, as far as the decoder can go without a prompt.
#[derive(Clone)]
pub struct Prepared {
    known: Known,
}

impl Decoder {
    /// From an ONNX file's bytes.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        let program = Program::load(file, Kind::Decoder)?;
        let inputs = Inputs {
            embedding: program.input("image_embeddings")?,
            points: program.input("point_coords")?,
            labels: program.input("point_labels")?,
            mask: program.input("mask_input")?,
            has_mask: program.input("has_mask_input")?,
        };
        let (image_side, prompt_side) = program.split(&[inputs.points, inputs.labels]);
        Ok(Self {
            program,
            image_side,
            prompt_side,
            inputs,
        })
    }

    /// Does what all prompts on a photograph share; `earlier` is the mask of a candidate that later
    /// prompts refine.
    pub fn prepare(
        &self,
        embedding: &Embedding,
        earlier: Option<&Logits>,
    ) -> Result<Prepared, Error> {
        let none = vec![0.0; MASK_SIDE * MASK_SIDE];
        let mask = earlier.map_or(&none[..], Logits::values);
        let has_mask = f32::from(earlier.is_some());
        let inputs = vec![
            (self.inputs.embedding, tensor(&SHAPE, embedding.values())?),
            (
                self.inputs.mask,
                tensor(&[1, 1, MASK_SIDE, MASK_SIDE], mask)?,
            ),
            (self.inputs.has_mask, tensor(&[1], &[has_mask])?),
        ];
        let mut run = self.program.begin(inputs, &Vec::new())?;
        run.finish(&self.image_side)?;
        Ok(Prepared {
            known: run.known(&self.image_side)?,
        })
    }

    /// The model's four masks, best first: for a lone click, which may mean a part or the whole, the
    /// three alternatives by predicted intersection over union and then the single mask; for several
    /// prompts, for which the model's authors take the single mask, that one before the others.
    pub fn decode(
        &self,
        prepared: &Prepared,
        prompt: &Prompt,
        frame: &Frame,
    ) -> Result<Vec<Candidate>, Error> {
        let (points, labels) = prompt.points(frame)?;
        let count = labels.len();
        let inputs = vec![
            (self.inputs.points, tensor(&[1, count, 2], &points)?),
            (self.inputs.labels, tensor(&[1, count], &labels)?),
        ];
        let mut run = self.program.begin(inputs, &prepared.known)?;
        run.finish(&self.prompt_side)?;
        let masks = run.output("low_res_masks")?;
        let scores = run.output("iou_predictions")?;
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
        if candidates.len() != 4 {
            return Err(Error::Failed(format!("{} masks came", candidates.len())));
        }
        candidates[1..].sort_by(|a, b| b.predicted_iou.total_cmp(&a.predicted_iou));
        if prompt.is_ambiguous() {
            candidates.rotate_left(1);
        }
        Ok(candidates)
    }
}
