//! Image file directories: TIFF 6.0, section 2, and BigTIFF (libtiff's "BigTIFF Design").

use crate::error::{PictureError, ReadError};
use crate::sparse::Sparse;
use std::collections::BTreeMap;

/// The tags that are read.
pub mod tag {
    pub const NEW_SUBFILE_TYPE: u16 = 254;
    pub const IMAGE_WIDTH: u16 = 256;
    pub const IMAGE_LENGTH: u16 = 257;
    pub const BITS_PER_SAMPLE: u16 = 258;
    pub const COMPRESSION: u16 = 259;
    pub const PHOTOMETRIC: u16 = 262;
    pub const FILL_ORDER: u16 = 266;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const ORIENTATION: u16 = 274;
    pub const SAMPLES_PER_PIXEL: u16 = 277;
    pub const ROWS_PER_STRIP: u16 = 278;
    pub const STRIP_BYTE_COUNTS: u16 = 279;
    pub const PLANAR_CONFIGURATION: u16 = 284;
    pub const PREDICTOR: u16 = 317;
    pub const COLOR_MAP: u16 = 320;
    pub const TILE_WIDTH: u16 = 322;
    pub const TILE_LENGTH: u16 = 323;
    pub const TILE_OFFSETS: u16 = 324;
    pub const TILE_BYTE_COUNTS: u16 = 325;
    pub const SUB_IFDS: u16 = 330;
    pub const EXTRA_SAMPLES: u16 = 338;
    pub const SAMPLE_FORMAT: u16 = 339;
    pub const JPEG_TABLES: u16 = 347;
    pub const ICC_PROFILE: u16 = 34675;
}

/// No directory of a real file has more entries.
const MAX_ENTRIES: u64 = 4096;
/// Values of one tag that are read at once (a palette has 196,608 bytes at most).
const MAX_VALUES: u64 = 1 << 20;

/// Byte order and width of offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub is_little: bool,
    pub is_big_tiff: bool,
}

/// Values of one tag, where they lie in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    kind: u16,
    pub count: u64,
    at: u64,
}

/// One directory's tags.
#[derive(Clone, Debug)]
pub struct Directory {
    layout: Layout,
    tags: BTreeMap<u16, Values>,
    /// Where the next one is, 0 after the last.
    pub next: u64,
}

impl Layout {
    /// Reads the header: the layout, and where the first directory is.
    pub fn read(file: &Sparse) -> Result<(Self, u64), ReadError> {
        let head = file.get(0, 8)?;
        let is_little = match &head[..2] {
            b"II" => true,
            b"MM" => false,
            _ => {
                return Err(PictureError::damaged("TIFF", "its first bytes are not TIFF's").into());
            }
        };
        let mut layout = Self {
            is_little,
            is_big_tiff: false,
        };
        match layout.uint(&head[2..4]) {
            42 => Ok((layout, layout.uint(&head[4..8]))),
            43 => {
                layout.is_big_tiff = true;
                let head = file.get(0, 16)?;
                if layout.uint(&head[4..6]) != 8 {
                    return Err(PictureError::damaged("TIFF", "its offsets are not 8 bytes").into());
                }
                Ok((layout, layout.uint(&head[8..16])))
            }
            _ => Err(PictureError::damaged("TIFF", "its version is unknown").into()),
        }
    }

    /// An unsigned number of up to 8 bytes.
    pub fn uint(self, bytes: &[u8]) -> u64 {
        let fold = |n: u64, byte: &u8| n << 8 | u64::from(*byte);
        if self.is_little {
            bytes.iter().rev().fold(0, fold)
        } else {
            bytes.iter().fold(0, fold)
        }
    }
}

impl Directory {
    pub fn read(file: &Sparse, layout: Layout, at: u64) -> Result<Self, ReadError> {
        let (count_size, entry_size, word) = if layout.is_big_tiff {
            (8, 20, 8)
        } else {
            (2, 12, 4)
        };
        let count = layout.uint(file.get(at, count_size)?);
        if count == 0 || count > MAX_ENTRIES {
            let why = format!("a directory has {count} entries");
            return Err(PictureError::damaged("TIFF", why).into());
        }
        let entries_at = at + count_size;
        let bytes = file.get(entries_at, count * entry_size + word)?;
        let mut tags = BTreeMap::new();
        for (n, entry) in (0..count).zip(bytes.chunks_exact(entry_size as usize)) {
            let word = word as usize;
            let values = Values {
                kind: layout.uint(&entry[2..4]) as u16,
                count: layout.uint(&entry[4..4 + word]),
                at: 0,
            };
            let fits = values
                .size()
                .and_then(|size| values.count.checked_mul(size))
                .is_some_and(|size| size <= word as u64);
            let place = entries_at + n * entry_size + 4 + word as u64;
            let at = if fits {
                place
            } else {
                layout.uint(&entry[4 + word..4 + 2 * word])
            };
            // Of a tag that stands twice the first one counts, as in libtiff.
            tags.entry(layout.uint(&entry[..2]) as u16)
                .or_insert(Values { at, ..values });
        }
        let next = layout.uint(&bytes[(count * entry_size) as usize..]);
        Ok(Self { layout, tags, next })
    }

    pub fn values(&self, tag: u16) -> Option<Values> {
        self.tags.get(&tag).copied()
    }

    /// The first value of a tag that holds unsigned numbers.
    pub fn uint(&self, file: &Sparse, tag: u16) -> Result<Option<u64>, ReadError> {
        self.values(tag)
            .filter(|values| values.count > 0)
            .map(|values| values.get(file, self.layout, 0))
            .transpose()
    }

    /// All values of a tag that holds unsigned numbers; none when it is missing.
    pub fn uints(&self, file: &Sparse, tag: u16) -> Result<Vec<u64>, ReadError> {
        let Some(values) = self.values(tag) else {
            return Ok(Vec::new());
        };
        if values.count > MAX_VALUES {
            let why = format!("tag {tag} has {} values", values.count);
            return Err(PictureError::damaged("TIFF", why).into());
        }
        (0..values.count)
            .map(|n| values.get(file, self.layout, n))
            .collect()
    }

    /// The bytes of a tag, whatever their type.
    pub fn bytes(&self, file: &Sparse, tag: u16) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(values) = self.values(tag) else {
            return Ok(None);
        };
        let len = values
            .size()
            .and_then(|size| values.count.checked_mul(size))
            .filter(|len| *len <= 8 * MAX_VALUES)
            .ok_or_else(|| PictureError::damaged("TIFF", format!("tag {tag} is too long")))?;
        Ok(Some(file.get(values.at, len)?.to_vec()))
    }
}

impl Values {
    /// Bytes of one value; `None` for types that are unknown.
    fn size(self) -> Option<u64> {
        Some(match self.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => return None,
        })
    }

    /// The value with this number, of a tag that holds unsigned numbers.
    pub fn get(self, file: &Sparse, layout: Layout, n: u64) -> Result<u64, ReadError> {
        let damaged = |why: &str| ReadError::from(PictureError::damaged("TIFF", why));
        let size = match self.kind {
            1 | 3 | 4 | 13 | 16 | 18 => self.size().unwrap_or(1),
            _ => return Err(damaged("a tag has a type that it cannot have")),
        };
        if n >= self.count {
            return Err(damaged("a list of tiles is too short"));
        }
        let at = n
            .checked_mul(size)
            .and_then(|by| self.at.checked_add(by))
            .ok_or(PictureError::Truncated)?;
        Ok(layout.uint(file.get(at, size)?))
    }
}
