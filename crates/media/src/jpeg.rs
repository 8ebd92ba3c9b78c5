//! JPEG in parts (ITU-T T.81): one pass over the file, and any part again from marks in it.
//!
//! The browser and the common decoders hold a whole picture; at 500 megapixels that is two
//! gigabytes. Here the first pass decodes what the entropy coding forces, keeps one value for each
//! block of 8 × 8 (an eighth of the resolution, for nothing) and a mark at the corner of every
//! tile: where in the bit stream it starts, and the predictions there. A tile of any level above
//! is then decoded from its own bits alone, at full, half or quarter size.
//! Progressive files, whose every block is spread over the whole file, keep their coefficients
//! in memory, and so have a lower limit.

mod bits;
mod block;
mod header;
mod huffman;
mod progressive;
mod transform;

use crate::error::PictureError;
use crate::pixels::Raster;
use crate::plain::Overview;
use crate::tiles::Orientation;
use bits::{Bits, Mark};
use block::Block;
use header::{Frame, Header, Scan};
use progressive::Coefficients;
use std::io::{Read, Seek};

/// Blocks that one step decodes: a few hundredths of a second.
const STEP_BLOCKS: u32 = 60_000;

pub(crate) fn damaged(why: impl Into<String>) -> PictureError {
    PictureError::damaged("JPEG", why)
}

/// A JPEG file and how far its first pass has come.
pub struct Jpeg<R> {
    bits: Bits<R>,
    header: Header,
    mode: Mode,
    /// Sides of a tile, in MCUs of the full size.
    tile_mcus: (u32, u32),
}

enum Mode {
    Sequential(Sequential),
    Stored(Coefficients),
}

/// A baseline file with one interleaved scan.
struct Sequential {
    scan: Scan,
    /// Row of MCUs that comes next.
    row: u32,
    mark: Mark,
    /// One for each row of MCUs and column of tiles.
    marks: Vec<Mark>,
    columns: u32,
}

impl<R: Read + Seek> Jpeg<R> {
    /// Reads everything before the first scan; `tile` is the side of tiles that parts are asked for.
    pub fn open(reader: R, tile: u32) -> Result<Self, PictureError> {
        let mut bits = Bits::new(reader);
        let mut header = Header::default();
        let scan = header
            .read_to_scan(&mut bits)?
            .ok_or_else(|| damaged("it has no pixels"))?;
        let frame = header.frame()?;
        crate::plain::check_size(frame.width, frame.height)?;
        let (mcu_width, mcu_height) = frame.mcu_size();
        let tile_mcus = ((tile / mcu_width).max(1), (tile / mcu_height).max(1));
        let mode = if frame.is_progressive || scan.components.len() != frame.components.len() {
            Mode::Stored(Coefficients::new(frame, scan)?)
        } else {
            let columns = frame.mcus().0.div_ceil(tile_mcus.0);
            let mark = bits.start_scan(header.restart_interval);
            Mode::Sequential(Sequential {
                scan,
                row: 0,
                mark,
                marks: Vec::new(),
                columns,
            })
        };
        Ok(Self {
            bits,
            header,
            mode,
            tile_mcus,
        })
    }

    pub fn size(&self) -> (u32, u32) {
        let frame = &self.header.frame;
        frame.as_ref().map_or((0, 0), |f| (f.width, f.height))
    }

    pub fn orientation(&self) -> Orientation {
        self.header.orientation
    }

    pub fn icc_profile(&self) -> Option<Vec<u8>> {
        self.header.icc_profile()
    }

    /// 1 grey, 3 RGB (also for CMYK).
    pub fn channels(&self) -> usize {
        match &self.header.frame {
            Some(frame) if frame.components.len() == 1 => 1,
            _ => 3,
        }
    }

    /// Whether the first pass has gone past so many rows of pixels.
    pub fn has_rows(&self, rows: u64) -> bool {
        let Some(frame) = &self.header.frame else {
            return false;
        };
        match &self.mode {
            Mode::Sequential(first) => {
                let done = u64::from(first.row) * u64::from(frame.mcu_size().1);
                done >= rows.min(u64::from(frame.height))
            }
            Mode::Stored(stored) => stored.is_done(),
        }
    }

    /// Goes on with the first pass.
    pub fn step(&mut self, overview: &mut Overview) -> Result<(), PictureError> {
        let frame = self.header.frame()?.clone();
        let (mcus_across, mcus_down) = frame.mcus();
        match &mut self.mode {
            Mode::Sequential(first) => {
                let rows = (STEP_BLOCKS / (mcus_across * frame.blocks_in_mcu())).max(1);
                for _ in 0..rows.min(mcus_down - first.row) {
                    let mut planes = frame.planes(mcus_across, 1, 3);
                    self.bits.resume(&first.mark);
                    for mcu in 0..mcus_across {
                        if mcu.is_multiple_of(self.tile_mcus.0) {
                            first.marks.push(self.bits.mark());
                        }
                        decode_mcu(
                            &mut self.bits,
                            &self.header,
                            &first.scan,
                            |component, x, y, block| {
                                let plane = &mut planes[component];
                                let factors = &frame.components[component];
                                plane.put(mcu * factors.h + x, y, 3, block);
                            },
                        )?;
                    }
                    first.mark = self.bits.mark();
                    first.row += 1;
                    let height = overview.size().1 - overview.rows(overview.first() as u8);
                    push_colors(&frame, &planes, overview, height);
                }
            }
            Mode::Stored(stored) => {
                if stored.is_done() {
                    return Ok(());
                }
                stored.decode_scan(&mut self.bits, &mut self.header)?;
                if stored.is_done() {
                    for row in 0..mcus_down {
                        let planes = stored.planes(&frame, 3, (0, row, mcus_across, 1));
                        let height = overview.size().1 - overview.rows(overview.first() as u8);
                        push_colors(&frame, &planes, overview, height);
                    }
                }
            }
        }
        Ok(())
    }

