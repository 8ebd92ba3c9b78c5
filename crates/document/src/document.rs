//! The document: edits and updates in, updates and the projection out.

mod suggestions;

use crate::capture::Capture;
use crate::edit::{self, Planned};
use crate::gaps::Waiting;
use crate::layout::{self, Maps};
use crate::projection::{Projection, Source};
use crate::scan::{UpdateError, check_state_vector};
use crate::{Change, Edit, EditError};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use visionflow_model::{Annotation, AnnotationId, AnnotationMap};
use yrs::undo::{Options as UndoOptions, UndoManager};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Any, Doc, IdSet, Map, MapRef, Options, ReadTxn, StateVector, Transact, TransactionMut};

/// The origin of local edits, the only ones that undo knows.
const LOCAL: &str = "local";
/// The origin of what is written here and is nobody's step.
const BROUGHT: &str = "brought";

/// The annotations of one item, shared by everyone who has it open.
pub struct Document {
    /// Before `doc`: it unsubscribes from it when dropped.
    undo: UndoManager<()>,
    doc: Doc,
    maps: Maps,
    projection: Projection,
    capture: Capture,
    waiting: Waiting,
    /// Nothing has been written or taken in.
    is_fresh: bool,
    /// The first transaction was a local one, nothing came after it, and its update is still to be
    /// made: a large document that nobody else shares never needs it.
    is_unwritten: bool,
}

impl Document {
    /// An empty document.
    ///
    /// `client_id` names this replica in the CRDT: unique among everyone who ever writes to the
    /// document, never used by two replicas at once, and at most 2⁵³ − 1 (what JavaScript holds).
    pub fn new(client_id: u64) -> Self {
        let doc = Doc::with_options(Options::with_client_id(yrs::block::ClientID::new(
            client_id,
        )));
        let maps = Maps::of(&doc);
        let mut undo = UndoManager::with_options(UndoOptions {
            // Steps are never merged by time, so what the clock says does not matter.
            capture_timeout_millis: 0,
            timestamp: Arc::new(|| 0),
            tracked_origins: HashSet::from([LOCAL.into()]),
            capture_transaction: None,
            init_undo_stack: Vec::new(),
            init_redo_stack: Vec::new(),
        });
        for map in maps.all() {
            undo.expand_scope(&doc, map);
        }
        let capture = Capture::default();
        capture.observe(&maps);
        Self {
            undo,
            doc,
            maps,
            projection: Projection::default(),
            capture,
            waiting: Waiting::default(),
            is_fresh: true,
            is_unwritten: false,
        }
    }

    /// The document that stored updates or snapshots make, in whatever order they come.
    pub fn from_updates<'a>(
        client_id: u64,
        updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, UpdateError> {
        let mut document = Self::new(client_id);
        document.apply_all(updates)?;
        Ok(document)
    }

    pub fn client_id(&self) -> u64 {
        self.doc.client_id().get()
    }

    pub fn get(&self, id: AnnotationId) -> Option<&Annotation> {
        self.projection.get(id)
    }

    /// Every annotation, in no order.
    pub fn annotations(&self) -> impl ExactSizeIterator<Item = &Annotation> {
        self.projection.annotations()
    }

    pub fn len(&self) -> usize {
        self.projection.annotations().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which client wrote each annotation's record, as far as the document still knows.
    ///
    /// Read from all of the document: to be asked for when somebody wants to see it.
    pub fn authors(&self) -> HashMap<AnnotationId, u64> {
        let all = self.doc.transact();
        crate::authors::authors(&all.encode_diff_v1(&StateVector::default()))
    }

    /// Makes all of `edits` in one transaction and one undo step, or none of them.
    ///
    /// An edit that changes nothing writes nothing.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<Change, EditError> {
        self.undo.reset();
        self.write(edits, LOCAL)
    }

