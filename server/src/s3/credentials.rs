//! The embedded S3's one pair of keys: made at the first start, kept in its directory.

use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::Write;
use std::path::Path;
use uuid::Uuid;

/// What signs requests to an S3.
#[derive(Clone, Serialize, Deserialize)]
pub struct Credentials {
    pub access_key: String,
    pub secret_key: String,
}

impl Credentials {
    pub(super) fn load_or_create(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("credentials.json");
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .with_context(|| format!("{} is damaged", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::create(&path),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    fn create(path: &Path) -> anyhow::Result<Self> {
        let random = || Uuid::new_v4().simple().to_string();
        let credentials = Self {
            access_key: format!("VF{}", &random()[..18].to_uppercase()),
            secret_key: random() + &random(),
        };
        let temporary = path.with_extension("tmp");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(&temporary)
            .with_context(|| format!("cannot write {}", temporary.display()))?;
        file.write_all(&serde_json::to_vec(&credentials)?)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)?;
        Ok(credentials)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key", &self.access_key)
            .finish_non_exhaustive()
    }
}
