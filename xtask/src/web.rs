//! `cargo xtask web`: from Rust and CSS to the files a browser loads.
//!
//! cargo (profile `web`) -> wasm-bindgen -> wasm-opt -> names with a hash of the content -> .br and .gz beside.
//! The server hands out what lies here; everything under `assets/` may be cached for ever.

mod assets;
mod compress;
mod infer;
mod wasm;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::args;
use crate::places::Places;
use crate::setup;
use crate::shell::say;

/// What a visitor may have to fetch, compressed, before a photograph shows.
const FIRST_LOAD_LIMIT_BYTES: u64 = 2_000_000;

/// Builds the workbench, the engine alone, or both; returns the directory of what was built last.
pub fn run(places: &Places, options: &args::Web) -> Result<PathBuf> {
    if options.engine {
        return engine(places, options);
    }
    let out = workbench(places, options)?;
    if options.all {
        return engine(places, options);
    }
    Ok(out)
}

fn workbench(places: &Places, options: &args::Web) -> Result<PathBuf> {
    setup::npm::packages(places)?;
    let toolchain = setup::wasm::target(places)?;
    let out = options
        .out
        .clone()
        .unwrap_or_else(|| places.dist().join("web"));

    say("Building the workbench for the browser");
    let workbench = wasm::Package {
        name: "visionflow-app",
        kind: wasm::Kind::Program,
        file: "visionflow-app.wasm",
        out_name: "app",
        simd: wasm::Simd::No,
    };
    let (module, worker, segmentation) =
        with_workers(places, &toolchain, &workbench, options.quick)?;
    let files = assets::collect(places, &module, &worker, &segmentation)?;
    let sizes = assets::write(places, &files, &out, options.quick)?;
    sizes.print();
    if !options.quick && sizes.first_load_bytes() > FIRST_LOAD_LIMIT_BYTES {
        bail!(
            "the first load is {} bytes over the wire, more than the {FIRST_LOAD_LIMIT_BYTES} promised",
            sizes.first_load_bytes()
        );
    }
    Ok(out)
}

/// Builds the engine's JavaScript module into `dist/engine`, with plain names, as npm packages have them.
pub fn engine(places: &Places, options: &args::Web) -> Result<PathBuf> {
    setup::npm::packages(places)?;
    let toolchain = setup::wasm::target(places)?;
    say("Building the engine's JavaScript module");
    let engine = wasm::Package {
        name: "visionflow-engine",
        kind: wasm::Kind::Library,
        file: "visionflow_engine.wasm",
        out_name: "engine",
        simd: wasm::Simd::No,
    };
    let (module, worker, segmentation) = with_workers(places, &toolchain, &engine, options.quick)?;
    let out = options
        .out
        .clone()
        .unwrap_or_else(|| places.dist().join("engine"));
    assets::write_plain(&module, &out)?;
    assets::write_worker(&worker, &out)?;
    infer::write(places, &segmentation, &out)?;
    Ok(out)
}

/// Builds a page's module, and the workers that it starts.
fn with_workers(
    places: &Places,
    toolchain: &setup::wasm::Toolchain,
    package: &wasm::Package,
    quick: bool,
) -> Result<(wasm::Module, assets::Worker, infer::Worker)> {
    let (segmentation, (module, worker)) = infer::worker_beside(places, toolchain, quick, || {
        let module = wasm::build(places, toolchain, package, quick)?;
        Ok((module, media_worker(places, toolchain, quick)?))
    })?;
    Ok((module, worker, segmentation))
}

/// Builds what decodes large and rare pictures, loaded by a worker when the first one is opened.
fn media_worker(
    places: &Places,
    toolchain: &setup::wasm::Toolchain,
    quick: bool,
) -> Result<assets::Worker> {
    let package = wasm::Package {
        name: "visionflow-media-wasm",
        kind: wasm::Kind::Library,
        file: "visionflow_media_wasm.wasm",
        out_name: "media",
        simd: wasm::Simd::No,
    };
    let module = wasm::build(places, toolchain, &package, quick)?;
    let script = std::fs::read_to_string(places.root.join("media-wasm/media_worker.js"))
        .context("media-wasm/media_worker.js is missing")?;
    Ok(assets::Worker { module, script })
}

/// Builds the document alone, for its weight to be measured.
pub fn document(places: &Places) -> Result<PathBuf> {
    let toolchain = setup::wasm::target(places)?;
    say("Building the document for the browser");
    wasm::example(places, &toolchain, "visionflow-document", "budget")
}
