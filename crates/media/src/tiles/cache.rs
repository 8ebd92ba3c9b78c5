//! What a frame draws of a tiled picture, and what is loaded, cancelled and forgotten for it.
//!
//! Coarse tiles come first and stay under finer ones that are still on their way. Memory has one
//! fixed budget: what was not looked at longest goes first, and a view that would need more than
//! the budget at once is shown from a coarser level.

use super::{Pyramid, TileId};
use std::collections::{HashMap, HashSet};
use visionflow_geometry::Rect;
use visionflow_geometry::sort_by;

/// A level of at most so many tiles is loaded whole and kept: it is what shows under everything.
const BASE_TILES: usize = 16;
/// Tiles that are asked for at the same time.
const IN_FLIGHT: usize = 8;
/// Finer tiles that may fill in while the right ones are on their way, as after zooming out.
const FINER: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Loading,
    Ready { bytes: usize, last_used: u64 },
    Failed,
}

/// What one frame asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// In drawing order: later tiles lie over earlier ones.
    pub draw: Vec<TileId>,
    /// Most wanted first.
    pub load: Vec<TileId>,
    /// On their way, and no longer wanted.
    pub cancel: Vec<TileId>,
    /// To be freed.
    pub forget: Vec<TileId>,
}

/// Which tiles of one picture are there.
#[derive(Debug)]
pub struct TileCache {
    pyramid: Pyramid,
    entries: HashMap<TileId, Entry>,
    budget_bytes: usize,
    used_bytes: usize,
    loading: usize,
    frames: u64,
    is_complete: bool,
}

impl TileCache {
    /// Keeps tiles of at most `budget_bytes` in all.
    pub fn new(pyramid: Pyramid, budget_bytes: usize) -> Self {
        Self {
            pyramid,
            entries: HashMap::new(),
            budget_bytes,
            used_bytes: 0,
            loading: 0,
            frames: 0,
            is_complete: false,
        }
    }

    pub fn pyramid(&self) -> &Pyramid {
        &self.pyramid
    }

    /// Whether a tile is there.
    pub fn has(&self, tile: TileId) -> bool {
        self.is_ready(&tile)
    }

    /// Bytes of all tiles that are there.
    pub fn used_bytes(&self) -> usize {
        self.used_bytes
    }

    /// Whether the last frame had every tile it wanted in full resolution.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// What to do for a view of `visible` (pixels of the upright picture) at `scale` device
    /// pixels per pixel of the picture; tiles in `load` count as on their way from here on.
    pub fn frame(&mut self, visible: Rect, scale: f64) -> Frame {
        self.frames += 1;
        let level = self.level_within_budget(visible, scale);
        let wanted = self.wanted(level, visible);
        for tile in &wanted {
            if let Some(Entry::Ready { last_used, .. }) = self.entries.get_mut(tile) {
                *last_used = self.frames;
            }
        }
        let draw = self.drawn(level, visible);
        for tile in &draw {
            if let Some(Entry::Ready { last_used, .. }) = self.entries.get_mut(tile) {
                *last_used = self.frames;
            }
        }
        let keep: HashSet<TileId> = wanted.iter().copied().collect();
        let cancel: Vec<TileId> = self
            .entries
            .iter()
            .filter(|(tile, entry)| **entry == Entry::Loading && !keep.contains(tile))
            .map(|(tile, _)| *tile)
            .collect();
        for tile in &cancel {
            self.entries.remove(tile);
            self.loading -= 1;
        }
        let room = IN_FLIGHT.saturating_sub(self.loading);
        let load: Vec<TileId> = wanted
            .into_iter()
            .filter(|tile| !self.entries.contains_key(tile))
            .take(room)
            .collect();
        for tile in &load {
            self.entries.insert(*tile, Entry::Loading);
            self.loading += 1;
        }
        Frame {
            draw,
            load,
            cancel,
            forget: self.over_budget(),
        }
    }

    /// A tile has come; `false` when nobody waits for it any more.
    pub fn arrived(&mut self, tile: TileId, bytes: usize) -> bool {
        if self.entries.get(&tile) != Some(&Entry::Loading) {
            return false;
        }
        self.loading -= 1;
        self.used_bytes += bytes;
        let last_used = self.frames;
        self.entries.insert(tile, Entry::Ready { bytes, last_used });
        true
    }

    /// A tile cannot be had; it is not asked for again.
    pub fn failed(&mut self, tile: TileId) {
        if self.entries.get(&tile) == Some(&Entry::Loading) {
            self.loading -= 1;
            self.entries.insert(tile, Entry::Failed);
        }
    }