    /// A part of a level below the third, from rows that the first pass has gone past.
    pub fn region(
        &mut self,
        level: u32,
        (x, y, width, height): (u32, u32, u32, u32),
    ) -> Result<Raster, PictureError> {
        let frame = self.header.frame()?.clone();
        let (mcu_width, mcu_height) = frame.mcu_size();
        let (across, down) = frame.mcus();
        let first_col = (x << level) / mcu_width / self.tile_mcus.0 * self.tile_mcus.0;
        let first_row = (y << level) / mcu_height;
        let end_col = ((x + width) << level).div_ceil(mcu_width).min(across);
        let end_row = ((y + height) << level).div_ceil(mcu_height).min(down);
        if first_col >= end_col || first_row >= end_row {
            return Err(damaged("there is no such part"));
        }
        let window = (
            first_col,
            first_row,
            end_col - first_col,
            end_row - first_row,
        );
        let planes = match &self.mode {
            Mode::Stored(stored) => stored.planes(&frame, level, window),
            Mode::Sequential(first) => {
                let mut planes = frame.planes(window.2, window.3, level);
                for row in 0..window.3 {
                    let column = first_col / self.tile_mcus.0;
                    let at = (first_row + row) * first.columns + column;
                    let mark = first.marks.get(at as usize);
                    let mark = mark.ok_or_else(|| damaged("these rows were not read yet"))?;
                    self.bits.resume(mark);
                    for mcu in 0..window.2 {
                        decode_mcu(
                            &mut self.bits,
                            &self.header,
                            &first.scan,
                            |component, x, y, block| {
                                let factors = &frame.components[component];
                                let (h, v) = (factors.h, factors.v);
                                planes[component].put(mcu * h + x, row * v + y, level, block);
                            },
                        )?;
                    }
                }
                planes
            }
        };
        let whole = colors(&frame, &planes);
        let mut out = Raster::new(width, height, whole.channels, 1);
        let left = i64::from((first_col * mcu_width) >> level);
        let top = i64::from((first_row * mcu_height) >> level);
        out.paste(&whole, (left - i64::from(x), top - i64::from(y)));
        Ok(out)
    }
}

/// Decodes one MCU of an interleaved scan, block by block.
fn decode_mcu<R: Read + Seek>(
    bits: &mut Bits<R>,
    header: &Header,
    scan: &Scan,
    mut put: impl FnMut(usize, u32, u32, &Block),
) -> Result<(), PictureError> {
    let frame = header.frame()?;
    bits.before_mcu(header.restart_interval)?;
    for part in &scan.components {
        let component = &frame.components[part.index];
        let quantization = header.quantization(component.quantization)?;
        let dc = header.dc_table(part.dc)?;
        let ac = header.ac_table(part.ac)?;
        for y in 0..component.v {
            for x in 0..component.h {
                let block = block::decode(bits, part.index, dc, ac, quantization)?;
                put(part.index, x, y, &block);
            }
        }
    }
    Ok(())
}

fn push_colors(frame: &Frame, planes: &[transform::Plane], overview: &mut Overview, height: u32) {
    let mut rows = colors(frame, planes);
    // The last row of MCUs may reach beyond the picture.
    if rows.height > height {
        let kept = rows.width as usize * rows.pixel() * height as usize;
        rows.bytes.truncate(kept);
        rows.height = height;
    }
    overview.push(&rows);
}

/// Planes of samples to grey or RGB; smaller planes are spread.
fn colors(frame: &Frame, planes: &[transform::Plane]) -> Raster {
    let (width, height) = (planes[0].width, planes[0].height);
    let (max_width, max_height) = planes.iter().fold((width, height), |(w, h), plane| {
        (w.max(plane.width), h.max(plane.height))
    });
    if let [grey] = planes {
        let mut raster = Raster::new(width, height, 1, 1);
        raster.bytes.copy_from_slice(&grey.samples);
        return raster;
    }
    let mut raster = Raster::new(max_width, max_height, 3, 1);
    let columns: Vec<Vec<usize>> = planes
        .iter()
        .map(|plane| {
            let spread = |x| (x * plane.width / max_width) as usize;
            (0..max_width).map(spread).collect()
        })
        .collect();
    let mut at = 0;
    for y in 0..max_height {
        let rows: Vec<&[u8]> = planes
            .iter()
            .map(|plane| {
                let row = (y * plane.height / max_height) as usize * plane.width as usize;
                &plane.samples[row..row + plane.width as usize]
            })
            .collect();
        for x in 0..max_width as usize {
            let sample = |n: usize| rows[n][columns[n][x]];
            let rgb = if planes.len() >= 4 {
                frame.cmyk_to_rgb([sample(0), sample(1), sample(2), sample(3)])
            } else {
                frame.to_rgb([sample(0), sample(1), sample(2)])
            };
            raster.bytes[at..at + 3].copy_from_slice(&rgb);
            at += 3;
        }
    }
    raster
}
