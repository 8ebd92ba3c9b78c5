//! Digests of how a run went.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A digest of a value's debug text without its digits: two errors that differ by an offset only are
/// one outcome.
pub fn outcome(value: &impl Debug) -> u64 {
    let text = format!("{value:.2?}");
    let mut hasher = DefaultHasher::new();
    for byte in text.bytes().filter(|byte| !byte.is_ascii_digit()).take(80) {
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
        Ok(value) => exact(&describe(value)),
        Err(error) => outcome(error).rotate_left(1),
    }
}

/// A digest of a value's debug text, numbers and all.
pub fn exact(value: &impl Debug) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{value:?}").hash(&mut hasher);
    hasher.finish()
}

/// The name of a value's variant, without what it holds.
pub fn kind(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let name = |c: char| c.is_alphanumeric() || c == '_';
    text.chars().take_while(|c| name(*c)).collect()
}
