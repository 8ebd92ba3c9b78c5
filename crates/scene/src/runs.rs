//! Places for runs of primitives in a table, given back and taken again.
//!
//! Sizes are rounded up to powers of two, a free list for each, so that a place that fits is found
//! at once and a polygon that gains a vertex often keeps its place.

/// A run of entries: where it starts and how many of them are in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub start: u32,
    pub len: u32,
}

/// Hands out runs of a table.
#[derive(Debug, Default)]
pub struct Runs {
    end: u32,
    /// By the power of two of their size.
    free: [Vec<u32>; 32],
    used: usize,
}

impl Runs {
    pub fn take(&mut self, len: u32) -> Run {
        self.used += len as usize;
        if len == 0 {
            return Run::default();
        }
        let class = class(len);
        let start = self.free[class].pop().unwrap_or_else(|| {
            let start = self.end;
            self.end += 1 << class;
            start
        });
        Run { start, len }
    }

    pub fn give_back(&mut self, run: Run) {
        self.used -= run.len as usize;
        if run.len > 0 {
            self.free[class(run.len)].push(run.start);
        }
    }

    /// `run` with another length, in the same place where it fits.
    pub fn resize(&mut self, run: Run, len: u32) -> Run {
        if run.len > 0 && len > 0 && class(run.len) == class(len) {
            self.used = self.used - run.len as usize + len as usize;
            return Run { len, ..run };
        }
        self.give_back(run);
        self.take(len)
    }

    /// Where the last run ever given out ends.
    pub fn end(&self) -> usize {
        self.end as usize
    }

    /// How many entries are in use.
    pub fn used(&self) -> usize {
        self.used
    }
}

fn class(len: u32) -> usize {
    len.next_power_of_two().ilog2() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_used_again() {
        let mut runs = Runs::default();
        let (a, b) = (runs.take(3), runs.take(1));
        assert_eq!((a.start, b.start), (0, 4));
        assert_eq!(runs.resize(a, 4).start, a.start);
        let moved = runs.resize(Run { len: 4, ..a }, 5);
        assert_eq!(moved.start, 5);
        assert_eq!(runs.take(4).start, a.start);
        assert_eq!(runs.used(), 5 + 4 + 1);
    }
}
