//! Segment Anything's family: two files, told by the names of their inputs and outputs.

use crate::Error;
use crate::header::{Header, Port};
use crate::recognise::unknown;
use crate::spec::{Layout, ModelSpec, Task};

/// One of the two files.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Half {
    Encoder {
        layout: Layout,
        image: String,
        /// The embedding, then what else the decoder takes of it.
        outputs: Vec<String>,
    },
    Decoder {
        layout: Layout,
        /// In the order of the encoder's outputs.
        embedding: Vec<String>,
        points: String,
        labels: String,
        /// An earlier mask and whether there is one.
        mask: Option<(String, String)>,
        /// The photograph's height and width.
        size: Option<String>,
        masks: String,
        scores: String,
    },
}

/// Which half a file is, or `None` where it is neither.
pub(crate) fn half(header: &Header) -> Option<Half> {
    decoder(header).or_else(|| encoder(header))
}

pub(super) fn pair(a: &Header, b: &Header) -> Result<ModelSpec, Error> {
    refuse(a)?;
    refuse(b)?;
    let first = half(a).ok_or_else(|| unknown(a))?;
    let second = half(b).ok_or_else(|| unknown(b))?;
    let (encoder, decoder) = match first {
        Half::Encoder { .. } => (first, second),
        Half::Decoder { .. } => (second, first),
    };
    let (
        Half::Encoder {
            layout: from,
            outputs,
            ..
        },
        Half::Decoder {
            layout, embedding, ..
        },
    ) = (&encoder, &decoder)
    else {
        let why = "an encoder and a decoder are needed, and these are two of a kind";
        return Err(Error::Spec(why.into()));
    };
    // SAM's and EfficientSAM's encoders cannot always be told apart; the decoder decides.
    let fits = outputs.len() == embedding.len()
        && (*from != Layout::EfficientSam || *layout == Layout::EfficientSam);
    if !fits {
        return Err(Error::Spec(
            "this encoder and this decoder are not of one model".into(),
        ));
    }
    Ok(ModelSpec {
        task: Task::Promptable,
        layout: *layout,
        classes: Vec::new(),
        score: 0.0,
        iou: 1.0,
        limit: 4,
        files: 2,
        input: None,
        outputs: Vec::new(),
        joints: None,
    })
}

/// Says in words what one file alone lacks.
pub(super) fn refuse_one(header: &Header) -> Result<(), Error> {
    refuse(header)?;
    let missing = match half(header) {
        Some(Half::Decoder { .. }) => (
            "the decoder of a model for prompts",
            "its encoder is missing; register both files together",
        ),
        Some(Half::Encoder { .. }) => (
            "the encoder of a model for prompts",
            "its decoder is missing; register both files together",
        ),
        None => return Ok(()),
    };
    Err(Error::Unsupported(missing.0, missing.1))
}

/// What is recognised and cannot be run.
fn refuse(header: &Header) -> Result<(), Error> {
    let has = |name: &str| header.input(name).is_some();
    if has("batched_images") && has("batched_point_coords") {
        return Err(Error::Unsupported(
            "EfficientSAM in one file",
            "export its encoder and its decoder as two files, so that a click need not look at the photograph anew",
        ));
    }
    let images = |port: &&Port| matches!(port.sides()[..], [_, _, Some(3)]);
    let embeds = |port: &Port| {
        port.sides().ends_with(&[Some(256), Some(64), Some(64)])
            || port.name.starts_with("image_embed")
    };
    if header.inputs.iter().any(|port| images(&port)) && header.outputs.iter().any(embeds) {
        return Err(Error::Unsupported(
            "an encoder of Segment Anything that scales its photograph itself",
            "export it with an input of [1, 3, 1024, 1024]",
        ));
    }
    if has("maskmem_feats") || has("memory") && has("curr_vision_feats") {
        return Err(Error::Unsupported(
            "the memory of SAM 2 for videos",
            "only the models for still pictures are run",
        ));
    }
    Ok(())
}

fn encoder(header: &Header) -> Option<Half> {
    let [image] = &header.inputs[..] else {
        return None;
    };
    let is_photograph = matches!(image.sides()[..], [_, Some(3) | None, height, width]
        if height.is_none_or(|side| side == 1024) && width.is_none_or(|side| side == 1024));
    if !is_photograph {
        return None;
    }
    let named = |word: &str| header.outputs.iter().find(|port| port.name.contains(word));
    let embedding = named("image_embed").or_else(|| named("embeddings"))?;
    let is_embedding = match embedding.sides()[..] {
        [_, channels, height, width] => [(channels, 256), (height, 64), (width, 64)]
            .iter()
            .all(|(side, wanted)| side.is_none_or(|side| side == *wanted)),
        _ => embedding.shape.is_empty(),
    };
    if !is_embedding {
        return None;
    }
    let name = |port: &Port| port.name.clone();
    let (layout, outputs) = match (named("high_res_feats_0"), named("high_res_feats_1")) {
        (Some(fine), Some(middle)) => (
            Layout::Sam2,
            vec![name(embedding), name(fine), name(middle)],
        ),
        _ if image.name == "batched_images" => (Layout::EfficientSam, vec![name(embedding)]),
        _ => (Layout::Sam, vec![name(embedding)]),
    };
    Some(Half::Encoder {
        layout,
        image: image.name.clone(),
        outputs,
    })
}

fn decoder(header: &Header) -> Option<Half> {
    let has = |name: &str| Some(header.input(name)?.name.clone());
    let any = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| Some(header.output(name)?.name.clone()))
    };
    let embedding = has("image_embeddings").or_else(|| has("image_embed"))?;
    let scores = any(&["iou_predictions", "iou_pred", "iou_scores"])?;
    let mask = has("mask_input").zip(has("has_mask_input"));
    if let (Some(points), Some(labels)) = (has("batched_point_coords"), has("batched_point_labels"))
    {
        return Some(Half::Decoder {
            layout: Layout::EfficientSam,
            embedding: vec![embedding],
            points,
            labels,
            mask: None,
            size: has("orig_im_size"),
            masks: any(&["low_res_masks", "output_masks"])?,
            scores,
        });
    }
    let fine = has("high_res_feats_0").zip(has("high_res_feats_1"));
    let masks = match &fine {
        Some(_) => any(&["low_res_masks", "masks"])?,
        None => any(&["low_res_masks"])?,
    };
    Some(Half::Decoder {
        layout: if fine.is_some() {
            Layout::Sam2
        } else {
            Layout::Sam
        },
        embedding: [embedding]
            .into_iter()
            .chain(fine.into_iter().flat_map(|(a, b)| [a, b]))
            .collect(),
        points: has("point_coords")?,
        labels: has("point_labels")?,
        mask,
        size: has("orig_im_size"),
        masks,
        scores,
    })
}
