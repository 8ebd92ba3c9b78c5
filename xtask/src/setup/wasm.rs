//! The WebAssembly target of the Rust toolchain.
//!
//! The usual way is `rustup target add`.
//! Where rustup's host cannot be reached, Debian's packages bring a compiler and the standard library's
//! source: `std` is built once for the target and kept beside that compiler's other libraries.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::places::{Places, is_root};
use crate::shell::{command, find_program, run, run_quietly, say, text_of};

const TARGET: &str = "wasm32-unknown-unknown";
/// The workspace needs Rust 1.95.
const OLDEST_MINOR: u32 = 95;
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// Which toolchain builds for the browser.
pub enum Toolchain {
    /// The one this program was started with.
    Own,
    /// The system's, Debian's as a rule, where rustup's has no such target.
    System,
}

impl Toolchain {
    /// A `cargo` that can build for the browser.
    pub fn cargo(&self) -> Command {
        match self {
            Self::Own => command(std::env::var_os("CARGO").map_or("cargo".into(), PathBuf::from)),
            Self::System => {
                let mut cargo = command("/usr/bin/cargo");
                cargo
                    .env("RUSTC", "/usr/bin/rustc")
                    .env("PATH", path_with_linker())
                    .env_remove("CARGO")
                    .env_remove("RUSTUP_TOOLCHAIN");
                cargo
            }
        }
    }
}

/// Makes sure that the target can be built, and says with which toolchain.
pub fn target(places: &Places) -> Result<Toolchain> {
    if has_target(&own_sysroot()?) {
        return Ok(Toolchain::Own);
    }
    if system_is_ready() {
        return Ok(Toolchain::System);
    }
    say("Adding the WebAssembly target (rustup target add wasm32-unknown-unknown)");
    let by_rustup = run_quietly(command("rustup").args(["target", "add", TARGET]));
    if by_rustup.is_ok() && has_target(&own_sysroot()?) {
        return Ok(Toolchain::Own);
    }
    say(
        "rustup could not fetch it; building the target's standard library from Debian's packages instead",
    );
    second_way(places).context(
        "the WebAssembly target is missing: run `rustup target add wasm32-unknown-unknown` where rustup's host is reachable",
    )?;
    Ok(Toolchain::System)
}

/// Makes sure that a standard library can be built for the target, with features that the one that comes
/// with the compiler lacks, and says with which toolchain.
pub fn with_source(places: &Places, toolchain: &Toolchain) -> Result<Toolchain> {
    if matches!(toolchain, Toolchain::Own) {
        let source = own_sysroot()?.join("lib/rustlib/src/rust/library");
        if !source.exists() {
            say("Adding the standard library's source (rustup component add rust-src)");
            // Where that fails Debian's packages have it.
            let _ = run_quietly(command("rustup").args(["component", "add", "rust-src"]));
        }
        if source.exists() {
            return Ok(Toolchain::Own);
        }
    }
    if !system_is_ready() {
        second_way(places).context(
            "the standard library's source is missing: run `rustup component add rust-src` where rustup's host is reachable",
        )?;
    }
    Ok(Toolchain::System)
}

fn own_sysroot() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").map_or("rustc".into(), PathBuf::from);
    Ok(PathBuf::from(text_of(
        command(rustc).args(["--print", "sysroot"]),
    )?))
}

fn has_target(sysroot: &Path) -> bool {
    let lib = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    fs::read_dir(lib).is_ok_and(|mut entries| {
        entries.any(|entry| {
            entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("libstd"))
        })
    })
}

/// Whether the system's compiler is new enough and has the target.
fn system_is_ready() -> bool {
    let version = text_of(command("/usr/bin/rustc").arg("--version")).unwrap_or_default();
    let minor = version
        .split('.')
        .nth(1)
        .and_then(|minor| minor.parse().ok());
    minor.is_some_and(|minor: u32| minor >= OLDEST_MINOR) && has_target(Path::new("/usr"))
}

fn second_way(places: &Places) -> Result<()> {
    if find_program("apt-get").is_none() || !is_root() {
        bail!(
            "the second way needs Debian's packages {} and root",
            DEBIAN_PACKAGES.join(" ")
        );
    }
    if !Path::new("/usr/bin/rustc").exists()
        || !Path::new("/usr/lib/rustlib/src/rust/library").exists()
    {
        super::apt::install(&DEBIAN_PACKAGES)?;
    }
    build_sysroot(places)
}

/// Builds `std` in an empty crate and keeps its libraries as the target's sysroot.
fn build_sysroot(places: &Places) -> Result<()> {
    let empty = places.cached("wasm-sysroot")?;
    fs::create_dir_all(empty.join("src"))?;
    fs::write(
        empty.join("Cargo.toml"),
        "[package]\nname = \"sysroot-seed\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[profile.release]\npanic = \"abort\"\n\n[workspace]\n",
    )?;
    fs::write(empty.join("src/lib.rs"), "#![no_std]\n")?;
    run(command("/usr/bin/cargo")
        .args([
            "build",
            "--release",
            "-Zbuild-std=std,panic_abort,test",
            "--target",
            TARGET,
        ])
        .current_dir(&empty)
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        // Without bitcode in the rlibs a release build with LTO fails.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("PATH", path_with_linker())
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("CARGO_TARGET_DIR", empty.join("target")))?;
    let built = empty.join("target").join(TARGET).join("release/deps");
    let lib = Path::new("/usr/lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&lib)?;
    for entry in fs::read_dir(built)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path
            .extension()
            .is_some_and(|extension| extension == "rlib")
            && !name.contains("sysroot_seed")
        {
            fs::copy(&path, lib.join(name))?;
        }
    }
    Ok(())
}

/// PATH with a `rust-lld` in it: Debian's own, or the one of the rustup toolchain.
fn path_with_linker() -> std::ffi::OsString {
    let mut directories: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    if let Ok(sysroot) = own_sysroot() {
        directories.push(sysroot.join("lib/rustlib/x86_64-unknown-linux-gnu/bin"));
    }
    directories.push("/usr/lib/llvm-22/bin".into());
    std::env::join_paths(directories).unwrap_or_default()
}
