//! A row of our tiles out of strips as wide as the picture, which are gone through once for all of
//! them.

use super::{Chunk, Tiff, TiffLevel};
use crate::error::{PictureError, ReadError};
use crate::pixels::Raster;
use crate::plain::Reducer;
use crate::sparse::Sparse;
use std::ops::Range;

/// The row being made.
#[derive(Debug)]
pub struct Band {
    /// The level of the file that it is made of.
    level: usize,
    /// Its rows in that level.
    rows: Range<u32>,
    /// Row of chunks that comes next.
    next: u32,
    reducer: Reducer,
}

impl Band {
    pub(super) fn new(from: &TiffLevel, level: usize, shift: u32, rows: Range<u32>) -> Self {
        Self {
            level,
            next: rows.start / from.chunk_height,
            reducer: Reducer::new(from.width, shift, from.channels(), from.depth())
                .with_room_for(rows.end - rows.start),
            rows,
        }
    }

    /// The level and its next row of chunks; `None` when there are enough.
    pub fn next_chunks(
        &self,
        tiff: &Tiff,
        file: &Sparse,
    ) -> Result<Option<(usize, Vec<Chunk>)>, ReadError> {
        let from = tiff.level(self.level)?;
        let top = self.next * from.chunk_height;
        if top >= self.rows.end {
            return Ok(None);
        }
        let chunks = tiff.chunks(file, self.level, (0, top, from.width, 1))?;
        Ok(Some((self.level, chunks)))
    }

    /// Takes the row of chunks that was named, decoded.
    pub fn took(&mut self, tiff: &Tiff, chunks: &[Raster]) -> Result<(), PictureError> {
        let missing = || PictureError::damaged("TIFF", "there is no such level");
        let from = tiff.levels.get(self.level).ok_or_else(missing)?;
        let joined = from.joined(chunks);
        let top = self.next * from.chunk_height;
        let stride = joined.width as usize * joined.pixel();
        for (y, row) in (top..).zip(joined.bytes.chunks_exact(stride)) {
            if self.rows.contains(&y) {
                self.reducer.push(row);
            }
        }
        self.next += 1;
        Ok(())
    }

    /// All of it, at the size of its level of the pyramid.
    pub fn finish(mut self) -> Raster {
        self.reducer.finish();
        self.reducer.take()
    }
}
