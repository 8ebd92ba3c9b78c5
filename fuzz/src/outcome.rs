//! Digests of how a run went.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A digest of a value's debug text without its digits: two errors that differ by an offset only are
/// one outcome.
pub fn outcome(value: &impl Debug) -> u64 {
    let text = format!("{value:.2?}");
    let mut hasher = DefaultHasher::new();
    for byte in text.bytes().filter(|byte| !byte.is_ascii_digit()).take(400) {
        byte.hash(&mut hasher);
    }
    hasher.finish()
}

/// Of a result: the error, or what is worth telling of the value.
pub fn outcome_of<T, E: Debug, D: Debug>(
    result: &Result<T, E>,
    describe: impl FnOnce(&T) -> D,
) -> u64 {
    match result {
        Ok(value) => outcome(&describe(value)),
        Err(error) => outcome(error).rotate_left(1),
    }
}
