//! Who wrote what: the client ids in a document's own structs.

use crate::layout::{RECORDS, record_id};
use crate::scan::{Struct, Visitor, scan_update};
use std::collections::HashMap;
use visionflow_model::AnnotationId;

/// The client of each record in an update (lib0 v1) of a document of ours.
pub(crate) fn authors(update: &[u8]) -> HashMap<AnnotationId, u64> {
    let mut authors = Authors::default();
    // What a document of ours says of itself can be scanned; if it could not, nobody is named.
    let _ = scan_update(update, &mut authors);
    authors.found
}

#[derive(Default)]
struct Authors {
    /// The record whose first struct comes next.
    next: Option<AnnotationId>,
    found: HashMap<AnnotationId, u64>,
}

impl Visitor for Authors {
    fn entry(&mut self, root: &str, key: &str) {
        self.next = (root == RECORDS).then(|| record_id(key)).flatten();
    }

    fn found(&mut self, found: Struct) {
        if let Some(id) = self.next.take() {
            self.found.insert(id, found.client);
        }
    }
}
