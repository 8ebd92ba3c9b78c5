//! A photograph to its embedding, in one go or in steps.

use crate::Error;
use crate::embedding::Embedding;
use crate::frame::SIDE;
use crate::header::Kind;
use crate::pixels::planes;
use crate::program::{Program, Run, Steps, tensor};

/// The image encoder, ready to run.
pub struct Encoder {
    program: Program,
    steps: Steps,
}

/// A photograph that is being encoded.
pub struct Encoding {
    run: Run,
}

impl Encoder {
    /// From an ONNX file's bytes.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        let program = Program::load(file, Kind::Encoder)?;
        let steps = program.whole();
        Ok(Self { program, steps })
    }

    /// Encodes RGBA pixels of any size, row by row.
    pub fn encode(&self, width: usize, height: usize, rgba: &[u8]) -> Result<Embedding, Error> {
        let mut encoding = self.begin(width, height, rgba)?;
        while self.step(&mut encoding)? {}
        self.embedding(&encoding)
    }

    /// Begins an encoding that goes on by [`Encoder::step`].
    pub fn begin(&self, width: usize, height: usize, rgba: &[u8]) -> Result<Encoding, Error> {
        let image = tensor(&[1, 3, SIDE, SIDE], &planes(width, height, rgba)?)?;
        let run = self.program.begin(vec![(0, image)], &Vec::new())?;
        Ok(Encoding { run })
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
        Embedding::new(encoding.run.output("image_embeddings")?)
    }
}
