//! JSON from other people's files, clipboards and projects.

use crate::{Target, outcome_of};
use visionflow_commands::Clipboard;
use visionflow_model::{Ontology, Shape};

pub const SHAPE: Target = Target {
    name: "shape_json",
    run: |bytes| {
        let shape = serde_json::from_slice::<Shape>(bytes).map_err(gist);
        if let Ok(shape) = &shape {
            let text = serde_json::to_vec(shape).expect("a shape has a JSON form");
            if shape.check().is_ok() {
                let again: Shape = serde_json::from_slice(&text).expect("what was written is read");
                assert!(again.check().is_ok());
            }
        }
        outcome_of(&shape, |shape| (shape.kind(), shape.check().map_err(gist)))
    },
    seeds: || lines(include_str!("../../corpus/shapes.jsonl")),
};

pub const ONTOLOGY: Target = Target {
    name: "ontology_json",
    run: |bytes| {
        let ontology = serde_json::from_slice::<Ontology>(bytes).map_err(gist);
        outcome_of(&ontology, |ontology| ontology.check().map_err(gist))
    },
    seeds: || lines(include_str!("../../corpus/ontologies.jsonl")),
};

pub const CLIPBOARD: Target = Target {
    name: "clipboard",
    run: |bytes| {
        let clipboard = Clipboard::from_text(&String::from_utf8_lossy(bytes)).map_err(gist);
        outcome_of(&clipboard, |clipboard| clipboard.len().min(3))
    },
    seeds: || lines(include_str!("../../corpus/clipboards.jsonl")),
};

/// An error's words up to the first name or value that it quotes.
fn gist(error: impl std::fmt::Display) -> String {
    let text = error.to_string();
    let quotes = ['`', '\'', '"', '“'];
    text.split(quotes).next().unwrap_or_default().to_owned()
}

fn lines(text: &str) -> Vec<Vec<u8>> {
    text.lines().map(|line| line.as_bytes().to_vec()).collect()
}
