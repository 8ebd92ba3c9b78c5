//! The browser's build, begun beside the steps that do not need it.
//!
//! Tests of the server wait more than they calculate, and compilers end with one crate that keeps one
//! core: what is idle is used, at the lowest priority, so that no test is slower for it.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Child;

use anyhow::{Context, Result};

use super::browser;
use crate::places::Places;
use crate::setup;
use crate::shell::{command, say};

/// Steps that need what is built.
const NEED_IT: [&str; 3] = ["interop", "widget", "e2e"];

pub struct Ahead {
    child: Child,
    log: PathBuf,
}

impl Ahead {
    /// Begins, if some of these steps need it and not already the first.
    pub fn start(places: &Places, steps: &[&str]) -> Result<Option<Self>> {
        let needs_it = |step: &&str| NEED_IT.contains(step);
        if !steps.iter().skip(1).any(needs_it) || steps.first().is_some_and(needs_it) {
            return Ok(None);
        }
        // What both would install.
        setup::npm::packages(places)?;
        setup::wasm::target(places)?;
        say("The browser's files are built beside the first steps");
        let log = places.dist().join("web-build.log");
        fs::create_dir_all(places.dist())?;
        let file = File::create(&log)?;
        let child = command("nice")
            .args(["-n", "19"])
            .arg(std::env::current_exe()?)
            .args(["web", "--all"])
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .context("cannot start `nice`")?;
        Ok(Some(Self { child, log }))
    }

    pub fn is_needed_by(step: &str) -> bool {
        NEED_IT.contains(&step)
    }

    /// Waits for its end, and prints what it had to say. Where it failed the first step that needs it
    /// tries again, and fails as it did.
    pub fn wait(mut self, places: &Places) -> Result<()> {
        let status = self.child.wait()?;
        print!("{}", fs::read_to_string(&self.log)?);
        say(&format!("The browser's files: {status}"));
        if status.success() {
            browser::are_built(places);
        }
        Ok(())
    }
}
