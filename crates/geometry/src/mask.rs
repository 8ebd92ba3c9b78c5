//! Masks: sets of pixels, at the image's full resolution.
//!
//! Kept as tiles of 256 × 256 pixels, so that the cost of a stroke follows the stroke and not the
//! mask, and so that two people can paint one mask.

mod combine;
mod contour;
mod delta;
mod distance;
mod fill;
mod label;
mod paint;
mod resample;
mod rle;
mod runs;
mod scan;
mod tile;
mod transpose;

pub use delta::{MaskDelta, TileDelta};
pub use label::Connectivity;
pub use paint::Brush;
pub use rle::BadRle;
pub use tile::{BadTile, TILE_SIZE, Tile};

use crate::{Point, Rect};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The place of a tile: its left column is `x * TILE_SIZE`, its top row `y * TILE_SIZE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileKey {
    pub x: i32,
    pub y: i32,
}

/// A set of pixels of the image; the pixel (x, y) covers the unit square from (x, y).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mask {
    /// No tile is empty.
    tiles: BTreeMap<TileKey, Arc<Tile>>,
}

/// The pixels from `start` to before `end` of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub y: i32,
    pub start: i32,
    pub end: i32,
}

impl TileKey {
    /// The tile that holds a pixel.
    pub fn of_pixel(x: i32, y: i32) -> Self {
        Self {
            x: x.div_euclid(TILE_SIZE),
            y: y.div_euclid(TILE_SIZE),
        }
    }

    /// The largest column and row of a tile, either side of the origin: ±2²⁸ pixels.
    /// A mask ignores tiles beyond it, so that pixel coordinates never overflow.
    pub const LIMIT: i32 = 1 << 20;

    /// Whether a mask can hold a tile here; keys read from outside are to be asked.
    pub fn is_valid(self) -> bool {
        let range = -Self::LIMIT..Self::LIMIT;
        range.contains(&self.x) && range.contains(&self.y)
    }

    /// The column and row of the tile's first pixel.
    pub fn origin(self) -> (i32, i32) {
        (
            self.x.saturating_mul(TILE_SIZE),
            self.y.saturating_mul(TILE_SIZE),
        )
    }
}

impl Mask {
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    pub fn tiles(&self) -> impl ExactSizeIterator<Item = (TileKey, &Arc<Tile>)> {
        self.tiles.iter().map(|(key, tile)| (*key, tile))
    }

    pub fn tile(&self, key: TileKey) -> Option<&Arc<Tile>> {
        self.tiles.get(&key)
    }

    /// Puts a tile in its place, packed; an empty one takes it away, a full one is shared with all
    /// others.
    ///
    /// Nothing happens where `key` is not [valid](TileKey::is_valid).
    pub fn set_tile(&mut self, key: TileKey, tile: Arc<Tile>) {
        if key.is_valid() {
            self.put(key, tile.packed().map_or(tile, Arc::new));
        }
    }

    /// The same for a tile that is packed and a key that is valid.
    fn put(&mut self, key: TileKey, tile: Arc<Tile>) {
        if tile.is_empty() {
            self.tiles.remove(&key);
        } else {
            let full = tile.is_full();
            self.tiles
                .insert(key, if full { Tile::shared_full() } else { tile });
        }
    }

    pub fn get(&self, x: i32, y: i32) -> bool {
        let key = TileKey::of_pixel(x, y);
        let (left, top) = key.origin();
        self.tiles
            .get(&key)
            .is_some_and(|tile| tile.get((x - left) as u8, (y - top) as u8))
    }

    /// Puts the pixels of a span in.
    pub fn insert(&mut self, span: Span) {
        self.insert_spans([span]);
    }

    /// Takes the pixels of a span out.
    pub fn remove(&mut self, span: Span) {
        self.remove_spans([span]);
    }

    /// The number of pixels.
    pub fn area(&self) -> u64 {
        self.tiles
            .values()
            .map(|tile| u64::from(tile.count()))
            .sum()
    }

    /// The bytes of memory that its tiles take, but for the full ones, which all masks share.
    pub fn memory(&self) -> usize {
        let full = Tile::shared_full();
        let own = self.tiles.values();
        let own = own.filter(|tile| !Arc::ptr_eq(tile, &full));
        let tiles: usize = own.map(|tile| tile.memory()).sum();
        tiles + self.tiles.len() * size_of::<(TileKey, Arc<Tile>)>()
    }

    /// The smallest rectangle around all pixels; `None` for an empty mask.
    pub fn bounds(&self) -> Option<Rect> {
        let rects = self.tiles.iter().filter_map(|(key, tile)| {
            let (columns, rows) = tile.extent()?;
            let (left, top) = key.origin();
            let at = |x: u16, y: u16| {
                Point::new(
                    f64::from(left + i32::from(x)),
                    f64::from(top + i32::from(y)),
                )
            };
            Some(Rect {
                min: at(columns.start, rows.start),
                max: at(columns.end, rows.end),
            })
        });
        rects.reduce(Rect::union)
    }

    /// Whether the pixel under `p` belongs to the mask.
    pub fn contains(&self, p: Point) -> bool {
        self.get(p.x.floor() as i32, p.y.floor() as i32)
    }

    /// The runs of pixels, row by row of each tile.
    pub fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        self.tiles.iter().flat_map(|(key, tile)| {
            let (left, top) = key.origin();
            tile.spans().map(move |(y, columns)| Span {
                y: top + i32::from(y),
                start: left + i32::from(columns.start),
                end: left + i32::from(columns.end),
            })
        })
    }

    /// Takes out what the delta clears and puts in what it sets.
    pub fn apply(&mut self, delta: &MaskDelta) {
        for (key, change) in delta.tiles() {
            if !key.is_valid() {
                continue;
            }
            let mut tile = self.tiles.remove(&key).unwrap_or_default();
            Arc::make_mut(&mut tile).apply(change);
            self.set_tile(key, tile);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The mask of a picture whose pixels are `#` where it is.
    pub fn drawn(rows: &[&str]) -> Mask {
        let rows = rows.iter().zip(0..);
        Mask::from_spans(rows.flat_map(|(row, y)| {
            let inside = row.bytes().zip(0..).filter(|(c, _)| *c == b'#');
            inside.map(move |(_, start)| Span {
                y,
                start,
                end: start + 1,
            })
        }))
    }

    #[test]
    fn spans_cross_tiles_and_the_origin() {
        let mut mask = Mask::default();
        let span = |y, start, end| Span { y, start, end };
        mask.insert(span(-1, -300, 300));
        assert_eq!(mask.area(), 600);
        assert_eq!(mask.tiles().len(), 4);
        mask.remove(span(-1, -256, 256));
        assert_eq!(mask.tiles().len(), 2);
        let spans: Vec<_> = mask.spans().collect();
        assert_eq!(spans, [span(-1, -300, -256), span(-1, 256, 300)]);
        let bounds = mask.bounds().unwrap();
        assert_eq!(bounds.min, Point::new(-300.0, -1.0));
        assert_eq!(bounds.max, Point::new(300.0, 0.0));
        mask.remove(span(-1, -1000, 1000));
        assert!(mask.is_empty());
    }
}
