//! The table of ARCHITECTURE.md: which crate may use which, and who owns a foreign API.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Findings;
use crate::places::Places;
use crate::shell::{cargo, text_of};

/// A crate, and which of our crates it may name; its tests may name more.
const MAY_USE: [(&str, &[&str]); 26] = [
    ("geometry", &[]),
    ("model", &["geometry"]),
    ("document", &["model", "geometry"]),
    ("formats", &["model", "geometry"]),
    ("scene", &["model", "geometry"]),
    ("media", &["model", "geometry"]),
    ("infer", &["model", "geometry"]),
    ("infer-gpu", &["infer"]),
    ("sync", &["document", "model", "geometry"]),
    ("websocket", &[]),
    ("commands", &["document", "model", "geometry"]),
    (
        "tools",
        &["commands", "document", "scene", "model", "geometry"],
    ),
    (
        "surface",
        &["tools", "commands", "scene", "model", "geometry"],
    ),
    ("shaders", &[]),
    ("render", &["shaders", "scene", "geometry"]),
    ("raster", &["scene", "model", "geometry"]),
    ("api", &["model", "geometry"]),
    (
        "engine",
        &[
            "document", "sync", "scene", "commands", "tools", "render", "media", "api", "model",
            "geometry",
        ],
    ),
    (
        "annotator",
        &[
            "engine", "surface", "tools", "commands", "document", "model", "geometry",
        ],
    ),
    ("app", &["engine", "api", "formats", "model", "geometry"]),
    (
        "server",
        &[
            "document",
            "sync",
            "websocket",
            "formats",
            "media",
            "infer",
            "scene",
            "raster",
            "api",
            "model",
            "geometry",
        ],
    ),
    ("media-wasm", &["media"]),
    ("infer-wasm", &["infer", "geometry"]),
    ("infer-gpu-wasm", &["infer-gpu", "infer"]),
    ("xtask", &[]),
    (
        "fuzz",
        &[
            "geometry",
            "model",
            "document",
            "sync",
            "websocket",
            "commands",
            "media",
            "infer",
        ],
    ),
];

/// The start of a foreign crate's name, and the crates that may name it.
const OWNERS: [(&str, &[&str]); 9] = [
    ("wgpu", &["render", "infer-gpu"]),
    ("naga", &["shaders"]),
    ("tract", &["infer"]),
    ("sqlx", &["server"]),
    ("aws-", &["server"]),
    ("axum", &["server"]),
    ("yew", &["app"]),
    // In `render` only `web` names them: see `sources`.
    (
        "web-sys",
        &["engine", "annotator", "app", "render", "media-wasm"],
    ),
    (
        "wasm-bindgen",
        &[
            "engine",
            "annotator",
            "app",
            "render",
            "media-wasm",
            "infer-wasm",
            "infer-gpu-wasm",
            "xtask",
        ],
    ),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `dev` for what only tests use.
    kind: Option<String>,
}

pub fn check(places: &Places, findings: &mut Findings) -> Result<()> {
    // `--locked` makes a lock file that lags behind a manifest an error.
    let mut metadata = cargo(places);
    metadata.args(["metadata", "--format-version=1", "--no-deps", "--locked"]);
    let metadata: Metadata =
        serde_json::from_str(&text_of(&mut metadata)?).context("cargo metadata")?;
    for package in &metadata.packages {
        let name = short(&package.name);
        let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == name) else {
            findings.error(&package.name, "is not in the table of crates: add it to xtask/src/tidy/edges.rs and ARCHITECTURE.md");
            continue;
        };
        for dependency in &package.dependencies {
            if dependency.kind.as_deref() == Some("dev")
                && dependency.name.starts_with("visionflow-")
            {
                continue;
            }
            check_edge(name, allowed, &dependency.name, findings);
        }
    }
    Ok(())
}

fn check_edge(user: &str, allowed: &[&str], used: &str, findings: &mut Findings) {
    if used.starts_with("visionflow-") {
        if !allowed.contains(&short(used)) && short(used) != user {
            findings.error(
                user,
                &format!("may not use {used}: dependencies point one way"),
            );
        }
        return;
    }
    for (foreign, owners) in OWNERS {
        if used.starts_with(foreign) && !owners.contains(&user) {
            findings.error(
                user,
                &format!("may not use {used}: {} owns it", owners.join(", ")),
            );
        }
    }
}

fn short(package: &str) -> &str {
    package.strip_prefix("visionflow-").unwrap_or(package)
}
