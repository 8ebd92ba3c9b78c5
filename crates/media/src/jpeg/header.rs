//! Segments before and between the scans (T.81, annex B).

use super::bits::Bits;
use super::damaged;
use super::huffman::Table;
use super::transform::Plane;
use crate::error::PictureError;
use crate::tiles::Orientation;
use std::collections::BTreeMap;
use std::io::{Read, Seek};

/// What is known before the pixels.
#[derive(Clone, Debug, Default)]
pub struct Header {
    pub frame: Option<Frame>,
    pub restart_interval: u16,
    pub orientation: Orientation,
    quantization: [Option<Box<[u16; 64]>>; 4],
    dc_tables: [Option<Box<Table>>; 4],
    ac_tables: [Option<Box<Table>>; 4],
    /// Parts of the colour profile by their number.
    icc: BTreeMap<u8, Vec<u8>>,
    /// Adobe's marker: how colours are transformed.
    adobe: Option<u8>,
}

/// The picture's size and components.
#[derive(Clone, Debug)]
pub struct Frame {
    pub width: u32,
    pub height: u32,
    pub is_progressive: bool,
    pub components: Vec<Component>,
    adobe: Option<u8>,
}

#[derive(Clone, Debug)]
pub struct Component {
    id: u8,
    /// Blocks in an MCU, across and down.
    pub h: u32,
    pub v: u32,
    pub quantization: usize,
}

/// One pass over some components.
#[derive(Clone, Debug)]
pub struct Scan {
    pub components: Vec<ScanComponent>,
    /// First and last coefficient.
    pub spectrum: (usize, usize),
    /// Successive approximation, high and low.
    pub approximation: (u8, u8),
}

#[derive(Clone, Debug)]
pub struct ScanComponent {
    pub index: usize,
    pub dc: usize,
    pub ac: usize,
}

impl Header {
    /// Reads segments up to the next scan; `None` at the end of the picture.
    pub fn read_to_scan<R: Read + Seek>(
        &mut self,
        bits: &mut Bits<R>,
    ) -> Result<Option<Scan>, PictureError> {
        loop {
            let marker = next_marker(bits)?;
            match marker {
                0xd8 | 0x01 | 0xd0..=0xd7 => continue,
                0xd9 => return Ok(None),
                _ => {}
            }
            let len = usize::from(bits.u16()?);
            let len = len
                .checked_sub(2)
                .ok_or_else(|| damaged("a segment has no length"))?;
            match marker {
                0xc4 => self.huffman(&bits.bytes(len)?)?,
                0xdb => self.quantizations(&bits.bytes(len)?)?,
                0xc0..=0xc2 => {
                    if self.frame.is_some() {
                        return Err(damaged("it has two sizes"));
                    }
                    let frame = Frame::parse(&bits.bytes(len)?, marker == 0xc2, self.adobe)?;
                    self.frame = Some(frame);
                }
                0xc3 | 0xc5..=0xc7 | 0xcb | 0xcd..=0xcf | 0xc9 | 0xca => {
                    let what = match marker {
                        0xc3 => "lossless JPEG",
                        0xc9 | 0xca => "JPEG with arithmetic coding",
                        _ => "hierarchical JPEG",
                    };
                    return Err(PictureError::Unsupported(what.to_owned()));
                }
                0xdd => {
                    let bytes = bits.bytes(len)?;
                    if let [high, low, ..] = *bytes {
                        self.restart_interval = u16::from_be_bytes([high, low]);
                    }
                }
                0xda => return self.scan(&bits.bytes(len)?).map(Some),
                0xe1 | 0xe2 | 0xee => self.application(marker, &bits.bytes(len)?),
                _ => bits.skip(len as u64),
            }
        }
    }

    pub fn frame(&self) -> Result<&Frame, PictureError> {
        let missing = || damaged("it has no size");
        self.frame.as_ref().ok_or_else(missing)
    }

    pub fn quantization(&self, index: usize) -> Result<&[u16; 64], PictureError> {
        let table = self.quantization.get(index).and_then(Option::as_deref);
        table.ok_or_else(|| damaged("a table is missing"))
    }

    pub fn dc_table(&self, index: usize) -> Result<&Table, PictureError> {
        let table = self.dc_tables.get(index).and_then(Option::as_deref);
        table.ok_or_else(|| damaged("a table is missing"))
    }

