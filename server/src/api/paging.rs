//! Pages of a list: one row more than wanted is asked for, to see whether there are others.

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
