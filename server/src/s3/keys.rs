//! Object keys as file paths, one to one, for every key that S3 allows.
//!
//! Each part of a key between slashes becomes a folder, the last one a file. Whatever is not a
//! lower-case letter, a digit, `_` or `-` is written as `%xx`: so no part is `.` or `..`, no two
//! keys meet on a file system that folds case or normalises Unicode, and no key leaves its bucket.
//! A part longer than a file name may be continues in a folder whose name ends in `+`.

use std::path::{Path, PathBuf};

/// Bytes of an escaped part in one file name; file systems allow 255.
const CHUNK: usize = 200;
const FOLDER: &str = ".d";
const FILE: &str = ".o";
const CONTINUED: &str = "+";

/// What an entry of a folder stands for.
pub enum Entry {
    /// Keys that begin with this text lie below.
    Below(String),
    /// The object with this key.
    Object(String),
}

/// The file of `key` below `root`.
pub fn path_of(root: &Path, key: &str) -> PathBuf {
    let mut path = root.to_owned();
    let mut parts = key.split('/').peekable();
    while let Some(part) = parts.next() {
        let end = if parts.peek().is_some() { FOLDER } else { FILE };
        let escaped = escape(part);
        let mut rest = escaped.as_str();
        while rest.len() > CHUNK {
            let (chunk, after) = rest.split_at(CHUNK);
            path.push(format!("{chunk}{CONTINUED}"));
            rest = after;
        }
        path.push(format!("{rest}{end}"));
    }
    path
}

/// Reads an entry called `name` in the folder of all keys that begin with `prefix`, where both are
/// escaped; `None` for a file that is none of ours.
pub fn entry(prefix: &str, name: &str) -> Option<Entry> {
    if let Some(part) = name.strip_suffix(FILE) {
        Some(Entry::Object(format!("{prefix}{part}")))
    } else if let Some(part) = name.strip_suffix(FOLDER) {
        Some(Entry::Below(format!("{prefix}{part}/")))
    } else {
        let part = name.strip_suffix(CONTINUED)?;
        Some(Entry::Below(format!("{prefix}{part}")))
    }
}

/// `a/B` as `a/%42`; slashes stay.
pub fn escape(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'/' => out.push(byte as char),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02x}");
            }
        }
    }
    out
}

/// The inverse of [`escape`]; a prefix that ends inside an escape gives what is whole.
pub fn unescape(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let Some(hex) = text.get(at + 1..at + 3) else {
                break;
            };
            out.extend(u8::from_str_radix(hex, 16));
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Component;

    fn check(key: &str) {
        let path = path_of(Path::new("/root"), key);
        let relative = path.strip_prefix("/root").unwrap();
        let mut prefix = String::new();
        let mut found = None;
        for component in relative.components() {
            let Component::Normal(name) = component else {
                panic!("{key} leaves its bucket as {path:?}");
            };
            let name = name.to_str().unwrap();
            assert!(name.len() <= 255, "{name}");
            match entry(&prefix, name).unwrap() {
                Entry::Below(longer) => prefix = longer,
                Entry::Object(escaped) => found = Some(escaped),
            }
        }
        let found = unescape(&found.expect("ends in a file"));
        assert_eq!(String::from_utf8(found).unwrap(), key);
    }

    #[test]
    fn every_key_has_a_path_of_its_own_below_the_root() {
        check("a");
        check("w/p/images/1/original.jpg");
        check("../../etc/passwd");
        check("/absolute//double/");
        check("a/./b/..");
        check("Case and case");
        check("räksmörgås/日本.png");
        check("nul\0and\nnewline%2f+.d.o");
        check(&"x".repeat(1024));
        check(&"É".repeat(512));
        check(&"ab/".repeat(341));
    }

    #[test]
    fn case_makes_different_paths() {
        let root = Path::new("");
        let lower = path_of(root, "a").to_str().unwrap().to_lowercase();
        let upper = path_of(root, "A").to_str().unwrap().to_lowercase();
        assert_ne!(lower, upper);
    }
}
