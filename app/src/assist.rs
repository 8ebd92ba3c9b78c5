//! The segmentation model of this build: where its files are served, if it has any.

use crate::browser;
use serde::Deserialize;
use std::cell::Cell;
use std::rc::Rc;
#[cfg(target_arch = "wasm32")]
use visionflow_api::Model;
#[cfg(target_arch = "wasm32")]
use visionflow_engine::{AssistOptions, PromptModel};

/// What stands in `index.html`; the build puts the served names in place of the sources'.
#[derive(Clone, Deserialize)]
struct Files {
    worker: String,
    encoder: String,
    decoder: String,
}

thread_local! {
    static FILES: Option<Files> = read();
    /// The smart tool was used since the page was loaded.
    static WAS_USED: Rc<Cell<bool>> = Rc::default();
}

/// What the engines of this page remember together.
#[cfg(target_arch = "wasm32")]
pub fn was_used() -> Rc<Cell<bool>> {
    WAS_USED.with(Rc::clone)
}

/// The model's files.
#[cfg(target_arch = "wasm32")]
pub fn options() -> Option<AssistOptions> {
    let files = FILES.with(Clone::clone)?;
    Some(AssistOptions {
        worker: files.worker,
        start: None,
        wasm: None,
        encoder: files.encoder,
        decoder: files.decoder,
        model: None,
    })
}

/// The files of a registered model that answers prompts; the worker is this build's.
#[cfg(target_arch = "wasm32")]
pub fn options_of(model: &Model) -> Option<AssistOptions> {
    let [encoder, decoder] = &model.files[..] else {
        return None;
    };
    Some(AssistOptions {
        encoder: encoder.url.clone()?,
        decoder: decoder.url.clone()?,
        model: Some(PromptModel {
            key: model.id.to_string(),
            name: model.name.as_str().into(),
            sha256: [encoder, decoder].map(|file| Some(file.sha256.clone())),
            spec: model.spec.clone()?,
        }),
        ..options()?
    })
}

/// The two parts of the model, by address.
pub fn model() -> Option<(String, String)> {
    FILES.with(|files| {
        let files = files.as_ref()?;
        Some((files.encoder.clone(), files.decoder.clone()))
    })
}

/// Whether this build has the model.
pub fn is_available() -> bool {
    FILES.with(Option::is_some)
}

fn read() -> Option<Files> {
    let element = browser::document().get_element_by_id("assist")?;
    let files: Files = serde_json::from_str(&element.text_content()?).ok()?;
    let served = [&files.worker, &files.encoder, &files.decoder];
    // A name that the build left as it was names no file.
    let has_all = served.iter().all(|path| path.starts_with("/assets/"));
    has_all.then_some(files)
}
