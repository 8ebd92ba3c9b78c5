//! Pages of a list: one row more than wanted is asked for, to see whether there are others.

use crate::error::{Error, Result};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// Each row in its turn is made what it is on the wire and written down: what a row stands for may
/// be a thousand times its size (a mask of few runs), which a whole page of them must not be.
pub fn written<T, W: Serialize>(
    rows: Vec<T>,
    to_wire: impl Fn(T) -> Result<W>,
) -> Result<Vec<Box<RawValue>>> {
    let write = |row| to_raw_value(&to_wire(row)?).map_err(Error::internal);
    rows.into_iter().map(write).collect()
}

/// Drops the row too many and says where the next page begins, if there is one.
pub fn next_cursor<T>(
    rows: &mut Vec<T>,
    limit: i64,
    cursor: impl FnOnce(&T) -> String,
) -> Option<String> {
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    rows.last().filter(|_| more).map(cursor)
}
