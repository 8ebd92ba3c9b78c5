//! A growing array that remembers which of its entries changed since they were last uploaded.

use bytemuck::Pod;
use std::ops::Range;

/// More separate ranges than this are merged with their neighbours: a few rows too many cost less
/// than many small uploads.
const MAX_RANGES: usize = 64;

/// An entry of a [`Table`]: plain bytes, a whole number of texels.
pub trait Texel: Pod + PartialEq {}
impl<T: Pod + PartialEq> Texel for T {}

/// Entries and the ranges of them that changed.
#[derive(Debug)]
pub struct Table<T> {
    entries: Vec<T>,
    /// What changed since the last `publish`, in any order.
    pending: Vec<Range<usize>>,
    /// What changed between the last two, ascending.
    dirty: Vec<Range<usize>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            pending: Vec::new(),
            dirty: Vec::new(),
        }
    }
}

impl<T: Texel> Table<T> {
    pub fn entries(&self) -> &[T] {
        &self.entries
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The ranges of entries to upload, without overlaps.
    pub fn dirty(&self) -> &[Range<usize>] {
        &self.dirty
    }

    pub fn dirty_bytes(&self) -> usize {
        let entries: usize = self.dirty.iter().map(ExactSizeIterator::len).sum();
        entries * size_of::<T>()
    }

    /// Writes one entry, growing the table where it lies behind the end; the same value again is
    /// no change.
    pub(crate) fn put(&mut self, index: usize, entry: T) {
        if self.entries.get(index) != Some(&entry) {
            self.write(index, &[entry]);
        }
    }

    /// Writes entries from `start` on, growing the table where they do not fit.
    pub(crate) fn write(&mut self, start: usize, entries: &[T]) {
        let end = start + entries.len();
        if self.entries.len() < end {
            self.entries.resize(end, T::zeroed());
        }
        self.entries[start..end].copy_from_slice(entries);
        self.mark(start..end);
    }

    /// Makes `entries` the whole table; only what differs at its end counts as changed.
    pub(crate) fn replace(&mut self, entries: &[T]) {
        let pairs = self.entries.iter().zip(entries);
        let same = pairs.take_while(|(old, new)| old == new).count();
        self.entries.truncate(entries.len());
        self.write(same, &entries[same..]);
    }

    /// Empties the table and gives its memory back.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn mark_all(&mut self) {
        self.pending.clear();
        self.mark(0..self.entries.len());
    }

    /// Makes the changes since the last call the table's dirty ranges.
    pub(crate) fn publish(&mut self) {
        let len = self.entries.len();
        for range in &mut self.pending {
            range.end = range.end.min(len);
        }
        self.pending.retain(|range| range.start < range.end);
        self.merge(0);
        std::mem::swap(&mut self.pending, &mut self.dirty);
        self.pending.clear();
    }

    fn mark(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if let Some(last) = self.pending.last_mut()
            && range.start <= last.end
            && range.end >= last.start
        {
            last.start = last.start.min(range.start);
            last.end = last.end.max(range.end);
            return;
        }
        self.pending.push(range);
        // Merging with ever wider gaps bounds the list, and so the cost of a mark.
        let mut gap = 64;
        while self.pending.len() > MAX_RANGES {
            self.merge(gap);
            gap *= 4;
        }
    }

    fn merge(&mut self, gap: usize) {
        self.pending.sort_unstable_by_key(|range| range.start);
        self.pending.dedup_by(|next, kept| {
            let touches = next.start <= kept.end + gap;
            if touches {
                kept.end = kept.end.max(next.end);
            }
            touches
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A published table of `len` zeros.
    fn published(len: usize) -> Table<u32> {
        let mut table = Table::default();
        table.write(0, &vec![0; len]);
        table.publish();
        check_dirty(&table, &[(0, len)]);
        table
    }

    fn check_dirty(table: &Table<u32>, expected: &[(usize, usize)]) {
        let dirty: Vec<_> = table.dirty().iter().map(|r| (r.start, r.end)).collect();
        assert_eq!(dirty, expected);
    }

    #[test]
    fn changes_are_covered_and_merged() {
        let mut table = published(10_000);
        table.put(7, 1);
        table.put(3, 1);
        table.put(4, 1);
        table.put(4, 1);
        table.publish();
        check_dirty(&table, &[(3, 5), (7, 8)]);
        assert_eq!(table.dirty_bytes(), 12);
        table.publish();
        check_dirty(&table, &[]);
    }

    #[test]
    fn scattered_changes_stay_few_ranges_and_none_is_lost() {
        let mut table = published(100_000);
        let changed: Vec<usize> = (0..900).map(|i| (i * 7919) % 100_000).collect();
        for &index in &changed {
            table.put(index, 1);
        }
        table.publish();
        assert!(table.dirty().len() <= MAX_RANGES);
        for index in changed {
            assert!(table.dirty().iter().any(|range| range.contains(&index)));
        }
    }

    #[test]
    fn replacing_changes_from_the_first_difference_on() {
        let mut table = Table::<u32>::default();
        table.write(0, &[1, 2, 3, 4, 5]);
        table.publish();
        table.replace(&[1, 2, 4, 5]);
        table.publish();
        assert_eq!(table.entries(), [1, 2, 4, 5]);
        check_dirty(&table, &[(2, 4)]);
    }

    #[test]
    fn what_was_cut_off_is_not_uploaded() {
        let mut table = Table::<u32>::default();
        table.write(0, &[0; 10]);
        table.replace(&[0; 4]);
        table.publish();
        check_dirty(&table, &[(0, 4)]);
    }
}