    pub fn ac_table(&self, index: usize) -> Result<&Table, PictureError> {
        let table = self.ac_tables.get(index).and_then(Option::as_deref);
        table.ok_or_else(|| damaged("a table is missing"))
    }

    /// The colour profile, put together.
    pub fn icc_profile(&self) -> Option<Vec<u8>> {
        (!self.icc.is_empty()).then(|| self.icc.values().flatten().copied().collect())
    }

    fn application(&mut self, marker: u8, bytes: &[u8]) {
        if let Some(exif) = bytes.strip_prefix(b"Exif\0\0").filter(|_| marker == 0xe1) {
            if let Some(value) = crate::probe::exif_orientation(exif) {
                self.orientation = Orientation::from_exif(value);
            }
        } else if let Some(part) = bytes.strip_prefix(b"ICC_PROFILE\0") {
            if let [number, _, part @ ..] = part {
                self.icc.insert(*number, part.to_vec());
            }
        } else if let Some(adobe) = bytes.strip_prefix(b"Adobe") {
            self.adobe = adobe.get(6).copied();
            if let Some(frame) = &mut self.frame {
                frame.adobe = self.adobe;
            }
        }
    }

    fn quantizations(&mut self, mut bytes: &[u8]) -> Result<(), PictureError> {
        while let [head, rest @ ..] = bytes {
            let (is_wide, index) = (head >> 4 != 0, (head & 3) as usize);
            let len = if is_wide { 128 } else { 64 };
            let values = rest
                .get(..len)
                .ok_or_else(|| damaged("a table is too short"))?;
            let mut table = Box::new([0_u16; 64]);
            for (n, value) in table.iter_mut().enumerate() {
                *value = if is_wide {
                    u16::from_be_bytes([values[2 * n], values[2 * n + 1]])
                } else {
                    u16::from(values[n])
                };
            }
            self.quantization[index] = Some(table);
            bytes = &rest[len..];
        }
        Ok(())
    }

    fn huffman(&mut self, mut bytes: &[u8]) -> Result<(), PictureError> {
        while let [head, rest @ ..] = bytes {
            let counts: [u8; 16] = rest
                .get(..16)
                .and_then(|counts| counts.try_into().ok())
                .ok_or_else(|| damaged("a table is too short"))?;
            let total: usize = counts.iter().map(|count| *count as usize).sum();
            let values = rest
                .get(16..16 + total)
                .ok_or_else(|| damaged("a table is too short"))?;
            let table = Some(Box::new(Table::new(&counts, values.to_vec())?));
            let index = (head & 3) as usize;
            if head >> 4 == 0 {
                self.dc_tables[index] = table;
            } else {
                self.ac_tables[index] = table;
            }
            bytes = &rest[16 + total..];
        }
        Ok(())
    }

    fn scan(&self, bytes: &[u8]) -> Result<Scan, PictureError> {
        let frame = self.frame()?;
        let bad = || damaged("a scan's header cannot be read");
        let count = *bytes.first().ok_or_else(bad)? as usize;
        let parts = bytes.get(1..1 + 2 * count).ok_or_else(bad)?;
        let rest = bytes.get(1 + 2 * count..4 + 2 * count).ok_or_else(bad)?;
        let components = parts
            .chunks_exact(2)
            .map(|pair| {
                let found = frame.components.iter().position(|c| c.id == pair[0]);
                Ok(ScanComponent {
                    index: found.ok_or_else(bad)?,
                    dc: (pair[1] >> 4 & 3) as usize,
                    ac: (pair[1] & 3) as usize,
                })
            })
            .collect::<Result<Vec<_>, PictureError>>()?;
        let scan = Scan {
            components,
            spectrum: (rest[0] as usize, rest[1] as usize),
            approximation: (rest[2] >> 4, rest[2] & 15),
        };
        let is_sound = !scan.components.is_empty()
            && scan.components.len() <= 4
            && scan.spectrum.1 <= 63
            && scan.spectrum.0 <= scan.spectrum.1
            && scan.approximation.1 <= 13;
        if is_sound { Ok(scan) } else { Err(bad()) }
    }
}

fn next_marker<R: Read + Seek>(bits: &mut Bits<R>) -> Result<u8, PictureError> {
    // Real files have a few bytes of rubbish at most.
    let mut before = 0;
    for _ in 0..1 << 16 {
        let byte = bits.byte()?;
        if before == 0xff && byte != 0 && byte != 0xff {
            return Ok(byte);
        }
        before = byte;
    }
    Err(damaged("a marker is missing"))
}

