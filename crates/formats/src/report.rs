//! What a format could not hold, in words for whoever opens the zip.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Each kind of remark names at most so many places; the rest is counted.
const NAMED_PLACES: usize = 200;

/// Remarks by kind, each with its count and its first places. Bounded, whatever the dataset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    remarks: BTreeMap<String, Remark>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Remark {
    count: u64,
    places: Vec<String>,
}

impl Report {
    /// Notes that `what` happened at `place` (a file name, with an annotation's id where it helps).
    pub fn note(&mut self, what: &str, place: impl FnOnce() -> String) {
        if !self.remarks.contains_key(what) {
            self.remarks.insert(what.to_owned(), Remark::default());
        }
        if let Some(remark) = self.remarks.get_mut(what) {
            remark.count += 1;
            if remark.places.len() < NAMED_PLACES {
                remark.places.push(place());
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.remarks.is_empty()
    }

    /// How often `what` was noted.
    pub fn count(&self, what: &str) -> u64 {
        self.remarks.get(what).map_or(0, |remark| remark.count)
    }

    /// The text of `report.txt`.
    pub fn to_text(&self) -> String {
        if self.is_empty() {
            return "Everything in the project is in this dataset.\n".to_owned();
        }
        let mut text = String::from("What this format could not hold, or holds in another form:\n");
        for (what, remark) in &self.remarks {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n{what}: {}\n", remark.count);
            for place in &remark.places {
                let _ = writeln!(text, "  {place}");
            }
            let rest = remark.count - remark.places.len() as u64;
            if rest > 0 {
                let _ = writeln!(text, "  and {rest} more");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_counts_are_not() {
        let mut report = Report::default();
        for i in 0..1000 {
            report.note("a hole was filled", || format!("image {i}"));
        }
        assert_eq!(report.count("a hole was filled"), 1000);
        let text = report.to_text();
        assert!(text.contains("image 199\n  and 800 more"));
        assert!(!text.contains("image 200"));
    }
}
