//! The examples of the npm package, made as a reader of its documentation would: each in a fresh
//! folder, from the packed package.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::places::Places;
use crate::shell::{command, run_quietly, say};

/// Folders of `pkg/examples`.
const EXAMPLES: [&str; 3] = ["plain", "vite", "react"];

/// Installs and builds every example with the packed package; the folder they lie in.
pub fn build(places: &Places, tarball: &Path) -> Result<PathBuf> {
    let out = places.dist().join("package/examples");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    for name in EXAMPLES {
        say(&format!("Building the example {name}"));
        let folder = out.join(name);
        copy(&places.root.join("pkg/examples").join(name), &folder)?;
        run_quietly(
            command("npm")
                .args([
                    "install",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--prefer-offline",
                    "--loglevel=error",
                ])
                .arg(tarball)
                .current_dir(&folder),
        )?;
        let manifest = fs::read_to_string(folder.join("package.json"))?;
        if manifest.contains("\"build\"") {
            run_quietly(
                command("npm")
                    .args(["run", "build", "--loglevel=error"])
                    .current_dir(&folder),
            )?;
        }
    }
    Ok(out)
}

/// Copies what git would have of an example; what a person has built there stays behind.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from).with_context(|| format!("{} is missing", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        if ["node_modules", "dist", "package-lock.json"]
            .iter()
            .any(|built| name == *built)
        {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}
