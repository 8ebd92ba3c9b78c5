//! Connected components of runs: two-pass labelling with union-find
//! (Rosenfeld and Pfaltz 1966; on runs as in He, Chao and Suzuki 2008).

use super::{Mask, Span};

/// Which pixels are neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connectivity {
    /// Those that share a side.
    Four,
    /// Those that share a side or a corner.
    Eight,
}

impl Mask {
    /// The parts that do not touch each other, in the order of their first pixels.
    pub fn components(&self, connectivity: Connectivity) -> Vec<Mask> {
        let runs = self.runs();
        let labels = Labels::of(&runs, connectivity);
        let mut parts: Vec<Vec<Span>> = vec![Vec::new(); labels.count];
        for (run, label) in runs.iter().zip(&labels.of_run) {
            parts[*label].push(*run);
        }
        parts.into_iter().map(Mask::from_spans).collect()
    }
}

impl Mask {
    /// The part to which a pixel belongs; `None` where it is not in the mask.
    pub fn component_at(&self, x: i32, y: i32, connectivity: Connectivity) -> Option<Mask> {
        let runs = self.runs();
        let holds = |run: &Span| run.y == y && run.start <= x && x < run.end;
        let at = runs.iter().position(holds)?;
        let labels = Labels::of(&runs, connectivity);
        let own = runs.iter().zip(&labels.of_run);
        let own = own.filter(|(_, label)| **label == labels.of_run[at]);
        Some(Mask::from_spans(own.map(|(run, _)| *run)))
    }
}

/// Which component each run belongs to.
pub(super) struct Labels {
    pub of_run: Vec<usize>,
    pub count: usize,
}

impl Labels {
    /// `runs` in the order of rows and columns, as [`Mask::runs`] gives them.
    pub fn of(runs: &[Span], connectivity: Connectivity) -> Self {
        let mut parents: Vec<usize> = (0..runs.len()).collect();
        let reach = i32::from(connectivity == Connectivity::Eight);
        // The runs of the row above that may still touch what follows.
        let mut above = 0;
        for (index, run) in runs.iter().enumerate() {
            while runs[above].y < run.y - 1
                || runs[above].y == run.y - 1 && runs[above].end + reach <= run.start
            {
                above += 1;
            }
            let mut other = above;
            while runs[other].y == run.y - 1 && runs[other].start < run.end + reach {
                let (a, b) = (find(&mut parents, index), find(&mut parents, other));
                parents[a.max(b)] = a.min(b);
                other += 1;
            }
        }
        let mut names = vec![0; runs.len()];
        let mut count = 0;
        let of_run = (0..runs.len())
            .map(|index| {
                let root = find(&mut parents, index);
                if root == index {
                    names[root] = count;
                    count += 1;
                }
                names[root]
            })
            .collect();
        Self { of_run, count }
    }
}

fn find(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[&str], four: &[u64], eight: &[u64]) {
        let mask = super::super::tests::drawn(rows);
        let areas = |connectivity| -> Vec<u64> {
            let parts = mask.components(connectivity);
            parts.iter().map(Mask::area).collect()
        };
        assert_eq!(areas(Connectivity::Four), four, "{rows:?}");
        assert_eq!(areas(Connectivity::Eight), eight, "{rows:?}");
    }

    #[test]
    fn parts_are_what_hangs_together() {
        check(&["..."], &[], &[]);
        check(&["#.#", "###"], &[5], &[5]);
        check(&["#.#", ".#.", "#.#"], &[1, 1, 1, 1, 1], &[5]);
        check(&["#...#", "#.#.#", "#####"], &[10], &[10]);
        check(&["##..", "..##"], &[2, 2], &[4]);
        check(&["##.##", ".....", "##.##"], &[2, 2, 2, 2], &[2, 2, 2, 2]);
    }
}
