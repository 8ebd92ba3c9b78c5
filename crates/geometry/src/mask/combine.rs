//! Union, difference, intersection and symmetric difference of masks, tile by tile.

use super::{Mask, Tile};
use std::sync::Arc;

impl Mask {
    /// The pixels of either.
    pub fn union(&self, other: &Self) -> Self {
        self.merged(other, |a, b| a | b)
    }

    /// Adds the pixels of the other, at the cost of those alone.
    pub fn unite(&mut self, other: &Self) {
        for (key, tile) in other.tiles() {
            let tile = match self.tiles.get(&key) {
                Some(own) => combined(own, tile, |a, b| a | b),
                None => tile.clone(),
            };
            self.put(key, tile);
        }
    }

    /// The pixels of this one that the other does not have.
    pub fn subtract(&self, other: &Self) -> Self {
        let mut result = self.clone();
        // Through the smaller of the two: they may share little.
        let small = if self.tiles.len() < other.tiles.len() {
            self
        } else {
            other
        };
        for key in small.tiles.keys() {
            if let (Some(own), Some(tile)) = (self.tiles.get(key), other.tiles.get(key)) {
                result.put(*key, combined(own, tile, |a, b| a & !b));
            }
        }
        result
    }

    /// The pixels of both.
    pub fn intersect(&self, other: &Self) -> Self {
        let mut result = Self::default();
        for (key, tile) in other.tiles() {
            if let Some(own) = self.tiles.get(&key) {
                result.put(key, combined(own, tile, |a, b| a & b));
            }
        }
        result
    }

    /// The pixels of exactly one.
    pub fn xor(&self, other: &Self) -> Self {
        self.merged(other, |a, b| a ^ b)
    }

    /// Whether they share a pixel.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.tiles.iter().any(|(key, tile)| {
            other.tiles.get(key).is_some_and(|theirs| {
                let (own, theirs) = (tile.words(), theirs.words());
                own.iter().zip(&*theirs).any(|(a, b)| a & b != 0)
            })
        })
    }

    /// For operations that keep what only one of the two has.
    fn merged(&self, other: &Self, operation: impl Fn(u64, u64) -> u64) -> Self {
        let mut result = self.clone();
        for (key, tile) in other.tiles() {
            let tile = match self.tiles.get(&key) {
                Some(own) => combined(own, tile, &operation),
                None => tile.clone(),
            };
            result.put(key, tile);
        }
        result
    }
}

fn combined(a: &Tile, b: &Tile, operation: impl Fn(u64, u64) -> u64) -> Arc<Tile> {
    let (a, b) = (a.words(), b.words());
    Arc::new(Tile::from_words(&std::array::from_fn(|word| {
        operation(a[word], b[word])
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Span;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    type Pixels = BTreeSet<(i32, i32)>;

    fn pixels(mask: &Mask) -> Pixels {
        let spans = mask.runs().into_iter();
        spans
            .flat_map(|span| (span.start..span.end).map(move |x| (x, span.y)))
            .collect()
    }

    fn masks() -> impl Strategy<Value = Mask> {
        let span = (-300..300_i32, -300..300_i32, 0..400_i32).prop_map(|(y, start, length)| Span {
            y: y / 100,
            start,
            end: start + length,
        });
        proptest::collection::vec(span, 0..12).prop_map(Mask::from_spans)
    }

    proptest! {
        #[test]
        fn operations_are_those_of_sets(a in masks(), b in masks()) {
            let (p, q) = (pixels(&a), pixels(&b));
            prop_assert_eq!(pixels(&a.union(&b)), &p | &q);
            let mut united = a.clone();
            united.unite(&b);
            prop_assert_eq!(united, a.union(&b));
            prop_assert_eq!(pixels(&a.subtract(&b)), &p - &q);
            prop_assert_eq!(pixels(&a.intersect(&b)), &p & &q);
            prop_assert_eq!(pixels(&a.xor(&b)), &p ^ &q);
            prop_assert_eq!(a.overlaps(&b), !p.is_disjoint(&q));
            prop_assert_eq!(a.area(), p.len() as u64);
            prop_assert_eq!(a.area() + b.area(), a.union(&b).area() + a.intersect(&b).area());
        }

        #[test]
        fn a_delta_leads_there_and_back(a in masks(), b in masks()) {
            let delta = crate::MaskDelta::between(&a, &b);
            let mut mask = a.clone();
            mask.apply(&delta);
            prop_assert_eq!(&mask, &b);
            mask.apply(&delta.inverse());
            prop_assert_eq!(&mask, &a);
        }
    }
}
