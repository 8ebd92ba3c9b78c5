//! Threads: workers with instances of the module that share this one's memory.
//!
//! `infer_helper.js` starts an instance in a worker of its own and calls [`help`], which does not come back;
//! when all wait there, [`share`] makes them, with the thread that calls it, the one pool that the
//! runtime and our loops share their work out to.

use rayon::{ThreadBuilder, ThreadPoolBuilder};
use std::sync::{Condvar, Mutex, PoisonError};
use wasm_bindgen::prelude::*;

/// What a pool being made has for each of its threads.
static PARTS: Mutex<Vec<ThreadBuilder>> = Mutex::new(Vec::new());
static MORE: Condvar = Condvar::new();

/// Makes a pool of this thread and so many that are waiting in [`help`].
///
/// # Errors
/// Where there is a pool already.
#[wasm_bindgen]
pub fn share(helpers: usize) -> Result<(), JsError> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(helpers + 1)
        .use_current_thread();
    let pool = pool.spawn_handler(|part| {
        let mut parts = PARTS.lock().unwrap_or_else(PoisonError::into_inner);
        parts.push(part);
        MORE.notify_one();
        Ok(())
    });
    pool.build_global()?;
    visionflow_infer::use_threads();
    Ok(())
}

/// Works for the pool, once there is one, for as long as the worker lives.
#[wasm_bindgen]
pub fn help() {
    let mut parts = PARTS.lock().unwrap_or_else(PoisonError::into_inner);
    let part = loop {
        if let Some(part) = parts.pop() {
            break part;
        }
        parts = MORE.wait(parts).unwrap_or_else(PoisonError::into_inner);
    };
    drop(parts);
    part.run();
}
