//! TIFF by range: which bytes a tile needs, their way here, and the decoded chunks that are kept.

use crate::source::Source;
use crate::worker::{Worker, next_turn};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use visionflow_media::plain::SoFar;
use visionflow_media::tiff::{Chunk, Tiff, TiffPicture};
use visionflow_media::tiles::TileId;
use visionflow_media::{Pixels, Raster, ReadError, Sparse};
use web_sys::AbortSignal;

/// Decoded chunks that are kept: huge tiles serve many tiles of ours.
const KEPT_BYTES: usize = 64 << 20;
/// Rows of tiles that are kept, made of strips.
const BANDS: usize = 2;
/// Bytes that are read at once where a file is gone through in its order.
const AHEAD: u64 = 2 << 20;
/// A pass over a file behind a network reads no more than this.
const MAX_PASS_BYTES: u64 = 4 << 30;

/// A decoded chunk: level, column and row, and its samples.
type Kept = ((usize, u32, u32), Rc<Raster>);

/// What was read ahead: where it starts, and its bytes.
type Ahead = RefCell<(u64, Vec<u8>)>;

pub struct RangedTiff {
    source: Source,
    file: RefCell<Sparse>,
    picture: RefCell<TiffPicture>,
    kept: RefCell<VecDeque<Kept>>,
    /// Level and row of each.
    bands: RefCell<VecDeque<((u8, u32), Raster)>>,
    pass_ahead: Ahead,
    band_ahead: Ahead,
}

impl RangedTiff {
    pub async fn open(source: Source, head: Vec<u8>) -> Result<Self, String> {
        let mut file = Sparse::new(source.len());
        file.supply(0, head);
        let tiff = loop {
            match Tiff::open(&file) {
                Ok(tiff) => break tiff,
                Err(ReadError::Need(range)) => {
                    let bytes = source.read(range.clone(), None).await?;
                    file.supply(range.start, bytes);
                }
                Err(ReadError::Bad(error)) => return Err(error.to_string()),
            }
        };
        let picture = TiffPicture::new(tiff).map_err(|error| error.to_string())?;
        Ok(Self {
            source,
            file: RefCell::new(file),
            picture: RefCell::new(picture),
            kept: RefCell::default(),
            bands: RefCell::default(),
            pass_ahead: RefCell::default(),
            band_ahead: RefCell::default(),
        })
    }

    pub fn description(&self) -> serde_json::Value {
        let picture = self.picture.borrow();
        let others = picture.tiff().other_pages;
        let note = (others > 0).then(|| {
            format!(
                "The file holds {} pictures; the first one is shown.",
                others + 1
            )
        });
        serde_json::json!({
            "pyramid": picture.pyramid(),
            "channels": picture.channels(),
            "depth": picture.depth(),
            "note": note,
        })
    }

    pub fn has(&self, tile: TileId) -> bool {
        self.picture.borrow().has(tile)
    }

    /// Whether tiles like this one are to be made one after another, as they share their chunks.
    pub fn is_serial(&self, tile: TileId) -> bool {
        self.picture.borrow().is_of_wide_chunks(tile)
    }

    pub fn so_far(&self) -> Option<SoFar> {
        self.picture.borrow().so_far()
    }

    pub async fn tile(&self, tile: TileId, signal: &AbortSignal) -> Result<Pixels, String> {
        if self.is_serial(tile) {
            return self.tile_of_band(tile, signal).await;
        }
        let (level, chunks) = loop {
            let answer = self.picture.borrow().chunks(&self.file.borrow(), tile);
            match answer {
                Ok(chunks) => break chunks,
                Err(need) => self.supply(need).await?,
            }
        };
        let mut rasters = Vec::with_capacity(chunks.len());
        for chunk in &chunks {
            let raster = self.chunk(level, chunk, signal).await?;
            rasters.push((chunk.col, chunk.row, raster));
        }
        let parts: Vec<_> = rasters
            .iter()
            .map(|(c, r, raster)| (*c, *r, raster.as_ref()))
            .collect();
        let pixels = self.picture.borrow().tile(tile, &parts);
        pixels.map_err(|error| error.to_string())
    }

    async fn tile_of_band(&self, tile: TileId, signal: &AbortSignal) -> Result<Pixels, String> {
        let key = (tile.level, tile.row);
        if !self.bands.borrow().iter().any(|(k, _)| *k == key) {
            // Room for the new one first.
            self.bands.borrow_mut().truncate(BANDS - 1);
            let band = self.band(tile, signal).await?;
            self.bands.borrow_mut().push_front((key, band));
        }
        let bands = self.bands.borrow();
        let band = bands.iter().find(|(k, _)| *k == key);
        let pixels = band.and_then(|(_, band)| self.picture.borrow().tile_of_band(tile, band));
        pixels.ok_or_else(|| "there is no such tile".to_owned())
    }

