//! Ids for what is new here, the same clock and randomness for all engines of a page.

use crate::browser::now_ms;
use std::cell::RefCell;
use uuid::Uuid;
use visionflow_model::{AnnotationId, FreshIds};

thread_local! {
    static FRESH: RefCell<FreshIds> = RefCell::default();
}

/// An id that nobody has, above all that were given before.
pub fn new_id() -> AnnotationId {
    // Six bits of a v4 uuid are constant; they are not those that matter.
    let random = || Uuid::new_v4().as_u128().rotate_left(64);
    FRESH.with_borrow_mut(|fresh| fresh.next(now_ms(), random))
}
