//! How the allocator is used, so that what is free goes back to the system.
//!
//! mimalloc gives back whole pages, and looks at a thread's pages when that thread allocates again.
//! Two things would stand in the way. A document is tens of thousands of small pieces, and a few
//! others between them that stay would keep all their pages: so documents have a heap of their own
//! in every thread. And a thread that has nothing more to do would keep what a burst of work took:
//! so threads look before they rest.
//!
//! Huge pages would stand in the way too: the system makes one of pages that have been given back,
//! and two megabytes stay for a few bytes of it. mimalloc's feature `no_thp` has the process do
//! without.
//!
//! Where the program's allocator is another, as in tests, none of this does anything.
#![expect(unsafe_code, reason = "calls mimalloc")]

use libmimalloc_sys::{mi_collect, mi_heap_collect, mi_heap_new, mi_heap_set_default, mi_heap_t};
use std::cell::Cell;
use std::ptr;
use std::time::{Duration, Instant};

/// How often a thread looks through its pages, which takes some tens of microseconds.
const EVERY: Duration = Duration::from_millis(200);

thread_local! {
    static LOOKED: Cell<Option<Instant>> = const { Cell::new(None) };
    /// The heap for documents, from the first on. mimalloc frees it with its thread; what is still
    /// used of it then stays.
    static DOCUMENTS: Cell<*mut mi_heap_t> = const { Cell::new(ptr::null_mut()) };
}

/// Does what allocates parts of a document, or copies of them that do not stay, apart from all else.
pub fn of_documents<T>(work: impl FnOnce() -> T) -> T {
    let heap = documents();
    if heap.is_null() {
        return work();
    }
    // SAFETY: the heap is this thread's own.
    let _back = Back(unsafe { mi_heap_set_default(heap) });
    work()
}

/// Gives back what this thread has no more use for, unless it has done so a moment ago.
pub fn give_back() {
    let now = Instant::now();
    if LOOKED.get().is_some_and(|looked| now < looked + EVERY) {
        return;
    }
    LOOKED.set(Some(now));
    let documents = DOCUMENTS.get();
    // SAFETY: both heaps are this thread's own.
    unsafe {
        mi_collect(false);
        if !documents.is_null() {
            mi_heap_collect(documents, false);
        }
    }
}

fn documents() -> *mut mi_heap_t {
    if DOCUMENTS.get().is_null() {
        // SAFETY: a new heap, which only this thread allocates from.
        DOCUMENTS.set(unsafe { mi_heap_new() });
    }
    DOCUMENTS.get()
}

/// Makes the heap that it holds the thread's default again, also when the work panics.
struct Back(*mut mi_heap_t);

impl Drop for Back {
    fn drop(&mut self) {
        // SAFETY: the heap was this thread's default before.
        unsafe {
            mi_heap_set_default(self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_on_documents_may_nest_panic_and_end_with_its_thread() {
        let kept = std::thread::spawn(|| {
            let kept = of_documents(|| of_documents(|| vec![7; 1000]));
            let failed = std::panic::catch_unwind(|| of_documents(|| panic!("as it should")));
            assert!(failed.is_err());
            give_back();
            kept
        });
        let kept = kept.join().unwrap();
        assert_eq!(kept, [7; 1000]);
        of_documents(|| drop(kept));
        give_back();
    }
}
