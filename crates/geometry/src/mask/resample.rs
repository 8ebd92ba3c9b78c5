//! Masks moved, turned, flipped and scaled.

use super::paint::PixelRect;
use super::{Mask, Span, TILE_SIZE, Tile, TileKey};
use crate::{Affine, Point, Rect, Vec2};
use std::sync::Arc;

impl Mask {
    /// Moved by whole pixels; exact.
    #[must_use]
    pub fn translated(&self, x: i32, y: i32) -> Self {
        if x % TILE_SIZE == 0 && y % TILE_SIZE == 0 {
            let mut result = Self::default();
            for (key, tile) in self.tiles() {
                let (x, y) = (key.x + x / TILE_SIZE, key.y + y / TILE_SIZE);
                result.set_tile(TileKey { x, y }, tile.clone());
            }
            return result;
        }
        let spans = self.runs().into_iter();
        Self::from_spans(spans.map(|span| Span {
            y: span.y.saturating_add(y),
            start: span.start.saturating_add(x),
            end: span.end.saturating_add(x),
        }))
    }

    /// Sent through an affine map: a pixel is in when its centre comes from one that is.
    ///
    /// Exact for flips and quarter turns about a corner or the centre of a pixel.
    /// What falls outside `clip` (the image) is lost.
    #[must_use]
    pub fn transformed(&self, by: &Affine, clip: Rect) -> Self {
        let (Some(back), Some(bounds)) = (by.inverse(), self.bounds()) else {
            return Self::default();
        };
        let image = Rect::around(bounds.corners().map(|p| by.point(p)));
        let image = image.filter(|rect| rect.is_finite() && rect.intersects(clip));
        let Some(area) = image.and_then(|rect| PixelRect::within(rect.clamped_to(clip))) else {
            return Self::default();
        };
        let last = TileKey::of_pixel(area.right - 1, area.bottom - 1);
        let first = TileKey::of_pixel(area.left, area.top);
        let mut result = Self::default();
        for y in first.y..=last.y {
            for x in first.x..=last.x {
                let key = TileKey { x, y };
                if let Some(tile) = self.resampled_tile(key, back, area) {
                    result.set_tile(key, tile);
                }
            }
        }
        result
    }

    /// The tile of the result at `key`; `back` leads from there to this mask.
    fn resampled_tile(&self, key: TileKey, back: Affine, area: PixelRect) -> Option<Arc<Tile>> {
        let (left, top) = key.origin();
        let corner = Point::new(f64::from(left), f64::from(top));
        let side = f64::from(TILE_SIZE);
        let square = Rect::from_corners(corner, corner + Vec2::new(side, side));
        let source = Rect::around(square.corners().map(|p| back.point(p)))?;
        let columns = area.left.max(left) - left..area.right.min(left + TILE_SIZE) - left;
        let rows = area.top.max(top) - top..area.bottom.min(top + TILE_SIZE) - top;
        let whole = columns.len() == 256 && rows.len() == 256;
        match self.filling(source) {
            Filling::Empty => return None,
            Filling::Full if whole => return Some(Tile::shared_full()),
            _ => {}
        }
        let mut reader = Reader::new(self);
        let mut words = [0_u64; 1024];
        for row in rows {
            let start = Vec2::new(f64::from(columns.start) + 0.5, f64::from(row) + 0.5);
            let mut from = back.point(corner + start);
            for column in columns.clone() {
                if reader.get(from) {
                    words[(row * 4 + column / 64) as usize] |= 1 << (column % 64);
                }
                from = from + back.x;
            }
        }
        Some(Arc::new(Tile::from_words(&words)))
    }

    /// What the tiles that a rectangle touches are.
    fn filling(&self, rect: Rect) -> Filling {
        let first = Reader::key_of(rect.min);
        let last = Reader::key_of(rect.max);
        let count = (i64::from(last.x - first.x) + 1) * (i64::from(last.y - first.y) + 1);
        if count > 64 {
            return Filling::Mixed;
        }
        let rows = first.y..=last.y;
        let keys = rows.flat_map(|y| (first.x..=last.x).map(move |x| TileKey { x, y }));
        let (mut empty, mut full) = (true, true);
        for key in keys {
            let tile = self.tiles.get(&key);
            empty &= tile.is_none();
            full &= tile.is_some_and(|tile| tile.is_full());
        }
        match (empty, full) {
            (true, _) => Filling::Empty,
            (_, true) => Filling::Full,
            _ => Filling::Mixed,
        }
    }
}

