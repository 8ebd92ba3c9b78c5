//! Objects as files: written beside, flushed to disk, then renamed into place.
//!
//! One object is one file: its bytes, then its metadata as JSON, then the metadata's length and a
//! mark. So an object appears, changes and goes in one step, whenever the process dies, and a reader
//! that has opened it keeps reading what it opened.

use super::keys;
use super::listing::{ListQuery, Listing, list};
use anyhow::Context;
use s3s::crypto::{Checksum, Md5};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use time::OffsetDateTime;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

const MARK: &[u8; 8] = b"VFOBJ001";
/// Bytes after the metadata: its length and the mark.
const TAIL: u64 = 12;
const MAX_META: u64 = 64 * 1024;
/// Parts and temporary files older than this belong to nobody any more.
const LEFTOVER_AGE: Duration = Duration::from_hours(24);

/// What is known about an object beside its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Meta {
    pub size: u64,
    /// Without quotes.
    pub etag: String,
    pub content_type: Option<String>,
    pub content_disposition: Option<String>,
    pub cache_control: Option<String>,
    #[serde(default)]
    pub user: BTreeMap<String, String>,
    #[serde(with = "time::serde::timestamp::milliseconds")]
    pub modified: OffsetDateTime,
}

/// The store; cheap to clone.
#[derive(Clone)]
pub struct Files {
    root: Arc<PathBuf>,
}

/// An object on its way in; dropped without [`Files::commit`] it leaves nothing behind.
pub struct Incoming {
    file: Option<tokio::io::BufWriter<tokio::fs::File>>,
    path: PathBuf,
    md5: Option<Md5>,
    digest: [u8; 16],
    pub size: u64,
}

impl Files {
    /// Opens `root`, and throws away what a killed process left half-written.
    pub async fn open(root: &Path) -> anyhow::Result<Self> {
        let files = Self {
            root: Arc::new(root.to_owned()),
        };
        let temporary = files.temporary();
        blocking(move || {
            match fs::remove_dir_all(&temporary) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            fs::create_dir_all(&temporary)
        })
        .await
        .with_context(|| format!("cannot use {} for objects", root.display()))?;
        fs::create_dir_all(files.multipart_root())?;
        Ok(files)
    }

    fn temporary(&self) -> PathBuf {
        self.root.join(".tmp")
    }

    pub fn multipart_root(&self) -> PathBuf {
        self.root.join(".multipart")
    }

    /// Bucket names are checked by the protocol's layer: no dot at the start, no slash.
    fn bucket(&self, bucket: &str) -> PathBuf {
        self.root.join(bucket)
    }

    pub async fn create_bucket(&self, bucket: &str) -> io::Result<()> {
        let path = self.bucket(bucket);
        blocking(move || make_dirs(&path)).await
    }

    pub fn has_bucket(&self, bucket: &str) -> bool {
        self.bucket(bucket).is_dir()
    }

    /// Begins an object.
    pub async fn incoming(&self) -> io::Result<Incoming> {
        let path = self.temporary().join(Uuid::new_v4().simple().to_string());
        let file = tokio::fs::File::create_new(&path).await?;
        Ok(Incoming {
            file: Some(tokio::io::BufWriter::with_capacity(256 * 1024, file)),
            path,
            md5: Some(Md5::new()),
            digest: [0; 16],
            size: 0,
        })
    }

    /// Makes `incoming` the object `key`: durable when this returns. `meta.size` and, where it is
    /// empty, `meta.etag` are filled in.
    pub async fn commit(
        &self,
        bucket: &str,
        key: &str,
        mut incoming: Incoming,
        mut meta: Meta,
    ) -> io::Result<Meta> {
        meta.size = incoming.size;
        if meta.etag.is_empty() {
            meta.etag = hex(&incoming.md5());
        }
        let json = serde_json::to_vec(&meta)?;
        let mut file = incoming.file.take().expect("an object is committed once");
        file.write_all(&json).await?;
        file.write_all(&(json.len() as u32).to_le_bytes()).await?;
        file.write_all(MARK).await?;
        file.flush().await?;
        file.get_ref().sync_all().await?;
        drop(file);
        let target = keys::path_of(&self.bucket(bucket), key);
        let source = incoming.path.clone();
        blocking(move || publish(&source, &target)).await?;
        Ok(meta)
    }

    /// The object's file, placed at its first byte, and its metadata.
    pub async fn read(&self, bucket: &str, key: &str) -> io::Result<(fs::File, Meta)> {
        let path = keys::path_of(&self.bucket(bucket), key);
        blocking(move || open_object(&path)).await
    }

