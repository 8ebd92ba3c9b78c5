//! The document read into model values, kept up to date entry by entry.

use crate::layout;
use crate::{Change, Ignored};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use visionflow_model::{Annotation, AnnotationId};
use yrs::{Any, Map, MapRef, Out, ReadTxn};

const NO_ID: &str = "the key is not an annotation's id";
const NO_PROPERTY: &str = "the key is not an annotation's id and a property";

/// The keys of the two maps that a transaction touched.
#[derive(Default)]
pub(crate) struct Touched {
    pub(crate) records: Vec<Arc<str>>,
    pub(crate) overrides: Vec<Arc<str>>,
}

#[derive(Default)]
pub(crate) struct Projection {
    annotations: HashMap<AnnotationId, Annotation>,
    /// The keys of the overrides that exist, also of those without a record.
    overrides: HashMap<AnnotationId, Vec<Arc<str>>>,
}

impl Projection {
    pub(crate) fn get(&self, id: AnnotationId) -> Option<&Annotation> {
        self.annotations.get(&id)
    }

    pub(crate) fn annotations(&self) -> impl ExactSizeIterator<Item = &Annotation> {
        self.annotations.values()
    }

    pub(crate) fn override_keys(&self, id: AnnotationId) -> &[Arc<str>] {
        self.overrides.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Reads all of a document into an empty projection.
    pub(crate) fn load(
        &mut self,
        txn: &impl ReadTxn,
        records: &MapRef,
        overrides: &MapRef,
    ) -> Change {
        let mut change = Change::default();
        for key in overrides.keys(txn) {
            match layout::split_override_key(key) {
                Some((id, _)) => self.overrides.entry(id).or_default().push(key.into()),
                None => change.ignore(key, NO_PROPERTY),
            }
        }
        for (key, record) in records.iter(txn) {
            match layout::record_id(key) {
                Some(id) => {
                    let read = self.read(id, key, &record, txn, overrides, &mut change);
                    self.put(id, read, &mut change);
                }
                None => change.ignore(key, NO_ID),
            }
        }
        change
    }

    /// Reads again what was touched; the cost follows that, not the document.
    pub(crate) fn refresh(
        &mut self,
        touched: Touched,
        txn: &impl ReadTxn,
        records: &MapRef,
        overrides: &MapRef,
    ) -> Change {
        let mut change = Change::default();
        let mut seen = HashSet::with_capacity(touched.records.len());
        let mut ids = Vec::with_capacity(touched.records.len());
        for key in touched.records {
            match layout::record_id(&key) {
                Some(id) if seen.insert(id) => ids.push((id, key)),
                Some(_) => {}
                None => change.ignore(&key, NO_ID),
            }
        }
        for key in touched.overrides {
            let Some((id, _)) = layout::split_override_key(&key) else {
                change.ignore(&key, NO_PROPERTY);
                continue;
            };
            self.index_override(id, &key, overrides.contains_key(txn, &key));
            if seen.insert(id) {
                ids.push((id, id.to_string().into()));
            }
        }
        self.annotations.reserve(ids.len());
        for (id, key) in ids {
            let read = records
                .get(txn, &key)
                .and_then(|record| self.read(id, &key, &record, txn, overrides, &mut change));
            self.put(id, read, &mut change);
        }
        change
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
        &self,
        id: AnnotationId,
        key: &str,
        record: &Out,
        txn: &impl ReadTxn,
        overrides: &MapRef,
        change: &mut Change,
    ) -> Option<Annotation> {
        let mut faults = Vec::new();
        let read = layout::read_record(id, plain(record), &mut faults);
        for fault in faults {
            change.ignore(key, &fault);
        }
        let mut annotation = read.map_err(|fault| change.ignore(key, &fault)).ok()?;
        for key in self.override_keys(id) {
            let (Some(value), Some((_, property))) = (overrides.get(txn, key), key.split_once('/'))
            else {
                continue;
            };
            if let Err(fault) = layout::apply_override(&mut annotation, property, plain(&value)) {
                change.ignore(key, &fault);
            }
        }
        Some(annotation)
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
                    change.removed.push(id);
                }
            }
        }
    }
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
