//! Files of several scans: all coefficients in memory (T.81, annex G).

use super::bits::Bits;
use super::block::{Block, ZIGZAG};
use super::damaged;
use super::header::{Frame, Header, Scan};
use super::huffman::Table;
use super::transform::Plane;
use crate::error::PictureError;
use std::io::{Read, Seek};

/// What the coefficients may take.
const MAX_BYTES: u64 = 256 << 20;

/// All blocks of all components.
pub struct Coefficients {
    components: Vec<Blocks>,
    /// The scan that comes next; `None` when all are decoded.
    scan: Option<Scan>,
    /// Quantization tables as they were at each component's first scan.
    quantization: Vec<Option<[u16; 64]>>,
}

/// Blocks of one component, padded to whole MCUs.
struct Blocks {
    across: u32,
    values: Vec<[i16; 64]>,
}

impl Coefficients {
    pub fn new(frame: &Frame, scan: Scan) -> Result<Self, PictureError> {
        let (across, down) = frame.mcus();
        let blocks = u64::from(across) * u64::from(down) * u64::from(frame.blocks_in_mcu());
        if blocks * 128 > MAX_BYTES {
            return Err(PictureError::TooMuch(format!(
                "a progressive JPEG of {} megapixels needs more memory than is set aside; save it \
                 as baseline JPEG, PNG or tiled TIFF",
                u64::from(frame.width) * u64::from(frame.height) / 1_000_000
            )));
        }
        let components = frame
            .components
            .iter()
            .map(|c| Blocks {
                across: across * c.h,
                values: vec![[0; 64]; (across * c.h) as usize * (down * c.v) as usize],
            })
            .collect::<Vec<_>>();
        Ok(Self {
            quantization: vec![None; components.len()],
            components,
            scan: Some(scan),
        })
    }

    pub fn is_done(&self) -> bool {
        self.scan.is_none()
    }

    /// Decodes the next scan, and reads on to the one after it.
    pub fn decode_scan<R: Read + Seek>(
        &mut self,
        bits: &mut Bits<R>,
        header: &mut Header,
    ) -> Result<(), PictureError> {
        let Some(scan) = self.scan.take() else {
            return Ok(());
        };
        let frame = header.frame()?.clone();
        bits.start_scan(header.restart_interval);
        for part in &scan.components {
            let table = header.quantization(frame.components[part.index].quantization)?;
            self.quantization[part.index].get_or_insert(*table);
        }
        if let [only] = scan.components.as_slice() {
            let (across, down) = frame.blocks_alone(&frame.components[only.index]);
            for y in 0..down {
                for x in 0..across {
                    bits.before_mcu(header.restart_interval)?;
                    self.block(bits, header, &frame, &scan, 0, (x, y))?;
                }
            }
        } else {
            let (across, down) = frame.mcus();
            for mcu in 0..across * down {
                bits.before_mcu(header.restart_interval)?;
                for (n, part) in scan.components.iter().enumerate() {
                    let component = &frame.components[part.index];
                    for y in 0..component.v {
                        for x in 0..component.h {
                            let at = (
                                mcu % across * component.h + x,
                                mcu / across * component.v + y,
                            );
                            self.block(bits, header, &frame, &scan, n, at)?;
                        }
                    }
                }
            }
        }
        bits.end_scan()?;
        self.scan = header.read_to_scan(bits)?;
        Ok(())
    }

    /// Samples of a window of MCUs (column, row, across, down).
    pub fn planes(
        &self,
        frame: &Frame,
        level: u32,
        (col, row, across, down): (u32, u32, u32, u32),
    ) -> Vec<Plane> {
        let mut planes = frame.planes(across, down, level);
        for (n, component) in frame.components.iter().enumerate() {
            let blocks = &self.components[n];
            let Some(quantization) = &self.quantization[n] else {
                continue;
            };
            for y in 0..down * component.v {
                for x in 0..across * component.h {
                    let (bx, by) = (col * component.h + x, row * component.v + y);
                    let stored = &blocks.values[(by * blocks.across + bx) as usize];
                    let mut block = Block {
                        values: [0; 64],
                        has_ac: false,
                    };
                    for (at, value) in stored.iter().enumerate() {
                        if *value != 0 {
                            block.has_ac |= at > 0;
                            let place = ZIGZAG[at] as usize;
                            block.values[place] = i32::from(*value) * i32::from(quantization[at]);
                        }
                    }
                    planes[n].put(x, y, level, &block);
                }
            }
        }
        planes
    }

