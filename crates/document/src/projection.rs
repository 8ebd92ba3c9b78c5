//! The document read into model values, kept up to date entry by entry.

mod scope;
mod suggestions;

use crate::layout::{self, Maps, Property};
use crate::{Change, Ignored};
use scope::{Scope, Scopes};
use std::collections::HashSet;
use std::sync::Arc;
pub(crate) use suggestions::Suggestions;
use visionflow_geometry::{Mask, Tile, TileKey};
use visionflow_model::{Annotation, AnnotationId, AnnotationMap, Shape, ShapeKind};
use yrs::{Any, Map as _, Out, ReadTxn};

const NO_ID: &str = "the key is not an annotation's id";
const NO_PROPERTY: &str = "the key is not an annotation's id and a property";

/// The keys of the maps that a transaction touched.
#[derive(Default)]
pub(crate) struct Touched {
    pub(crate) records: Vec<Arc<str>>,
    pub(crate) overrides: Vec<Arc<str>>,
    pub(crate) suggestions: Vec<Arc<str>>,
    pub(crate) verdicts: Vec<Arc<str>>,
}

#[derive(Default)]
pub(crate) struct Projection {
    annotations: AnnotationMap<Annotation>,
    /// The keys of the overrides that exist, also of those without a record.
    overrides: AnnotationMap<Vec<Arc<str>>>,
    /// What annotations were born as that are of another kind now.
    births: AnnotationMap<ShapeKind>,
    suggestions: Suggestions,
}

/// The maps as a transaction sees them.
pub(crate) struct Source<'a, T> {
    pub(crate) txn: &'a T,
    pub(crate) maps: &'a Maps,
}

impl Projection {
    pub(crate) fn get(&self, id: AnnotationId) -> Option<&Annotation> {
        self.annotations.get(&id)
    }

    pub(crate) fn annotations(&self) -> impl ExactSizeIterator<Item = &Annotation> {
        self.annotations.values()
    }

    pub(crate) fn suggestions(&self) -> &Suggestions {
        &self.suggestions
    }

