//! Masks from bytes and run lengths, and polygon operations on whatever numbers.

use crate::{Target, exact, outcome_of};
use visionflow_geometry::{
    Connectivity, Ellipse, Mask, MaskDelta, Point, Polygon, Rect, Simplify, Span, Tile, TileDelta,
    TileKey, min_area_box, smoothed,
};

pub const TILE: Target = Target {
    name: "mask_tile",
    run: |bytes| {
        let tile = Tile::from_bytes(bytes);
        if let Ok(tile) = &tile {
            assert_eq!(Tile::from_bytes(&tile.to_bytes()).as_ref(), Ok(tile));
            assert!(tile.to_bytes().len() <= 8193);
        }
        outcome_of(&tile, |tile| tile.count().checked_ilog2())
    },
    seeds: || tiles().iter().map(Tile::to_bytes).collect(),
};

pub const TILE_DELTA: Target = Target {
    name: "mask_delta",
    run: |bytes| {
        let delta = TileDelta::from_bytes(bytes);
        if let Ok(delta) = &delta {
            let mut change = MaskDelta::default();
            for (x, y) in [(0, 0), (-1, 3), (i32::MAX, i32::MIN)] {
                change.set_tile(TileKey { x, y }, delta.clone());
            }
            let mut mask = Mask::from_spans((0..300).map(|y| Span {
                y,
                start: -9,
                end: 400,
            }));
            mask.apply(&change);
            let areas = mask.to_polygons().iter().map(Polygon::area).sum::<f64>();
            assert_eq!(mask.area(), areas as u64);
        }
        outcome_of(&delta, |delta| delta.set.count().checked_ilog2())
    },
    seeds: || {
        let [a, b, c] = tiles();
        let between = |before: &Tile, after: &Tile| TileDelta::between(before, after).to_bytes();
        vec![between(&a, &b), between(&b, &c), between(&c, &a)]
    },
};

pub const RLE: Target = Target {
    name: "rle",
    run: |bytes| {
        let Some((size, counts)) = bytes.split_first_chunk::<4>() else {
            return 0;
        };
        let [a, b, c, d] = size.map(u32::from);
        // Up to 4,000 × 4,000 pixels, so that a run is short.
        let (width, height) = ((a << 4 | b & 15) % 4000, (c << 4 | d & 15) % 4000);
        let text = String::from_utf8_lossy(counts);
        let mask = Mask::from_rle_string(&text, width, height);
        if let Ok(mask) = &mask {
            let again = mask.to_rle_string(width, height);
            assert_eq!(
                Mask::from_rle_string(&again, width, height).as_ref(),
                Ok(mask)
            );
        }
        outcome_of(&mask, |mask| mask.area().checked_ilog2())
    },
    seeds: || {
        let polygon = Polygon::from_ring(ring(&[3.0, 3.0, 60.0, 9.0, 30.0, 44.0]));
        let clip = Rect::from_size(64.0, 48.0);
        let text = Mask::from_polygon(&polygon, clip).to_rle_string(64, 48);
        let bytes = [&[4, 0, 3, 0], text.as_bytes()].concat();
        vec![bytes, [&[0, 2, 0, 3], &b"6"[..]].concat()]
    },
};

/// Rings of coordinates in 32-bit floating point numbers, NaN and infinities among them; a NaN in x
/// begins a new ring.
pub const POLYGON: Target = Target {
    name: "polygon",
    run: polygon,
    seeds: || {
        let bytes = |numbers: &[f32]| numbers.iter().flat_map(|v| v.to_le_bytes()).collect();
        vec![
            bytes(&[0.0, 0.0, 90.0, 0.0, 90.0, 90.0, 0.0, 90.0]),
            bytes(&[0.0, 0.0, 90.0, 90.0, 90.0, 0.0, 0.0, 90.0]),
            bytes(&[
                0.0,
                0.0,
                9.0,
                0.0,
                9.0,
                9.0,
                f32::NAN,
                0.0,
                1.0,
                1.0,
                4.0,
                1.0,
                4.0,
                4.0,
            ]),
            bytes(&[
                1e30,
                0.0,
                -1e30,
                0.0,
                0.0,
                f32::INFINITY,
                3.0,
                4.0,
                5.0,
                6.0,
            ]),
        ]
    },
};

fn polygon(bytes: &[u8]) -> u64 {
    let numbers = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|b| f32::from_le_bytes(*b));
    let numbers: Vec<f64> = numbers.take(200).map(f64::from).collect();
    let points = ring(&numbers);
    let rings = points.split(|p| p.x.is_nan()).map(<[Point]>::to_vec);
    let polygon = Polygon {
        rings: rings.collect(),
    };
    let square = Polygon::from_ring(Rect::from_size(50.0, 50.0).corners().to_vec());
    let parts = polygon.repaired();
    let cut = polygon.sliced(&points[..points.len().min(4)]);
    let joined = polygon.union(&square).len() + polygon.difference(&square).len();
    let simple = polygon.simplified(Simplify::Distance(2.0));
    let thinner = polygon.simplified(Simplify::Area(2.0));
    assert!(simple.vertex_count().max(thinner.vertex_count()) <= polygon.vertex_count());
    let mask = Mask::from_polygon(&polygon, Rect::from_size(300.0, 200.0));
    assert_eq!(mask.to_polygon().area(), mask.area() as f64);
    let fill = mask.filled().components(Connectivity::Eight).len();
    let around = min_area_box(polygon.points());
    let ellipse = Ellipse::fitted(&polygon).map(|ellipse| ellipse.to_polygon(0.5).vertex_count());
    let path = smoothed(&points, 1.0).len();
    let place = polygon.snap(Point::new(3.0, 4.0), 10.0);
    let shared = polygon.share_border(&points, 5.0);
    let crossing = polygon.self_intersects();
    let sizes = [parts.len(), cut.len(), joined, fill].map(|count| count.min(4));
    let found = (
        around.is_some(),
        ellipse,
        path > 2,
        place.is_some(),
        shared.is_some(),
    );
    exact(&(sizes, found, crossing))
}

fn ring(numbers: &[f64]) -> Vec<Point> {
    let pairs = numbers.as_chunks::<2>().0.iter();
    pairs.map(|[x, y]| Point::new(*x, *y)).collect()
}

fn tiles() -> [Tile; 3] {
    let mut drawn = Tile::default();
    for y in 0..200 {
        drawn.insert(y, u16::from(y / 2)..220);
    }
    let mut noise = drawn.clone();
    for (word, i) in noise.words_mut().iter_mut().zip(0_u64..) {
        *word ^= i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    [Tile::full(), drawn, noise]
}
