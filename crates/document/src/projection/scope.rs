//! How much of each touched annotation is to be read again.

use std::collections::HashSet;
use std::sync::Arc;
use visionflow_geometry::TileKey;
use visionflow_model::{AnnotationId, AnnotationMap, ById};

pub(super) enum Scope {
    Whole,
    /// Strokes only: these tiles of a mask.
    Tiles(HashSet<TileKey>),
}

/// The touched annotations in the order in which they were first touched, with their records' keys.
pub(super) struct Scopes {
    places: AnnotationMap<usize>,
    list: Vec<(AnnotationId, Arc<str>, Scope)>,
}

impl Scopes {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            places: AnnotationMap::with_capacity_and_hasher(capacity, ById::default()),
            list: Vec::with_capacity(capacity),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn whole(&mut self, id: AnnotationId, key: impl FnOnce() -> Arc<str>) {
        if let Some(place) = self.places.get(&id) {
            self.list[*place].2 = Scope::Whole;
        } else {
            self.add(id, key(), Scope::Whole);
        }
    }

    pub(super) fn tile(&mut self, id: AnnotationId, tile: TileKey) {
        if let Some(place) = self.places.get(&id) {
            if let Scope::Tiles(tiles) = &mut self.list[*place].2 {
                tiles.insert(tile);
            }
        } else {
            let tiles = HashSet::from([tile]);
            self.add(id, id.to_string().into(), Scope::Tiles(tiles));
        }
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = (AnnotationId, Arc<str>, Scope)> {
        self.list.into_iter()
    }

    fn add(&mut self, id: AnnotationId, key: Arc<str>, scope: Scope) {
        self.places.insert(id, self.list.len());
        self.list.push((id, key, scope));
    }
}
