//! The account that Postgres runs as: our own, or a lesser one where we are root.

use crate::crypto;
use anyhow::{Context, bail};
use nix::unistd::{Gid, Uid, User};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `None` inside: no change of account is needed.
#[derive(Clone, Debug)]
pub struct Account(Option<(String, Uid, Gid)>);

impl Account {
    /// Postgres refuses to run as root, and as an account without an entry in passwd.
    pub fn choose() -> anyhow::Result<Self> {
        if !Uid::effective().is_root() {
            return Ok(Self(None));
        }
        for name in ["postgres", "nobody"] {
            if let Some(user) = User::from_name(name)? {
                return Ok(Self(Some((user.name, user.uid, user.gid))));
            }
        }
        bail!(
            "Postgres does not run as root, and there is neither an account postgres nor nobody: start the server as another user."
        )
    }

    pub fn name(&self) -> Option<&str> {
        self.0.as_ref().map(|(name, _, _)| name.as_str())
    }

    /// A command that runs as this account, in a directory that it can enter, and in a process
    /// group of its own, so that Ctrl-C reaches us first.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir("/")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LC_ALL", "C")
            .process_group(0);
        // A private build finds its libraries beside itself, or by what it is told here.
        for name in ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some((_, uid, gid)) = &self.0 {
            // As root this also drops the supplementary groups.
            command.uid(uid.as_raw()).gid(gid.as_raw());
        }
        command
    }

    /// Gives a file to the account.
    pub fn own(&self, path: &Path) -> anyhow::Result<()> {
        if let Some((_, uid, gid)) = &self.0 {
            chown(path, Some(uid.as_raw()), Some(gid.as_raw()))
                .with_context(|| format!("giving {} to the database's account", path.display()))?;
        }
        Ok(())
    }

    /// Makes a directory that only the account may enter.
    pub fn own_dir(&self, path: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(path).with_context(|| format!("making {}", path.display()))?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        self.own(path)
    }

    /// Whether the account can enter a directory and read in it.
    pub fn can_read(&self, dir: &Path) -> bool {
        if self.0.is_none() {
            return true;
        }
        let status = self
            .command(Path::new("test"))
            .arg("-r")
            .arg(dir)
            .args(["-a", "-x"])
            .arg(dir)
            .status();
        status.is_ok_and(|status| status.success())
    }
}

/// The directory that holds the cluster's: the data directory, or one under /var/lib where we are
/// root and the account cannot enter it (a checkout in root's home).
pub fn home(account: &Account, data_dir: &Path) -> anyhow::Result<PathBuf> {
    if account.can_read(data_dir) {
        return Ok(data_dir.to_owned());
    }
    let name = crypto::hex(&crypto::sha256(&[data_dir.as_os_str().as_encoded_bytes()]));
    let home = Path::new("/var/lib/visionflow").join(&name[..16]);
    fs::create_dir_all(&home)?;
    if !account.can_read(&home) {
        bail!(
            "The account {} can enter neither {} nor {}: choose another --data-dir, or start the server as another user than root.",
            account.name().unwrap_or_default(),
            data_dir.display(),
            home.display()
        );
    }
    tracing::info!(directory = %home.display(), "the database's account cannot enter the data directory; the cluster lives elsewhere");
    Ok(home)
}
