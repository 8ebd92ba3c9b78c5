//! `cargo xtask tidy`: the rules of the repository that no compiler knows.
//!
//! Which crate may use which, who owns a foreign API, and what every source file has or must not have.

mod edges;
mod links;
mod sources;

use anyhow::{Context, Result, bail};

use crate::places::Places;
use crate::shell::{command, text_of};

/// Everything found, so that one run shows all of it.
#[derive(Default)]
pub struct Findings {
    errors: Vec<String>,
    warnings: Vec<String>,
}

impl Findings {
    pub fn error(&mut self, place: &str, what: &str) {
        self.errors.push(format!("{place}: {what}"));
    }

    pub fn warn(&mut self, place: &str, what: &str) {
        self.warnings.push(format!("{place}: {what}"));
    }
}

pub fn run(places: &Places) -> Result<()> {
    let files = files(places)?;
    let mut findings = Findings::default();
    edges::check(places, &mut findings)?;
    sources::check(places, &files, &mut findings);
    links::check(places, &files, &mut findings);
    for warning in &findings.warnings {
        println!("warning: {warning}");
    }
    for error in &findings.errors {
        println!("error: {error}");
    }
    if !findings.errors.is_empty() {
        bail!("tidy found {} faults", findings.errors.len());
    }
    println!("tidy: {} files in order", files.len());
    Ok(())
}

/// All files that git has or would have, relative to the root.
fn files(places: &Places) -> Result<Vec<String>> {
    let mut git = command("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(&places.root);
    let listed = text_of(&mut git).context("tidy asks git for the list of files")?;
    let exists = |path: &&str| places.root.join(path).is_file();
    Ok(listed.lines().filter(exists).map(str::to_owned).collect())
}
