//! Which tiles of which masks lie in the atlas on the GPU.
//!
//! A place of the atlas holds 256 × 256 texels of one byte. At full zoom a texel is a pixel of the
//! image; zoomed out it is the share of a square of 2ᵏ pixels that is in the mask, so that what is
//! resident follows the screen and not the mask.
//! A texel's bytes come from the bitmaps when they are uploaded, and are kept nowhere else.
//! Tiles are known by their bitmaps' addresses: a stroke's preview, which shares all other tiles
//! with the mask before it, uploads what the stroke touched.

mod texels;

use crate::draw_list::{MaskTexels, MaskTiles};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use visionflow_geometry::{Mask, Point, Rect, TILE_SIZE, Tile, TileKey};

/// Places kept for what may be needed again; 64 MiB of texels.
const BUDGET: usize = 1024;
/// More than this never: what is in view does not need it.
const MAX_PLACES: usize = 4096;
/// Coarser texels than 256 pixels are never needed: the camera's range ends there.
const MAX_LEVEL: u8 = 8;

/// Who shows a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The annotation in this slot.
    Slot(u32),
    /// One of the overlay's shapes.
    Overlay(u32),
}

/// A tile in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShownTile {
    /// In image space.
    pub rect: Rect,
    pub place: u32,
    /// The places of the eight tiles around it, plus one; zero where there is none.
    pub neighbours: [u32; 8],
}

/// The texels' origin: bitmaps with their column and row in the group that makes the tile.
type Sources = Vec<(u16, u16, Arc<Tile>)>;
type Key = (u8, u64);

/// The places of the atlas and who uses them.
#[derive(Debug, Default)]
pub struct MaskAtlas {
    /// What is worth showing, in image space.
    view: Option<Rect>,
    level: u8,
    /// A tile found no place.
    is_full: bool,
    places: Vec<Option<Resident>>,
    by_key: HashMap<Key, u32>,
    owners: HashMap<Owner, Vec<u32>>,
    /// Places in use by nobody, least recently used first.
    idle: VecDeque<u32>,
    free: Vec<u32>,
    changed: Vec<u32>,
}

#[derive(Debug)]
struct Resident {
    key: Key,
    sources: Sources,
    users: u32,
}

impl MaskAtlas {
    /// Takes what part of the image is worth showing, and at how many device pixels (as a power of
    /// two) a pixel.
    pub fn look_at(&mut self, view: Rect, zoom_level: i8) {
        self.view = Some(view);
        self.level = (-(i16::from(zoom_level) + 1)).clamp(0, i16::from(MAX_LEVEL)) as u8;
        self.is_full = false;
    }

    /// Whether anyone shows a mask.
    pub fn is_in_use(&self) -> bool {
        !self.owners.is_empty()
    }

    /// Whether there was no room for a tile since the last call; from here on texels are coarser,
    /// and all masks are to be shown again.
    pub fn coarsen_if_full(&mut self) -> bool {
        let coarsens = std::mem::take(&mut self.is_full) && self.level < MAX_LEVEL;
        if coarsens {
            self.level += 1;
            // What they hold now would be in the way.
            self.clear();
        }
        coarsens
    }

    /// The tiles of `mask` that are in view, resident from here on for `owner` in place of what
    /// it showed before.
    pub fn show(&mut self, mask: &Mask, owner: Owner) -> Vec<ShownTile> {
        let side = f64::from(TILE_SIZE) * f64::from(1_u32 << self.level);
        let mut groups: BTreeMap<(i32, i32), Sources> = BTreeMap::new();
        for (key, tile) in mask.tiles() {
            let (group, column, row) = group_of(key, self.level);
            let min = Point::new(f64::from(group.0) * side, f64::from(group.1) * side);
            let rect = Rect {
                min,
                max: Point::new(min.x + side, min.y + side),
            };
            if self.view.is_none_or(|view| view.intersects(rect)) {
                let sources = groups.entry(group).or_default();
                sources.push((column, row, Arc::clone(tile)));
            }
        }
        let mut places = BTreeMap::new();
        for (group, sources) in groups {
            if let Some(place) = self.acquire(sources) {
                places.insert(group, place);
            }
        }
        self.hand_over(owner, places.values().copied().collect());
        let shown = |(&(x, y), &place): (&(i32, i32), &u32)| {
            let around = [
                (-1, -1),
                (0, -1),
                (1, -1),
                (-1, 0),
                (1, 0),
                (-1, 1),
                (0, 1),
                (1, 1),
            ];
            let neighbour = |(dx, dy)| places.get(&(x + dx, y + dy)).map_or(0, |place| place + 1);
            let min = Point::new(f64::from(x) * side, f64::from(y) * side);
            ShownTile {
                rect: Rect {
                    min,
                    max: Point::new(min.x + side, min.y + side),
                },
                place,
                neighbours: around.map(neighbour),
            }
        };
        places.iter().map(shown).collect()
    }

