//! Compressed copies, computed once per content.

use std::fs;
use std::io::Write as _;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::places::Places;

/// Hexadecimal SHA-256.
pub fn hash_of(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A file's content in the encodings that browsers ask for.
pub struct Compressed {
    pub br: Vec<u8>,
    pub gz: Vec<u8>,
}

/// What is larger is loaded once and late; the last few per cent of it would take minutes.
const LARGE_BYTES: usize = 8_000_000;

/// Compresses each of these where it is not yet in the cache, on all cores.
pub fn compress_all(places: &Places, contents: &[&[u8]]) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        while let Some(bytes) = contents.get(next.fetch_add(1, Ordering::Relaxed)) {
            compressed(places, bytes)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let mut done = workers.into_iter().map(ScopedJoinHandle::join);
        done.try_for_each(|done| done.unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// Compresses as tightly as the formats allow; minutes of work a year of downloads repays.
pub fn compressed(places: &Places, bytes: &[u8]) -> Result<Compressed> {
    let cache = places.cached("compressed")?;
    let key = hash_of(bytes);
    let (br_path, gz_path) = (
        cache.join(format!("{key}.br")),
        cache.join(format!("{key}.gz")),
    );
    if let (Ok(br), Ok(gz)) = (fs::read(&br_path), fs::read(&gz_path)) {
        return Ok(Compressed { br, gz });
    }
    let mut br = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: if bytes.len() > LARGE_BYTES { 9 } else { 11 },
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut br, &parameters)?;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    let gz = encoder.finish()?;
    for (path, content) in [(&br_path, &br), (&gz_path, &gz)] {
        let partial = path.with_extension(format!(
            "partial-{}-{:?}",
            std::process::id(),
            thread::current().id()
        ));
        fs::write(&partial, content)?;
        fs::rename(partial, path)?;
    }
    Ok(Compressed { br, gz })
}
