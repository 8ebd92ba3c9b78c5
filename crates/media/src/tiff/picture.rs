//! A TIFF as a pyramid of tiles, whatever its own strips, tiles and overviews are.
//!
//! The file's own levels come first. Where even the smallest of them is large, coarser ones are
//! made: the first few from its pixels on demand, the rest by one pass over the file, in memory.

use super::{Band, Chunk, Tiff, TiffLevel};
use crate::error::{PictureError, ReadError};
use crate::pixels::{Pixels, Raster};
use crate::plain::{Overview, Reducer, SoFar, TILE, check_size, first_kept};
use crate::profile::ToSrgb;
use crate::sparse::Sparse;
use crate::tiles::{Level, Orientation, Pyramid, TileId};

/// A smallest level of at most so many pixels is coarse enough to start with.
const COARSE_PIXELS: u64 = 4 << 20;

/// Where a level of the pyramid comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// A level of the file, halved so often.
    File { level: usize, shift: u32 },
    /// The pass over the smallest level of the file.
    Overview { level: u8 },
}

/// A TIFF being shown.
#[derive(Debug)]
pub struct TiffPicture {
    tiff: Tiff,
    pyramid: Pyramid,
    sources: Vec<Source>,
    profile: Option<ToSrgb>,
    pass: Option<Pass>,
}

/// The pass that makes the coarse levels.
#[derive(Debug)]
struct Pass {
    overview: Overview,
    reducer: Reducer,
    /// Row of chunks that comes next.
    row: u32,
}

impl TiffPicture {
    pub fn new(tiff: Tiff) -> Result<Self, PictureError> {
        let mut levels: Vec<Level> = tiff.levels.iter().map(tiles_of).collect();
        let mut sources: Vec<Source> = (0..levels.len())
            .map(|level| Source::File { level, shift: 0 })
            .collect();
        let last = tiff.levels.len() - 1;
        let smallest = &tiff.levels[last];
        let (channels, depth) = (smallest.channels(), smallest.depth());
        let (width, height) = (smallest.width, smallest.height);
        let mut pass = None;
        if u64::from(width) * u64::from(height) > COARSE_PIXELS {
            check_size(width, height)?;
            let shift = first_kept(width, height, channels * depth);
            let made = Pyramid::halved(width, height, TILE, Orientation::UPRIGHT);
            let overview = Overview::new(&made, shift, channels, depth);
            for (n, level) in made.levels.iter().enumerate().skip(1) {
                levels.push(*level);
                sources.push(if n < overview.first() as usize {
                    let shift = n as u32;
                    Source::File { level: last, shift }
                } else {
                    Source::Overview { level: n as u8 }
                });
            }
            let reducer = Reducer::new(width, overview.first(), channels, depth);
            pass = Some(Pass {
                overview,
                reducer,
                row: 0,
            });
        }
        let profile = tiff.icc_profile.as_deref();
        Ok(Self {
            pyramid: Pyramid {
                orientation: tiff.orientation,
                levels,
            },
            profile: profile.and_then(|icc| ToSrgb::new(icc, channels)),
            tiff,
            sources,
            pass,
        })
    }

    pub fn pyramid(&self) -> &Pyramid {
        &self.pyramid
    }

    pub fn tiff(&self) -> &Tiff {
        &self.tiff
    }

    /// Bytes of a sample: 1 or 2.
    pub fn depth(&self) -> usize {
        self.tiff.levels[0].depth()
    }

    /// 1 grey, 3 RGB, 4 RGBA.
    pub fn channels(&self) -> usize {
        self.tiff.levels[0].channels()
    }

    /// Whether a tile can be had by now.
    pub fn has(&self, tile: TileId) -> bool {
        match (self.sources.get(tile.level as usize), &self.pass) {
            (Some(Source::File { .. }), _) => true,
            (Some(Source::Overview { level }), Some(pass)) => {
                let (_, y, _, height) =
                    self.pyramid.levels[tile.level as usize].pixels(tile.col, tile.row);
                pass.overview.rows(*level) >= y + height
            }
            _ => false,
        }
    }

    /// The level of the file and the chunks in it that a tile is made of; none for tiles that are
    /// in memory.
    pub fn chunks(&self, file: &Sparse, tile: TileId) -> Result<(usize, Vec<Chunk>), ReadError> {
        let Some(Source::File { level, shift }) = self.sources.get(tile.level as usize) else {
            return Ok((0, Vec::new()));
        };
        let (x, y, width, height) =
            self.pyramid.levels[tile.level as usize].pixels(tile.col, tile.row);
        let part = (x << shift, y << shift, width << shift, height << shift);
        Ok((*level, self.tiff.chunks(file, *level, part)?))
    }

