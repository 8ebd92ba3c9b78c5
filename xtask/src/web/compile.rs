//! What cargo is told to for the browser: instructions beyond what every browser has, and where it
//! builds.

use std::path::PathBuf;

use anyhow::Result;

use crate::places::Places;
use crate::setup::wasm::Toolchain;
use crate::shell::{run, without_outer_cargo};

/// What a module may use beyond what every browser has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Simd {
    No,
    /// Vectors of 128 bits, which every browser has by now.
    Plain,
    /// Also fused multiplication and addition, which some have.
    Relaxed,
    /// Also memory that threads share, which pages have that are cross-origin isolated. The package's
    /// feature `threads` says what is done with it.
    Threads,
}

/// The linker's part of it: a memory that the first instance makes and the others are given, with what
/// wasm-bindgen needs for the locals of each thread.
const SHARED_MEMORY: [&str; 7] = [
    "--shared-memory",
    "--import-memory",
    "--max-memory=4294967296",
    "--export=__wasm_init_tls",
    "--export=__tls_size",
    "--export=__tls_align",
    "--export=__tls_base",
];

impl Simd {
    /// The features' names, as compiler and tools spell them.
    pub fn features(self) -> &'static [&'static str] {
        match self {
            Self::No => &[],
            Self::Plain => &["simd128"],
            Self::Relaxed => &["simd128", "relaxed-simd"],
            Self::Threads => &["simd128", "relaxed-simd", "atomics"],
        }
    }

    fn rustc(self) -> Vec<String> {
        let features = self.features().iter().map(|name| format!("+{name}"));
        let features: Vec<String> = features.collect();
        let features =
            (!features.is_empty()).then(|| format!("-Ctarget-feature={}", features.join(",")));
        let linker = (self == Self::Threads).then_some(SHARED_MEMORY);
        let linker = linker.into_iter().flatten();
        let linker = linker.map(|argument| format!("-Clink-arg={argument}"));
        features.into_iter().chain(linker).collect()
    }

    /// Whether optimising the whole once more, when linking and by wasm-opt, does more than cost
    /// minutes: what is compiled for speed is as the compiler wants it.
    pub fn is_worth_optimising(self) -> bool {
        self == Self::No
    }
}

/// Builds what cargo is told to for the browser; with `lto` all crates are optimised as one.
pub fn compile(
    places: &Places,
    toolchain: &Toolchain,
    told: &[&str],
    simd: Simd,
    lto: bool,
) -> Result<()> {
    let mut cargo = toolchain.cargo();
    without_outer_cargo(&mut cargo);
    if !lto {
        cargo.args(["--config", "profile.web.lto=false"]);
        // Then two units are no slower to run, and each takes a core to compile.
        cargo.args(["--config", "profile.web.codegen-units=2"]);
    }
    let flags = simd.rustc();
    if !flags.is_empty() {
        // Beside the flags of `.cargo/config.toml`.
        let config = format!("target.wasm32-unknown-unknown.rustflags={flags:?}");
        cargo.args(["--config", &config]);
    }
    cargo.args(told);
    if simd == Simd::Threads {
        // The library that comes with the compiler knows one thread.
        cargo.args(["-Zbuild-std=std,panic_abort", "--features", "threads"]);
        cargo.env("RUSTC_BOOTSTRAP", "1");
    }
    run(cargo
        .args(["--profile", "web", "--target", "wasm32-unknown-unknown"])
        .env("CARGO_TARGET_DIR", target_of(places, simd))
        .current_dir(&places.root))
}

/// Where cargo keeps what it builds. Cargo locks the folder that it builds in, and ends in the same file
/// whatever the instructions: each kind has one of its own.
pub fn target_of(places: &Places, simd: Simd) -> PathBuf {
    match simd {
        Simd::No => places.wasm_target.clone(),
        Simd::Plain => places.wasm_target.join("simd"),
        Simd::Relaxed => places.wasm_target.join("relaxed"),
        Simd::Threads => places.wasm_target.join("threads"),
    }
}
