//! A Chromium for the end-to-end tests and the benchmarks.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{apt, npm};
use crate::places::Places;
use crate::shell::{command, find_program, run_quietly, say, text_of};

/// The browser's program: Playwright's own where installed, else the system's, else installed now.
pub fn chromium(places: &Places) -> Result<PathBuf> {
    npm::packages(places)?;
    if let Some(found) = playwrights(places).or_else(systems) {
        return Ok(found);
    }
    if apt::available() {
        apt::install(&["chromium", "fonts-liberation", "mesa-vulkan-drivers"])?;
        if let Some(found) = systems() {
            return Ok(found);
        }
    }
    say("Installing Playwright's Chromium");
    let installed = run_quietly(
        command(places.npm_program("playwright"))
            .args(["install", "chromium"])
            .current_dir(&places.root),
    );
    match (installed, playwrights(places)) {
        (Ok(_), Some(found)) => Ok(found),
        _ => bail!(
            "there is no Chromium: run `npx playwright install --with-deps chromium`, or install your system's package chromium"
        ),
    }
}

fn playwrights(places: &Places) -> Option<PathBuf> {
    let script =
        "import('playwright-core').then(p => console.log(p.default.chromium.executablePath()))";
    let path = text_of(
        command("node")
            .args(["-e", script])
            .current_dir(&places.root),
    )
    .ok()?;
    Some(PathBuf::from(path)).filter(|path| path.is_file())
}

fn systems() -> Option<PathBuf> {
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]
    .iter()
    .find_map(|name| find_program(name))
}
