//! TIFF, BigTIFF and cloud-optimised GeoTIFF, read by range.
//!
//! [`Tiff::open`] reads directories only; the pixels of a region are decoded from the strips or
//! tiles that [`Tiff::ranges`] names. Whoever calls brings the bytes.
//! Specifications: TIFF 6.0, its Technical Notes 1 and 2, libtiff's BigTIFF design, OGC COG 1.0.

mod band;
mod codec;
mod directory;
mod level;
mod picture;

pub use band::Band;
pub use level::TiffLevel;
pub use picture::TiffPicture;
use visionflow_geometry::sort_by_key;

use crate::error::{PictureError, ReadError};
use crate::pixels::Raster;
use crate::sparse::Sparse;
use crate::tiles::Orientation;
use directory::{Directory, Layout, tag};
use std::collections::HashSet;
use std::ops::Range;

/// More directories than this are a loop or a film.
const MAX_DIRECTORIES: usize = 256;

/// An open file: its resolutions, finest first.
#[derive(Clone, Debug)]
pub struct Tiff {
    pub levels: Vec<TiffLevel>,
    pub orientation: Orientation,
    pub icc_profile: Option<Vec<u8>>,
    /// Further pictures of the file, which are not shown.
    pub other_pages: usize,
}

/// A part of a level that is to be decoded: its chunks, and where their bytes lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub col: u32,
    pub row: u32,
    /// One for each plane.
    pub ranges: Vec<Range<u64>>,
}

impl Tiff {
    /// Reads the directories; [`ReadError::Need`] names what is missing.
    pub fn open(file: &Sparse) -> Result<Self, ReadError> {
        let (layout, first) = Layout::read(file)?;
        let main = Directory::read(file, layout, first)?;
        let mut levels = vec![TiffLevel::read(file, layout, &main)?];
        let mut other_pages = 0;
        let mut seen = HashSet::from([first]);
        let mut queue = main.uints(file, tag::SUB_IFDS)?;
        queue.push(main.next);
        queue.reverse();
        while let Some(at) = queue.pop() {
            if at == 0 {
                continue;
            }
            if !seen.insert(at) || seen.len() > MAX_DIRECTORIES {
                return Err(PictureError::damaged("TIFF", "its directories form a circle").into());
            }
            let directory = match Directory::read(file, layout, at) {
                Ok(directory) => directory,
                Err(need @ ReadError::Need(_)) => return Err(need),
                // The picture itself is whole; what comes after it is a bonus.
                Err(ReadError::Bad(_)) => break,
            };
            queue.push(directory.next);
            let kind = directory.uint(file, tag::NEW_SUBFILE_TYPE)?.unwrap_or(0);
            // Bit 2 marks a transparency mask.
            if kind & 4 == 4 {
                continue;
            }
            match TiffLevel::read(file, layout, &directory) {
                Ok(level) if is_overview(&levels[0], &level) => levels.push(level),
                Ok(level) if kind & 1 == 0 && level.width >= 256 => other_pages += 1,
                Err(need @ ReadError::Need(_)) => return Err(need),
                Ok(_) | Err(ReadError::Bad(_)) => {}
            }
        }
        sort_by_key(&mut levels, |level| std::cmp::Reverse(level.width));
        levels.dedup_by_key(|level| level.width);
        Ok(Self {
            levels,
            orientation: orientation(file, &main)?,
            icc_profile: main.bytes(file, tag::ICC_PROFILE)?,
            other_pages,
        })
    }

    /// The chunks of a level that a region (x, y, width, height in pixels of the level) touches.
    pub fn chunks(
        &self,
        file: &Sparse,
        level: usize,
        (x, y, width, height): (u32, u32, u32, u32),
    ) -> Result<Vec<Chunk>, ReadError> {
        let level = self.level(level)?;
        let (cols, rows) = level.grid();
        let span = |start: u32, len: u32, chunk: u32, count: u32| {
            (start / chunk).min(count)..start.saturating_add(len).div_ceil(chunk).min(count)
        };
        let mut chunks = Vec::new();
        for row in span(y, height, level.chunk_height, rows) {
            for col in span(x, width, level.chunk_width, cols) {
                let ranges = level.ranges(file, col, row)?;
                chunks.push(Chunk { col, row, ranges });
            }
        }
        Ok(chunks)
    }

    /// Decodes one chunk of a level.
    pub fn decode(
        &self,
        level: usize,
        chunk: &Chunk,
        parts: &[&[u8]],
    ) -> Result<Raster, PictureError> {
        self.levels
            .get(level)
            .ok_or_else(|| PictureError::damaged("TIFF", "there is no such level"))?
            .decode(chunk.col, chunk.row, parts)
    }

    fn level(&self, level: usize) -> Result<&TiffLevel, ReadError> {
        let missing = || PictureError::damaged("TIFF", "there is no such level");
        Ok(self.levels.get(level).ok_or_else(missing)?)
    }
}

fn orientation(file: &Sparse, main: &Directory) -> Result<Orientation, ReadError> {
    let value = main.uint(file, tag::ORIENTATION)?.unwrap_or(1);
    Ok(Orientation::from_exif(u32::try_from(value).unwrap_or(1)))
}

/// Whether `level` is the same picture, smaller: its sides in the same ratio, to the pixel, and
/// its samples alike.
fn is_overview(main: &TiffLevel, level: &TiffLevel) -> bool {
    if level.width >= main.width || level.height > main.height {
        return false;
    }
    let factor = f64::from(main.width) / f64::from(level.width);
    let expected = f64::from(main.height) / factor;
    (expected - f64::from(level.height)).abs() <= 1.5
        && main.channels() == level.channels()
        && main.depth() == level.depth()
}

#[cfg(test)]
mod tests;