    /// `owner` shows nothing any more; its places stay filled until they are needed.
    pub fn release(&mut self, owner: Owner) {
        self.hand_over(owner, Vec::new());
    }

    pub fn clear(&mut self) {
        let owners: Vec<_> = self.owners.keys().copied().collect();
        for owner in owners {
            self.release(owner);
        }
    }

    /// The GPU forgot everything.
    pub fn mark_all(&mut self) {
        let filled =
            |(place, resident): (usize, &Option<Resident>)| resident.as_ref().map(|_| place as u32);
        self.changed = self.places.iter().enumerate().filter_map(filled).collect();
    }

    /// Writes what changed since the last call.
    pub fn publish(&mut self, tiles: &mut MaskTiles) {
        let capacity = MaskTiles::capacity_for(self.places.len() as u32);
        if capacity > tiles.capacity {
            // A larger atlas has other places: it is filled anew with what is in use.
            tiles.capacity = capacity;
            for place in std::mem::take(&mut self.idle) {
                self.forget(place);
                self.free.push(place);
            }
            self.mark_all();
        }
        tiles.changed.clear();
        self.changed.sort_unstable();
        self.changed.dedup();
        for place in self.changed.drain(..) {
            if let Some(resident) = &self.places[place as usize] {
                let texels = texels::fill(&resident.sources, resident.key.0);
                tiles.changed.push(MaskTexels { place, texels });
            }
        }
    }

    /// A place with these texels, counted as used once more.
    fn acquire(&mut self, sources: Sources) -> Option<u32> {
        let mut hasher = DefaultHasher::new();
        for (column, row, tile) in &sources {
            (column, row, Arc::as_ptr(tile).addr()).hash(&mut hasher);
        }
        let key = (self.level, hasher.finish());
        if let Some(&place) = self.by_key.get(&key) {
            self.take_up(place);
            return Some(place);
        }
        let place = self.vacate()?;
        let users = 1;
        self.places[place as usize] = Some(Resident {
            key,
            sources,
            users,
        });
        self.by_key.insert(key, place);
        self.changed.push(place);
        Some(place)
    }

    fn take_up(&mut self, place: u32) {
        if let Some(resident) = &mut self.places[place as usize] {
            if resident.users == 0 {
                self.idle.retain(|idle| *idle != place);
            }
            resident.users += 1;
        }
    }

    /// A place to fill: a free one, a new one within the budget, the least recently used one, or
    /// one beyond the budget when all are in use.
    fn vacate(&mut self) -> Option<u32> {
        if let Some(place) = self.free.pop() {
            return Some(place);
        }
        if self.places.len() >= BUDGET
            && let Some(place) = self.idle.pop_front()
        {
            self.forget(place);
            return Some(place);
        }
        if self.places.len() >= MAX_PLACES {
            if let Some(place) = self.idle.pop_front() {
                self.forget(place);
                return Some(place);
            }
            self.is_full = true;
            return None;
        }
        self.places.push(None);
        Some(self.places.len() as u32 - 1)
    }

    fn forget(&mut self, place: u32) {
        if let Some(resident) = self.places[place as usize].take() {
            self.by_key.remove(&resident.key);
        }
    }