enum Filling {
    Empty,
    Full,
    Mixed,
}

/// Reads pixels that lie near each other: it holds the tile of the last.
struct Reader<'a> {
    mask: &'a Mask,
    key: TileKey,
    tile: Option<&'a Arc<Tile>>,
}

impl<'a> Reader<'a> {
    fn new(mask: &'a Mask) -> Self {
        let key = TileKey::default();
        Self {
            mask,
            key,
            tile: mask.tile(key),
        }
    }

    fn key_of(p: Point) -> TileKey {
        TileKey::of_pixel(p.x.floor() as i32, p.y.floor() as i32)
    }

    fn get(&mut self, p: Point) -> bool {
        let (x, y) = (p.x.floor() as i32, p.y.floor() as i32);
        let key = TileKey::of_pixel(x, y);
        if key != self.key {
            self.key = key;
            self.tile = self.mask.tile(key);
        }
        self.tile
            .is_some_and(|tile| tile.get((x & 255) as u8, (y & 255) as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Polygon;
    use std::f64::consts::FRAC_PI_2;

    const IMAGE: Rect = Rect {
        min: Point::new(0.0, 0.0),
        max: Point::new(1200.0, 900.0),
    };

    fn blot() -> Mask {
        let mut mask = Mask::default();
        let path = [
            Point::new(300.0, 300.0),
            Point::new(700.0, 420.0),
            Point::new(400.0, 600.0),
        ];
        mask.paint(&path, 60.0, IMAGE);
        mask.erase(&[Point::new(500.0, 400.0)], 17.0, IMAGE);
        mask
    }

    #[test]
    fn moves_are_exact_and_come_back() {
        for (x, y) in [(1, 0), (-300, 77), (256, -512), (1000, 1000)] {
            let moved = blot().translated(x, y);
            assert_eq!(moved.area(), blot().area());
            assert_eq!(moved.get(700 + x, 420 + y), blot().get(700, 420));
            assert_eq!(moved.translated(-x, -y), blot());
        }
        let far = blot().translated(i32::MAX, i32::MAX);
        assert!(far.is_empty());
    }

    #[test]
    fn quarter_turns_and_flips_lose_nothing() {
        for about in [Point::new(512.0, 400.0), Point::new(500.5, 400.5)] {
            let quarter = Affine::rotation(FRAC_PI_2, about);
            let mut turned = blot();
            for step in 0..4 {
                assert!(step == 0 || turned != blot());
                turned = turned.transformed(&quarter, IMAGE.inflated(500.0));
                assert_eq!(turned.area(), blot().area());
            }
            assert_eq!(turned, blot());
            let flip = Affine::flip_horizontal(about);
            let flipped = blot().transformed(&flip, IMAGE);
            assert_ne!(flipped, blot());
            assert_eq!(flipped.transformed(&flip, IMAGE), blot());
        }
    }

    #[test]
    fn a_scaled_square_is_the_scaled_square() {
        let square = |side: f64| {
            let rect = Rect::from_corners(
                Point::new(100.0, 100.0),
                Point::new(100.0 + side, 100.0 + side),
            );
            let polygon = Polygon::from_ring(rect.corners().to_vec());
            (polygon.clone(), Mask::from_polygon(&polygon, IMAGE))
        };
        let (polygon, mask) = square(300.0);
        let map = Affine::scaling(2.0, 2.0, Point::new(100.0, 100.0));
        assert_eq!(mask.transformed(&map, IMAGE), square(600.0).1);
        let turn = Affine::rotation(0.4, Point::new(300.0, 300.0));
        let turned = mask.transformed(&turn, IMAGE);
        let expected = Mask::from_polygon(&polygon.transformed(&turn), IMAGE);
        assert!(turned.xor(&expected).area() < 20);
        let flat = Affine::scaling(0.0, 1.0, Point::default());
        assert!(mask.transformed(&flat, IMAGE).is_empty());
        let away = Affine::translation(Vec2::new(1e300, 0.0));
        assert!(mask.transformed(&away, IMAGE).is_empty());
    }
}
