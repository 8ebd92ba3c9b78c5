//! What a person drops or picks, as a flat list of files with their paths.

use super::kind::is_litter;
use js_sys::Array;
use std::future::Future;
use std::pin::Pin;
use visionflow_geometry::sort_by;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
};

/// A file and its path inside what was dropped, such as `day 1/front.jpg`.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped {
    pub path: String,
    pub file: File,
}

/// The files of a picker; a folder picker gives paths too.
pub fn from_file_list(list: &FileList) -> Vec<Dropped> {
    (0..list.length())
        .filter_map(|index| list.item(index))
        .map(|file| {
            let relative = js_sys::Reflect::get(&file, &"webkitRelativePath".into());
            let relative = relative
                .ok()
                .and_then(|path| path.as_string())
                .filter(|path| !path.is_empty());
            Dropped {
                path: relative.unwrap_or_else(|| file.name()),
                file,
            }
        })
        .filter(|dropped| !is_litter(&dropped.path))
        .collect()
}

/// Everything in a drop, folders walked to their ground.
///
/// The entries are taken at once, before the first await: a drop's data is gone after its event.
pub fn from_transfer(transfer: &DataTransfer) -> impl Future<Output = Vec<Dropped>> + use<> {
    let items = transfer.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|index| items.get(index)?.webkit_get_as_entry().ok().flatten())
        .collect();
    let plain = transfer
        .files()
        .map(|list| from_file_list(&list))
        .unwrap_or_default();
    async move {
        if entries.is_empty() {
            return plain;
        }
        let mut found = Vec::new();
        for entry in entries {
            walk(entry, &mut found).await;
        }
        found.retain(|dropped| !is_litter(&dropped.path));
        sort_by(&mut found, |a, b| a.path.cmp(&b.path));
        found
    }
}

fn walk(
    entry: FileSystemEntry,
    found: &mut Vec<Dropped>,
) -> Pin<Box<dyn Future<Output = ()> + '_>> {
    Box::pin(async move {
        let path = entry.full_path().trim_start_matches('/').to_owned();
        if entry.is_directory() {
            for child in children(entry.unchecked_into()).await {
                walk(child, found).await;
            }
        } else if let Some(file) = file_of(entry.unchecked_into()).await {
            found.push(Dropped { path, file });
        }
    })
}

/// All entries of a folder; a reader hands them out in portions of a hundred or so.
async fn children(folder: FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let portion = js_sys::Promise::new(&mut |resolve, reject| {
            // A call that throws leaves the promise to the error callback.
            let _ = reader.read_entries_with_callback_and_callback(&resolve, &reject);
        });
        let Ok(portion) = JsFuture::from(portion).await else {
            return all;
        };
        let portion: Array = portion.unchecked_into();
        if portion.length() == 0 {
            return all;
        }
        all.extend(
            portion
                .iter()
                .map(JsCast::unchecked_into::<FileSystemEntry>),
        );
    }
}

async fn file_of(entry: FileSystemFileEntry) -> Option<File> {
    let file = js_sys::Promise::new(&mut |resolve, reject| {
        entry.file_with_callback_and_callback(&resolve, &reject);
    });
    JsFuture::from(file).await.ok().map(JsValue::unchecked_into)
}