    /// Replaces what an owner uses; what it used and does no more is put down.
    fn hand_over(&mut self, owner: Owner, now: Vec<u32>) {
        let before = if now.is_empty() {
            self.owners.remove(&owner)
        } else {
            self.owners.insert(owner, now)
        };
        for place in before.into_iter().flatten() {
            let Some(resident) = &mut self.places[place as usize] else {
                continue;
            };
            resident.users -= 1;
            if resident.users > 0 {
                continue;
            }
            self.idle.push_back(place);
            if self.idle.len() > BUDGET
                && let Some(oldest) = self.idle.pop_front()
            {
                self.forget(oldest);
                self.free.push(oldest);
            }
        }
    }
}

/// The group that a tile belongs to at a level, and its place in it.
fn group_of(key: TileKey, level: u8) -> ((i32, i32), u16, u16) {
    let side = 1 << level;
    let group = (key.x.div_euclid(side), key.y.div_euclid(side));
    let (column, row) = (key.x.rem_euclid(side), key.y.rem_euclid(side));
    (group, column as u16, row as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use visionflow_geometry::Span;

    const ALL: Rect = Rect {
        min: Point::new(-1e6, -1e6),
        max: Point::new(1e6, 1e6),
    };

    fn bar(y: i32, end: i32) -> Mask {
        let mut mask = Mask::default();
        mask.insert(Span { y, start: 0, end });
        mask
    }

    /// Room for everything, so that nothing is uploaded because the atlas grew.
    fn uploaded(atlas: &mut MaskAtlas) -> usize {
        let mut tiles = MaskTiles {
            capacity: 1 << 20,
            ..MaskTiles::default()
        };
        atlas.publish(&mut tiles);
        tiles.changed.len()
    }

    #[test]
    fn a_stroke_uploads_the_tiles_it_touched() {
        let mut atlas = MaskAtlas::default();
        atlas.look_at(ALL, 0);
        let mut mask = bar(0, 2000);
        assert_eq!(atlas.show(&mask, Owner::Slot(0)).len(), 8);
        assert_eq!(uploaded(&mut atlas), 8);
        mask.insert(Span {
            y: 9,
            start: 300,
            end: 310,
        });
        let shown = atlas.show(&mask, Owner::Overlay(0));
        assert_eq!(uploaded(&mut atlas), 1);
        assert_eq!(shown[0].neighbours[4], shown[1].place + 1);
        assert_eq!(shown[0].neighbours[3], 0);
    }

    #[test]
    fn only_what_is_in_view_is_resident_and_far_away_it_is_coarse() {
        let mut atlas = MaskAtlas::default();
        let view = Rect::from_size(100.0, 100.0);
        atlas.look_at(view, 0);
        let mask = bar(0, 2000);
        assert_eq!(atlas.show(&mask, Owner::Slot(0)).len(), 1);
        // A quarter of a device pixel for a pixel: four tiles side by side make one.
        atlas.look_at(ALL, -3);
        assert_eq!(atlas.show(&mask, Owner::Slot(0)).len(), 2);
        atlas.release(Owner::Slot(0));
        assert!(atlas.owners.is_empty());
    }

    #[test]
    fn what_has_no_room_is_shown_more_coarsely() {
        let mut atlas = MaskAtlas::default();
        atlas.look_at(ALL, 0);
        // Unlike tiles, or one place would do for all of them.
        let mut mask = Mask::default();
        for n in 0..5000 {
            let start = n % 100 * 256 + n % 200;
            mask.insert(Span {
                y: n / 100 * 256 + n / 200,
                start,
                end: start + 1,
            });
        }
        assert_eq!(atlas.show(&mask, Owner::Slot(0)).len(), MAX_PLACES);
        assert!(atlas.coarsen_if_full());
        assert_eq!(atlas.show(&mask, Owner::Slot(0)).len(), 1250);
        assert!(!atlas.coarsen_if_full());
    }

    #[test]
    fn places_are_given_back_and_the_budget_holds() {
        let mut atlas = MaskAtlas::default();
        atlas.look_at(ALL, 0);
        for round in 0..3 {
            for y in 0..600 {
                atlas.show(&bar(y + round, 500), Owner::Slot(0));
            }
        }
        assert!(atlas.places.len() <= BUDGET + 4, "{}", atlas.places.len());
        assert_eq!(uploaded(&mut atlas), atlas.places.len());
        atlas.mark_all();
        let filled = atlas.places.iter().flatten().count();
        assert_eq!(uploaded(&mut atlas), filled);
    }
}
