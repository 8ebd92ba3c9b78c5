//! Where things are: the checkout, the cache beside it, and people's data.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The directories every command works with; all absolute.
pub struct Places {
    /// The checkout's root.
    pub root: PathBuf,
    /// Downloads and build results that outlive a checkout (`VISIONFLOW_CACHE_DIR`).
    pub cache: PathBuf,
    /// Cargo's target directory, shared by all checkouts unless `CARGO_TARGET_DIR` is set.
    pub target: PathBuf,
    /// Cargo's target directory of the browser's build (`VISIONFLOW_WASM_TARGET_DIR`).
    pub wasm_target: PathBuf,
}

impl Places {
    pub fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        // At run time cargo says where this checkout is: a binary built for another one may be reused.
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or(manifest.to_path_buf(), PathBuf::from);
        let root = manifest
            .parent()
            .context("xtask has no parent directory")?
            .to_path_buf();
        let cache = match env::var_os("VISIONFLOW_CACHE_DIR") {
            Some(path) => std::path::absolute(PathBuf::from(path))?,
            None => home()?.join(".cache/visionflow"),
        };
        let target = directory_from("CARGO_TARGET_DIR", cache.join("target"))?;
        let wasm_target = directory_from("VISIONFLOW_WASM_TARGET_DIR", target.clone())?;
        Ok(Self {
            root,
            cache,
            target,
            wasm_target,
        })
    }

    /// Results of this checkout that git ignores.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A directory of the cache, made when missing.
    pub fn cached(&self, name: &str) -> Result<PathBuf> {
        let path = self.cache.join(name);
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot create {}", path.display()))?;
        Ok(path)
    }

    /// A program of the npm packages in the checkout.
    pub fn npm_program(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }
}

pub fn home() -> Result<PathBuf> {
    env::var_os("HOME").map(PathBuf::from).context(
        "HOME is not set: set it, or VISIONFLOW_CACHE_DIR to a directory for downloads and builds",
    )
}

/// Whether this process is root, in which case Postgres needs another user.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
        || env::var("USER").is_ok_and(|user| user == "root")
}

/// Where the server keeps data unless told otherwise.
///
/// Root's home is closed to the user that Postgres then runs as, so root's data goes to `/var/lib`.
pub fn default_data_dir() -> Result<PathBuf> {
    if is_root() {
        return Ok(PathBuf::from("/var/lib/visionflow"));
    }
    match env::var_os("XDG_DATA_HOME") {
        Some(path) => Ok(PathBuf::from(path).join("visionflow")),
        None => Ok(home()?.join(".local/share/visionflow")),
    }
}

fn directory_from(variable: &str, default: PathBuf) -> Result<PathBuf> {
    match env::var_os(variable) {
        Some(path) if !path.is_empty() => Ok(std::path::absolute(PathBuf::from(path))?),
        _ => Ok(default),
    }
}
