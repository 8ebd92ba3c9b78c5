//! The npm package `@visionflow/annotator`: its generated types, its build, its tarball.
//!
//! Rust to TypeScript types (`crates/surface`), Rust to WebAssembly (`web`), TypeScript to
//! JavaScript (tsc), all into `pkg/dist`; `npm pack` makes of it what others install.

mod examples;
mod test;

pub use test::test;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::places::Places;
use crate::shell::{cargo, command, run, run_quietly, say, text_of};
use crate::{args, setup, web};

/// Where the generated types are kept, from the root.
const TYPES: &str = "pkg/src/types.ts";

/// Builds the package into `pkg/dist` and returns `pkg`.
pub fn build(places: &Places, quick: bool) -> Result<PathBuf> {
    let package = places.root.join("pkg");
    let dist = package.join("dist");
    // The engine's files come first: the TypeScript is checked against their types.
    web::engine(
        places,
        &args::Web {
            out: Some(dist),
            quick,
            ..args::Web::default()
        },
    )?;
    say("Building the npm package");
    setup::npm::packages(places)?;
    run(command(places.npm_program("tsc")).current_dir(&package))?;
    Ok(package)
}

/// Builds and packs; the path of the tarball in `dist/`.
pub fn pack(places: &Places, quick: bool) -> Result<PathBuf> {
    let package = build(places, quick)?;
    let out = places.dist().join("package");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let name = text_of(
        command("npm")
            .args(["pack", "--loglevel=error", "--pack-destination"])
            .arg(&out)
            .current_dir(&package),
    )
    .context("npm could not pack the package")?;
    let name = name.lines().last().unwrap_or_default().to_owned();
    Ok(out.join(name))
}

/// Packs the package and builds its examples from it: the tarball, and the examples' folder.
pub fn examples(places: &Places) -> Result<(PathBuf, PathBuf)> {
    let tarball = pack(places, false)?;
    let examples = examples::build(places, &tarball)?;
    Ok((tarball, examples))
}

/// The TypeScript types as the Rust types are now.
fn types(places: &Places) -> Result<String> {
    let output = run_quietly(cargo(places).args([
        "run",
        "--quiet",
        "--package",
        "visionflow-surface",
        "--features",
        "ts",
        "--example",
        "typescript",
    ]))?;
    Ok(String::from_utf8(output.stdout)?)
}

/// Writes what [`check_types`] compares.
pub fn generate_types(places: &Places) -> Result<()> {
    fs::write(places.root.join(TYPES), types(places)?)?;
    println!("{TYPES} is written");
    Ok(())
}

/// The committed types are those of the code.
pub fn check_types(places: &Places) -> Result<()> {
    let kept = fs::read_to_string(places.root.join(TYPES))
        .with_context(|| format!("{TYPES} is missing"))?;
    if kept != types(places)? {
        bail!("{TYPES} is out of date: run `cargo xtask generate` and commit it");
    }
    Ok(())
}
