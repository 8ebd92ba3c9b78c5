//! What is begun beside other steps, at the lowest priority, so that no test is slower for it.
//!
//! Tests wait more than they calculate, and compilers end with one crate that keeps one core: what is
//! idle is used. Beside the native steps what the browser loads is built; beside the browser's tests
//! the crates are compiled that lints look at, which are compiled otherwise than those that run.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Child;

use anyhow::{Context, Result};

use super::browser;
use crate::places::Places;
use crate::setup;
use crate::shell::{command, say};

/// Steps that need what the browser loads.
const BROWSER: [&str; 3] = ["interop", "widget", "e2e"];
/// Steps about what nothing runs.
const LINTS: [&str; 2] = ["clippy", "clippy-wasm"];

/// What is under way beside the steps.
#[derive(Default)]
pub struct Ahead {
    web: Option<Beside>,
    lints: Option<Beside>,
    wants_lints: bool,
}

impl Ahead {
    /// Begins with what the browser loads, if some of these steps need it and not already the first.
    pub fn start(places: &Places, steps: &[&str]) -> Result<Self> {
        let needs_web = |step: &&str| BROWSER.contains(step);
        if !steps.iter().skip(1).any(needs_web) || steps.first().is_some_and(needs_web) {
            return Ok(Self::default());
        }
        // What both would install.
        setup::npm::packages(places)?;
        setup::wasm::target(places)?;
        say("The browser's files are built beside the first steps");
        Ok(Self {
            web: Some(Beside::start(places, "web-build", &["web", "--all"])?),
            lints: None,
            wants_lints: LINTS.iter().all(|step| steps.contains(step)),
        })
    }

    /// What this step needs is there when this returns.
    pub fn before(&mut self, step: &str, places: &Places) -> Result<()> {
        if let Some(web) = self.web.take_if(|_| BROWSER.contains(&step)) {
            // Where it failed the step tries again, and fails as it did.
            if web.wait("The browser's files")? {
                browser::are_built(places);
            }
            if self.wants_lints {
                let steps = LINTS.map(|step| ["--only", step]).concat();
                let lints = [&["test"], &steps[..]].concat();
                self.lints = Some(Beside::start(places, "lints", &lints)?);
            }
        }
        if let Some(lints) = self.lints.take_if(|_| LINTS.contains(&step)) {
            // The steps themselves say once more what it found.
            lints.wait("Lints")?;
        }
        Ok(())
    }
}

/// This program once more.
struct Beside {
    child: Child,
    log: PathBuf,
}

impl Beside {
    fn start(places: &Places, name: &str, arguments: &[&str]) -> Result<Self> {
        let log = places.dist().join(name).with_extension("log");
        fs::create_dir_all(places.dist())?;
        let file = File::create(&log)?;
        let child = command("nice")
            .args(["-n", "19"])
            .arg(std::env::current_exe()?)
            .args(arguments)
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .context("cannot start `nice`")?;
        Ok(Self { child, log })
    }

    /// Waits for its end, prints what it had to say, and tells whether all went well.
    fn wait(mut self, what: &str) -> Result<bool> {
        let status = self.child.wait()?;
        print!("{}", fs::read_to_string(&self.log)?);
        say(&format!("{what}: {status}"));
        Ok(status.success())
    }
}
