//! Listings in the order of keys, a page at a time, without reading more folders than the page needs.

use super::files::{Meta, open_object};
use super::keys::{self, Entry};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One page of a listing.
pub struct Listing {
    /// Keys with their metadata, and common prefixes without, in the order of their bytes.
    pub entries: Vec<(String, Option<Meta>)>,
    pub truncated: bool,
}

/// What to list.
pub struct ListQuery {
    pub prefix: String,
    pub delimiter: Option<String>,
    /// Only names after this one.
    pub after: String,
    pub limit: usize,
}

/// Lists the bucket in the folder `root`.
pub fn list(root: &Path, query: &ListQuery) -> io::Result<Listing> {
    let mut found = BTreeMap::new();
    walk(root, "", query, &mut found)?;
    let truncated = found.len() > query.limit;
    let mut entries = Vec::new();
    for (name, path) in found.into_iter().take(query.limit) {
        match path.map(|path| open_object(&path)) {
            None => entries.push((name, None)),
            Some(Ok((_, meta))) => entries.push((name, Some(meta))),
            // Deleted since the walk, or damaged: a listing names what can be read.
            Some(Err(error)) => tracing::debug!(%error, key = name, "left out of a listing"),
        }
    }
    Ok(Listing { entries, truncated })
}

/// Gathers the first `limit + 1` names below `dir`, passing over folders that hold none of them.
fn walk(
    dir: &Path,
    prefix: &str,
    query: &ListQuery,
    found: &mut BTreeMap<String, Option<PathBuf>>,
) -> io::Result<()> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        match name.to_str().and_then(|name| keys::entry(prefix, name)) {
            Some(Entry::Below(below)) if may_hold(&below, query, found) => {
                walk(&entry.path(), &below, query, found)?;
            }
            Some(Entry::Object(escaped)) => {
                if let Ok(key) = String::from_utf8(keys::unescape(&escaped)) {
                    take(key, entry.path(), query, found);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn may_hold(below: &str, query: &ListQuery, found: &BTreeMap<String, Option<PathBuf>>) -> bool {
    let start = keys::unescape(below);
    let prefix = query.prefix.as_bytes();
    let after = query.after.as_bytes();
    let common = start.len().min(prefix.len());
    let full = found.len() > query.limit;
    let last = found.last_key_value().map(|(last, _)| last.as_bytes());
    start[..common] == prefix[..common]
        && (start.as_slice() >= after || after.starts_with(&start))
        && !(full && last.is_some_and(|last| start.as_slice() > last))
}

fn take(
    key: String,
    path: PathBuf,
    query: &ListQuery,
    found: &mut BTreeMap<String, Option<PathBuf>>,
) {
    let Some(rest) = key.strip_prefix(query.prefix.as_str()) else {
        return;
    };
    let delimiter = query.delimiter.as_deref().filter(|text| !text.is_empty());
    let common = delimiter.and_then(|text| rest.find(text).map(|at| at + text.len()));
    let (name, path) = match common {
        Some(end) => (key[..query.prefix.len() + end].to_owned(), None),
        None => (key, Some(path)),
    };
    if name.as_str() > query.after.as_str() {
        found.insert(name, path);
        if found.len() > query.limit + 1 {
            found.pop_last();
        }
    }
}
