//! Which way up a picture is stored (EXIF 2.32, section 4.6.4, tag 0x0112).

use serde::{Deserialize, Serialize};

/// EXIF orientation, 1 (upright) to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Orientation(u8);

impl Default for Orientation {
    fn default() -> Self {
        Self::UPRIGHT
    }
}

impl Orientation {
    pub const UPRIGHT: Self = Self(1);

    /// What the tag says; anything outside 1 to 8 means upright.
    pub fn from_exif(value: u32) -> Self {
        match u8::try_from(value) {
            Ok(value @ 1..=8) => Self(value),
            _ => Self::UPRIGHT,
        }
    }

    /// As EXIF counts it.
    pub const fn exif(self) -> u8 {
        self.0
    }

    /// Whether width and height change places.
    pub const fn swaps_sides(self) -> bool {
        self.0 >= 5
    }

    /// The upright size of a picture stored in this size, and the other way round.
    pub const fn size<T: Copy>(self, (width, height): (T, T)) -> (T, T) {
        if self.swaps_sides() {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// Where a stored point lies in the upright picture; `stored` is the stored size.
    pub fn upright(self, (x, y): (f64, f64), stored: (f64, f64)) -> (f64, f64) {
        let (w, h) = stored;
        match self.0 {
            2 => (w - x, y),
            3 => (w - x, h - y),
            4 => (x, h - y),
            5 => (y, x),
            6 => (h - y, x),
            7 => (h - y, w - x),
            8 => (y, w - x),
            _ => (x, y),
        }
    }

    /// Where an upright point is stored; `stored` is the stored size.
    pub fn stored(self, (x, y): (f64, f64), stored: (f64, f64)) -> (f64, f64) {
        let (w, h) = stored;
        match self.0 {
            2 => (w - x, y),
            3 => (w - x, h - y),
            4 => (x, h - y),
            5 => (y, x),
            6 => (y, h - x),
            7 => (w - y, h - x),
            8 => (w - y, x),
            _ => (x, y),
        }
    }

    /// The pixels of a stored part, turned upright; `pixel` bytes each, row by row.
    pub fn apply(self, bytes: Vec<u8>, (width, height): (u32, u32), pixel: usize) -> Vec<u8> {
        if self == Self::UPRIGHT {
            return bytes;
        }
        let (w, h) = (width as usize, height as usize);
        let (out_w, out_h) = self.size((w, h));
        let mut out = Vec::with_capacity(bytes.len());
        for y in 0..out_h {
            for x in 0..out_w {
                let (sx, sy) = match self.0 {
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (y, h - 1 - x),
                    7 => (w - 1 - y, h - 1 - x),
                    _ => (w - 1 - y, x),
                };
                let at = (sy * w + sx) * pixel;
                out.extend_from_slice(&bytes[at..at + pixel]);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(exif: u32, size: (u32, u32), expected: &[u8]) {
        let orientation = Orientation::from_exif(exif);
        let turned = orientation.apply(vec![1, 2, 3, 4, 5, 6], (3, 2), 1);
        assert_eq!(turned, expected, "orientation {exif}");
        assert_eq!(orientation.size((3, 2)), size);
        // Points go where their pixels go, and come back.
        for (at, value) in [1_u8, 2, 3, 4, 5, 6].into_iter().enumerate() {
            let stored = ((at % 3) as f64 + 0.5, (at / 3) as f64 + 0.5);
            let (x, y) = orientation.upright(stored, (3.0, 2.0));
            assert_eq!(turned[y as usize * size.0 as usize + x as usize], value);
            assert_eq!(orientation.stored((x, y), (3.0, 2.0)), stored);
        }
    }

    #[test]
    fn all_eight_ways() {
        check(1, (3, 2), &[1, 2, 3, 4, 5, 6]);
        check(2, (3, 2), &[3, 2, 1, 6, 5, 4]);
        check(3, (3, 2), &[6, 5, 4, 3, 2, 1]);
        check(4, (3, 2), &[4, 5, 6, 1, 2, 3]);
        check(5, (2, 3), &[1, 4, 2, 5, 3, 6]);
        check(6, (2, 3), &[4, 1, 5, 2, 6, 3]);
        check(7, (2, 3), &[6, 3, 5, 2, 4, 1]);
        check(8, (2, 3), &[3, 6, 2, 5, 1, 4]);
        check(99, (3, 2), &[1, 2, 3, 4, 5, 6]);
    }
}
