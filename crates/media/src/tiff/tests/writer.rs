//! Writes small TIFF files in the layouts that tests ask for.

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    None,
    PackBits,
    Lzw,
    Deflate,
    Zstd,
    Jpeg,
}

/// One directory with its pixels.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a case of the tests, independent of the others"
)]
pub struct Page {
    pub width: u32,
    pub height: u32,
    pub claimed_width: Option<u32>,
    pub samples: usize,
    pub bits: u32,
    pub tile: Option<(u32, u32)>,
    pub rows_per_strip: u32,
    pub scheme: Scheme,
    /// Another value of the tag than the scheme's own.
    pub compression: Option<u16>,
    pub predictor: u16,
    pub photometric: u16,
    pub sample_format: u16,
    pub orientation: u16,
    pub palette: Vec<u16>,
    pub subfile: u32,
    pub in_sub_directory: bool,
    pub is_planar: bool,
    pub is_little: bool,
    pub is_big: bool,
    /// The next directory is the first one.
    pub circle: bool,
    pub corrupt: bool,
}

impl Page {
    pub fn new(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            claimed_width: None,
            samples: 3,
            bits: 8,
            tile: None,
            rows_per_strip: 64,
            scheme: Scheme::None,
            compression: None,
            predictor: 1,
            photometric: u16::MAX,
            sample_format: 1,
            orientation: 1,
            palette: Vec::new(),
            subfile: 0,
            in_sub_directory: false,
            is_planar: false,
            is_little: true,
            is_big: false,
            circle: false,
            corrupt: false,
        }
    }

    /// A soft pattern, so that even JPEG keeps it.
    fn sample(&self, x: u32, y: u32, c: usize) -> u32 {
        let wave = f64::from(x * (1 + c as u32)) / 30.0 + f64::from(y) / 20.0;
        let value = (wave.sin() * 0.5 + 0.5) * f64::from((1_u32 << self.bits) - 1);
        value.round() as u32
    }

    /// What a reader should answer, 16 bits little-endian.
    pub fn sample_bytes(&self) -> Vec<u8> {
        self.window(0, 0, self.width, self.height, None, true)
    }

    fn window(
        &self,
        x: u32,
        y: u32,
        w: u32,
        h: u32,
        plane: Option<usize>,
        little: bool,
    ) -> Vec<u8> {
        let mut out = Vec::new();
        for y in y..y + h {
            let mut row = Vec::new();
            for x in x..x + w {
                for c in plane.map_or(0..self.samples, |c| c..c + 1) {
                    // Tiles go on beyond the image.
                    let value =
                        self.sample(x.min(self.width.max(1) - 1), y.min(self.height - 1), c);
                    row.push(value as u16);
                }
            }
            match self.bits {
                16 if little => out.extend(row.iter().flat_map(|v| v.to_le_bytes())),
                16 => out.extend(row.iter().flat_map(|v| v.to_be_bytes())),
                8 => out.extend(row.iter().map(|v| *v as u8)),
                bits => out.extend(row.chunks(8 / bits as usize).map(|group| {
                    let group = group.iter().enumerate();
                    group.fold(0, |byte, (n, v)| {
                        byte | (*v as u8) << (8 - bits as usize * (n + 1))
                    })
                })),
            }
        }
        out
    }

    fn compressed(&self, x: u32, y: u32, w: u32, h: u32, plane: Option<usize>) -> Vec<u8> {
        let mut raw = self.window(x, y, w, h, plane, self.is_little);
        let samples = if plane.is_some() { 1 } else { self.samples };
        if self.predictor == 2 {
            differences(
                &mut raw,
                w as usize * samples,
                samples,
                self.bits,
                self.is_little,
            );
        }
        let mut bytes = match self.scheme {
            Scheme::None => raw,
            Scheme::PackBits => raw
                .chunks(100)
                .flat_map(|part| [&[part.len() as u8 - 1][..], part].concat())
                .collect(),
            Scheme::Lzw => weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
                .encode(&raw)
                .unwrap(),
            Scheme::Deflate => miniz_oxide::deflate::compress_to_vec_zlib(&raw, 6),
            Scheme::Zstd => {
                use ruzstd::encoding::{CompressionLevel, compress_to_vec};
                compress_to_vec(raw.as_slice(), CompressionLevel::Fastest)
            }
            Scheme::Jpeg => jpeg(&raw, w, h).1,
        };
        if self.corrupt {
            let len = bytes.len();
            bytes[2..len / 2].fill(0xff);
        }
        bytes
    }

    fn chunks(&self) -> Vec<Vec<u8>> {
        let (cw, ch) = self
            .tile
            .unwrap_or((self.width, self.rows_per_strip.min(self.height)));
        let planes: Vec<Option<usize>> = if self.is_planar {
            (0..self.samples).map(Some).collect()
        } else {
            vec![None]
        };
        let mut chunks = Vec::new();
        for plane in planes {
            for row in 0..self.height.div_ceil(ch) {
                for col in 0..self.width.div_ceil(cw.max(1)) {
                    let (x, y) = (col * cw, row * ch);
                    let h = if self.tile.is_some() {
                        ch
                    } else {
                        ch.min(self.height - y)
                    };
                    chunks.push(self.compressed(x, y, cw, h, plane));
                }
            }
        }
        chunks
    }

    fn tags(&self) -> Vec<(u16, u16, Vec<u64>)> {
        let (short, long) = (3, 4);
        let scheme = match self.scheme {
            Scheme::None => 1,
            Scheme::PackBits => 32_773,
            Scheme::Lzw => 5,
            Scheme::Deflate => 8,
            Scheme::Zstd => 50_000,
            Scheme::Jpeg => 7,
        };
        let photometric = match (self.photometric, self.scheme, self.samples) {
            (u16::MAX, Scheme::Jpeg, _) => 6,
            (u16::MAX, _, 1) => 1,
            (u16::MAX, ..) => 2,
            (other, ..) => other,
        };
        let width = self.claimed_width.unwrap_or(self.width);
        let mut tags = vec![
            (254, long, vec![u64::from(self.subfile)]),
            (256, long, vec![u64::from(width)]),
            (257, long, vec![u64::from(self.height)]),
            (258, short, vec![u64::from(self.bits); self.samples]),
            (
                259,
                short,
                vec![u64::from(self.compression.unwrap_or(scheme))],
            ),
            (262, short, vec![u64::from(photometric)]),
            (274, short, vec![u64::from(self.orientation)]),
            (277, short, vec![self.samples as u64]),
            (284, short, vec![if self.is_planar { 2 } else { 1 }]),
            (317, short, vec![u64::from(self.predictor)]),
            (339, short, vec![u64::from(self.sample_format)]),
        ];
        if self.samples == 4 {
            tags.push((338, short, vec![2]));
        }
        if !self.palette.is_empty() {
            tags.push((
                320,
                short,
                self.palette.iter().map(|v| u64::from(*v)).collect(),
            ));
        }
        match self.tile {
            Some((w, h)) => {
                tags.push((322, long, vec![u64::from(w)]));
                tags.push((323, long, vec![u64::from(h)]));
            }
            None => tags.push((278, long, vec![u64::from(self.rows_per_strip)])),
        }
        if self.scheme == Scheme::Jpeg {
            let tables = jpeg(&[0; 192], 8, 8).0;
            tags.push((347, 7, tables.into_iter().map(u64::from).collect()));
        }
        tags
    }
}

