//! What a stroke changes of a mask.

use super::tile::{BadTile, Tile, read_var_uint, write_var_uint};
use super::{Mask, TileKey};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a stroke puts in and takes out, tile by tile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MaskDelta {
    tiles: BTreeMap<TileKey, Arc<TileDelta>>,
}

/// What becomes of one tile; no pixel is both set and cleared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TileDelta {
    pub set: Tile,
    pub clear: Tile,
}

impl MaskDelta {
    /// What makes `after` of `before`.
    pub fn between(before: &Mask, after: &Mask) -> Self {
        let added = after.tiles.keys();
        let added = added.filter(|key| !before.tiles.contains_key(key));
        let mut tiles = BTreeMap::new();
        for key in before.tiles.keys().chain(added) {
            let (old, new) = (before.tiles.get(key), after.tiles.get(key));
            if let (Some(old), Some(new)) = (old, new)
                && Arc::ptr_eq(old, new)
            {
                continue;
            }
            let empty = Arc::default();
            let delta = TileDelta::between(old.unwrap_or(&empty), new.unwrap_or(&empty));
            if !delta.is_empty() {
                tiles.insert(*key, Arc::new(delta));
            }
        }
        Self { tiles }
    }

    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// What takes the change back, on a mask to which it was applied in full.
    pub fn inverse(&self) -> Self {
        let swap = |delta: &TileDelta| TileDelta {
            set: delta.clear.clone(),
            clear: delta.set.clone(),
        };
        let tiles = self.tiles.iter();
        Self {
            tiles: tiles.map(|(key, d)| (*key, Arc::new(swap(d)))).collect(),
        }
    }

    pub fn tiles(&self) -> impl ExactSizeIterator<Item = (TileKey, &TileDelta)> {
        self.tiles.iter().map(|(key, tile)| (*key, &**tile))
    }

    /// Puts the change of one tile in place of what was there; an empty one takes it away.
    pub fn set_tile(&mut self, key: TileKey, delta: TileDelta) {
        if delta.is_empty() {
            self.tiles.remove(&key);
        } else {
            self.tiles.insert(key, Arc::new(delta));
        }
    }
}

impl TileDelta {
    pub fn between(before: &Tile, after: &Tile) -> Self {
        let (before, after) = (before.words(), after.words());
        let only = |of: &[u64; 1024], not: &[u64; 1024]| {
            Tile::from_words(&std::array::from_fn(|word| of[word] & !not[word]))
        };
        Self {
            set: only(&after, &before),
            clear: only(&before, &after),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.clear.is_empty()
    }

    /// The bytes that stand for it in a document: the length of the set pixels' bytes, both tiles'.
    pub fn to_bytes(&self) -> Vec<u8> {
        let set = self.set.to_bytes();
        let mut bytes = Vec::with_capacity(set.len() + 16);
        write_var_uint(&mut bytes, set.len() as u32);
        bytes.extend(set);
        bytes.extend(self.clear.to_bytes());
        bytes
    }

    /// Reads [`TileDelta::to_bytes`]; never panics, whatever the bytes.
    pub fn from_bytes(mut bytes: &[u8]) -> Result<Self, BadTile> {
        let length = read_var_uint(&mut bytes)? as usize;
        let (set, clear) = bytes.split_at_checked(length).ok_or(BadTile::Short)?;
        Ok(Self {
            set: Tile::from_bytes(set)?,
            clear: Tile::from_bytes(clear)?,
        })
    }
}

impl Tile {
    /// Takes out what the delta clears and puts in what it sets.
    pub fn apply(&mut self, delta: &TileDelta) {
        let (set, clear) = (delta.set.words(), delta.clear.words());
        let changes = set.iter().zip(&*clear);
        for (word, (set, clear)) in self.words_mut().iter_mut().zip(changes) {
            *word = *word & !clear | set;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Span;

    #[test]
    fn a_delta_makes_one_mask_of_another() {
        let span = |y, start, end| Span { y, start, end };
        let mut before = Mask::default();
        before.insert(span(5, 0, 600));
        let mut after = before.clone();
        after.remove(span(5, 100, 300));
        after.insert(span(900, 3, 4));
        let delta = MaskDelta::between(&before, &after);
        assert_eq!(delta.tiles().len(), 3);
        let mut result = before.clone();
        result.apply(&delta);
        assert_eq!(result, after);
        for (_, tile) in delta.tiles() {
            assert_eq!(TileDelta::from_bytes(&tile.to_bytes()).as_ref(), Ok(tile));
        }
    }
}
