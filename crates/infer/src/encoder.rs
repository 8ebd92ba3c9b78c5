//! A photograph to its embedding, in one go or in steps.

use crate::Error;
use crate::embedding::Embedding;
use crate::frame::{Frame, SIDE};
use crate::header::Header;
use crate::pixels::{DEVIATION, MEAN, planes};
use crate::program::{Program, Run, Side, Sides, Steps, guarded, tensor_of, unusable};
use crate::recognise::{Half, half};
use crate::spec::Layout;
use tract_onnx::prelude::TypedModel;

/// The image encoder, ready to run.
pub struct Encoder {
    program: Program,
    steps: Steps,
    layout: Layout,
    outputs: Vec<String>,
}

/// A photograph that is being encoded.
pub struct Encoding {
    run: Run,
}

impl Encoder {
    /// From an ONNX file's bytes.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        let header = Header::read(file)?;
        let (layout, sides, outputs) = parts(&header)?;
        let program = Program::load(file, &header, &[sides], &outputs)?;
        let steps = program.whole();
        Ok(Self {
            program,
            steps,
            layout,
            outputs,
        })
    }

    /// Encodes RGBA pixels of any size, row by row.
    pub fn encode(&self, width: usize, height: usize, rgba: &[u8]) -> Result<Embedding, Error> {
        let mut encoding = self.begin(width, height, rgba)?;
        while self.step(&mut encoding)? {}
        self.embedding(&encoding)
    }

    /// Begins an encoding that goes on by [`Encoder::step`].
    pub fn begin(&self, width: usize, height: usize, rgba: &[u8]) -> Result<Encoding, Error> {
        let planes = self.planes(width, height, rgba)?;
        let image = tensor_of(self.program.element(0)?, &[1, 3, SIDE, SIDE], &planes)?;
        let run = self.program.begin(vec![(0, image)], &Vec::new())?;
        Ok(Encoding { run })
    }

    /// What the network is given of a photograph: three planes of [`SIDE`] squared.
    pub fn planes(&self, width: usize, height: usize, rgba: &[u8]) -> Result<Vec<f32>, Error> {
        let frame = self.layout.frame(width as u32, height as u32);
        let norm = match self.layout {
            // It takes the mean away itself.
            Layout::EfficientSam => ([0.0; 3], [255.0; 3]),
            _ => (MEAN, DEVIATION),
        };
        planes(&frame, width, height, rgba, norm)
    }

    /// Does a small part of the work (a few hundredths at most); `false` when all is done.
    pub fn step(&self, encoding: &mut Encoding) -> Result<bool, Error> {
        encoding.run.step(&self.steps)
    }

    /// How much is done, 0 to 1.
    pub fn progress(&self, encoding: &Encoding) -> f32 {
        encoding.run.progress(&self.steps)
    }

    /// The result, once [`Encoder::step`] has said `false`.
    pub fn embedding(&self, encoding: &Encoding) -> Result<Embedding, Error> {
        let outputs = self.outputs.iter();
        let parts = outputs.map(|name| Ok(encoding.run.output(name)?.1));
        Embedding::new(&parts.collect::<Result<Vec<_>, Error>>()?)
    }
}

/// An encoder's layout, its input with its sides, and its outputs.
fn parts(header: &Header) -> Result<(Layout, Sides, Vec<String>), Error> {
    let Some(Half::Encoder {
        layout,
        image,
        outputs,
    }) = half(header)
    else {
        return Err(header.is_not("Segment Anything's image encoder"));
    };
    let sides = [1, 3, SIDE, SIDE].map(Side::Fixed).to_vec();
    Ok((layout, (image, sides), outputs))
}

/// The runtime's graph of an encoder, simplified and not yet made for a processor, and its outputs'
/// names.
pub(crate) fn simplified(file: &[u8]) -> Result<(TypedModel, Vec<String>), Error> {
    let header = Header::read(file)?;
    let (_, sides, outputs) = parts(&header)?;
    let model = Program::typed(file, &header, &[sides], &outputs)?;
    let model = guarded(|| model.into_decluttered().map_err(unusable))?;
    Ok((model, outputs))
}

impl Layout {
    /// Where such a model sees a photograph.
    pub(crate) fn frame(self, width: u32, height: u32) -> Frame {
        let frame = Frame::new(width, height);
        match self {
            Self::Sam2 | Self::EfficientSam => frame.stretched(),
            _ => frame,
        }
    }
}