    async fn band(&self, tile: TileId, signal: &AbortSignal) -> Result<Raster, String> {
        let band = self.picture.borrow().begin_band(tile);
        let mut band = band.ok_or("there is no such tile")?;
        loop {
            if signal.aborted() {
                return Err("not wanted any more".to_owned());
            }
            let answer = band.next_chunks(self.picture.borrow().tiff(), &self.file.borrow());
            let (level, chunks) = match answer {
                Ok(Some(next)) => next,
                Ok(None) => return Ok(band.finish()),
                Err(need) => {
                    self.supply(need).await?;
                    continue;
                }
            };
            let rasters = self.row(level, &chunks, &self.band_ahead).await?;
            let took = band.took(self.picture.borrow().tiff(), &rasters);
            took.map_err(|error| error.to_string())?;
        }
    }

    /// A whole row of chunks, decoded.
    async fn row(
        &self,
        level: usize,
        chunks: &[Chunk],
        ahead: &Ahead,
    ) -> Result<Vec<Raster>, String> {
        let mut rasters = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            let mut parts = Vec::with_capacity(chunk.ranges.len());
            for range in &chunk.ranges {
                parts.push(self.read_ahead(range, ahead).await?);
            }
            rasters.push(self.decoded(level, chunk, &parts)?);
        }
        Ok(rasters)
    }

    /// Makes the coarse levels of a file that has none.
    pub async fn pass(&self, worker: &Rc<Worker>) {
        if self.is_too_long() {
            return;
        }
        loop {
            match self.pass_row().await {
                Ok(Some(done)) => {
                    worker.tell_progress(done, || self.so_far());
                    worker.answer_waiting();
                }
                Ok(None) => return,
                Err(error) => return worker.tell_error(&error),
            }
            next_turn().await;
        }
    }

    fn is_too_long(&self) -> bool {
        matches!(self.source, Source::Url { len, .. } if len > MAX_PASS_BYTES)
    }

    async fn pass_row(&self) -> Result<Option<f64>, String> {
        let (level, chunks) = loop {
            let answer = self.picture.borrow().next_chunks(&self.file.borrow());
            match answer {
                Ok(Some(next)) => break next,
                Ok(None) => return Ok(None),
                Err(need) => self.supply(need).await?,
            }
        };
        let rasters = self.row(level, &chunks, &self.pass_ahead).await?;
        Ok(Some(self.picture.borrow_mut().took(&rasters)))
    }

    async fn supply(&self, need: ReadError) -> Result<(), String> {
        let ReadError::Need(range) = need else {
            return Err(need.to_string());
        };
        let bytes = self.source.read(range.clone(), None).await?;
        self.file.borrow_mut().supply(range.start, bytes);
        Ok(())
    }

    async fn chunk(
        &self,
        level: usize,
        chunk: &Chunk,
        signal: &AbortSignal,
    ) -> Result<Rc<Raster>, String> {
        let key = (level, chunk.col, chunk.row);
        let known = self
            .kept
            .borrow()
            .iter()
            .find(|(k, _)| *k == key)
            .map(|(_, r)| Rc::clone(r));
        if let Some(raster) = known {
            return Ok(raster);
        }
        let mut parts = Vec::with_capacity(chunk.ranges.len());
        for range in &chunk.ranges {
            parts.push(self.source.read(range.clone(), Some(signal)).await?);
        }
        let raster = Rc::new(self.decoded(level, chunk, &parts)?);
        let mut kept = self.kept.borrow_mut();
        kept.push_back((key, Rc::clone(&raster)));
        let mut bytes: usize = kept.iter().map(|(_, raster)| raster.bytes.len()).sum();
        while bytes > KEPT_BYTES
            && let Some((_, old)) = kept.pop_front()
        {
            bytes -= old.bytes.len();
        }
        Ok(raster)
    }

    /// A pass goes through a file mostly in its order, often by rows of a few kilobytes.
    async fn read_ahead(&self, range: &Range<u64>, ahead: &Ahead) -> Result<Vec<u8>, String> {
        let (start, mut block) = ahead.take();
        let end = start + block.len() as u64;
        if range.start >= start && range.start <= end {
            block.drain(..(range.start - start) as usize);
        } else {
            block.clear();
        }
        let have = range.start + block.len() as u64;
        if have < range.end {
            let until = range.end.max((have + AHEAD).min(self.source.len()));
            block.extend(self.source.read(have..until, None).await?);
        }
        let bytes = block[..(range.end - range.start) as usize].to_vec();
        ahead.replace((range.start, block));
        Ok(bytes)
    }

    fn decoded(&self, level: usize, chunk: &Chunk, parts: &[Vec<u8>]) -> Result<Raster, String> {
        let borrowed: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let picture = self.picture.borrow();
        let raster = picture.tiff().decode(level, chunk, &borrowed);
        raster.map_err(|error| error.to_string())
    }
}
