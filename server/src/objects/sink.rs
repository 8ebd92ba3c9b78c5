//! Writing an object whose size is not known yet, with flat memory.
//!
//! A blocking writer (a zip writer, say) fills parts and hands them to the async side, which uploads
//! them one by one. Nothing appears under the key until [`Sink::finish`].

use super::{ObjectError, Objects, Result};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use std::io::{self, Write};
use tokio::sync::mpsc;

/// Bytes in one part; S3 wants 5 MiB at least and 10,000 parts at most, so 78 GiB in all.
const PART_SIZE: usize = 8 * 1024 * 1024;

/// The blocking end.
pub struct SinkWriter {
    parts: mpsc::Sender<Bytes>,
    buffer: Vec<u8>,
    written: u64,
}

/// The async end; run [`Sink::upload`] beside the writer.
pub struct Sink {
    objects: Objects,
    key: String,
    content_type: String,
    parts: mpsc::Receiver<Bytes>,
}

/// A multipart upload with all its parts, not yet an object.
pub struct Uploaded {
    objects: Objects,
    key: String,
    upload_id: String,
    parts: Vec<CompletedPart>,
    pub size_bytes: i64,
}

impl Objects {
    /// Both ends of a new object.
    pub fn sink(&self, key: &str, content_type: &str) -> (SinkWriter, Sink) {
        let (sender, receiver) = mpsc::channel(1);
        let writer = SinkWriter {
            parts: sender,
            buffer: Vec::with_capacity(PART_SIZE),
            written: 0,
        };
        let sink = Sink {
            objects: self.clone(),
            key: key.to_owned(),
            content_type: content_type.to_owned(),
            parts: receiver,
        };
        (writer, sink)
    }
}

impl SinkWriter {
    /// Sends what is left; without it the last bytes are lost. Gives the size in bytes.
    pub fn close(mut self) -> io::Result<u64> {
        self.send()?;
        Ok(self.written)
    }

    /// As [`Write::write_all`], for async code; to be ended with [`SinkWriter::end`].
    pub async fn push(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let count = self.write_some(bytes);
            bytes = &bytes[count..];
            if self.buffer.len() == PART_SIZE {
                self.send_part().await?;
            }
        }
        Ok(())
    }

    /// As [`SinkWriter::close`], for async code.
    pub async fn end(mut self) -> io::Result<u64> {
        self.send_part().await?;
        Ok(self.written)
    }

    async fn send_part(&mut self) -> io::Result<()> {
        let part = self.take_part();
        self.parts.send(part).await.map_err(|_| ended())
    }

    fn write_some(&mut self, bytes: &[u8]) -> usize {
        let count = bytes.len().min(PART_SIZE - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..count]);
        self.written += count as u64;
        count
    }

    fn take_part(&mut self) -> Bytes {
        std::mem::replace(&mut self.buffer, Vec::with_capacity(PART_SIZE)).into()
    }

    fn send(&mut self) -> io::Result<()> {
        let part = self.take_part();
        self.parts.blocking_send(part).map_err(|_| ended())
    }
}

fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the upload has ended")
}

impl Write for SinkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.write_some(bytes);
        if self.buffer.len() == PART_SIZE {
            self.send()?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink {
    /// Uploads parts until the writer is closed or dropped.
    pub async fn upload(mut self) -> Result<Uploaded> {
        let client = &self.objects.0.client;
        let bucket = &self.objects.0.bucket;
        let request = client
            .create_multipart_upload()
            .bucket(bucket)
            .key(&self.key);
        let created = request.content_type(&self.content_type).send().await;
        let created = created.map_err(ObjectError::from_sdk)?;
        let upload_id = created.upload_id().unwrap_or_default().to_owned();
        let mut uploaded = Uploaded {
            objects: self.objects.clone(),
            key: self.key.clone(),
            upload_id,
            parts: Vec::new(),
            size_bytes: 0,
        };
        while let Some(bytes) = self.parts.recv().await {
            if let Err(error) = uploaded.send(bytes).await {
                uploaded.abort().await;
                return Err(error);
            }
        }
        Ok(uploaded)
    }
}

impl Uploaded {
    async fn send(&mut self, bytes: Bytes) -> Result<()> {
        let number = self.parts.len() as i32 + 1;
        let size_bytes = bytes.len() as i64;
        let request = self.objects.0.client.upload_part();
        let request = request
            .bucket(&self.objects.0.bucket)
            .key(&self.key)
            .upload_id(&self.upload_id)
            .part_number(number)
            .body(bytes.into());
        let part = request.send().await.map_err(ObjectError::from_sdk)?;
        let part = CompletedPart::builder()
            .part_number(number)
            .set_e_tag(part.e_tag().map(str::to_owned));
        self.parts.push(part.build());
        self.size_bytes += size_bytes;
        Ok(())
    }

    /// Makes the parts the object.
    pub async fn finish(self) -> Result<i64> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(self.parts));
        let request = self.objects.0.client.complete_multipart_upload();
        let request = request
            .bucket(&self.objects.0.bucket)
            .key(&self.key)
            .upload_id(&self.upload_id)
            .multipart_upload(parts.build());
        request.send().await.map_err(ObjectError::from_sdk)?;
        Ok(self.size_bytes)
    }

    /// Throws the parts away.
    pub async fn abort(self) {
        let request = self.objects.0.client.abort_multipart_upload();
        let request = request
            .bucket(&self.objects.0.bucket)
            .key(&self.key)
            .upload_id(&self.upload_id);
        if let Err(error) = request.send().await.map_err(ObjectError::from_sdk) {
            tracing::warn!(%error, key = self.key, "parts of an abandoned upload stay behind");
        }
    }
}
