//! The members of a JSON array, put aside until their place in the file is reached.

use crate::spool::Spool;
use crate::writer::WriteError;
use serde_json::Value;
use std::io::SeekFrom;

pub struct List {
    spool: Box<dyn Spool>,
    pub len: u64,
    pub size_bytes: u64,
}

impl List {
    pub fn new(spool: Box<dyn Spool>) -> Self {
        Self {
            spool,
            len: 0,
            size_bytes: 0,
        }
    }

    pub fn push(&mut self, value: &Value) -> Result<(), WriteError> {
        if self.len > 0 {
            self.spool.write_all(b",\n")?;
            self.size_bytes += 2;
        }
        let text = serde_json::to_vec(value)?;
        self.spool.write_all(&text)?;
        self.size_bytes += text.len() as u64;
        self.len += 1;
        Ok(())
    }

    /// From the beginning, each time.
    pub fn reader(&mut self) -> Result<&mut dyn Spool, WriteError> {
        self.spool.seek(SeekFrom::Start(0))?;
        Ok(self.spool.as_mut())
    }
}