    /// A tile from its chunks, decoded.
    pub fn tile(
        &self,
        tile: TileId,
        chunks: &[(u32, u32, &Raster)],
    ) -> Result<Pixels, PictureError> {
        let missing = || PictureError::damaged("TIFF", "there is no such tile");
        let source = self.sources.get(tile.level as usize).ok_or_else(missing)?;
        let part = self.pyramid.levels[tile.level as usize].pixels(tile.col, tile.row);
        let raster = match source {
            Source::Overview { level } => {
                let pass = self.pass.as_ref().ok_or_else(missing)?;
                pass.overview.cut(*level, part)
            }
            Source::File { level, shift } => {
                let from = &self.tiff.levels[*level];
                let (x, y, width, height) = part;
                let (left, top) = (x << shift, y << shift);
                let mut raster = Raster::new(
                    (width << shift).min(from.width - left),
                    (height << shift).min(from.height - top),
                    from.channels(),
                    from.depth(),
                );
                for (col, row, chunk) in chunks {
                    let at = |n: u32, size: u32, start: u32| {
                        i64::from(n) * i64::from(size) - i64::from(start)
                    };
                    let place = (
                        at(*col, from.chunk_width, left),
                        at(*row, from.chunk_height, top),
                    );
                    raster.paste(chunk, place);
                }
                for _ in 0..*shift {
                    raster = raster.halved();
                }
                raster
            }
        };
        Ok(self.pixels(raster))
    }

    /// Whether a tile comes from strips or tiles so wide that a whole row of our tiles is better
    /// made at once: they would be decoded again for each.
    pub fn is_of_wide_chunks(&self, tile: TileId) -> bool {
        matches!(self.sources.get(tile.level as usize), Some(Source::File { level, .. })
            if self.tiff.levels[*level].chunk_width > 4 * TILE)
    }

    /// Begins the row of tiles that holds `tile`.
    pub fn begin_band(&self, tile: TileId) -> Option<Band> {
        let Some(Source::File { level, shift }) = self.sources.get(tile.level as usize) else {
            return None;
        };
        let (_, y, _, height) = self.pyramid.levels[tile.level as usize].pixels(0, tile.row);
        let from = self.tiff.levels.get(*level)?;
        let end = ((y + height) << shift).min(from.height);
        Some(Band::new(from, *level, *shift, y << shift..end))
    }

    /// A tile out of its row.
    pub fn tile_of_band(&self, tile: TileId, band: &Raster) -> Option<Pixels> {
        let level = self.pyramid.levels.get(tile.level as usize)?;
        let (x, _, width, height) = level.pixels(tile.col, tile.row);
        let mut raster = Raster::new(width, height, band.channels, band.depth);
        raster.paste(band, (-i64::from(x), 0));
        Some(self.pixels(raster))
    }

    /// What the pass has made of the coarsest level so far.
    pub fn so_far(&self) -> Option<SoFar> {
        let raster = self.pass.as_ref()?.overview.so_far()?;
        Some(SoFar {
            rows: raster.height,
            range: raster.usual_range(),
            pixels: self.pixels(raster),
        })
    }

    fn pixels(&self, raster: Raster) -> Pixels {
        let raster = match &self.profile {
            Some(profile) => profile.apply(raster),
            None => raster,
        };
        raster.into_pixels(self.pyramid.orientation)
    }

    /// What the pass needs next: the level of the file and a row of its chunks; `None` when it is
    /// done or none is needed.
    pub fn next_chunks(&self, file: &Sparse) -> Result<Option<(usize, Vec<Chunk>)>, ReadError> {
        let last = self.tiff.levels.len() - 1;
        let level = &self.tiff.levels[last];
        let Some(row) = self.pass.as_ref().map(|pass| pass.row) else {
            return Ok(None);
        };
        if row >= level.grid().1 {
            return Ok(None);
        }
        let part = (0, row * level.chunk_height, level.width, 1);
        Ok(Some((last, self.tiff.chunks(file, last, part)?)))
    }

    /// Takes the row of chunks that [`Self::next_chunks`] named; how much is done, 0 to 1.
    pub fn took(&mut self, chunks: &[Raster]) -> f64 {
        let Some(pass) = &mut self.pass else {
            return 1.0;
        };
        let last = self.tiff.levels.len() - 1;
        let level = &self.tiff.levels[last];
        let band = level.joined(chunks);
        let stride = band.width as usize * band.pixel();
        for row in band.bytes.chunks_exact(stride) {
            pass.reducer.push(row);
        }
        pass.row += 1;
        if pass.row == level.grid().1 {
            pass.reducer.finish();
        }
        pass.overview.push(&pass.reducer.take());
        pass.overview.progress()
    }
}

/// Tiles of a level: the file's own where they are of a useful size, otherwise groups or parts.
fn tiles_of(level: &TiffLevel) -> Level {
    let side = |chunk: u32| match chunk {
        0..=128 => chunk * (256 / chunk.max(1)).max(1),
        129..=1024 => chunk,
        _ => TILE,
    };
    let (tile_width, tile_height) = if level.is_tiled {
        (side(level.chunk_width), side(level.chunk_height))
    } else {
        (TILE, TILE)
    };
    Level {
        width: level.width,
        height: level.height,
        tile_width,
        tile_height,
    }
}
