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
    /// Ascending when drained, merged where they touch.
    dirty: Vec<Range<usize>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
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

    pub(crate) fn push(&mut self, entry: T) -> usize {
        let index = self.entries.len();
        self.entries.push(entry);
        self.mark(index..index + 1);
        index
    }

    /// Writes one entry; the same value again is no change.
    pub(crate) fn set(&mut self, index: usize, entry: T) {
        if self.entries[index] != entry {
            self.entries[index] = entry;
            self.mark(index..index + 1);
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

    pub(crate) fn truncate(&mut self, len: usize) {
        self.entries.truncate(len);
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.dirty.clear();
    }

    pub(crate) fn mark_all(&mut self) {
        self.dirty.clear();
        self.mark(0..self.entries.len());
    }

    pub(crate) fn mark_clean(&mut self) {
        self.dirty.clear();
    }

    /// Sorts and merges the dirty ranges, and drops what lies behind the end.
    pub(crate) fn settle(&mut self) {
        let len = self.entries.len();
        for range in &mut self.dirty {
            range.end = range.end.min(len);
        }
        self.dirty.retain(|range| range.start < range.end);
        self.merge(0);
    }

    fn mark(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if let Some(last) = self.dirty.last_mut()
            && range.start <= last.end
            && range.end >= last.start
        {
            last.start = last.start.min(range.start);
            last.end = last.end.max(range.end);
            return;
        }
        self.dirty.push(range);
        // Merging with ever wider gaps bounds the list, and so the cost of a mark.
        let mut gap = 64;
        while self.dirty.len() > MAX_RANGES {
            self.merge(gap);
            gap *= 4;
        }
    }

    fn merge(&mut self, gap: usize) {
        self.dirty.sort_unstable_by_key(|range| range.start);
        self.dirty.dedup_by(|next, kept| {
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

    #[test]
    fn changes_are_covered_and_merged() {
        let mut table = Table::<u32>::default();
        table.write(0, &[0; 10_000]);
        table.settle();
        assert_eq!(table.dirty(), [0..10_000]);
        table.mark_clean();
        table.set(7, 1);
        table.set(3, 1);
        table.set(4, 1);
        table.set(4, 1);
        table.settle();
        assert_eq!(table.dirty(), [3..5, 7..8]);
        assert_eq!(table.dirty_bytes(), 12);
    }

    #[test]
    fn scattered_changes_stay_few_ranges_and_none_is_lost() {
        let mut table = Table::<u32>::default();
        table.write(0, &[0; 100_000]);
        table.mark_clean();
        let changed: Vec<usize> = (0..900).map(|i| (i * 7919) % 100_000).collect();
        for &index in &changed {
            table.set(index, 1);
        }
        table.settle();
        assert!(table.dirty().len() <= MAX_RANGES);
        for index in changed {
            assert!(table.dirty().iter().any(|range| range.contains(&index)));
        }
    }

    #[test]
    fn what_was_cut_off_is_not_uploaded() {
        let mut table = Table::<u32>::default();
        table.write(0, &[0; 10]);
        table.truncate(4);
        table.settle();
        assert_eq!(table.dirty(), [0..4]);
    }
}
