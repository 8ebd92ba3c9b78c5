//! Plain JPEG and PNG of up to 500 megapixels, shown as tiles without ever holding the whole.
//!
//! One pass over the file makes the coarse levels, which stay in memory, and leaves marks from
//! which any part can be decoded again: the fine levels come from the file itself, tile by tile.
//! A JPEG is marked at every corner of a tile, a PNG at every row of tiles.

mod overview;

pub use overview::{Overview, Reducer};

use crate::error::PictureError;
use crate::jpeg::Jpeg;
use crate::pixels::{Pixels, Raster};
use crate::png::Png;
use crate::profile::ToSrgb;
use crate::tiles::{Orientation, Pyramid, TileId};
use crate::{Format, MAX_PIXELS};
use std::io::{Read, Seek};

/// The side of a tile.
pub const TILE: u32 = 512;
/// What the levels in memory may take; more than that and the first of them is made on demand.
const OVERVIEW_BYTES: u64 = 144 << 20;

/// A large picture being read.
pub struct Plain<R> {
    base: Base<R>,
    overview: Overview,
    pyramid: Pyramid,
    profile: Option<ToSrgb>,
}

enum Base<R> {
    Jpeg(Box<Jpeg<R>>),
    Png(Box<Png<R>>),
}

/// The upper rows of the coarsest level (as stored), to be shown while the rest is decoded.
#[derive(Clone, Debug)]
pub struct SoFar {
    pub rows: u32,
    /// What nearly all of their samples lie in, 0 to 1.
    pub range: (f32, f32),
    /// Upright.
    pub pixels: Pixels,
}

/// How many halvings lie before the first level that is kept: the fewest that fit into memory.
pub fn first_kept(width: u32, height: u32, pixel: usize) -> u32 {
    let bytes = u64::from(width) * u64::from(height) * pixel as u64 * 4 / 3;
    (2..6)
        .find(|shift| bytes >> (2 * shift) <= OVERVIEW_BYTES)
        .unwrap_or(6)
}

/// Refuses what is larger than plain pictures may be.
pub fn check_size(width: u32, height: u32) -> Result<(), PictureError> {
    let pixels = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 {
        let (width, height) = (u64::from(width), u64::from(height));
        return Err(PictureError::Size { width, height });
    }
    if pixels > MAX_PIXELS {
        return Err(PictureError::TooMuch(format!(
            "the picture has {} megapixels; a plain file may have {}, larger ones are opened from \
             tiled sources (cloud-optimised TIFF, Deep Zoom, IIIF)",
            pixels / 1_000_000,
            MAX_PIXELS / 1_000_000
        )));
    }
    Ok(())
}

impl<R: Read + Seek> Plain<R> {
    /// Reads the header.
    pub fn open(reader: R, format: Format) -> Result<Self, PictureError> {
        let (base, width, height, orientation, icc) = match format {
            Format::Jpeg => {
                let jpeg = Jpeg::open(reader, TILE)?;
                let (width, height) = jpeg.size();
                let (orientation, icc) = (jpeg.orientation(), jpeg.icc_profile());
                (Base::Jpeg(Box::new(jpeg)), width, height, orientation, icc)
            }
            Format::Png => {
                let png = Png::open(reader, TILE)?;
                let (width, height) = png.size();
                let (orientation, icc) = (png.orientation(), png.icc_profile());
                (Base::Png(Box::new(png)), width, height, orientation, icc)
            }
            other => {
                let what = format!("{} of this size", other.mime());
                return Err(PictureError::Unsupported(what));
            }
        };
        check_size(width, height)?;
        let (channels, depth) = match &base {
            Base::Jpeg(jpeg) => (jpeg.channels(), 1),
            Base::Png(png) => (png.channels(), png.depth()),
        };
        let shift = match &base {
            // What the first pass over a JPEG gives for nothing: one value for each block.
            Base::Jpeg(_) => 3,
            Base::Png(_) => first_kept(width, height, channels * depth),
        };
        let mut pyramid = Pyramid::halved(width, height, TILE, orientation);
        pyramid.halve_to(shift as usize);
        Ok(Self {
            base,
            overview: Overview::new(&pyramid, shift, channels, depth),
            pyramid,
            profile: icc.and_then(|icc| ToSrgb::new(&icc, channels)),
        })
    }

    pub fn pyramid(&self) -> &Pyramid {
        &self.pyramid
    }

    /// Bytes of a sample: 1 or 2.
    pub fn depth(&self) -> usize {
        self.overview.depth()
    }

    /// 1 grey, 3 RGB, 4 RGBA.
    pub fn channels(&self) -> usize {
        self.overview.channels()
    }

    /// A word about what is not shown (the further frames of an animation).
    pub fn note(&self) -> Option<&'static str> {
        match &self.base {
            Base::Png(png) if png.is_animated() => {
                Some("The picture is animated; its first frame is shown.")
            }
            _ => None,
        }
    }

    /// Goes on with the first pass for some rows; how much of it is done, 0 to 1.
    pub fn step(&mut self) -> Result<f64, PictureError> {
        match &mut self.base {
            Base::Jpeg(jpeg) => jpeg.step(&mut self.overview)?,
            Base::Png(png) => png.step(&mut self.overview)?,
        }
        Ok(self.overview.progress())
    }

    /// Whether a tile can be had by now.
    pub fn has(&self, tile: TileId) -> bool {
        let Some(level) = self.pyramid.levels.get(tile.level as usize) else {
            return false;
        };
        let (_, y, _, height) = level.pixels(tile.col, tile.row);
        if self.overview.holds(tile.level) {
            return self.overview.rows(tile.level) >= y + height;
        }
        let full_rows = u64::from(y + height) << tile.level;
        match &self.base {
            Base::Jpeg(jpeg) => jpeg.has_rows(full_rows),
            Base::Png(png) => png.has_rows(full_rows),
        }
    }

    /// A tile that can be had.
    pub fn tile(&mut self, tile: TileId) -> Result<Pixels, PictureError> {
        let level = self
            .pyramid
            .levels
            .get(tile.level as usize)
            .ok_or_else(|| PictureError::TooMuch("there is no such tile".to_owned()))?;
        let part = level.pixels(tile.col, tile.row);
        let raster = if self.overview.holds(tile.level) {
            self.overview.cut(tile.level, part)
        } else {
            match &mut self.base {
                Base::Jpeg(jpeg) => jpeg.region(u32::from(tile.level), part)?,
                Base::Png(png) => png.region(u32::from(tile.level), part)?,
            }
        };
        Ok(self.converted(raster).into_pixels(self.pyramid.orientation))
    }

    /// What the pass has made of the coarsest level so far.
    pub fn so_far(&self) -> Option<SoFar> {
        let raster = self.overview.so_far()?;
        let range = raster.usual_range();
        let rows = raster.height;
        let pixels = self.converted(raster).into_pixels(self.pyramid.orientation);
        Some(SoFar {
            rows,
            range,
            pixels,
        })
    }

    fn converted(&self, raster: Raster) -> Raster {
        match &self.profile {
            Some(profile) => profile.apply(raster),
            None => raster,
        }
    }
}

impl<R> Plain<R> {
    /// Which way up the file is stored.
    pub fn orientation(&self) -> Orientation {
        self.pyramid.orientation
    }
}

#[cfg(test)]
mod tests;