fn differences(raw: &mut [u8], row_samples: usize, samples: usize, bits: u32, little: bool) {
    let depth = bits as usize / 8;
    for row in raw.chunks_exact_mut(row_samples * depth) {
        for at in (samples..row_samples).rev() {
            if depth == 1 {
                row[at] = row[at].wrapping_sub(row[at - samples]);
                continue;
            }
            let read = |n: usize| {
                let two = [row[2 * n], row[2 * n + 1]];
                if little {
                    u16::from_le_bytes(two)
                } else {
                    u16::from_be_bytes(two)
                }
            };
            let value = read(at).wrapping_sub(read(at - samples));
            let two = if little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            };
            row[2 * at..2 * at + 2].copy_from_slice(&two);
        }
    }
}

/// A JPEG taken apart: a stream of its tables alone, and one without them.
fn jpeg(rgb: &[u8], w: u32, h: u32) -> (Vec<u8>, Vec<u8>) {
    let mut whole = Vec::new();
    JpegEncoder::new_with_quality(&mut whole, 95)
        .encode(rgb, w, h, ExtendedColorType::Rgb8)
        .unwrap();
    let (mut tables, mut body) = (vec![0xff, 0xd8], vec![0xff, 0xd8]);
    let mut at = 2;
    loop {
        let marker = whole[at + 1];
        let len = usize::from(u16::from_be_bytes([whole[at + 2], whole[at + 3]])) + 2;
        let segment = &whole[at..at + len];
        if marker == 0xda {
            body.extend_from_slice(&whole[at..]);
            break;
        }
        match marker {
            0xdb | 0xc4 => tables.extend_from_slice(segment),
            // Without JFIF's marker, as in real files.
            0xe0 => {}
            _ => body.extend_from_slice(segment),
        }
        at += len;
    }
    tables.extend([0xff, 0xd9]);
    (tables, body)
}

