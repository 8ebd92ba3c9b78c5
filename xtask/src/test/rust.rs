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

/// Crates that only make sense in a browser. What of the workbench needs none is tested natively.
const BROWSER_CRATES: [&str; 3] = [
    "visionflow-app",
    "visionflow-engine",
    "visionflow-annotator",
];
/// Workers around a crate of the same name without `-wasm`, which is checked natively.
const BROWSER_SHELLS: [&str; 3] = [
    "visionflow-media-wasm",
    "visionflow-infer-wasm",
    "visionflow-infer-gpu-wasm",
];

pub fn format(places: &Places) -> Result<Counts> {
    run(cargo(places).args(["fmt", "--all", "--check"]))?;
    Ok(Counts::one())
}

pub fn clippy(places: &Places) -> Result<Counts> {
    let mut clippy = cargo(places);
    clippy.args(["clippy", "--workspace", "--all-targets"]);
    for package in BROWSER_CRATES.iter().chain(&BROWSER_SHELLS) {
        clippy.args(["--exclude", package]);
    }
    run(clippy.args(["--", "-D", "warnings"]))?;
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

/// Unit, property, golden and server tests, and what of the workbench can be tested without a browser.
///
/// One selection of packages, the workspace's default members, for everything that is built:
/// another selection means other features of shared dependencies, and so another build.
/// Requests of the server's tests go through `PgBouncer` in transaction mode, which allows less than
/// Postgres itself; without it the browser's tests use the server, and [`super::server::direct`].
pub fn tests(places: &Places) -> Result<Counts> {
    setup::vulkan::software_driver()?;
    let mut tests = super::server::tests(places)?;
    run_counted(
        tests
            .arg("--no-fail-fast")
            .env("VISIONFLOW_TEST_PGBOUNCER", setup::pgbouncer::program()?)
            .env(PROPERTY_SEED.0, PROPERTY_SEED.1)
            // Tests that step aside where a tool is missing fail here instead.
            .env("VISIONFLOW_REQUIRE_ALL", "1"),
    )
}

/// This program's own, apart from the other crates: the dependencies it was started with are built.
pub fn tests_of_xtask(places: &Places) -> Result<Counts> {
    run_counted(cargo(places).args(["test", "--package", "xtask"]))
}
