//! Steps about Rust code: format, lints, tests without a server.

use anyhow::Result;

use super::counting::{Counts, run_counted};
use crate::places::Places;
use crate::setup;
use crate::setup::wasm::Toolchain;
use crate::shell::{cargo, run, without_outer_cargo};

/// What property tests draw their cases from, so that the same code has the same outcome. Plain
/// `cargo test` draws others each time: that is how new failures are searched for.
const PROPERTY_SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "20261121");

/// Crates that only make sense in a browser; the rest are the workspace's default members.
const BROWSER_CRATES: [&str; 2] = ["visionflow-app", "visionflow-engine"];

pub fn format(places: &Places) -> Result<Counts> {
    run(cargo(places).args(["fmt", "--all", "--check"]))?;
    Ok(Counts::one())
}

pub fn clippy(places: &Places) -> Result<Counts> {
    run(cargo(places).args(["clippy", "--all-targets", "--", "-D", "warnings"]))?;
    Ok(Counts::one())
}

pub fn clippy_wasm(places: &Places) -> Result<Counts> {
    let toolchain = setup::wasm::target(places)?;
    let mut clippy = toolchain.cargo();
    without_outer_cargo(&mut clippy);
    // Debian's toolchain comes without clippy; the compiler's own warnings still count there.
    let lint = if matches!(toolchain, Toolchain::Own) {
        "clippy"
    } else {
        "check"
    };
    clippy.args([lint, "--target", "wasm32-unknown-unknown"]);
    for package in BROWSER_CRATES {
        clippy.args(["-p", package]);
    }
    if lint == "clippy" {
        clippy.args(["--", "-D", "warnings"]);
    }
    clippy
        .env("CARGO_TARGET_DIR", &places.wasm_target)
        .current_dir(&places.root);
    run(&mut clippy)?;
    Ok(Counts::one())
}

/// Unit, property, golden and server tests.
///
/// One selection of packages, the workspace's default members, for everything that is built:
/// another selection means other features of shared dependencies, and so another build.
pub fn tests(places: &Places) -> Result<Counts> {
    setup::vulkan::software_driver()?;
    let postgres = setup::postgres::programs(places)?;
    let programs = setup::python::environment(places)?;
    run_counted(
        cargo(places)
            .args(["test", "--no-fail-fast"])
            .env("VISIONFLOW_POSTGRES_BIN_DIR", postgres)
            .env("VISIONFLOW_WEED", programs.join("weed"))
            .env("VISIONFLOW_NATS_SERVER", programs.join("nats-server"))
            .env(PROPERTY_SEED.0, PROPERTY_SEED.1)
            .env("RUST_TEST_THREADS", threads())
            // Tests that step aside where a tool is missing fail here instead.
            .env("VISIONFLOW_REQUIRE_ALL", "1"),
    )
}

/// How many tests run at once: those of the server wait as much as they work.
pub fn threads() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (2 * cores).to_string()
}

/// What of the workbench can be tested without a browser; apart, since its features differ.
pub fn tests_of_app(places: &Places) -> Result<Counts> {
    run_counted(cargo(places).args(["test", "-p", "visionflow-app"]))
}
