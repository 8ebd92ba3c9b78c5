//! Steps with Node and a browser: types, public clients, exports read by others, end to end.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};

use super::counting::{Counts, run_counted};
use crate::places::Places;
use crate::shell::{command, run, say};
use crate::{args, server, setup, web};

/// The TypeScript of the tests is sound.
pub fn types(places: &Places) -> Result<Counts> {
    setup::npm::packages(places)?;
    run(command(places.npm_program("tsc"))
        .args(["--noEmit"])
        .current_dir(&places.root))?;
    Ok(Counts::one())
}

/// Unmodified public clients against a running server: each script is one test.
pub fn interop(places: &Places) -> Result<Counts> {
    let mut counts = Counts::default();
    let environment = Environment::prepare(places, true)?;
    for script in scripts(&places.root.join("e2e/interop"))? {
        say(&format!(
            "{}",
            script
                .strip_prefix(&places.root)
                .unwrap_or(&script)
                .display()
        ));
        let mut node = command("node");
        node.arg(&script).current_dir(&places.root);
        environment.apply(&mut node);
        match run(&mut node) {
            Ok(()) => counts.passed += 1,
            Err(error) => {
                println!("error: {error:#}");
                counts.failed += 1;
            }
        }
    }
    Ok(counts)
}

/// Exports of a real server, read back by pycocotools and datumaro.
pub fn exports(places: &Places) -> Result<Counts> {
    let environment = Environment::prepare(places, false)?;
    let python = setup::python::environment(places)?.join("python");
    let mut playwright = command(places.npm_program("playwright"));
    playwright
        .args(["test", "--project", "exports"])
        .current_dir(&places.root)
        .env("VISIONFLOW_PYTHON", python);
    environment.apply(&mut playwright);
    run_counted(&mut playwright)
}

/// The workbench in Chromium, on WebGPU and on WebGL2, and the worker that segments.
pub fn end_to_end(places: &Places) -> Result<Counts> {
    let environment = Environment::prepare(places, true)?;
    let mut playwright = command(places.npm_program("playwright"));
    playwright
        .args(["test", "--project", "webgpu", "--project", "webgl2"])
        .args(["--project", "infer", "--project", "infer-webgpu"])
        .current_dir(&places.root);
    environment.apply(&mut playwright);
    run_counted(&mut playwright)
}

/// Where the workbench and the engine are, once they are built in this run.
static BUILT: OnceLock<[PathBuf; 2]> = OnceLock::new();

/// Somebody has just built both where they belong.
pub fn are_built(places: &Places) -> &'static [PathBuf; 2] {
    BUILT.get_or_init(|| ["web", "engine"].map(|name| places.dist().join(name)))
}

fn browser_files(places: &Places) -> Result<&'static [PathBuf; 2]> {
    if let Some(built) = BUILT.get() {
        return Ok(built);
    }
    let all = args::Web {
        all: true,
        ..args::Web::default()
    };
    web::run(places, &all)?;
    Ok(are_built(places))
}

/// Where scripts find what was built for them.
struct Environment {
    variables: Vec<(&'static str, PathBuf)>,
}

impl Environment {
    fn prepare(places: &Places, with_browser: bool) -> Result<Self> {
        setup::npm::packages(places)?;
        let mut variables = vec![
            (
                "VISIONFLOW_POSTGRES_BIN_DIR",
                setup::postgres::programs(places)?,
            ),
            ("VISIONFLOW_SERVER_BINARY", server::build(places, false)?),
        ];
        if with_browser {
            variables.push(("VISIONFLOW_CHROMIUM", setup::browser::chromium(places)?));
            let [web, engine] = browser_files(places)?;
            variables.push(("VISIONFLOW_WEB_DIR", web.clone()));
            variables.push(("VISIONFLOW_ENGINE_DIR", engine.clone()));
        }
        Ok(Self { variables })
    }

    fn apply(&self, command: &mut Command) {
        command.envs(self.variables.iter().map(|(name, value)| (*name, value)));
        // A person's own settings must not reach the servers under test.
        for name in [
            "DATABASE_URL",
            "S3_ENDPOINT",
            "VISIONFLOW_LISTEN",
            "VISIONFLOW_DATA_DIR",
        ] {
            command.env_remove(name);
        }
    }
}

/// The scripts that are tests by themselves; helpers lie in folders beside them.
fn scripts(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(directory)
        .with_context(|| format!("{} is missing", directory.display()))?;
    let mut scripts: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "mjs"))
        .collect();
    scripts.sort();
    Ok(scripts)
}