    pub(crate) fn override_keys(&self, id: AnnotationId) -> &[Arc<str>] {
        self.overrides.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The kind of the annotation's record, whatever it was turned into since.
    pub(crate) fn birth(&self, id: AnnotationId) -> Option<ShapeKind> {
        let kind = || self.annotations.get(&id).map(|a| a.shape.kind());
        self.births.get(&id).copied().or_else(kind)
    }

    /// Reads all of a document into an empty projection.
    pub(crate) fn load(&mut self, source: &Source<'_, impl ReadTxn>) -> Change {
        let mut change = Change::default();
        for key in source.maps.overrides.keys(source.txn) {
            match layout::split_override_key(key) {
                Some((id, _)) => self.overrides.entry(id).or_default().push(key.into()),
                None => change.ignore(key, NO_PROPERTY),
            }
        }
        // In one piece: what a growing table leaves behind is never given back in a browser.
        self.annotations
            .reserve(source.maps.records.len(source.txn) as usize);
        for (key, record) in source.maps.records.iter(source.txn) {
            match layout::record_id(key) {
                Some(id) => {
                    let read = self.read(id, key, &record, source, &mut change);
                    self.put(id, read, &mut change);
                }
                None => change.ignore(key, NO_ID),
            }
        }
        self.suggestions
            .load(source, &self.annotations, &mut change);
        change
    }

    /// Reads again what was touched, but for what is `known` to be read as just this; the cost
    /// follows that, not the document.
    pub(crate) fn refresh(
        &mut self,
        touched: Touched,
        source: &Source<'_, impl ReadTxn>,
        mut known: AnnotationMap<Option<Annotation>>,
    ) -> Change {
        let mut change = Change::default();
        let Touched {
            records,
            overrides,
            suggestions,
            verdicts,
        } = touched;
        let mut scopes = Scopes::with_capacity(records.len().saturating_sub(known.len()));
        self.annotations.reserve(known.len());
        for key in records {
            let Some(id) = layout::record_id(&key) else {
                change.ignore(&key, NO_ID);
                continue;
            };
            match known.remove(&id).flatten() {
                // Overrides of an earlier annotation of this id are still to be looked at.
                Some(annotation) if !self.overrides.contains_key(&id) => {
                    debug_assert_eq!(
                        record_of(id, &key, source).as_ref(),
                        Some(&annotation),
                        "what is known of a record is what it says"
                    );
                    self.births.remove(&id);
                    self.put(id, Some(annotation), &mut change);
                }
                _ => scopes.whole(id, || key),
            }
        }
        // Of a first transaction, whose keys nobody noted: there are no overrides yet.
        for (id, annotation) in known {
            self.put(id, annotation, &mut change);
        }
        for key in overrides {
            let Some((id, property)) = layout::split_override_key(&key) else {
                change.ignore(&key, NO_PROPERTY);
                continue;
            };
            let exists = source.maps.overrides.contains_key(source.txn, &key);
            self.index_override(id, &key, exists);
            match Property::from_name(property) {
                Some(Property::Stroke(stroke)) if self.is_mask(id) => scopes.tile(id, stroke.tile),
                _ => scopes.whole(id, || id.to_string().into()),
            }
        }
        self.annotations.reserve(scopes.len());
        for (id, key, scope) in scopes.into_iter() {
            let record = source.maps.records.get(source.txn, &key);
            match (scope, record) {
                (Scope::Tiles(tiles), Some(record)) => {
                    self.read_tiles(id, &record, &tiles, source, &mut change);
                }
                (_, record) => {
                    let read =
                        record.and_then(|record| self.read(id, &key, &record, source, &mut change));
                    self.put(id, read, &mut change);
                }
            }
        }
        let touched = (suggestions, verdicts);
        self.suggestions
            .refresh(touched, source, &self.annotations, &mut change);
        change
    }

    fn is_mask(&self, id: AnnotationId) -> bool {
        let shape = self.annotations.get(&id).map(|a| &a.shape);
        matches!(shape, Some(Shape::Mask(_)))
    }

    fn index_override(&mut self, id: AnnotationId, key: &Arc<str>, exists: bool) {
        let keys = self.overrides.entry(id).or_default();
        let position = keys.iter().position(|known| known == key);
        match (exists, position) {
            (true, None) => keys.push(key.clone()),
            (false, Some(position)) => {
                keys.swap_remove(position);
            }
            _ => {}
        }
        if keys.is_empty() {
            self.overrides.remove(&id);
        }
    }

    fn read(
        &mut self,
        id: AnnotationId,
        key: &str,
        record: &Out,
        source: &Source<'_, impl ReadTxn>,
        change: &mut Change,
    ) -> Option<Annotation> {
        let mut faults = Vec::new();
        let read = layout::read_record(id, plain(record), &mut faults);
        for fault in faults {
            change.ignore(key, &fault);
        }
        let mut annotation = read.map_err(|fault| change.ignore(key, &fault)).ok()?;
        let birth = annotation.shape.kind();
        let (mut properties, mut has_strokes) = (Vec::new(), false);
        let keys = self.override_keys(id);
        for key in keys {
            match key
                .split_once('/')
                .and_then(|(_, name)| Property::from_name(name))
            {
                Some(Property::Stroke(_)) => has_strokes = true,
                Some(property) => properties.push((property, key)),
                None => change.ignore(key, "the property is unknown"),
            }
        }
        if has_strokes {
            let strokes = layout::strokes_of(keys.iter()).into_iter();
            properties.extend(strokes.map(|(stroke, key)| (Property::Stroke(stroke), key)));
        }
        for (property, key) in properties {
            let Some(value) = source.maps.overrides.get(source.txn, key) else {
                continue;
            };
            let value = plain(&value);
            if let Err(fault) = layout::apply_override(&mut annotation, birth, property, value) {
                change.ignore(key, &fault);
            }
        }
        if annotation.shape.kind() == birth {
            self.births.remove(&id);
        } else {
            self.births.insert(id, birth);
        }
        Some(annotation)
    }

    /// Reads some tiles of a mask again, from its geometry and the strokes on them.
    fn read_tiles(
        &mut self,
        id: AnnotationId,
        record: &Out,
        tiles: &HashSet<TileKey>,
        source: &Source<'_, impl ReadTxn>,
        change: &mut Change,
    ) {
        let geometry = source
            .maps
            .overrides
            .get(source.txn, &Property::Geometry.key(id));
        let of_record = match plain(record) {
            Any::Map(map) => map.get("geometry"),
            _ => None,
        };
        let geometry = geometry.as_ref().map(plain).or(of_record);
        let mut shape = Shape::Mask(Mask::default());
        if let (Some(geometry), Shape::Mask(mask)) = (geometry, &mut shape) {
            for key in tiles {
                let tile = layout::read_tile(geometry, *key).unwrap_or_default();
                mask.set_tile(*key, Arc::new(tile));
            }
        }
        let strokes = layout::strokes_of(self.override_keys(id).iter());
        for (stroke, key) in strokes.into_iter().filter(|(s, _)| tiles.contains(&s.tile)) {
            let Some(value) = source.maps.overrides.get(source.txn, key) else {
                continue;
            };
            if let Err(fault) = layout::apply_stroke(&mut shape, stroke.tile, plain(&value)) {
                change.ignore(key, &fault);
            }
        }
        let current = self.annotations.get_mut(&id).map(|a| &mut a.shape);
        if let (Some(Shape::Mask(current)), Shape::Mask(read)) = (current, &shape)
            && replace_tiles(current, read, tiles)
        {
            change.updated.push(id);
        }
    }

    fn put(&mut self, id: AnnotationId, read: Option<Annotation>, change: &mut Change) {
        match read {
            Some(annotation) => match self.annotations.insert(id, annotation) {
                None => change.added.push(id),
                Some(before) if self.annotations.get(&id) != Some(&before) => {
                    change.updated.push(id);
                }
                Some(_) => {}
            },
            None => {
                if self.annotations.remove(&id).is_some() {
                    self.births.remove(&id);
                    change.removed.push(id);
                }
            }
        }
    }
}

/// Puts `tiles` of `read` into `mask`; whether that changed anything.
fn replace_tiles(mask: &mut Mask, read: &Mask, tiles: &HashSet<TileKey>) -> bool {
    let mut changed = false;
    for key in tiles {
        if mask.tile(*key) != read.tile(*key) {
            let tile = read.tile(*key).cloned();
            mask.set_tile(*key, tile.unwrap_or_else(|| Arc::new(Tile::default())));
            changed = true;
        }
    }
    changed
}

/// What the record of `id` says by itself, without overrides.
fn record_of(id: AnnotationId, key: &str, source: &Source<'_, impl ReadTxn>) -> Option<Annotation> {
    let record = source.maps.records.get(source.txn, key)?;
    layout::read_record(id, plain(&record), &mut Vec::new()).ok()
}

/// The plain value of an entry; a shared type in its place reads as nothing we know.
fn plain(value: &Out) -> &Any {
    match value {
        Out::Any(any) => any,
        _ => &Any::Undefined,
    }
}

impl Change {
    fn ignore(&mut self, id: &str, reason: &str) {
        self.ignored.push(Ignored {
            id: id.to_owned(),
            reason: reason.to_owned(),
        });
    }
}
