//! Steps about the server: generated files, and its tests with and without `PgBouncer` in between.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::counting::{Counts, run_counted};
use crate::places::Places;
use crate::shell::{cargo, command, text_of};
use crate::{package, server, setup};

const OPENAPI: &str = "docs/openapi.json";

/// What is generated and committed equals what would be generated now.
pub fn generated_files(places: &Places) -> Result<Counts> {
    let binary = server::build(places, false)?;
    let fresh = text_of(command(&binary).arg("openapi"))?;
    let kept = fs::read_to_string(places.root.join(OPENAPI))
        .with_context(|| format!("{OPENAPI} is missing"))?;
    if fresh.trim_end() != kept.trim_end() {
        bail!("{OPENAPI} is out of date: run `cargo xtask generate` and commit it");
    }
    package::check_types(places)?;
    Ok(Counts::one())
}

/// Writes what `generated_files` compares.
pub fn generate(places: &Places) -> Result<()> {
    let binary = server::build(places, false)?;
    let fresh = text_of(command(&binary).arg("openapi"))?;
    fs::write(places.root.join(OPENAPI), format!("{}\n", fresh.trim_end()))?;
    println!("{OPENAPI} is written");
    package::generate_types(places)
}

/// `cargo test`, told of the programs that the server's tests start.
pub fn tests(places: &Places) -> Result<Command> {
    let postgres = setup::postgres::programs(places)?;
    let programs = setup::python::environment(places)?;
    let mut tests = cargo(places);
    tests
        .arg("test")
        .env("VISIONFLOW_POSTGRES_BIN_DIR", postgres)
        .env("VISIONFLOW_WEED", programs.join("weed"))
        .env("VISIONFLOW_NATS_SERVER", programs.join("nats-server"))
        .env("RUST_TEST_THREADS", threads());
    Ok(tests)
}

/// How many tests run at once: those of the server wait as much as they work.
fn threads() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (2 * cores).to_string()
}

/// Who sees what, without `PgBouncer`: claims are a connection's, and here the server keeps connections.
pub fn direct(places: &Places) -> Result<Counts> {
    run_counted(tests(places)?.args(["--test", "all", "--", "tenancy::"]))
}
