//! The coarse levels of a picture, made while its rows come in from the top.

use crate::pixels::Raster;
use crate::tiles::Pyramid;

/// The levels from one on, in memory.
#[derive(Debug)]
pub struct Overview {
    first: u32,
    levels: Vec<Raster>,
    /// Rows that are finished, for each level.
    rows: Vec<u32>,
}

impl Overview {
    /// Room for the levels of `pyramid` from number `first` on (or its last one).
    pub fn new(pyramid: &Pyramid, first: u32, channels: usize, depth: usize) -> Self {
        let last = pyramid.levels.len() - 1;
        let first = (first as usize).min(last);
        let levels: Vec<_> = pyramid.levels[first..]
            .iter()
            .map(|level| Raster::new(level.width, level.height, channels, depth))
            .collect();
        Self {
            first: first as u32,
            rows: vec![0; levels.len()],
            levels,
        }
    }

    /// How often the first level kept is halved.
    pub fn first(&self) -> u32 {
        self.first
    }

    pub fn channels(&self) -> usize {
        self.levels[0].channels
    }

    pub fn depth(&self) -> usize {
        self.levels[0].depth
    }

    pub fn holds(&self, level: u8) -> bool {
        u32::from(level) >= self.first
    }

    /// Rows of a level that are finished.
    pub fn rows(&self, level: u8) -> u32 {
        self.rows[(u32::from(level) - self.first) as usize]
    }

    /// How much is finished, 0 to 1.
    pub fn progress(&self) -> f64 {
        f64::from(self.rows[0]) / f64::from(self.levels[0].height)
    }

    /// Width and height of the first level.
    pub fn size(&self) -> (u32, u32) {
        (self.levels[0].width, self.levels[0].height)
    }

    /// Bytes of all levels.
    pub fn bytes(&self) -> usize {
        self.levels.iter().map(|level| level.bytes.len()).sum()
    }

    pub fn coarsest(&self) -> &Raster {
        &self.levels[self.levels.len() - 1]
    }

    /// The rows of the coarsest level that are finished, if any.
    pub fn so_far(&self) -> Option<Raster> {
        let last = self.levels.len() - 1;
        let (width, rows) = (self.levels[last].width, self.rows[last]);
        (rows > 0).then(|| self.cut(self.first as u8 + last as u8, (0, 0, width, rows)))
    }

    /// A part of a level: x, y, width, height.
    pub fn cut(&self, level: u8, (x, y, width, height): (u32, u32, u32, u32)) -> Raster {
        let from = &self.levels[(u32::from(level) - self.first) as usize];
        let mut out = Raster::new(width, height, from.channels, from.depth);
        out.paste(from, (-i64::from(x), -i64::from(y)));
        out
    }

    /// Takes the next rows of the first level; what is too wide or too many is cut.
    pub fn push(&mut self, rows: &Raster) {
        let done = self.rows[0];
        self.levels[0].paste(rows, (0, i64::from(done)));
        self.rows[0] = (done + rows.height).min(self.levels[0].height);
        for n in 1..self.levels.len() {
            let (before, after) = self.levels.split_at_mut(n);
            let (fine, coarse) = (&before[n - 1], &mut after[0]);
            let have = self.rows[n - 1];
            let ready = if have == fine.height {
                coarse.height
            } else {
                have / 2
            };
            let done = self.rows[n];
            if ready <= done {
                break;
            }
            let mut part = Raster::new(
                fine.width,
                (2 * ready).min(fine.height) - 2 * done,
                fine.channels,
                fine.depth,
            );
            part.paste(fine, (0, -i64::from(2 * done)));
            coarse.paste(&part.halved(), (0, i64::from(done)));
            self.rows[n] = ready;
        }
    }
}

/// Means of square blocks of 2^shift pixels, row by row.
#[derive(Clone, Debug)]
pub struct Reducer {
    shift: u32,
    channels: usize,
    depth: usize,
    width: u32,
    sums: Vec<u32>,
    rows: u32,
    out: Raster,
}

impl Reducer {
    pub fn new(width: u32, shift: u32, channels: usize, depth: usize) -> Self {
        let out_width = width.div_ceil(1 << shift);
        Self {
            shift,
            channels,
            depth,
            width,
            sums: vec![0; out_width as usize * channels],
            rows: 0,
            out: Raster::new(out_width, 0, channels, depth),
        }
    }