struct Writer {
    bytes: Vec<u8>,
    little: bool,
    big: bool,
}

impl Writer {
    fn number(&self, value: u64, size: usize) -> Vec<u8> {
        let bytes = value.to_le_bytes();
        let mut bytes = bytes[..size].to_vec();
        if !self.little {
            bytes.reverse();
        }
        bytes
    }

    fn put(&mut self, at: usize, value: u64, size: usize) {
        let bytes = self.number(value, size);
        self.bytes[at..at + size].copy_from_slice(&bytes);
    }

    const fn word(&self) -> usize {
        if self.big { 8 } else { 4 }
    }

    /// Writes a page; where its directory is, and where the pointer to the next one is.
    fn page(&mut self, page: &Page, subs: usize) -> (usize, usize, Option<usize>) {
        let mut places = Vec::new();
        for chunk in page.chunks() {
            places.push((self.bytes.len() as u64, chunk.len() as u64));
            self.bytes.extend(chunk);
        }
        let mut tags = page.tags();
        let (offsets, counts) = if page.tile.is_some() {
            (324, 325)
        } else {
            (273, 279)
        };
        let kind = if self.big { 16 } else { 4 };
        tags.push((offsets, kind, places.iter().map(|(at, _)| *at).collect()));
        tags.push((counts, kind, places.iter().map(|(_, len)| *len).collect()));
        if subs > 0 {
            tags.push((330, if self.big { 18 } else { 13 }, vec![0; subs]));
        }
        tags.sort_by_key(|tag| tag.0);
        let mut entries = Vec::new();
        let mut sub_place = None;
        for (tag, kind, values) in tags {
            let size = match kind {
                3 => 2,
                7 => 1,
                4 | 13 => 4,
                _ => 8,
            };
            let data: Vec<u8> = values.iter().flat_map(|v| self.number(*v, size)).collect();
            entries.push((tag, kind, values.len() as u64, data));
        }
        for entry in &mut entries {
            if entry.3.len() > self.word() {
                let at = self.bytes.len();
                if entry.0 == 330 {
                    sub_place = Some(at);
                }
                let data = std::mem::replace(&mut entry.3, self.number(at as u64, self.word()));
                self.bytes.extend(data);
            }
        }
        let directory = self.bytes.len();
        let count = self.number(entries.len() as u64, if self.big { 8 } else { 2 });
        self.bytes.extend(count);
        for (tag, kind, count, mut data) in entries {
            data.resize(self.word(), 0);
            let head = [
                self.number(u64::from(tag), 2),
                self.number(u64::from(kind), 2),
                self.number(count, self.word()),
            ];
            self.bytes.extend(head.concat());
            if tag == 330 && sub_place.is_none() {
                sub_place = Some(self.bytes.len());
            }
            self.bytes.extend(data);
        }
        let next = self.bytes.len();
        self.bytes.extend(vec![0; self.word()]);
        (directory, next, sub_place)
    }
}

/// A file of these pages; layout as the first one says.
pub fn write(pages: &[Page]) -> Vec<u8> {
    let first = &pages[0];
    let mut writer = Writer {
        bytes: if first.is_little {
            b"II".to_vec()
        } else {
            b"MM".to_vec()
        },
        little: first.is_little,
        big: first.is_big,
    };
    let head = if first.is_big {
        [
            writer.number(43, 2),
            writer.number(8, 2),
            writer.number(0, 2),
        ]
        .concat()
    } else {
        writer.number(42, 2)
    };
    writer.bytes.extend(head);
    let word = writer.word();
    let mut pointer = writer.bytes.len();
    writer.bytes.extend(vec![0; word]);
    let subs = pages.iter().filter(|page| page.in_sub_directory).count();
    let mut sub_pointer = None;
    let mut first_directory = 0;
    for (n, page) in pages.iter().enumerate() {
        let (directory, next, sub_place) = writer.page(page, if n == 0 { subs } else { 0 });
        if n == 0 {
            sub_pointer = sub_place;
            first_directory = directory;
        }
        match sub_pointer {
            Some(at) if page.in_sub_directory => {
                writer.put(
                    at,
                    directory as u64,
                    word.min(if first.is_big { 8 } else { 4 }),
                );
                sub_pointer = Some(at + word);
            }
            _ => {
                writer.put(pointer, directory as u64, word);
                pointer = next;
            }
        }
        if page.circle {
            writer.put(pointer, first_directory as u64, word);
        }
    }
    writer.bytes
}
