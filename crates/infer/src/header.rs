//! What an ONNX file says about itself, read without the runtime: inputs, outputs, operators.
//!
//! Only the few fields that are needed are looked at (onnx.proto3: `ModelProto`, `GraphProto`,
//! `NodeProto`, `ValueInfoProto`); weights are stepped over. Every length is checked against what is
//! there, so that a cut-off download is told from a file of another kind.

use crate::Error;
use std::collections::BTreeSet;

/// What a model is for, told by the names of its inputs and outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Segment Anything's image encoder: a photograph to an embedding.
    Encoder,
    /// Segment Anything's mask decoder: an embedding and prompts to masks.
    Decoder,
}

pub(crate) const ENCODER_INPUTS: [&str; 1] = ["image"];
pub(crate) const ENCODER_OUTPUTS: [&str; 1] = ["image_embeddings"];
pub(crate) const DECODER_INPUTS: [&str; 5] = [
    "image_embeddings",
    "point_coords",
    "point_labels",
    "mask_input",
    "has_mask_input",
];
pub(crate) const DECODER_OUTPUTS: [&str; 2] = ["low_res_masks", "iou_predictions"];

/// The graph's surface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Names in the file's order, without those that only name weights.
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    /// The operators of the default domain; others as `domain.operator`.
    pub operators: BTreeSet<String>,
}

impl Header {
    /// Reads a whole file; the graph must be complete.
    pub fn read(file: &[u8]) -> Result<Self, Error> {
        let mut header = None;
        let mut versioned = false;
        let mut model = Fields::new(file, 0, file.len());
        while let Some(field) = model.next()? {
            match (field.number, field.content) {
                (1, Content::Number) => versioned = true,
                (7, Content::Bytes(graph)) => header = Some(Self::of_graph(&graph)?),
                _ => {}
            }
        }
        match header {
            Some(header) if versioned => Ok(header),
            Some(_) => Err(Error::NotOnnx("it has no version")),
            None => Err(Error::NotOnnx("it has no graph")),
        }
    }

    /// What the model is for, or `None` where it is none of those known.
    pub fn kind(&self) -> Option<Kind> {
        let is = |own: &[String], names: &[&str]| {
            own.len() == names.len() && names.iter().all(|name| own.iter().any(|own| own == name))
        };
        if is(&self.inputs, &ENCODER_INPUTS) && is(&self.outputs, &ENCODER_OUTPUTS) {
            Some(Kind::Encoder)
        } else if is(&self.inputs, &DECODER_INPUTS) && is(&self.outputs, &DECODER_OUTPUTS) {
            Some(Kind::Decoder)
        } else {
            None
        }
    }

    fn of_graph(graph: &Part) -> Result<Self, Error> {
        let mut header = Self::default();
        let mut weights = BTreeSet::new();
        let mut fields = graph.fields();
        while let Some(field) = fields.next()? {
            let Content::Bytes(part) = field.content else {
                continue;
            };
            match field.number {
                1 => {
                    header.operators.insert(operator(&part)?);
                }
                5 => {
                    weights.insert(text_field(&part, 8)?);
                }
                11 => header.inputs.push(text_field(&part, 1)?),
                12 => header.outputs.push(text_field(&part, 1)?),
                _ => {}
            }
        }
        header.inputs.retain(|name| !weights.contains(name));
        Ok(header)
    }
}

fn operator(node: &Part) -> Result<String, Error> {
    let (name, domain) = (text_field(node, 4)?, text_field(node, 7)?);
    Ok(match domain.as_str() {
        "" | "ai.onnx" => name,
        _ => format!("{domain}.{name}"),
    })
}

/// The text of a field, empty where it is absent.
fn text_field(part: &Part, number: u64) -> Result<String, Error> {
    let mut fields = part.fields();
    let mut text = String::new();
    while let Some(field) = fields.next()? {
        if let (true, Content::Bytes(bytes)) = (field.number == number, field.content) {
            let bytes = &bytes.file[bytes.start..bytes.end];
            let name = std::str::from_utf8(bytes);
            name.map_err(|_| Error::NotOnnx("a name in it is not text"))?
                .clone_into(&mut text);
        }
    }
    Ok(text)
}

/// A part of the file.
struct Part<'a> {
    file: &'a [u8],
    start: usize,
    end: usize,
}

impl<'a> Part<'a> {
    fn fields(&self) -> Fields<'a> {
        Fields::new(self.file, self.start, self.end)
    }
}

enum Content<'a> {
    Number,
    Bytes(Part<'a>),
}

struct Field<'a> {
    number: u64,
    content: Content<'a>,
}

/// The fields of one message in protobuf's wire format.
struct Fields<'a> {
    file: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Fields<'a> {
    fn new(file: &'a [u8], at: usize, end: usize) -> Self {
        Self { file, at, end }
    }

    fn next(&mut self) -> Result<Option<Field<'a>>, Error> {
        if self.at == self.end {
            return Ok(None);
        }
        let tag = self.varint()?;
        let number = tag >> 3;
        if number == 0 {
            return Err(Error::NotOnnx("it is not made of fields"));
        }
        let content = match tag & 7 {
            0 => {
                self.varint()?;
                Content::Number
            }
            1 => {
                self.take(8)?;
                Content::Number
            }
            5 => {
                self.take(4)?;
                Content::Number
            }
            2 => {
                let length = self.varint()?;
                Content::Bytes(self.take(length)?)
            }
            _ => return Err(Error::NotOnnx("it is not made of fields")),
        };
        Ok(Some(Field { number, content }))
    }

    fn take(&mut self, length: u64) -> Result<Part<'a>, Error> {
        let start = self.at;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let wanted = start.saturating_add(length);
        if wanted > self.end {
            return Err(self.beyond(wanted));
        }
        self.at = wanted;
        Ok(Part {
            file: self.file,
            start,
            end: wanted,
        })
    }

    fn varint(&mut self) -> Result<u64, Error> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            if self.at == self.end {
                return Err(self.beyond(self.end + 1));
            }
            let byte = self.file[self.at];
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Error::NotOnnx("it is not made of fields"))
    }

    /// Past the file's end something is missing; past a part's own end the file is of another kind.
    ///
    /// No model is a hundred times what is there of it: such a length is some other format's byte.
    fn beyond(&self, wanted: usize) -> Error {
        let got = self.file.len();
        if self.end == got && self.at > 2 && wanted / 100 <= got {
            Error::Truncated { got, wanted }
        } else {
            Error::NotOnnx("its parts do not fit into each other")
        }
    }
}