    /// Makes room for all that so many rows become, at once and exactly: such a picture is large.
    #[must_use]
    pub fn with_room_for(mut self, rows: u32) -> Self {
        let rows = rows.div_ceil(1 << self.shift) as usize;
        let bytes = rows * self.out.width as usize * self.out.pixel();
        self.out.bytes.reserve_exact(bytes);
        self
    }

    /// Takes one row of full width, in the raster's own layout.
    pub fn push(&mut self, row: &[u8]) {
        if self.shift == 0 {
            self.out.bytes.extend_from_slice(row);
            self.out.height += 1;
            return;
        }
        let shift = self.shift;
        match (self.channels, self.depth) {
            (1, 1) => add::<1, 1>(&mut self.sums, row, shift),
            (1, _) => add::<1, 2>(&mut self.sums, row, shift),
            (3, 1) => add::<3, 1>(&mut self.sums, row, shift),
            (3, _) => add::<3, 2>(&mut self.sums, row, shift),
            (_, 1) => add::<4, 1>(&mut self.sums, row, shift),
            _ => add::<4, 2>(&mut self.sums, row, shift),
        }
        self.rows += 1;
        if self.rows == 1 << self.shift {
            self.flush();
        }
    }

    /// Ends with fewer rows than a block has.
    pub fn finish(&mut self) {
        if self.rows > 0 {
            self.flush();
        }
    }

    /// The finished rows so far, taken out.
    pub fn take(&mut self) -> Raster {
        let empty = Raster::new(self.out.width, 0, self.channels, self.depth);
        std::mem::replace(&mut self.out, empty)
    }

    fn flush(&mut self) {
        let last = self.sums.len() / self.channels - 1;
        let edge = self.width - ((last as u32) << self.shift);
        for (at, sum) in self.sums.iter_mut().enumerate() {
            let columns = if at / self.channels == last {
                edge
            } else {
                1 << self.shift
            };
            let count = columns * self.rows;
            let mean = (*sum + count / 2) / count;
            if self.depth == 1 {
                self.out.bytes.push(mean as u8);
            } else {
                self.out
                    .bytes
                    .extend_from_slice(&(mean as u16).to_le_bytes());
            }
            *sum = 0;
        }
        self.out.height += 1;
        self.rows = 0;
    }
}

/// Adds a row's samples to the sums of their blocks; every sample of a picture comes through here.
fn add<const CHANNELS: usize, const DEPTH: usize>(sums: &mut [u32], row: &[u8], shift: u32) {
    let block = (CHANNELS * DEPTH) << shift;
    let sums = sums.as_chunks_mut::<CHANNELS>().0;
    for (sums, block) in sums.iter_mut().zip(row.chunks(block)) {
        for pixel in block.chunks_exact(CHANNELS * DEPTH) {
            for (c, sum) in sums.iter_mut().enumerate() {
                *sum += if DEPTH == 1 {
                    u32::from(pixel[c])
                } else {
                    u32::from(u16::from_le_bytes([pixel[2 * c], pixel[2 * c + 1]]))
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiles::Orientation;

    #[test]
    fn rows_become_means_at_every_level() {
        let (width, height) = (1030, 1500);
        let pyramid = Pyramid::halved(width, height, 128, Orientation::UPRIGHT);
        let mut overview = Overview::new(&pyramid, 2, 1, 1);
        let mut reducer = Reducer::new(width, 2, 1, 1);
        assert!(overview.so_far().is_none());
        for y in 0..height {
            let row: Vec<u8> = (0..width).map(|x| (x / 8 + y / 8) as u8).collect();
            reducer.push(&row);
            if y % 100 == 0 {
                overview.push(&reducer.take());
            }
            if y == 700 {
                let top = overview.so_far().unwrap();
                let whole = pyramid.levels.last().unwrap();
                assert_eq!(
                    (top.width, top.height),
                    (whole.width, 700 * whole.height / 1500)
                );
            }
        }
        reducer.finish();
        overview.push(&reducer.take());
        assert_eq!(overview.progress(), 1.0);
        for level in 2..pyramid.levels.len() as u8 {
            assert_eq!(overview.rows(level), pyramid.levels[level as usize].height);
        }
        assert_eq!(overview.size(), (258, 375));
        let cut = overview.cut(3, (10, 20, 4, 1));
        assert_eq!(cut.bytes, [30, 31, 32, 33]);
        // The last column's block is two pixels wide.
        assert_eq!(overview.cut(2, (257, 0, 1, 1)).bytes, [128]);
    }
}