    /// Makes `edits` in one transaction that is no step of undo: what a model proposes unasked, what
    /// a page begins with.
    pub fn bring(&mut self, edits: &[Edit]) -> Result<Change, EditError> {
        self.write(edits, BROUGHT)
    }

    /// Takes in an update (lib0 v1) of another replica; not undoable here.
    ///
    /// Updates may come twice and in any order: what lacks its predecessors waits for them.
    /// Hostile bytes are an error and change nothing.
    pub fn apply_update(&mut self, update_v1: &[u8]) -> Result<Change, UpdateError> {
        self.apply_all([update_v1])
    }

    /// The updates of local edits, undo and redo since the last call, in order.
    pub fn take_updates(&mut self) -> Vec<Vec<u8>> {
        self.write_down();
        self.capture.take_updates()
    }

    /// Forgets the updates of local edits, undo and redo since the last call: nobody is to have them.
    pub fn drop_updates(&mut self) {
        self.is_unwritten = false;
        self.capture.take_updates();
    }

    /// What this replica has seen (lib0 v1), to ask others for the rest.
    pub fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// One update with everything in the document that a replica at `state_vector` (lib0 v1) lacks;
    /// the whole of it, a snapshot, for an empty slice. What [waits](Self::waiting) is not in it.
    pub fn diff(&self, state_vector: &[u8]) -> Result<Vec<u8>, UpdateError> {
        let known = if state_vector.is_empty() {
            StateVector::default()
        } else {
            check_state_vector(state_vector)?;
            StateVector::decode_v1(state_vector).map_err(|e| UpdateError::decoding(&e))?
        };
        Ok(self.doc.transact().encode_diff_v1(&known))
    }

    /// Updates (lib0 v1) that have come before what they build on, and wait here for it. A replica
    /// brought up to date by [`diff`](Self::diff) lacks nothing once it has these too, in any order.
    pub fn waiting(&self) -> Vec<Vec<u8>> {
        let txn = self.doc.transact();
        // An update without structs.
        let deletions = |deleted: &IdSet| [&[0], &*deleted.encode_v1()].concat();
        let deletions = txn.store().pending_ds().map(deletions);
        self.waiting
            .updates()
            .into_iter()
            .chain(deletions)
            .collect()
    }

    /// Updates (lib0 v1) that bring a replica with this state vector to where this one is, with what
    /// [waits](Self::waiting) here: whoever takes them in, in any order, lacks nothing.
    pub fn updates_since(
        &self,
        state_vector: &[u8],
    ) -> Result<impl Iterator<Item = Vec<u8>> + use<>, UpdateError> {
        let diff = self.diff(state_vector)?;
        Ok(std::iter::once(diff).chain(self.waiting()))
    }

    /// The ids of what an update (lib0 v1) has of what [waits](Self::waiting), byte for byte.
    pub fn repeated_by(&self, update_v1: &[u8]) -> Result<IdSet, UpdateError> {
        self.waiting.repeated_by(update_v1)
    }

    /// Whether nothing waits for what has not come: a [`diff`](Self::diff) has it all.
    pub fn is_whole(&self) -> bool {
        self.waiting.is_empty() && !self.doc.transact().has_missing_updates()
    }

    /// Takes back the latest step of this replica that can still be taken back; others' edits stay.
    pub fn undo(&mut self) -> Option<Change> {
        self.step(UndoManager::undo_blocking)
    }

    pub fn redo(&mut self) -> Option<Change> {
        self.step(UndoManager::redo_blocking)
    }

    pub fn can_undo(&self) -> bool {
        self.undo.can_undo()
    }

    pub fn can_redo(&self) -> bool {
        self.undo.can_redo()
    }

    /// Makes everything so far final, and frees what undo kept.
    pub fn forget_history(&mut self) {
        self.undo.clear_all();
    }

