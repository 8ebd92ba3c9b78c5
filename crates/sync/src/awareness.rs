//! Awareness updates: what clients say about themselves, as bytes.

use crate::FrameError;
use std::sync::Arc;
use visionflow_document::lib0::{Reader, write_buffer, write_var_uint};

/// A client's entry can be three bytes long on the wire; far more than any room has people.
const MAX_ENTRIES: usize = 1 << 16;

/// The states of some clients, as they travel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwarenessUpdate {
    pub entries: Vec<AwarenessEntry>,
}

/// One client's state. Of two states of one client the one with the greater clock holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwarenessEntry {
    pub client: u64,
    pub clock: u64,
    /// JSON, not looked into here; `None` (`null` on the wire) for a client that has left.
    pub json: Option<Arc<str>>,
}

impl AwarenessUpdate {
    /// Reads the payload of an awareness frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut reader = Reader::new(bytes);
        // Three bytes are the least an entry takes: client, clock, and the length of its JSON.
        let count = reader.count(3)?;
        if count > MAX_ENTRIES {
            return Err(FrameError::TooMany);
        }
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            let (client, clock) = (reader.var_uint()?, reader.var_uint()?);
            let json = reader.string()?;
            entries.push(AwarenessEntry {
                client,
                clock,
                json: (json != "null").then(|| json.into()),
            });
        }
        Ok(Self { entries })
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        write_var_uint(&mut out, self.entries.len() as u64);
        for entry in &self.entries {
            write_var_uint(&mut out, entry.client);
            write_var_uint(&mut out, entry.clock);
            write_buffer(&mut out, entry.json.as_deref().unwrap_or("null").as_bytes());
        }
        out
    }
}
