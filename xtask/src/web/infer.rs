//! The worker that runs Segment Anything: its scripts, a module with threads for pages that can share
//! memory, one for browsers with fused multiplication and addition and one for the others, one for
//! graphics devices, and the models.
//!
//! None of it belongs to the first load; a page fetches what it needs when a person first asks.

use std::fs;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result};

use super::compile::Simd;
use super::wasm::{self, Kind, Module, Package};
use crate::places::Places;
use crate::setup;
use crate::setup::wasm::Toolchain;

/// Their names, in the repository and in what is built.
pub const MODELS: [&str; 2] = ["mobile_sam_encoder.onnx", "mobile_sam_decoder.onnx"];

pub struct Worker {
    pub plain: Module,
    /// With the same JavaScript as the plain one.
    pub relaxed: Module,
    /// Loaded where memory can be shared.
    pub threads: Module,
    /// Starts that module, in this worker and in the helpers, whose script is the other.
    pub threads_host: String,
    pub helper: String,
    /// Loaded where there is a graphics device.
    pub gpu: Module,
    /// What speaks to that module.
    pub gpu_host: String,
    /// Fetches and checks the models' files.
    pub files: String,
    pub script: String,
}

/// The worker, with what `others` builds meanwhile: every build ends with a crate that keeps only one
/// core, and each kind of module is built in a folder of its own.
pub fn worker_beside<T>(
    places: &Places,
    toolchain: &Toolchain,
    quick: bool,
    others: impl FnOnce() -> Result<T>,
) -> Result<(Worker, T)> {
    let with_source = setup::wasm::with_source(places, toolchain)?;
    let gpu = Package {
        name: "visionflow-infer-gpu-wasm",
        kind: Kind::Library,
        file: "visionflow_infer_gpu_wasm.wasm",
        out_name: "infer_gpu",
        simd: Simd::No,
    };
    thread::scope(|scope| {
        let kinds = [
            (toolchain, Simd::Plain, "infer"),
            (toolchain, Simd::Relaxed, "infer"),
            (&with_source, Simd::Threads, "infer_threads"),
        ];
        let modules = kinds.map(|(toolchain, simd, out_name)| {
            scope.spawn(move || build(places, toolchain, simd, out_name, quick))
        });
        let others = others();
        let gpu = wasm::build(places, toolchain, &gpu, quick);
        // A panic of theirs goes on here.
        let [plain, relaxed, threads] =
            modules.map(|module| module.join().unwrap_or_else(|panic| resume_unwind(panic)));
        let modules = [plain?, relaxed?, threads?];
        Ok((worker(places, modules, gpu?)?, others?))
    })
}

/// The module that runs models on the processor.
fn build(
    places: &Places,
    toolchain: &Toolchain,
    simd: Simd,
    out_name: &'static str,
    quick: bool,
) -> Result<Module> {
    let package = Package {
        name: "visionflow-infer-wasm",
        kind: Kind::Library,
        file: "visionflow_infer_wasm.wasm",
        out_name,
        simd,
    };
    wasm::build(places, toolchain, &package, quick)
}

fn worker(places: &Places, modules: [Module; 3], gpu: Module) -> Result<Worker> {
    let [plain, relaxed, threads] = modules;
    let script = |name: &str| {
        let path = places.root.join("infer-wasm").join(name);
        fs::read_to_string(&path).with_context(|| format!("{} is missing", path.display()))
    };
    let worker = Worker {
        plain,
        relaxed,
        threads,
        threads_host: script("infer_threads_host.js")?,
        helper: script("infer_helper.js")?,
        gpu,
        gpu_host: script("infer_gpu_host.js")?,
        files: script("infer_files.js")?,
        script: script("infer_worker.js")?,
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
    fs::write(out.join("infer_files.js"), &worker.files)?;
    fs::write(out.join("infer_threads_host.js"), &worker.threads_host)?;
    fs::write(out.join("infer_helper.js"), &worker.helper)?;
    fs::write(out.join("infer_threads.js"), &worker.threads.js)?;
    fs::write(out.join("infer_threads_bg.wasm"), &worker.threads.wasm)?;
    fs::write(out.join("infer_gpu_host.js"), &worker.gpu_host)?;
    fs::write(out.join("infer_gpu.js"), &worker.gpu.js)?;
    fs::write(out.join("infer_gpu_bg.wasm"), &worker.gpu.wasm)?;
    fs::write(out.join("infer.js"), &worker.plain.js)?;
    fs::write(out.join("infer_bg.wasm"), &worker.plain.wasm)?;
    fs::write(out.join("infer_relaxed_bg.wasm"), &worker.relaxed.wasm)?;
    for name in MODELS {
        fs::write(out.join(name), model(places, name)?)?;
    }
    Ok(())
}