    fn block<R: Read + Seek>(
        &mut self,
        bits: &mut Bits<R>,
        header: &Header,
        frame: &Frame,
        scan: &Scan,
        part: usize,
        (x, y): (u32, u32),
    ) -> Result<(), PictureError> {
        let part = &scan.components[part];
        let blocks = &mut self.components[part.index];
        let values = &mut blocks.values[(y * blocks.across + x) as usize];
        if !frame.is_progressive {
            let dc = header.dc_table(part.dc)?;
            let ac = header.ac_table(part.ac)?;
            return sequential(bits, part.index, dc, ac, values);
        }
        let (high, low) = scan.approximation;
        match (scan.spectrum, high) {
            ((0, _), 0) => {
                let size = header.dc_table(part.dc)?.decode(bits)?;
                if size > 15 {
                    return Err(damaged("a block is brighter than it can be"));
                }
                let difference = bits.signed(size)?;
                let dc = bits.dc(part.index);
                *dc = dc.wrapping_add(difference as i16);
                values[0] = dc.wrapping_shl(u32::from(low));
            }
            ((0, _), _) => values[0] |= (bits.take(1)? << low) as i16,
            (spectrum, 0) => first(bits, header.ac_table(part.ac)?, values, spectrum, low)?,
            (spectrum, _) => refine(bits, header.ac_table(part.ac)?, values, spectrum, low)?,
        }
        Ok(())
    }
}

/// A block of a sequential scan, without quantization.
fn sequential<R: Read + Seek>(
    bits: &mut Bits<R>,
    component: usize,
    dc: &Table,
    ac: &Table,
    values: &mut [i16; 64],
) -> Result<(), PictureError> {
    let mut in_order = [0_u16; 64];
    in_order.fill(1);
    let block = super::block::decode(bits, component, dc, ac, &in_order)?;
    for (at, value) in values.iter_mut().enumerate() {
        *value = block.values[ZIGZAG[at] as usize] as i16;
    }
    Ok(())
}

/// T.81, section G.1.2.2: the first bits of a band.
fn first<R: Read + Seek>(
    bits: &mut Bits<R>,
    table: &Table,
    values: &mut [i16; 64],
    (start, end): (usize, usize),
    low: u8,
) -> Result<(), PictureError> {
    if *bits.end_of_band() > 0 {
        *bits.end_of_band() -= 1;
        return Ok(());
    }
    let mut at = start;
    while at <= end {
        let code = table.decode(bits)?;
        let (run, size) = (code >> 4, code & 15);
        if size == 0 {
            if run < 15 {
                *bits.end_of_band() = run_of_bands(bits, run)? - 1;
                break;
            }
            at += 16;
            continue;
        }
        at += run as usize;
        if at > end {
            return Err(damaged("a block has too many values"));
        }
        values[at] = (bits.signed(size)? << low) as i16;
        at += 1;
    }
    Ok(())
}

/// T.81, section G.1.2.3: one more bit of a band.
fn refine<R: Read + Seek>(
    bits: &mut Bits<R>,
    table: &Table,
    values: &mut [i16; 64],
    (start, end): (usize, usize),
    low: u8,
) -> Result<(), PictureError> {
    let one = 1_i16 << low;
    let mut at = start;
    if *bits.end_of_band() == 0 {
        while at <= end {
            let code = table.decode(bits)?;
            let (mut run, size) = (code >> 4, code & 15);
            let mut fresh = 0;
            if size == 0 {
                if run < 15 {
                    *bits.end_of_band() = run_of_bands(bits, run)?;
                    break;
                }
            } else {
                fresh = if bits.take(1)? == 1 { one } else { -one };
            }
            while at <= end {
                if values[at] != 0 {
                    correct(bits, &mut values[at], one)?;
                } else if run == 0 {
                    values[at] = fresh;
                    at += 1;
                    break;
                } else {
                    run -= 1;
                }
                at += 1;
            }
        }
    }
    if *bits.end_of_band() > 0 {
        for value in values.iter_mut().take(end + 1).skip(at) {
            if *value != 0 {
                correct(bits, value, one)?;
            }
        }
        *bits.end_of_band() -= 1;
    }
    Ok(())
}

fn correct<R: Read + Seek>(
    bits: &mut Bits<R>,
    value: &mut i16,
    one: i16,
) -> Result<(), PictureError> {
    if bits.take(1)? == 1 && *value & one == 0 {
        *value = value.wrapping_add(if *value > 0 { one } else { -one });
    }
    Ok(())
}

/// How many blocks an end-of-band code stands for, this one included.
fn run_of_bands<R: Read + Seek>(bits: &mut Bits<R>, size: u8) -> Result<u16, PictureError> {
    Ok((1 << size) + bits.take(size)? as u16)
}
