//! The photographs seen last.

use visionflow_infer::{Embedding, Error, Prepared};

/// 2 MB each.
const KEPT: usize = 16;

/// Embeddings in half precision by the photograph's key, the one used last at the end; the last one
/// asked about is kept as the decoder takes it.
#[derive(Default)]
pub struct Memory {
    embeddings: Vec<(String, Vec<u8>)>,
    prepared: Option<(String, Prepared)>,
}

impl Memory {
    pub fn knows(&self, key: &str) -> bool {
        self.embeddings.iter().any(|(known, _)| known == key)
    }

    /// An embedding in half precision.
    pub fn bytes(&self, key: &str) -> Option<&[u8]> {
        let mut embeddings = self.embeddings.iter();
        let found = embeddings.find(|(known, _)| known == key);
        found.map(|(_, bytes)| bytes.as_slice())
    }

    /// An embedding, if the photograph is known.
    pub fn embedding(&self, key: &str) -> Result<Option<Embedding>, Error> {
        self.bytes(key).map(Embedding::from_f16_bytes).transpose()
    }

    /// Keeps an embedding and forgets the one that nobody has asked about for longest.
    pub fn keep(&mut self, key: String, embedding: &Embedding) {
        self.embeddings.retain(|(known, _)| *known != key);
        self.prepared = None;
        self.embeddings.push((key, embedding.to_f16_bytes()));
        if self.embeddings.len() > KEPT {
            self.embeddings.remove(0);
        }
    }

    /// What the decoder needs of a photograph, if it is known.
    pub fn prepared_by(
        &mut self,
        key: &str,
        prepare: impl FnOnce(&Embedding) -> Result<Prepared, Error>,
    ) -> Result<Option<&Prepared>, Error> {
        let Some(at) = self.embeddings.iter().position(|(known, _)| known == key) else {
            return Ok(None);
        };
        self.embeddings[at..].rotate_left(1);
        let prepared = match self.prepared.take() {
            Some((known, prepared)) if known == key => prepared,
            _ => {
                let last = self.embeddings.last().expect("the one just found");
                prepare(&Embedding::from_f16_bytes(&last.1)?)?
            }
        };
        let (_, prepared) = self.prepared.insert((key.to_owned(), prepared));
        Ok(Some(prepared))
    }
}