    fn write(&mut self, edits: &[Edit], origin: &str) -> Result<Change, EditError> {
        let planned = edit::plan(edits, &self.projection, self.client_id())?;
        if planned.writes.is_empty() {
            return Ok(Change::default());
        }
        self.write_down();
        // What a first transaction touches is known without asking.
        let is_first = std::mem::replace(&mut self.is_fresh, false);
        let touched = is_first.then(|| planned.touched());
        let Planned { writes, added } = planned;
        let records = writes.records.into_iter();
        let records = records.map(|(id, record)| (layout::record_key(id), record));
        let commit = || {
            let mut txn = self.doc.transact_mut_with(origin);
            write(&mut txn, &self.maps.suggestions, writes.suggestions);
            write(&mut txn, &self.maps.verdicts, writes.verdicts);
            write(&mut txn, &self.maps.records, records);
            write(&mut txn, &self.maps.overrides, writes.overrides);
        };
        if let Some(touched) = touched {
            self.capture.unobserved(commit);
            self.capture.touched(touched);
            // What is added and deleted at once leaves nothing.
            self.is_unwritten = !self.doc.transact().state_vector().is_empty();
        } else {
            self.capture.updates_of(&self.doc, commit);
        }
        let known = if self.catch_up() {
            AnnotationMap::default()
        } else {
            added
        };
        Ok(self.refresh(known))
    }

    /// Makes the update of the first transaction, while it is all there is.
    fn write_down(&mut self) {
        if std::mem::take(&mut self.is_unwritten) {
            let txn = self.doc.transact();
            self.capture
                .wrote(txn.encode_diff_v1(&StateVector::default()));
        }
    }

    fn apply_all<'a>(
        &mut self,
        updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Change, UpdateError> {
        self.write_down();
        let is_first = std::mem::replace(&mut self.is_fresh, false);
        let waiting = &mut self.waiting;
        let apply = || -> Result<bool, UpdateError> {
            let mut txn = self.doc.transact_mut();
            let mut known = txn.state_vector();
            let mut waits = false;
            for update in updates {
                waits |= waiting.take_in(update, &mut known, &mut txn)?;
            }
            Ok(waits)
        };
        // Also after an error: the part before it may have been taken in.
        let (result, change) = if is_first {
            let result = self.capture.unobserved(apply);
            let txn = self.doc.transact();
            let source = Source {
                txn: &txn,
                maps: &self.maps,
            };
            (result, self.projection.load(&source))
        } else {
            (apply(), self.refresh(AnnotationMap::default()))
        };
        result.map(|waits| Change { waits, ..change })
    }

    fn step(&mut self, step: impl FnOnce(&mut UndoManager<()>) -> bool) -> Option<Change> {
        self.write_down();
        let undo = &mut self.undo;
        let stepped = self.capture.updates_of(&self.doc, || step(undo));
        self.catch_up();
        stepped.then(|| self.refresh(AnnotationMap::default()))
    }

    /// Takes in what has waited for what this replica has written; whether there was any.
    fn catch_up(&mut self) -> bool {
        if self.waiting.is_empty() {
            return false;
        }
        let mut txn = self.doc.transact_mut();
        let mut known = txn.state_vector();
        let caught_up = self
            .waiting
            .catch_up(self.doc.client_id().get(), &mut known, &mut txn);
        // What waits was looked at when it came.
        caught_up.unwrap_or(false)
    }

    /// Reads what transactions touched, but for what is `known` to be read as just this.
    fn refresh(&mut self, known: AnnotationMap<Option<Annotation>>) -> Change {
        let touched = self.capture.take_touched();
        let txn = self.doc.transact();
        let source = Source {
            txn: &txn,
            maps: &self.maps,
        };
        self.projection.refresh(touched, &source, known)
    }
}

fn write(
    txn: &mut TransactionMut,
    map: &MapRef,
    entries: impl IntoIterator<Item = (Arc<str>, Option<Any>)>,
) {
    for (key, value) in entries {
        match value {
            Some(value) => {
                map.insert(txn, key, value);
            }
            None => {
                map.remove(txn, &key);
            }
        }
    }
}
