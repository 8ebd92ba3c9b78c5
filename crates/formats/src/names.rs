//! File names inside a dataset: safe, and different from each other on every file system.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Gives each item a name of its own.
///
/// Keeps eight bytes for each name: two names whose hashes meet by chance only cost the second one
/// an unneeded suffix.
pub struct Names {
    taken: HashSet<u64>,
    compare: Compare,
}

/// What of a name must differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `a.jpg` and `a.png` may stand side by side.
    WholeName,
    /// They may not: a label file is named by the stem alone.
    Stem,
}

impl Names {
    pub fn new(compare: Compare) -> Self {
        Self {
            taken: HashSet::new(),
            compare,
        }
    }

    /// `filename` made safe and, where it was given before, followed by `-2`, `-3`, …
    pub fn take(&mut self, filename: &str) -> String {
        let clean = clean(filename);
        let (stem, extension) = split(&clean);
        let mut name = clean.clone();
        let mut n = 2;
        while !self.taken.insert(self.key(&name)) {
            name = format!("{stem}-{n}{extension}");
            n += 1;
        }
        name
    }

    /// Many file systems ignore case.
    fn key(&self, name: &str) -> u64 {
        let name = match self.compare {
            Compare::WholeName => name,
            Compare::Stem => split(name).0,
        };
        let mut hasher = DefaultHasher::new();
        name.to_lowercase().hash(&mut hasher);
        hasher.finish()
    }
}

/// The name without its extension, folders included.
pub fn stem(name: &str) -> &str {
    split(name).0
}

/// Stem and extension, the latter with its dot.
fn split(name: &str) -> (&str, &str) {
    let file_start = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[file_start..].rfind('.') {
        Some(dot) if dot > 0 => name.split_at(file_start + dot),
        _ => (name, ""),
    }
}

/// A relative path with `/` between its parts: no part is empty, `.` or `..`, and no character is
/// one that Windows or a zip tool stumbles over. Spaces and every script stay.
fn clean(filename: &str) -> String {
    let parts = filename.split(['/', '\\']).filter_map(|part| {
        let part: String = part
            .chars()
            .map(|c| match c {
                '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
                c if c.is_control() => '_',
                c => c,
            })
            .collect();
        let part = part.trim().trim_end_matches('.').to_owned();
        (!part.is_empty()).then_some(part)
    });
    let path = parts.collect::<Vec<_>>().join("/");
    if path.is_empty() {
        "unnamed".to_owned()
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(compare: Compare, names: &[(&str, &str)]) {
        let mut taken = Names::new(compare);
        for (given, expected) in names {
            assert_eq!(taken.take(given), *expected);
        }
    }

    #[test]
    fn names_stay_as_they_are_where_they_can() {
        check(
            Compare::WholeName,
            &[
                ("dinner table.jpg", "dinner table.jpg"),
                ("猫/ねこ 1.png", "猫/ねこ 1.png"),
                ("../../etc/passwd", "etc/passwd"),
                ("a:b?.png", "a_b_.png"),
                ("/", "unnamed"),
                (".hidden", ".hidden"),
            ],
        );
    }

    #[test]
    fn duplicates_are_numbered() {
        let names = [
            ("a.jpg", "a.jpg"),
            ("A.jpg", "A-2.jpg"),
            ("a-2.jpg", "a-2-2.jpg"),
        ];
        check(Compare::WholeName, &names);
        check(
            Compare::WholeName,
            &[("a.jpg", "a.jpg"), ("a.png", "a.png")],
        );
        check(Compare::Stem, &[("a.jpg", "a.jpg"), ("a.png", "a-2.png")]);
    }
}
