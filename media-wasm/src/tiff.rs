//! TIFF by range: which bytes a tile needs, their way here, and the decoded chunks that are kept.

use crate::source::Source;
use crate::worker::{Worker, next_turn};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use visionflow_media::tiff::{Chunk, Tiff, TiffPicture};
use visionflow_media::tiles::TileId;
use visionflow_media::{Pixels, Raster, ReadError, Sparse};
use web_sys::AbortSignal;

/// Decoded chunks that are kept: wide strips and huge tiles serve many tiles of ours.
const KEPT_BYTES: usize = 64 << 20;
/// Bytes that the pass reads at once.
const AHEAD: u64 = 4 << 20;
/// A pass over a file behind a network reads no more than this.
const MAX_PASS_BYTES: u64 = 2 << 30;

/// A decoded chunk: level, column and row, and its samples.
type Kept = ((usize, u32, u32), Rc<Raster>);

pub struct RangedTiff {
    source: Source,
    file: RefCell<Sparse>,
    picture: RefCell<TiffPicture>,
    kept: RefCell<VecDeque<Kept>>,
    /// What the pass has read ahead: where it starts, and its bytes.
    ahead: RefCell<(u64, Vec<u8>)>,
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
            ahead: RefCell::default(),
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

    pub async fn tile(&self, tile: TileId, signal: &AbortSignal) -> Result<Pixels, String> {
        let (level, chunks) = loop {
            let answer = self.picture.borrow().chunks(&self.file.borrow(), tile);
            match answer {
                Ok(chunks) => break chunks,
                Err(need) => self.supply(need).await?,
            }
        };
        let mut rasters = Vec::with_capacity(chunks.len());
        for chunk in &chunks {
            let raster = self.chunk(level, chunk, Some(signal)).await?;
            rasters.push((chunk.col, chunk.row, raster));
        }
        let parts: Vec<_> = rasters
            .iter()
            .map(|(c, r, raster)| (*c, *r, raster.as_ref()))
            .collect();
        let pixels = self.picture.borrow().tile(tile, &parts);
        pixels.map_err(|error| error.to_string())
    }

    /// Makes the coarse levels of a file that has none.
    pub async fn pass(&self, worker: &Rc<Worker>) {
        if self.is_too_long() {
            return;
        }
        loop {
            match self.pass_row().await {
                Ok(Some(done)) => {
                    worker.tell_progress(done);
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
        let mut rasters = Vec::with_capacity(chunks.len());
        for chunk in &chunks {
            rasters.push(self.decoded(level, chunk, None).await?);
        }
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
        signal: Option<&AbortSignal>,
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
        let raster = Rc::new(self.decoded(level, chunk, signal).await?);
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

    /// The pass goes through a file mostly in its order, often by rows of a few kilobytes.
    async fn read_ahead(&self, range: &Range<u64>) -> Result<Vec<u8>, String> {
        let known = {
            let ahead = self.ahead.borrow();
            let end = ahead.0 + ahead.1.len() as u64;
            (range.start >= ahead.0 && range.end <= end).then(|| {
                let from = (range.start - ahead.0) as usize;
                ahead.1[from..from + (range.end - range.start) as usize].to_vec()
            })
        };
        if let Some(bytes) = known {
            return Ok(bytes);
        }
        let end = range.end.max((range.start + AHEAD).min(self.source.len()));
        let block = self.source.read(range.start..end, None).await?;
        let bytes = block[..(range.end - range.start) as usize].to_vec();
        *self.ahead.borrow_mut() = (range.start, block);
        Ok(bytes)
    }

    async fn decoded(
        &self,
        level: usize,
        chunk: &Chunk,
        signal: Option<&AbortSignal>,
    ) -> Result<Raster, String> {
        let mut parts = Vec::with_capacity(chunk.ranges.len());
        for range in &chunk.ranges {
            parts.push(match signal {
                Some(_) => self.source.read(range.clone(), signal).await?,
                None => self.read_ahead(range).await?,
            });
        }
        let borrowed: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let picture = self.picture.borrow();
        let raster = picture.tiff().decode(level, chunk, &borrowed);
        raster.map_err(|error| error.to_string())
    }
}