impl Frame {
    fn parse(bytes: &[u8], is_progressive: bool, adobe: Option<u8>) -> Result<Self, PictureError> {
        let [precision, h1, h0, w1, w0, count, rest @ ..] = bytes else {
            return Err(damaged("its header cannot be read"));
        };
        if *precision != 8 {
            let what = format!("JPEG of {precision} bits to a sample");
            return Err(PictureError::Unsupported(what));
        }
        if !matches!(count, 1 | 3 | 4) || rest.len() < 3 * *count as usize {
            return Err(damaged("its colours cannot be read"));
        }
        let components: Vec<_> = rest
            .chunks_exact(3)
            .take(*count as usize)
            .map(|c| Component {
                id: c[0],
                h: u32::from(c[1] >> 4),
                v: u32::from(c[1] & 15),
                quantization: c[2] as usize,
            })
            .collect();
        if components
            .iter()
            .any(|c| !(1..=4).contains(&c.h) || !(1..=4).contains(&c.v))
        {
            return Err(damaged("its colours have an impossible size"));
        }
        let mut frame = Self {
            width: u32::from(u16::from_be_bytes([*w1, *w0])),
            height: u32::from(u16::from_be_bytes([*h1, *h0])),
            is_progressive,
            components,
            adobe,
        };
        // A single component is never interleaved: its factors mean nothing.
        if let [only] = frame.components.as_mut_slice() {
            (only.h, only.v) = (1, 1);
        }
        Ok(frame)
    }

    fn factors(&self) -> (u32, u32) {
        self.components
            .iter()
            .fold((1, 1), |(h, v), c| (h.max(c.h), v.max(c.v)))
    }

    /// Width and height of an MCU in pixels.
    pub fn mcu_size(&self) -> (u32, u32) {
        let (h, v) = self.factors();
        (8 * h, 8 * v)
    }

    /// How many MCUs lie beside and above each other.
    pub fn mcus(&self) -> (u32, u32) {
        let (width, height) = self.mcu_size();
        (self.width.div_ceil(width), self.height.div_ceil(height))
    }

    pub fn blocks_in_mcu(&self) -> u32 {
        self.components.iter().map(|c| c.h * c.v).sum()
    }

    /// Blocks of a component in a scan of its own: across and down (T.81, section A.2.2).
    pub fn blocks_alone(&self, component: &Component) -> (u32, u32) {
        let (h, v) = self.factors();
        (
            (self.width * component.h).div_ceil(8 * h),
            (self.height * component.v).div_ceil(8 * v),
        )
    }

    /// Empty planes for so many MCUs, made smaller by `level` halvings.
    pub fn planes(&self, across: u32, down: u32, level: u32) -> Vec<Plane> {
        let side = 8 >> level;
        let plane = |c: &Component| Plane::new(across * c.h * side, down * c.v * side);
        self.components.iter().map(plane).collect()
    }

    /// The colour of three samples.
    #[inline]
    pub fn to_rgb(&self, [y, cb, cr]: [u8; 3]) -> [u8; 3] {
        let names: [u8; 3] = [
            self.components[0].id,
            self.components[1].id,
            self.components[2].id,
        ];
        let is_rgb = match self.adobe {
            Some(transform) => transform == 0,
            None => names == *b"RGB",
        };
        if is_rgb {
            return [y, cb, cr];
        }
        rgb_of_ycbcr(y, cb, cr)
    }

    /// Four samples, stored inverted as Adobe does; browsers take all files of four inks so.
    /// Where they are transformed, the inks stand for red, green and blue (Adobe Technical Note
    /// 5116, section 18).
    pub fn cmyk_to_rgb(&self, [c, m, y, k]: [u8; 4]) -> [u8; 3] {
        let light = if self.adobe == Some(2) {
            rgb_of_ycbcr(c, m, y).map(|ink| 255 - ink)
        } else {
            [c, m, y]
        };
        light.map(|v| (u16::from(v) * u16::from(k) / 255) as u8)
    }
}

/// ITU-T T.871, section 7, in 16-bit fractions.
#[inline]
fn rgb_of_ycbcr(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let part = |value: i32| ((value + (1 << 15)) >> 16).clamp(0, 255) as u8;
    [
        part(y + 91_881 * cr),
        part(y - 22_554 * cb - 46_802 * cr),
        part(y + 116_130 * cb),
    ]
}
