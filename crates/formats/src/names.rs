//! File names inside a dataset: safe, and different from each other on every file system.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Gives each item a name of its own.
///
/// Keeps eight bytes for each name: two names whose hashes meet by chance only cost the second one
/// an unneeded suffix.
pub struct Names {
    taken: HashSet<u64>,
    folders: Folders,
}

/// What becomes of the folders in a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Folders {
    Keep,
    /// `day 1/a.jpg` becomes `day 1_a.jpg`: YOLO's readers tell files apart by their last part.
    Flatten,
}

impl Names {
    pub fn new(folders: Folders) -> Self {
        Self {
            taken: HashSet::new(),
            folders,
        }
    }

    /// `filename` made safe and, where it was given before, followed by `-2`, `-3`, …
    pub fn take(&mut self, filename: &str) -> String {
        let mut clean = clean(filename);
        if self.folders == Folders::Flatten {
            clean = clean.replace('/', "_");
        }
        let (stem, extension) = split(&clean);
        let mut name = clean.clone();
        let mut n = 2;
        while !self.taken.insert(key(&name)) {
            name = format!("{stem}-{n}{extension}");
            n += 1;
        }
        name
    }
}

/// Names differ in their stems, regardless of case: label files and the ids of most readers leave
/// the extension away, and many file systems ignore case.
fn key(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    stem(name).to_lowercase().hash(&mut hasher);
    hasher.finish()
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

    fn check(folders: Folders, names: &[(&str, &str)]) {
        let mut taken = Names::new(folders);
        for (given, expected) in names {
            assert_eq!(taken.take(given), *expected);
        }
    }

    #[test]
    fn names_stay_as_they_are_where_they_can() {
        check(
            Folders::Keep,
            &[
                ("dinner table.jpg", "dinner table.jpg"),
                ("猫/ねこ 1.png", "猫/ねこ 1.png"),
                ("../../etc/passwd", "etc/passwd"),
                ("a:b?.png", "a_b_.png"),
                ("/", "unnamed"),
                (".hidden", ".hidden"),
            ],
        );
        check(Folders::Flatten, &[("猫/ねこ 1.png", "猫_ねこ 1.png")]);
    }

    #[test]
    fn duplicates_are_numbered() {
        check(
            Folders::Keep,
            &[
                ("a.jpg", "a.jpg"),
                ("A.png", "A-2.png"),
                ("a-2.jpg", "a-2-2.jpg"),
                ("b/a.jpg", "b/a.jpg"),
            ],
        );
    }
}
