//! Finding Postgres' programs.

use super::account::Account;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory with `initdb`, `postgres` and `pg_ctl`, all of one version.
#[derive(Clone, Debug)]
pub struct Binaries {
    pub dir: PathBuf,
    /// Such as 18.
    pub major: u32,
}

impl Binaries {
    /// The directory that was named; otherwise the one on PATH, Debian's newest, or Homebrew's.
    pub fn find(named: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(dir) = named {
            let dir = dir
                .canonicalize()
                .with_context(|| format!("--postgres-bin-dir {}", dir.display()))?;
            return Self::at(&dir)
                .with_context(|| format!("there is no working initdb in {}", dir.display()));
        }
        let mut found: Vec<Self> = candidates()
            .iter()
            .filter_map(|dir| Self::at(dir).ok())
            .collect();
        found.retain(|binaries| binaries.major >= 15);
        found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
        match found.into_iter().next() {
            Some(binaries) => Ok(binaries),
            None => bail!(
                "There is no PostgreSQL 15 or later here: install it (Debian: apt install postgresql), \
                 name its programs' directory with --postgres-bin-dir, or give a DATABASE_URL."
            ),
        }
    }

    fn at(dir: &Path) -> anyhow::Result<Self> {
        for program in ["initdb", "pg_ctl"] {
            anyhow::ensure!(dir.join(program).is_file(), "{program} is missing");
        }
        let output = Command::new(dir.join("postgres"))
            .arg("--version")
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let major = text
            .split_whitespace()
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
            .and_then(|version| {
                version
                    .split(|c: char| !c.is_ascii_digit())
                    .next()?
                    .parse()
                    .ok()
            });
        let said = String::from_utf8_lossy(&output.stderr);
        let major = major.with_context(|| format!("postgres --version says: {text}{said}"))?;
        Ok(Self {
            dir: dir.to_owned(),
            major,
        })
    }

    pub fn path(&self, program: &str) -> PathBuf {
        self.dir.join(program)
    }

    /// The same programs where the account can run them: copied once under /var/lib where they lie
    /// in a directory that it cannot enter (a checkout in root's home).
    pub fn reachable_by(self, account: &Account) -> anyhow::Result<Self> {
        if account.can_read(&self.dir) {
            return Ok(self);
        }
        let root = self
            .dir
            .parent()
            .context("the programs lie in the file system's root")?;
        let name = crate::crypto::hex(&crate::crypto::sha256(&[root
            .as_os_str()
            .as_encoded_bytes()]));
        let copy = Path::new("/var/lib/visionflow").join(format!(
            "postgres-{}-{}",
            self.major,
            &name[..8]
        ));
        if !copy.join("complete").exists() {
            std::fs::create_dir_all(&copy)?;
            let status = Command::new("cp")
                .args(["-a", "--"])
                .arg(root.join("."))
                .arg(&copy)
                .status()
                .context("copying the Postgres programs")?;
            anyhow::ensure!(
                status.success(),
                "copying {} to {} failed",
                root.display(),
                copy.display()
            );
            std::fs::write(copy.join("complete"), "")?;
        }
        let dir = copy.join(
            self.dir
                .file_name()
                .context("the programs' directory has no name")?,
        );
        anyhow::ensure!(
            account.can_read(&dir),
            "the account {} cannot enter {}",
            account.name().unwrap_or_default(),
            dir.display()
        );
        Ok(Self { dir, ..self })
    }
}

fn candidates() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    for (root, bin) in [
        ("/usr/lib/postgresql", "bin"),
        ("/opt/homebrew/opt", "bin"),
        ("/usr/local/opt", "bin"),
    ] {
        for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
            if root.ends_with("/postgresql")
                || entry
                    .file_name()
                    .to_string_lossy()
                    .starts_with("postgresql@")
            {
                dirs.push(entry.path().join(bin));
            }
        }
    }
    dirs
}
