//! The package's own tests: its parts that need no browser, its examples and its behaviour in one.

use anyhow::Result;

use super::{examples, pack};
use crate::places::Places;
use crate::shell::{command, run};
use crate::test::{Counts, run_counted};
use crate::{server, setup};

/// Somebody else's server of live rooms; what it imports it leaves to its user to install.
const SYNC_PEERS: [&str; 4] = [
    "@y/websocket-server@0.1.1",
    "y-protocols@1.0.6",
    "yjs@13.6.33",
    "ws@8.18.3",
];

/// Packs the package and tests it from the outside.
pub fn test(places: &Places) -> Result<Counts> {
    let tarball = pack(places, false)?;
    let chromium = setup::browser::chromium(places)?;
    let tsc = places.npm_program("tsc");
    // The tests, and the snippets of the documentation, hold to the types.
    run(command(&tsc)
        .args(["--noEmit", "--project", "e2e/widget"])
        .current_dir(&places.root))?;
    let mut counts = Counts::one();
    counts.add(run_counted(
        command("node")
            .args(["--test", "--test-reporter=spec", "pkg/tests/"])
            .current_dir(&places.root),
    )?);
    let built = examples::build(places, &tarball)?;
    let peers = places.cached("sync-peers")?;
    setup::npm::packages_in(&peers, &SYNC_PEERS)?;
    counts.add(run_counted(
        command(places.npm_program("playwright"))
            .args([
                "test",
                "--project",
                "widget-webgpu",
                "--project",
                "widget-webgl2",
            ])
            .env("VISIONFLOW_CHROMIUM", chromium)
            .env(
                "VISIONFLOW_POSTGRES_BIN_DIR",
                setup::postgres::programs(places)?,
            )
            .env("VISIONFLOW_SERVER_BINARY", server::build(places, false)?)
            .env_remove("DATABASE_URL")
            .env_remove("S3_ENDPOINT")
            .env("VISIONFLOW_EXAMPLES_DIR", built)
            .env("VISIONFLOW_SYNC_MODULES", peers)
            .current_dir(&places.root),
    )?);
    Ok(counts)
}
