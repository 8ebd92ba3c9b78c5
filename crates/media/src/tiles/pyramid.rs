//! The levels of a tiled picture and where their tiles lie on it.

use super::Orientation;
use serde::{Deserialize, Serialize};
use visionflow_geometry::{Point, Rect};

/// One resolution, in pixels as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    pub width: u32,
    pub height: u32,
    pub tile_width: u32,
    pub tile_height: u32,
}

impl Level {
    /// How many tiles lie beside and above each other.
    pub const fn grid(&self) -> (u32, u32) {
        (
            self.width.div_ceil(self.tile_width),
            self.height.div_ceil(self.tile_height),
        )
    }

    /// A tile's place in pixels of this level: x, y, width, height; tiles at the far edges are cut.
    pub fn pixels(&self, col: u32, row: u32) -> (u32, u32, u32, u32) {
        let (x, y) = (
            col.saturating_mul(self.tile_width).min(self.width),
            row.saturating_mul(self.tile_height).min(self.height),
        );
        (
            x,
            y,
            self.tile_width.min(self.width - x),
            self.tile_height.min(self.height - y),
        )
    }
}

/// A tile of a pyramid: level 0 is the finest, columns and rows count in stored space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TileId {
    pub level: u8,
    pub col: u32,
    pub row: u32,
}

impl TileId {
    pub const fn new(level: u8, col: u32, row: u32) -> Self {
        Self { level, col, row }
    }
}

/// A picture in several resolutions, finest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pyramid {
    pub orientation: Orientation,
    pub levels: Vec<Level>,
}

impl Pyramid {
    /// Levels halved from `width` × `height` until one tile holds everything.
    pub fn halved(width: u32, height: u32, tile: u32, orientation: Orientation) -> Self {
        let mut levels = Vec::new();
        let (mut w, mut h) = (width, height);
        loop {
            levels.push(Level {
                width: w,
                height: h,
                tile_width: tile,
                tile_height: tile,
            });
            if w.max(h) <= tile {
                return Self {
                    orientation,
                    levels,
                };
            }
            (w, h) = (w.div_ceil(2), h.div_ceil(2));
        }
    }

    /// Goes on halving until level `last` is there.
    pub fn halve_to(&mut self, last: usize) {
        while let Some(level) = self.levels.last().copied()
            && self.levels.len() <= last
        {
            self.levels.push(Level {
                width: level.width.div_ceil(2),
                height: level.height.div_ceil(2),
                ..level
            });
        }
    }

    /// Width and height of the upright picture.
    pub fn size(&self) -> (u32, u32) {
        self.orientation.size(self.stored())
    }

    /// The coarsest level that has a pixel for every device pixel, at `scale` device pixels per
    /// pixel of the picture.
    pub fn level_for(&self, scale: f64) -> usize {
        let full = f64::from(self.stored().0);
        // Rounded-up sizes of coarse levels must not push the choice one level up.
        let enough = |level: &Level| f64::from(level.width) / full >= scale * 0.995;
        (0..self.levels.len())
            .rev()
            .find(|index| enough(&self.levels[*index]))
            .unwrap_or(0)
    }

    /// Where a tile lies on the upright picture, in its pixels.
    pub fn rect(&self, tile: TileId) -> Rect {
        let level = &self.levels[tile.level as usize];
        self.rect_of(level, level.pixels(tile.col, tile.row))
    }

    /// Where the first rows (as stored) of the coarsest level lie on the upright picture.
    pub fn rect_of_rows(&self, rows: u32) -> Option<Rect> {
        let level = self.levels.last()?;
        Some(self.rect_of(level, (0, 0, level.width, rows.min(level.height))))
    }

    fn rect_of(&self, level: &Level, (x, y, w, h): (u32, u32, u32, u32)) -> Rect {
        let (full_w, full_h) = self.stored();
        let (sx, sy) = (
            f64::from(full_w) / f64::from(level.width),
            f64::from(full_h) / f64::from(level.height),
        );
        let stored = (f64::from(full_w), f64::from(full_h));
        let corner = |x: u32, y: u32| {
            let (x, y) = self
                .orientation
                .upright((f64::from(x) * sx, f64::from(y) * sy), stored);
            Point::new(x, y)
        };
        Rect::from_corners(corner(x, y), corner(x + w, y + h))
    }

    /// The tiles of a level that `visible` (pixels of the upright picture) touches, row by row,
    /// with `ring` further tiles around them.
    pub fn tiles_in(
        &self,
        level: usize,
        visible: Rect,
        ring: u32,
    ) -> impl Iterator<Item = TileId> + use<> {
        let (cols, rows) = self.range(level, visible, ring);
        let level = level as u8;
        rows.flat_map(move |row| cols.clone().map(move |col| TileId::new(level, col, row)))
    }

    /// How many tiles [`Self::tiles_in`] would give, without making them.
    pub fn count_in(&self, level: usize, visible: Rect) -> usize {
        let (cols, rows) = self.range(level, visible, 0);
        cols.len() * rows.len()
    }

