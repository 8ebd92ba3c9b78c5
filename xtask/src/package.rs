//! The npm package `@visionflow/annotator`: its generated types, its build, its tarball.
//!
//! Rust to TypeScript types (`crates/surface`), Rust to WebAssembly (`web`), TypeScript to
//! JavaScript (tsc), all into `pkg/dist`; `npm pack` makes of it what others install.

mod examples;
mod test;
mod texts;

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
    web::run(
        places,
        &args::Web {
            engine: true,
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
        // Not `--package`: the dependencies are those of the tests.
        "--features",
        "visionflow-surface/ts",
        "--example",
        "typescript",
    ]))?;
    Ok(String::from_utf8(output.stdout)?)
}

/// Writes what [`check_types`] compares.
pub fn generate_types(places: &Places) -> Result<()> {
    fs::write(places.root.join(TYPES), types(places)?)?;
    println!("{TYPES} is written");
    fs::write(places.root.join(texts::TEXTS), words(places)?)?;
    println!("{} is written", texts::TEXTS);
    Ok(())
}

/// The English words as the workbench has them now.
fn words(places: &Places) -> Result<String> {
    texts::module(&fs::read_to_string(places.root.join(texts::CATALOGUE))?)
}

/// The committed types and words are those of the code.
pub fn check_types(places: &Places) -> Result<()> {
    for (file, fresh) in [(TYPES, types(places)?), (texts::TEXTS, words(places)?)] {
        let kept = fs::read_to_string(places.root.join(file))
            .with_context(|| format!("{file} is missing"))?;
        if kept != fresh {
            bail!("{file} is out of date: run `cargo xtask generate` and commit it");
        }
    }
    Ok(())
}
