//! Debian packages, where the machine is Debian and this process may install them.

use anyhow::{Context, Result, bail};

use crate::places::is_root;
use crate::shell::{command, find_program, run_quietly, say};

/// Whether packages can be installed at all.
pub fn available() -> bool {
    find_program("apt-get").is_some() && is_root()
}

/// Installs packages without questions; the package lists are fetched first when the first try fails.
pub fn install(packages: &[&str]) -> Result<()> {
    if !available() {
        bail!("install {} with your package manager", packages.join(" "));
    }
    say(&format!(
        "Installing Debian packages: {}",
        packages.join(" ")
    ));
    let install = || {
        run_quietly(
            command("apt-get")
                .args(["install", "-y", "--no-install-recommends"])
                .args(packages)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    if install().is_ok() {
        return Ok(());
    }
    run_quietly(command("apt-get").arg("update"))?;
    install().with_context(|| format!("apt-get could not install {}", packages.join(" ")))?;
    Ok(())
}
