//! `cargo xtask bench`: ours beside its peers, in one run on one machine.
//!
//! The scripts in `bench/` print one line of JSON for each measurement; here they become the sections
//! of `docs/benchmarks.md`, each of which is replaced by itself: what was not measured stays as it was.
//! Only ratios within one run mean anything: the machine's load moves all.

mod contents;
mod machine;
mod page;
mod tables;

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::places::Places;
use crate::shell::{command, say};
use crate::{args, package, server, setup, web};

const PEERS: [&str; 9] = [
    "@hocuspocus/server@3.4.4",
    "@y/websocket-server@0.1.1",
    "fabric@7.4.0",
    "konva@10.9.1",
    "onnxruntime-web@1.30.0",
    "pixi.js@8.22.0",
    "y-protocols@1.0.6",
    "yjs@13.6.33",
    "ws@8.18.3",
];
const PAGE: &str = "docs/benchmarks.md";

/// The parts by the name of their script, in the order in which they are measured.
const PARTS: [&str; 7] = [
    "relay", "api", "document", "canvas", "images", "package", "infer",
];

pub fn run(places: &Places, options: &args::Bench) -> Result<()> {
    if let Some(unknown) = options
        .only
        .iter()
        .find(|only| !PARTS.contains(&only.as_str()))
    {
        let parts = PARTS.join(", ");
        bail!("there is no part `{unknown}`; the parts are {parts}");
    }
    let wanted = |part: &str| options.only.is_empty() || options.only.iter().any(|o| o == part);
    let chromium = setup::browser::chromium(places)?;
    setup::npm::packages(places)?;
    let parts: Vec<_> = PARTS.into_iter().filter(|part| wanted(part)).collect();
    // Nothing is measured before everything is built.
    let mut commands = Vec::new();
    for &part in &parts {
        commands.push((part, script(places, part, &chromium)?));
    }
    let (mut lines, mut failed) = (Vec::new(), Vec::new());
    for (part, mut node) in commands {
        say(&format!("Measuring: {part}"));
        let output = node.output().context("cannot start node")?;
        let text = String::from_utf8_lossy(&output.stdout);
        print!("{text}");
        if !output.status.success() {
            failed.push(part);
        }
        let values = text.lines().map(serde_json::from_str::<Value>);
        lines.extend(values.filter_map(Result::ok));
    }
    let path = places.root.join(PAGE);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let sections = tables::sections(&lines, &machine::description(places, &chromium));
    for section in &sections {
        println!("\n## {}\n\n{}", section.title, section.body);
    }
    std::fs::write(&path, page::with(&before, sections, &tables::titles()))?;
    say(&format!("{PAGE} has what was measured"));
    if !failed.is_empty() {
        bail!("not all could be measured: {}", failed.join(", "));
    }
    Ok(())
}

/// What measures a part, with everything built that it asks for.
fn script(places: &Places, part: &str, chromium: &Path) -> Result<Command> {
    let mut node = command("node");
    node.arg(format!("bench/{part}.mjs"))
        .current_dir(&places.root)
        .env("VISIONFLOW_CHROMIUM", chromium)
        .env("RUST_LOG", "warn")
        .env_remove("DATABASE_URL")
        .env_remove("S3_ENDPOINT")
        .stderr(Stdio::inherit());
    match part {
        "relay" | "api" => {
            node.env("VISIONFLOW_SERVER_BINARY", server::build(places, true)?)
                .env(
                    "VISIONFLOW_POSTGRES_BIN_DIR",
                    setup::postgres::programs(places)?,
                );
        }
        "document" => {
            node.env("VISIONFLOW_BUDGET_MODULE", web::document(places)?);
        }
        "canvas" | "images" | "infer" => {
            node.env(
                "VISIONFLOW_ENGINE_DIR",
                web::run(
                    places,
                    &args::Web {
                        engine: true,
                        ..args::Web::default()
                    },
                )?,
            );
        }
        _ => {
            let (tarball, examples) = package::examples(places)?;
            node.env("VISIONFLOW_TARBALL", tarball)
                .env("VISIONFLOW_EXAMPLES_DIR", examples);
        }
    }
    if part == "relay" {
        node.env(
            "VISIONFLOW_BENCH_PYTHON",
            setup::python::environment(places)?.join("python"),
        );
    }
    if matches!(part, "relay" | "canvas" | "infer") {
        let peers = places.cached("peers")?;
        setup::npm::packages_in(&peers, &PEERS)?;
        node.env("VISIONFLOW_BENCH_MODULES", peers);
    }
    Ok(node)
}