    fn range(
        &self,
        level: usize,
        visible: Rect,
        ring: u32,
    ) -> (std::ops::Range<u32>, std::ops::Range<u32>) {
        let Some(level) = self.levels.get(level) else {
            return (0..0, 0..0);
        };
        let (full_w, full_h) = self.stored();
        let full = (f64::from(full_w), f64::from(full_h));
        let a = self
            .orientation
            .stored((visible.min.x, visible.min.y), full);
        let b = self
            .orientation
            .stored((visible.max.x, visible.max.y), full);
        let span = |a: f64, b: f64, full: f64, size: u32, tile: u32| {
            let (low, high) = (a.min(b).max(0.0), a.max(b).min(full));
            // `max` and `min` would hide a NaN.
            if low >= high || a.is_nan() || b.is_nan() {
                return 0..0;
            }
            let to_tiles = f64::from(size) / full / f64::from(tile);
            let count = size.div_ceil(tile);
            let first = ((low * to_tiles).floor() as u32).saturating_sub(ring);
            let end = ((high * to_tiles).ceil() as u32).saturating_add(ring);
            first.min(count)..end.min(count)
        };
        (
            span(a.0, b.0, full.0, level.width, level.tile_width),
            span(a.1, b.1, full.1, level.height, level.tile_height),
        )
    }

    fn stored(&self) -> (u32, u32) {
        self.levels
            .first()
            .map_or((0, 0), |level| (level.width, level.height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_halve_to_one_tile() {
        let pyramid = Pyramid::halved(40_000, 30_001, 512, Orientation::UPRIGHT);
        assert_eq!(pyramid.levels.len(), 8);
        let last = pyramid.levels.last().unwrap();
        assert_eq!((last.width, last.height, last.grid()), (313, 235, (1, 1)));
    }

    #[test]
    fn the_level_has_a_pixel_for_each_device_pixel() {
        let pyramid = Pyramid::halved(40_001, 30_001, 512, Orientation::UPRIGHT);
        for (scale, level) in [
            (8.0, 0),
            (1.0, 0),
            (0.51, 0),
            (0.5, 1),
            (0.3, 1),
            (0.001, 7),
        ] {
            assert_eq!(pyramid.level_for(scale), level, "scale {scale}");
        }
    }

    /// At every orientation the tiles of a view cover it, and each touches it.
    #[test]
    fn tiles_cover_what_is_visible() {
        for exif in 1..=8 {
            let pyramid = Pyramid::halved(3000, 2000, 256, Orientation::from_exif(exif));
            let (width, height) = pyramid.size();
            let view = Rect::from_corners(Point::new(700.0, 300.0), Point::new(1300.0, 900.0));
            for level in 0..pyramid.levels.len() {
                let tiles: Vec<_> = pyramid.tiles_in(level, view, 0).collect();
                let union = tiles
                    .iter()
                    .map(|tile| pyramid.rect(*tile))
                    .reduce(Rect::union)
                    .unwrap();
                assert!(union.min.x <= view.min.x && union.max.x >= view.max.x);
                assert!(union.min.y <= view.min.y && union.max.y >= view.max.y);
                assert!(tiles.iter().all(|tile| {
                    let rect = pyramid.rect(*tile);
                    rect.min.x < view.max.x
                        && rect.max.x > view.min.x
                        && rect.min.y < view.max.y
                        && rect.max.y > view.min.y
                }));
                assert_eq!(tiles.len(), pyramid.count_in(level, view));
            }
            let all = Rect::from_size(f64::from(width), f64::from(height));
            let (cols, rows) = pyramid.levels[0].grid();
            assert_eq!(pyramid.tiles_in(0, all, 3).count() as u32, cols * rows);
        }
    }

    #[test]
    fn the_first_rows_lie_where_their_side_is() {
        let pyramid = |exif| Pyramid::halved(4000, 2000, 500, Orientation::from_exif(exif));
        let half = |exif| pyramid(exif).rect_of_rows(125).unwrap();
        assert_eq!(half(1), Rect::from_size(4000.0, 1000.0));
        // Stored on its side: its first rows are the right half of the upright picture.
        let corner = Point::new(1000.0, 0.0);
        assert_eq!(
            half(6),
            Rect::from_corners(corner, Point::new(2000.0, 4000.0))
        );
        assert_eq!(
            pyramid(1).rect_of_rows(9999).unwrap(),
            Rect::from_size(4000.0, 2000.0)
        );
    }

    #[test]
    fn nothing_is_visible_beside_the_picture() {
        let pyramid = Pyramid::halved(3000, 2000, 256, Orientation::UPRIGHT);
        let beside = Rect::from_corners(Point::new(-500.0, 0.0), Point::new(-1.0, 100.0));
        assert_eq!(pyramid.tiles_in(0, beside, 1).count(), 0);
        let nan = Rect::from_corners(Point::new(f64::NAN, 0.0), Point::new(f64::NAN, 100.0));
        assert_eq!(pyramid.tiles_in(0, nan, 1).count(), 0);
    }
}
