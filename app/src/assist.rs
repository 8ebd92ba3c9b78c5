//! The segmentation model of this build: where its files are served, if it has any.

use crate::browser;
use serde::Deserialize;
use visionflow_engine::AssistOptions;

/// What stands in `index.html`; the build puts the served names in place of the sources'.
#[derive(Deserialize)]
struct Files {
    worker: String,
    encoder: String,
    decoder: String,
}

thread_local! {
    static OPTIONS: Option<AssistOptions> = read();
}

/// The model's files.
pub fn options() -> Option<AssistOptions> {
    OPTIONS.with(Clone::clone)
}

/// Whether this build has the model.
pub fn is_available() -> bool {
    OPTIONS.with(Option::is_some)
}

fn read() -> Option<AssistOptions> {
    let element = browser::document().get_element_by_id("assist")?;
    let files: Files = serde_json::from_str(&element.text_content()?).ok()?;
    let options = AssistOptions {
        worker: files.worker,
        start: None,
        wasm: None,
        encoder: files.encoder,
        decoder: files.decoder,
    };
    let served = [&options.worker, &options.encoder, &options.decoder];
    // A name that the build left as it was names no file.
    let has_all = served.iter().all(|path| path.starts_with("/assets/"));
    has_all.then_some(options)
}
