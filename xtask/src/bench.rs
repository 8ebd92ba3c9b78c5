//! `cargo xtask bench`: ours beside its peers, in one run on one machine.
//!
//! The scripts in `bench/` print one line of JSON for each measurement; here they become the tables
//! of `docs/benchmarks.md`. Only ratios within one run mean anything: the machine's load moves all.

mod machine;
mod tables;

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::places::Places;
use crate::shell::{command, say};
use crate::{args, package, server, setup, web};

const PEERS: [&str; 8] = [
    "@hocuspocus/server@3.4.4",
    "@y/websocket-server@0.1.1",
    "fabric@7.4.0",
    "konva@10.9.1",
    "pixi.js@8.22.0",
    "y-protocols@1.0.6",
    "yjs@13.6.33",
    "ws@8.18.3",
];
const PAGE: &str = "docs/benchmarks.md";

pub fn run(places: &Places, options: &args::Bench) -> Result<()> {
    let peers = places.cached("peers")?;
    setup::npm::packages_in(&peers, &PEERS)?;
    let chromium = setup::browser::chromium(places)?;
    let postgres = setup::postgres::programs(places)?;
    let engine = web::engine(places, &args::Web::default())?;
    let document = web::document(places)?;
    let binary = server::build(places, true)?;
    let (tarball, examples) = package::examples(places)?;
    let mut lines = Vec::new();
    for script in ["relay", "api", "document", "canvas", "package"] {
        if !options.only.is_empty() && !options.only.iter().any(|only| only == script) {
            continue;
        }
        say(&format!("Measuring: {script}"));
        let output = command("node")
            .arg(format!("bench/{script}.mjs"))
            .current_dir(&places.root)
            .env("VISIONFLOW_SERVER_BINARY", &binary)
            .env("VISIONFLOW_POSTGRES_BIN_DIR", &postgres)
            .env("VISIONFLOW_BENCH_MODULES", &peers)
            .env("VISIONFLOW_ENGINE_DIR", &engine)
            .env("VISIONFLOW_BUDGET_MODULE", &document)
            .env("VISIONFLOW_CHROMIUM", &chromium)
            .env("VISIONFLOW_TARBALL", &tarball)
            .env("VISIONFLOW_EXAMPLES_DIR", &examples)
            .env("RUST_LOG", "warn")
            .env_remove("DATABASE_URL")
            .env_remove("S3_ENDPOINT")
            .stderr(Stdio::inherit())
            .output()
            .context("cannot start node")?;
        let text = String::from_utf8_lossy(&output.stdout);
        print!("{text}");
        if !output.status.success() {
            bail!("bench/{script}.mjs failed ({})", output.status);
        }
        lines.extend(
            text.lines()
                .filter_map(|line| serde_json::from_str::<Value>(line).ok()),
        );
    }
    let page = tables::page(&machine::description(places, &chromium), &lines);
    println!("\n{page}");
    if options.only.is_empty() {
        std::fs::write(places.root.join(PAGE), page)?;
        say(&format!("{PAGE} is written"));
    }
    Ok(())
}
