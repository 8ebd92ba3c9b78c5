//! The server's binary: built once for `up`, the end-to-end tests and the benchmarks.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::{Context, Result};

use crate::places::Places;
use crate::shell::{cargo, run, say};

/// Builds the server and returns this checkout's copy of it.
///
/// The target directory is shared, so the program there may be another checkout's a minute later.
///
/// Steps ask again and again; the debug build is made once, and then cargo is left to whatever else is
/// built in its folder.
pub fn build(places: &Places, release: bool) -> Result<PathBuf> {
    static DEBUG: OnceLock<PathBuf> = OnceLock::new();
    if let Some(built) = DEBUG.get().filter(|_| !release) {
        return Ok(built.clone());
    }
    say("Building the server");
    let mut build = cargo(places);
    // Not `-p`: the default members' features are those that the tests are built with.
    build.args(["build", "--bin", "visionflow"]);
    if release {
        build.arg("--release");
    }
    run(&mut build)?;
    let profile = if release { "release" } else { "debug" };
    let built = places.target.join(profile).join("visionflow");
    let copy = places.dist().join("bin/visionflow");
    let partial = copy.with_extension("partial");
    fs::create_dir_all(places.dist().join("bin"))?;
    fs::copy(&built, &partial).with_context(|| format!("{} was not built", built.display()))?;
    // Renamed into place: a server that still runs the old file keeps it.
    fs::rename(partial, &copy)?;
    if !release {
        let _ = DEBUG.set(copy.clone());
    }
    Ok(copy)
}
