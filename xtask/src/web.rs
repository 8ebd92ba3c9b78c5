//! `cargo xtask web`: from Rust and CSS to the files a browser loads.
//!
//! cargo (profile `web`) -> wasm-bindgen -> wasm-opt -> names with a hash of the content -> .br and .gz beside.
//! The server hands out what lies here; everything under `assets/` may be cached for ever.

mod assets;
mod compile;
mod compress;
mod infer;
mod wasm;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::args;
use crate::places::Places;
use crate::setup;
use crate::shell::say;
use compile::Simd;

/// What a visitor may have to fetch, compressed, before a photograph shows.
const FIRST_LOAD_LIMIT_BYTES: u64 = 2_000_000;

/// What a browser begins with.
#[derive(Clone, Copy)]
enum Page {
    Workbench,
    /// The engine's JavaScript module, with plain names, as npm packages have them.
    Engine,
}

/// Builds the workbench, the engine alone, or both; returns the directory of what was built last.
pub fn run(places: &Places, options: &args::Web) -> Result<PathBuf> {
    let pages: &[Page] = match options {
        args::Web { engine: true, .. } => &[Page::Engine],
        args::Web { all: true, .. } => &[Page::Workbench, Page::Engine],
        _ => &[Page::Workbench],
    };
    setup::npm::packages(places)?;
    let toolchain = setup::wasm::target(places)?;
    let built = Built::of(places, &toolchain, pages, options.quick)?;
    let mut out = PathBuf::new();
    for (page, module) in pages.iter().zip(&built.modules) {
        let default = places.dist().join(page.folder());
        out = options.out.clone().unwrap_or(default);
        match page {
            Page::Workbench => built.write_workbench(places, module, options, &out)?,
            Page::Engine => built.write_engine(places, module, &out)?,
        }
    }
    Ok(out)
}

impl Page {
    fn package(self) -> wasm::Package {
        match self {
            Self::Workbench => wasm::Package {
                name: "visionflow-app",
                kind: wasm::Kind::Page(&["--bin", "visionflow-app"]),
                file: "visionflow-app.wasm",
                out_name: "app",
                simd: Simd::No,
            },
            Self::Engine => wasm::Package {
                name: "visionflow-annotator",
                kind: wasm::Kind::Page(&["--lib"]),
                file: "visionflow_annotator.wasm",
                out_name: "engine",
                simd: Simd::No,
            },
        }
    }

    /// Under `dist`.
    fn folder(self) -> &'static str {
        match self {
            Self::Workbench => "web",
            Self::Engine => "engine",
        }
    }
}

/// The modules of some pages, and the workers that all of them start.
struct Built {
    modules: Vec<wasm::Module>,
    media: assets::Worker,
    segmentation: infer::Worker,
}

impl Built {
    fn of(
        places: &Places,
        toolchain: &setup::wasm::Toolchain,
        pages: &[Page],
        quick: bool,
    ) -> Result<Self> {
        let (segmentation, (modules, media)) =
            infer::worker_beside(places, toolchain, quick, || {
                let build = |page: &Page| {
                    let package = page.package();
                    say(&format!("Building {} for the browser", package.name));
                    wasm::build(places, toolchain, &package, quick)
                };
                let modules = pages.iter().map(build).collect::<Result<_>>()?;
                Ok((modules, media_worker(places, toolchain, quick)?))
            })?;
        Ok(Self {
            modules,
            media,
            segmentation,
        })
    }

    fn write_workbench(
        &self,
        places: &Places,
        module: &wasm::Module,
        options: &args::Web,
        out: &Path,
    ) -> Result<()> {
        let files = assets::collect(places, module, &self.media, &self.segmentation)?;
        let sizes = assets::write(places, &files, out, options.quick)?;
        sizes.print();
        if !options.quick && sizes.first_load_bytes() > FIRST_LOAD_LIMIT_BYTES {
            bail!(
                "the first load is {} bytes over the wire, more than the {FIRST_LOAD_LIMIT_BYTES} promised",
                sizes.first_load_bytes()
            );
        }
        Ok(())
    }

    fn write_engine(&self, places: &Places, module: &wasm::Module, out: &Path) -> Result<()> {
        assets::write_plain(module, out)?;
        assets::write_worker(&self.media, out)?;
        infer::write(places, &self.segmentation, out)
    }
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
        simd: Simd::No,
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
