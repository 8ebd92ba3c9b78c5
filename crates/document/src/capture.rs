//! What the CRDT tells while it commits: the keys it touched, and the bytes of local transactions.

use crate::layout::Maps;
use crate::projection::Touched;
use std::sync::{Arc, Mutex, PoisonError};
use yrs::{Doc, MapRef, Observable};

/// The name under which this crate observes the document.
const OBSERVER: &str = "visionflow";

/// Filled by observers during a commit, emptied after it.
#[derive(Clone, Default)]
pub(crate) struct Capture(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    touched: Touched,
    updates: Vec<Vec<u8>>,
    /// Everything will be read anyway: the keys need not be noted.
    is_idle: bool,
}

impl Capture {
    /// Starts to note the keys that transactions touch.
    pub(crate) fn observe(&self, maps: &Maps) {
        self.observe_map(&maps.records, |touched| &mut touched.records);
        self.observe_map(&maps.overrides, |touched| &mut touched.overrides);
        self.observe_map(&maps.suggestions, |touched| &mut touched.suggestions);
        self.observe_map(&maps.verdicts, |touched| &mut touched.verdicts);
    }

    fn observe_map(&self, map: &MapRef, keys_of: fn(&mut Touched) -> &mut Vec<Arc<str>>) {
        let capture = self.clone();
        map.observe(OBSERVER, move |txn, event| {
            capture.note(|touched| keys_of(touched).extend(event.keys(txn).keys().cloned()));
        });
    }

    fn note(&self, f: impl FnOnce(&mut Touched)) {
        self.with(|inner| {
            if !inner.is_idle {
                f(&mut inner.touched);
            }
        });
    }

    /// Runs `f` without noting what its transactions touch: working that out costs as much as
    /// reading it, when it is everything.
    pub(crate) fn unobserved<T>(&self, f: impl FnOnce() -> T) -> T {
        self.with(|inner| inner.is_idle = true);
        let result = f();
        self.with(|inner| inner.is_idle = false);
        result
    }

    /// Runs `f` and keeps the updates that its transactions make.
    ///
    /// Observed only here, so that remote updates are not encoded again for nobody.
    pub(crate) fn updates_of<T>(&self, doc: &Doc, f: impl FnOnce() -> T) -> T {
        let capture = self.clone();
        let observed = doc.observe_update_v1(OBSERVER, move |_, event| {
            capture.with(|inner| inner.updates.push(event.update.clone()));
        });
        observed.expect("no transaction is open between the calls of a document");
        let result = f();
        doc.unobserve_update_v1(OBSERVER)
            .expect("no transaction is open between the calls of a document");
        result
    }

    /// What an [unobserved](Self::unobserved) transaction touched.
    pub(crate) fn touched(&self, touched: Touched) {
        self.with(|inner| inner.touched = touched);
    }

    /// An update that was made afterwards.
    pub(crate) fn wrote(&self, update: Vec<u8>) {
        self.with(|inner| inner.updates.push(update));
    }

    pub(crate) fn take_touched(&self) -> Touched {
        self.with(|inner| std::mem::take(&mut inner.touched))
    }

    pub(crate) fn take_updates(&self) -> Vec<Vec<u8>> {
        self.with(|inner| std::mem::take(&mut inner.updates))
    }

    fn with<T>(&self, f: impl FnOnce(&mut Inner) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
