//! The npm packages of package-lock.json, installed again only when the lock file changed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::places::Places;
use crate::shell::{command, find_program, run_quietly, say, text_of};

/// Makes `node_modules` match the lock file.
pub fn packages(places: &Places) -> Result<()> {
    need_node()?;
    let lock =
        fs::read(places.root.join("package-lock.json")).context("package-lock.json is missing")?;
    let installed = places.root.join("node_modules/.installed-lock");
    if fs::read(&installed).is_ok_and(|seen| seen == lock) {
        return Ok(());
    }
    say("Installing npm packages");
    // No package may run code at install: what the Postgres package would do is done by `setup::postgres`.
    run_quietly(
        command("npm")
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
            ])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&places.root),
    )
    .context("npm could not install the packages: is its registry reachable from here?")?;
    fs::write(installed, lock)?;
    Ok(())
}

/// Installs packages that only a benchmark or a check uses into a directory of the cache.
pub fn packages_in(directory: &Path, packages: &[&str]) -> Result<()> {
    need_node()?;
    let wanted = packages.join("\n");
    let installed = directory.join(".installed");
    if fs::read_to_string(&installed).is_ok_and(|seen| seen == wanted) {
        return Ok(());
    }
    say(&format!("Installing {}", packages.join(", ")));
    fs::create_dir_all(directory)?;
    fs::write(
        directory.join("package.json"),
        "{\"private\":true,\"type\":\"module\"}\n",
    )?;
    run_quietly(
        command("npm")
            .args([
                "install",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
                "--save-exact",
            ])
            .args(packages)
            .current_dir(directory),
    )?;
    fs::write(installed, wanted)?;
    Ok(())
}

fn need_node() -> Result<()> {
    if find_program("node").is_none() || find_program("npm").is_none() {
        bail!(
            "Node 20 or later with npm is needed: install it from https://nodejs.org or your package manager"
        );
    }
    let version = text_of(command("node").arg("--version"))?;
    let major: u32 = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    if major < 20 {
        bail!(
            "Node 20 or later is needed, this is {version}: install a newer one from https://nodejs.org"
        );
    }
    Ok(())
}
