//! What every source file has, and what no file may have.

use std::fs;
use std::path::Path;

use super::Findings;
use crate::places::Places;

const LINES_WARN: usize = 500;
const LINES_MAX: usize = 800;

/// Macros that mean unfinished work.
const UNFINISHED: [&str; 3] = ["dbg!(", "todo!(", "unimplemented!("];

/// What ties a file to one machine. Written in halves, so that this file does not contain them itself.
const OF_ONE_MACHINE: [&str; 5] = [
    concat!("..", "/shared"),
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("arti", "factory"),
];

/// What only these files of `render` may name.
const BROWSER_NAMES: [&str; 3] = ["web_sys::", "wasm_bindgen::", "js_sys::"];

pub fn check(places: &Places, files: &[String], findings: &mut Findings) {
    for file in files {
        // Pictures and fonts are not text.
        let Ok(text) = fs::read_to_string(places.root.join(file)) else {
            continue;
        };
        no_machine(file, &text, findings);
        if Path::new(file).extension().is_some_and(|kind| kind == "rs") {
            rust(file, &text, findings);
        }
        if file == "package-lock.json" && text.contains("\"resolved\"") {
            findings.error(
                file,
                "names the registry it came from: run npm with the repository's .npmrc",
            );
        }
    }
}

fn rust(file: &str, text: &str, findings: &mut Findings) {
    if !text.starts_with("//!") {
        findings.error(
            file,
            "does not open with //! (what the file is for, and where it stands in the flow)",
        );
    }
    if file.ends_with("/mod.rs") {
        findings.error(file, "foo.rs stands beside foo/, there is no mod.rs");
    }
    let lines = text.lines().count();
    if lines > LINES_MAX {
        findings.error(
            file,
            &format!("has {lines} lines: split it before {LINES_MAX}"),
        );
    } else if lines > LINES_WARN {
        findings.warn(
            file,
            &format!("has {lines} lines: more than {LINES_WARN} want a reason"),
        );
    }
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for name in UNFINISHED.iter().filter(|name| code.contains(**name)) {
            if !file.starts_with("xtask/src/tidy/") {
                findings.error(
                    &format!("{file}:{}", number + 1),
                    &format!("{name}…) is unfinished work"),
                );
            }
        }
        let in_render =
            file.starts_with("crates/render/src/") && !file.starts_with("crates/render/src/web");
        if in_render && BROWSER_NAMES.iter().any(|name| code.contains(name)) {
            findings.error(
                &format!("{file}:{}", number + 1),
                "only `web` of render names the browser's API",
            );
        }
    }
}

fn no_machine(file: &str, text: &str, findings: &mut Findings) {
    for (number, line) in text.lines().enumerate() {
        if let Some(tie) = OF_ONE_MACHINE.iter().find(|tie| line.contains(**tie)) {
            findings.error(
                &format!("{file}:{}", number + 1),
                &format!("`{tie}` exists on one machine only"),
            );
        }
    }
}