    /// The GPU forgot everything: all that is needed is loaded again.
    pub fn forget_all(&mut self) {
        self.entries.retain(|_, entry| *entry == Entry::Loading);
        self.used_bytes = 0;
        self.is_complete = false;
    }

    /// The level that the scale asks for, or the finest that fits into half the budget.
    fn level_within_budget(&self, visible: Rect, scale: f64) -> usize {
        let levels = &self.pyramid.levels;
        let mut level = self.pyramid.level_for(scale);
        while level + 1 < levels.len() {
            let tiles = self.pyramid.count_in(level, visible);
            if tiles.saturating_mul(self.tile_bytes(level)) <= self.budget_bytes / 2 {
                break;
            }
            level += 1;
        }
        level
    }

    /// Every tile that the view can use, most wanted first.
    fn wanted(&self, level: usize, visible: Rect) -> Vec<TileId> {
        let pyramid = &self.pyramid;
        let mut wanted = Vec::new();
        let base = pyramid.levels.len().saturating_sub(1);
        let (cols, rows) = pyramid.levels[base].grid();
        if cols as usize * rows as usize <= BASE_TILES {
            let (width, height) = pyramid.size();
            let all = Rect::from_size(f64::from(width), f64::from(height));
            wanted.extend(pyramid.tiles_in(base, all, 0));
        }
        for coarse in [level + 4, level + 2] {
            if coarse < base {
                wanted.extend(self.around_center(coarse, visible, 0));
            }
        }
        wanted.extend(self.around_center(level, visible, 0));
        wanted.extend(self.around_center(level, visible, 1));
        let mut seen = HashSet::new();
        wanted.retain(|tile| seen.insert(*tile));
        // The ring is a luxury: what does not fit into the budget would push out what is in view.
        wanted.truncate((self.budget_bytes / self.tile_bytes(level)).max(1));
        wanted
    }

    /// The most bytes that a tile of a level has on the GPU.
    fn tile_bytes(&self, level: usize) -> usize {
        let level = &self.pyramid.levels[level];
        (level.tile_width as usize * level.tile_height as usize * 4).max(1)
    }

    /// Tiles of a level, those in the middle of the view first.
    fn around_center(&self, level: usize, visible: Rect, ring: u32) -> Vec<TileId> {
        let center = visible.center();
        let distance = |tile: &TileId| self.pyramid.rect(*tile).center().distance(center);
        let mut tiles: Vec<_> = self.pyramid.tiles_in(level, visible, ring).collect();
        sort_by(&mut tiles, |a, b| distance(a).total_cmp(&distance(b)));
        tiles
    }

    fn is_ready(&self, tile: &TileId) -> bool {
        matches!(self.entries.get(tile), Some(Entry::Ready { .. }))
    }

    fn drawn(&mut self, level: usize, visible: Rect) -> Vec<TileId> {
        let ready = |level: usize| -> Vec<TileId> {
            let tiles = self.pyramid.tiles_in(level, visible, 0);
            tiles.filter(|tile| self.is_ready(tile)).collect()
        };
        let target = ready(level);
        let is_complete = target.len() == self.pyramid.count_in(level, visible);
        let mut draw = Vec::new();
        if !is_complete {
            for coarse in (level + 1..self.pyramid.levels.len()).rev() {
                draw.extend(ready(coarse));
            }
            if level > 0 && self.pyramid.count_in(level - 1, visible) <= FINER {
                draw.extend(ready(level - 1));
            }
        }
        draw.extend(target);
        self.is_complete = is_complete;
        draw
    }

    /// Tiles to free, longest unused first; what the last frame used stays.
    fn over_budget(&mut self) -> Vec<TileId> {
        if self.used_bytes <= self.budget_bytes {
            return Vec::new();
        }
        let mut old: Vec<(u64, TileId, usize)> = self
            .entries
            .iter()
            .filter_map(|(tile, entry)| match *entry {
                Entry::Ready { bytes, last_used } if last_used < self.frames => {
                    Some((last_used, *tile, bytes))
                }
                _ => None,
            })
            .collect();
        old.sort_unstable();
        let mut forget = Vec::new();
        for (_, tile, bytes) in old {
            if self.used_bytes <= self.budget_bytes {
                break;
            }
            self.used_bytes -= bytes;
            self.entries.remove(&tile);
            forget.push(tile);
        }
        forget
    }
}

#[cfg(test)]
mod tests;