    /// Deletes the object if there is one.
    pub async fn delete(&self, bucket: &str, key: &str) -> io::Result<()> {
        let bucket = self.bucket(bucket);
        let path = keys::path_of(&bucket, key);
        blocking(move || {
            match fs::remove_file(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                other => other?,
            }
            let mut parent = path.parent();
            while let Some(dir) = parent.filter(|dir| *dir != bucket) {
                if fs::remove_dir(dir).is_err() {
                    return sync_dir(dir);
                }
                parent = dir.parent();
            }
            Ok(())
        })
        .await
    }

    pub async fn list(&self, bucket: &str, query: ListQuery) -> io::Result<Listing> {
        let root = self.bucket(bucket);
        blocking(move || list(&root, &query)).await
    }

    /// Removes parts and temporary files that nobody will finish.
    pub async fn sweep(&self) {
        let roots = [self.temporary(), self.multipart_root()];
        let swept = blocking(move || roots.iter().try_for_each(|root| sweep_dir(root))).await;
        if let Err(error) = swept {
            tracing::warn!(%error, "could not sweep the embedded S3's leftovers");
        }
    }
}

impl Incoming {
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = self.file.as_mut().expect("written before it is committed");
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        self.size += bytes.len() as u64;
        file.write_all(bytes).await
    }

    /// For bytes whose ETag is known already.
    pub fn unhashed(mut self) -> Self {
        self.md5 = None;
        self
    }

    /// Ends the object as a plain file at `target`, without metadata (a part); gives its MD5.
    pub async fn into_part(mut self, target: PathBuf) -> io::Result<String> {
        let md5 = hex(&self.md5());
        let mut file = self.file.take().expect("ended once");
        file.flush().await?;
        file.get_ref().sync_all().await?;
        drop(file);
        tokio::fs::rename(&self.path, &target).await?;
        Ok(md5)
    }

    /// The MD5 of all that was written; nothing is written after it was asked for.
    pub fn md5(&mut self) -> [u8; 16] {
        if let Some(md5) = self.md5.take() {
            self.digest = md5.finalize();
        }
        self.digest
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // After a commit there is nothing at this path any more.
        let _ = fs::remove_file(&self.path);
    }
}

/// Runs file work off the async threads.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

pub fn hex(bytes: &(impl AsRef<[u8]> + ?Sized)) -> String {
    use std::fmt::Write;
    bytes.as_ref().iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A rename that survives a power cut; a folder that a deletion removed meanwhile is made again.
fn publish(source: &Path, target: &Path) -> io::Result<()> {
    let parent = target.parent().expect("an object lies in its bucket");
    for attempt in 0.. {
        make_dirs(parent)?;
        match fs::rename(source, target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < 8 => {}
            other => {
                other?;
                break;
            }
        }
    }
    sync_dir(parent)
}

fn make_dirs(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let missing: Vec<_> = dir.ancestors().take_while(|dir| !dir.is_dir()).collect();
    fs::create_dir_all(dir)?;
    for made in missing {
        if let Some(parent) = made.parent() {
            sync_dir(parent)?;
        }
    }
    Ok(())
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    match fs::File::open(dir) {
        Ok(dir) => dir.sync_all(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The object's file, placed at its first byte, and its metadata.
pub fn open_object(path: &Path) -> io::Result<(fs::File, Meta)> {
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the object's file is damaged");
    let mut file = fs::File::open(path)?;
    let length = file.metadata()?.len();
    let mut tail = [0; TAIL as usize];
    file.seek(SeekFrom::Start(
        length.checked_sub(TAIL).ok_or_else(damaged)?,
    ))?;
    file.read_exact(&mut tail)?;
    let (size, mark) = tail.split_at(4);
    let meta_length = u64::from(u32::from_le_bytes(size.try_into().map_err(|_| damaged())?));
    let start = (length - TAIL).checked_sub(meta_length);
    let start = start.filter(|_| mark == MARK && meta_length <= MAX_META);
    let start = start.ok_or_else(damaged)?;
    file.seek(SeekFrom::Start(start))?;
    let mut json = vec![0; meta_length as usize];
    file.read_exact(&mut json)?;
    let meta: Meta = serde_json::from_slice(&json).map_err(|_| damaged())?;
    if meta.size != start {
        return Err(damaged());
    }
    file.seek(SeekFrom::Start(0))?;
    Ok((file, meta))
}

fn sweep_dir(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let modified = entry.metadata()?.modified()?;
        let age = SystemTime::now()
            .duration_since(modified)
            .unwrap_or_default();
        if age > LEFTOVER_AGE {
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
