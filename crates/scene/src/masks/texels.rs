//! Bitmaps to texels.

use super::Sources;

const SIDE: usize = 256;

/// The bytes of a tile whose texels are squares of 2ᵏ pixels: the share that is in, 255 for all.
pub fn fill(sources: &Sources, level: u8) -> Box<[u8]> {
    let mut texels = vec![0; SIDE * SIDE].into_boxed_slice();
    // How many texels along a side each bitmap fills.
    let part = SIDE >> level;
    for (column, row, tile) in sources {
        let (left, top) = (usize::from(*column) * part, usize::from(*row) * part);
        let words = tile.words();
        for y in 0..part {
            let start = (top + y) * SIDE + left;
            for (x, texel) in texels[start..start + part].iter_mut().enumerate() {
                *texel = share(&*words, level, x, y);
            }
        }
    }
    texels
}

/// How much of a square of 2ᵏ pixels is in, as a byte.
fn share(words: &[u64], level: u8, x: usize, y: usize) -> u8 {
    let side = 1_usize << level;
    let mut count = 0_u32;
    for row in y * side..(y + 1) * side {
        let row = &words[row * 4..row * 4 + 4];
        if side >= 64 {
            let first = x * side / 64;
            count += row[first..first + side / 64]
                .iter()
                .map(|word| word.count_ones())
                .sum::<u32>();
        } else {
            let column = x * side;
            let bits = row[column / 64] >> (column % 64);
            count += (bits & ((1 << side) - 1)).count_ones();
        }
    }
    let all = (side * side) as u32;
    ((count * 255 + all / 2) / all) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use visionflow_geometry::Tile;

    #[test]
    fn texels_are_shares_of_their_square() {
        let mut tile = Tile::default();
        tile.insert(0, 0..3);
        tile.insert(1, 0..1);
        let sources = vec![(0, 0, Arc::new(tile))];
        let fine = fill(&sources, 0);
        assert_eq!((fine[2], fine[3], fine[256]), (255, 0, 255));
        let coarse = fill(&sources, 1);
        assert_eq!((coarse[0], coarse[1]), (191, 64));
    }

    #[test]
    fn bitmaps_lie_side_by_side_at_any_level() {
        for level in 0..=8_u8 {
            let last = (1 << level) - 1;
            let sources = vec![(last, last, Tile::shared_full())];
            let texels = fill(&sources, level);
            let filled = texels
                .iter()
                .map(|texel| usize::from(*texel) / 255)
                .sum::<usize>();
            assert_eq!(filled, (256 >> level) * (256 >> level));
            assert_eq!(texels[65_535], 255);
        }
    }
}
