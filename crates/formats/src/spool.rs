//! A place to put bytes aside until the item that they belong behind is written.

use std::io::{self, Cursor, Read, Seek, Write};

/// What is written, then read again from the start: a temporary file, or memory in tests.
pub trait Spool: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> Spool for T {}

/// Opens a new, empty [`Spool`].
pub type MakeSpool = Box<dyn FnMut() -> io::Result<Box<dyn Spool>> + Send>;

/// Spools in memory, for small datasets.
pub fn in_memory() -> MakeSpool {
    Box::new(|| Ok(Box::new(Cursor::new(Vec::new()))))
}
