//! Steps about the server beyond its plain tests: generated files, and `PgBouncer` in between.
//!
//! Its tests of another S3, `SeaweedFS`, are among the plain ones.

use std::fs;

use anyhow::{Context, Result, bail};

use super::counting::{Counts, run_counted};
use super::rust::threads;
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

/// The server's tests with its requests through `PgBouncer` in transaction mode.
pub fn through_pgbouncer(places: &Places) -> Result<Counts> {
    let pgbouncer = setup::pgbouncer::program()?;
    let postgres = setup::postgres::programs(places)?;
    let programs = setup::python::environment(places)?;
    run_counted(
        cargo(places)
            .args(["test", "--no-fail-fast", "--test", "all"])
            .env("VISIONFLOW_POSTGRES_BIN_DIR", postgres)
            .env("VISIONFLOW_TEST_PGBOUNCER", pgbouncer)
            .env("VISIONFLOW_WEED", programs.join("weed"))
            .env("VISIONFLOW_NATS_SERVER", programs.join("nats-server"))
            .env("RUST_TEST_THREADS", threads()),
    )
}
