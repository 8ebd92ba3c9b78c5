//! Multipart uploads: parts lie in a folder of their own until they are joined into one object.

use super::files::{Files, Incoming, Meta, blocking, hex};
use s3s::crypto::{Checksum, Md5};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

/// What the object will be once its parts are joined.
#[derive(Serialize, Deserialize)]
pub struct Plan {
    pub bucket: String,
    pub key: String,
    pub meta: Meta,
}

/// A part as its uploader saw it.
pub struct Part {
    pub number: i32,
    /// The MD5 in hex that the part's upload was answered with.
    pub etag: String,
}

/// Why parts cannot be joined.
pub enum JoinError {
    NoSuchUpload,
    InvalidPart(i32),
    Io(io::Error),
}

impl From<io::Error> for JoinError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Files {
    /// The folder of an upload; `None` for an id that this store never gave out.
    fn upload_dir(&self, upload_id: &str) -> Option<PathBuf> {
        let id = Uuid::try_parse(upload_id).ok()?;
        Some(self.multipart_root().join(id.simple().to_string()))
    }

    pub async fn begin_multipart(&self, plan: &Plan) -> io::Result<String> {
        let id = Uuid::new_v4().simple().to_string();
        let dir = self.multipart_root().join(&id);
        let json = serde_json::to_vec(plan)?;
        blocking(move || {
            std::fs::create_dir(&dir)?;
            std::fs::write(dir.join("plan.json"), json)
        })
        .await?;
        Ok(id)
    }

    /// The plan of an upload that belongs to this very key.
    pub async fn plan(&self, upload_id: &str, bucket: &str, key: &str) -> io::Result<Option<Plan>> {
        let Some(dir) = self.upload_dir(upload_id) else {
            return Ok(None);
        };
        match tokio::fs::read(dir.join("plan.json")).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
            Ok(json) => {
                let plan: Plan = serde_json::from_slice(&json)?;
                Ok(Some(plan).filter(|plan| plan.bucket == bucket && plan.key == key))
            }
        }
    }

    /// Keeps a part; gives its MD5 in hex. The same number again replaces it.
    pub async fn put_part(
        &self,
        upload_id: &str,
        number: i32,
        mut incoming: Incoming,
    ) -> io::Result<String> {
        let not_found = || io::Error::from(io::ErrorKind::NotFound);
        let dir = self.upload_dir(upload_id).ok_or_else(not_found)?;
        let etag = hex(&incoming.md5());
        incoming
            .into_part(dir.join(part_name(number, &etag)))
            .await?;
        Ok(etag)
    }

    /// Joins the parts in the order given into the object, and forgets them.
    pub async fn join(
        &self,
        upload_id: &str,
        plan: Plan,
        parts: &[Part],
    ) -> Result<Meta, JoinError> {
        let dir = self.upload_dir(upload_id).ok_or(JoinError::NoSuchUpload)?;
        let mut whole = self.incoming().await?.unhashed();
        let mut digests = Md5::new();
        for part in parts {
            let path = dir.join(part_name(part.number, &part.etag));
            let Ok(mut file) = tokio::fs::File::open(&path).await else {
                return Err(JoinError::InvalidPart(part.number));
            };
            digests.update(&unhex(&part.etag));
            let mut buffer = vec![0; 256 * 1024];
            loop {
                let count = file.read(&mut buffer).await?;
                if count == 0 {
                    break;
                }
                whole.write(&buffer[..count]).await?;
            }
        }
        let mut meta = plan.meta;
        meta.etag = format!("{}-{}", hex(&digests.finalize()), parts.len());
        let meta = self.commit(&plan.bucket, &plan.key, whole, meta).await?;
        self.forget(upload_id).await?;
        Ok(meta)
    }

    /// Throws an upload's parts away; whether there was one.
    pub async fn forget(&self, upload_id: &str) -> io::Result<bool> {
        let Some(dir) = self.upload_dir(upload_id) else {
            return Ok(false);
        };
        match tokio::fs::remove_dir_all(dir).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            other => other.map(|()| true),
        }
    }
}

/// The MD5 is part of the name, so that a part sent twice never mixes with itself. A foreign ETag
/// is reduced to characters that name no other folder.
fn part_name(number: i32, etag: &str) -> String {
    let etag: String = etag.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{number}-{etag}")
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .filter_map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}
