//! A sorted set that knows the place of everything in it: what long, live lists are shown from.
//!
//! Values stand in runs of a few hundred, so that putting one in, taking one out, asking for the
//! value at a place and for the place of a value all cost about the square root of what exists.

/// A run is split when it grows beyond this.
const LONGEST: usize = 512;

#[derive(Clone, Debug)]
pub struct Ranked<T> {
    /// None is empty.
    runs: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Ranked<T> {
    fn default() -> Self {
        Self {
            runs: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Ord + Copy> Ranked<T> {
    pub fn len(&self) -> usize {
        self.len
    }

    /// The run that holds `value`, or would.
    fn run_of(&self, value: &T) -> usize {
        let after = self
            .runs
            .partition_point(|run| run.first().is_some_and(|first| first <= value));
        after.saturating_sub(1)
    }

    /// Whether it was not there.
    pub fn insert(&mut self, value: T) -> bool {
        let at = self.run_of(&value);
        let Some(run) = self.runs.get_mut(at) else {
            self.runs.push(vec![value]);
            self.len = 1;
            return true;
        };
        let Err(place) = run.binary_search(&value) else {
            return false;
        };
        run.insert(place, value);
        if run.len() > LONGEST {
            let rest = run.split_off(run.len() / 2);
            self.runs.insert(at + 1, rest);
        }
        self.len += 1;
        true
    }

    /// Whether it was there.
    pub fn remove(&mut self, value: &T) -> bool {
        let at = self.run_of(value);
        let Some(run) = self.runs.get_mut(at) else {
            return false;
        };
        let Ok(place) = run.binary_search(value) else {
            return false;
        };
        run.remove(place);
        if run.is_empty() {
            self.runs.remove(at);
        }
        self.len -= 1;
        true
    }

    /// The value before which `place` others stand.
    pub fn get(&self, mut place: usize) -> Option<T> {
        for run in &self.runs {
            match run.get(place) {
                Some(value) => return Some(*value),
                None => place -= run.len(),
            }
        }
        None
    }

    /// How many stand before `value`; `None` where it is not there.
    pub fn rank(&self, value: &T) -> Option<usize> {
        let at = self.run_of(value);
        let place = self.runs.get(at)?.binary_search(value).ok()?;
        Some(self.runs[..at].iter().map(Vec::len).sum::<usize>() + place)
    }

    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.runs.iter().flatten().copied()
    }

    /// The first value that is greater than this one.
    pub fn after(&self, value: &T) -> Option<T> {
        let at = self.run_of(value);
        let run = self.runs.get(at)?;
        let next = run.get(run.partition_point(|other| other <= value));
        next.or_else(|| self.runs.get(at + 1)?.first()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Everything that can be asked, against a plain sorted set.
    fn check(ranked: &Ranked<u32>, plain: &BTreeSet<u32>) {
        assert_eq!(ranked.len(), plain.len());
        assert!(ranked.iter().eq(plain.iter().copied()));
        for (place, value) in plain.iter().enumerate().step_by(37) {
            assert_eq!(ranked.get(place), Some(*value));
            assert_eq!(ranked.rank(value), Some(place));
            assert_eq!(
                ranked.after(value),
                plain.range(value + 1..).next().copied()
            );
        }
        assert_eq!(ranked.get(plain.len()), None);
    }

    #[test]
    fn it_agrees_with_a_plain_set_whatever_comes_and_goes() {
        let (mut ranked, mut plain) = (Ranked::default(), BTreeSet::new());
        let mut seed = 7_u32;
        for step in 0..20_000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let value = (seed >> 12) % 5_000;
            if seed.is_multiple_of(3) {
                assert_eq!(ranked.remove(&value), plain.remove(&value));
            } else {
                assert_eq!(ranked.insert(value), plain.insert(value));
            }
            if step % 1_999 == 0 {
                check(&ranked, &plain);
            }
        }
        check(&ranked, &plain);
        for value in plain.clone() {
            assert!(ranked.remove(&value));
        }
        check(&ranked, &BTreeSet::new());
    }
}
