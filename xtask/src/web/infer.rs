//! The worker that runs Segment Anything: one script, one module for browsers with fused
//! multiplication and addition and one for the others, and the models.
//!
//! None of it belongs to the first load; a page fetches what it needs when a person first asks.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::wasm::{self, Module, Package, Simd};
use crate::places::Places;
use crate::setup::wasm::Toolchain;

/// Their names, in the repository and in what is built.
pub const MODELS: [&str; 2] = ["mobile_sam_encoder.onnx", "mobile_sam_decoder.onnx"];

pub struct Worker {
    pub plain: Module,
    /// With the same JavaScript as the plain one.
    pub relaxed: Module,
    pub script: String,
}

pub fn worker(places: &Places, toolchain: &Toolchain, quick: bool) -> Result<Worker> {
    let build = |simd| {
        let package = Package {
            name: "visionflow-infer-wasm",
            file: "visionflow_infer_wasm.wasm",
            out_name: "infer",
            simd,
        };
        wasm::build(places, toolchain, &package, quick)
    };
    let script = fs::read_to_string(places.root.join("infer-wasm/infer_worker.js"))
        .context("infer-wasm/infer_worker.js is missing")?;
    let worker = Worker {
        plain: build(Simd::Plain)?,
        relaxed: build(Simd::Relaxed)?,
        script,
    };
    anyhow::ensure!(
        worker.plain.js == worker.relaxed.js,
        "the two modules of infer-wasm need different JavaScript"
    );
    Ok(worker)
}

pub fn model(places: &Places, name: &str) -> Result<Vec<u8>> {
    let path = places.root.join("models/mobile-sam").join(name);
    fs::read(&path).with_context(|| format!("{} is missing", path.display()))
}

/// Writes everything beside the engine's files, with plain names.
pub fn write(places: &Places, worker: &Worker, out: &Path) -> Result<()> {
    fs::write(out.join("infer_worker.js"), &worker.script)?;
    fs::write(out.join("infer.js"), &worker.plain.js)?;
    fs::write(out.join("infer_bg.wasm"), &worker.plain.wasm)?;
    fs::write(out.join("infer_relaxed_bg.wasm"), &worker.relaxed.wasm)?;
    for name in MODELS {
        fs::write(out.join(name), model(places, name)?)?;
    }
    Ok(())
}
