//! The blocking side of an export: pieces in, a zip out.

use crate::objects::SinkWriter;
use bytes::Bytes;
use std::io::{self, Read, Seek, SeekFrom, Write};
use tokio::sync::mpsc;
use visionflow_formats::{Dataset, DatasetWriter, Format, Item, Spool, WriteError};
use visionflow_model::Annotation;

pub struct Plan {
    pub format: Format,
    pub dataset: Dataset,
}

/// What the zip is made of, in order.
pub enum Piece {
    Item {
        filename: String,
        /// Of the oriented image.
        width: u32,
        height: u32,
        annotations: Vec<Annotation>,
        media: Media,
    },
    /// Everything was sent; without it the zip is not finished.
    End,
}

/// A photograph's file.
pub enum Media {
    NotAsked,
    AsStored(Bytes),
    /// Its EXIF rotation was applied to its pixels.
    Turned(Vec<u8>),
    /// It carries an EXIF rotation and could not be decoded.
    NotTurned(Bytes),
    Missing,
}

/// Writes until [`Piece::End`]; an error of kind `UnexpectedEof` when the sender goes before it.
pub fn write(
    plan: Plan,
    writer: SinkWriter,
    mut pieces: mpsc::Receiver<Piece>,
) -> Result<(), WriteError> {
    let spool = Box::new(|| Ok(Box::new(FileSpool::new()?) as Box<dyn Spool>));
    let mut dataset = DatasetWriter::new(writer, plan.format, plan.dataset, spool)?;
    loop {
        match pieces.blocking_recv() {
            Some(Piece::Item {
                filename,
                width,
                height,
                annotations,
                media,
            }) => {
                let item = Item {
                    filename: &filename,
                    width,
                    height,
                    annotations: &annotations,
                };
                write_item(&mut dataset, item, media)?;
            }
            Some(Piece::End) => {
                let (writer, _) = dataset.finish()?;
                writer.close()?;
                return Ok(());
            }
            None => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
        }
    }
}

fn write_item(
    dataset: &mut DatasetWriter<SinkWriter>,
    item: Item<'_>,
    media: Media,
) -> Result<(), WriteError> {
    let name = item.filename;
    match media {
        Media::NotAsked => dataset.item(item, None),
        Media::AsStored(bytes) => dataset.item(item, Some(&mut bytes.as_ref())),
        Media::Turned(bytes) => {
            dataset.note(
                "The photograph's EXIF rotation was applied to its pixels",
                name,
            );
            dataset.item(item, Some(&mut bytes.as_slice()))
        }
        Media::NotTurned(bytes) => {
            dataset.note(
                "The photograph is damaged and still carries its EXIF rotation",
                name,
            );
            dataset.item(item, Some(&mut bytes.as_ref()))
        }
        Media::Missing => {
            dataset.note("The photograph's file was not found in the storage", name);
            dataset.item(item, None)
        }
    }
}

/// A temporary file without a name that gathers small writes.
struct FileSpool {
    file: std::fs::File,
    pending: Vec<u8>,
}

impl FileSpool {
    fn new() -> io::Result<Self> {
        Ok(Self {
            file: tempfile::tempfile()?,
            pending: Vec::new(),
        })
    }
}

impl Write for FileSpool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= 1 << 18 {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.pending)?;
        self.pending.clear();
        Ok(())
    }
}

impl Seek for FileSpool {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.flush()?;
        self.file.seek(to)
    }
}

impl Read for FileSpool {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.flush()?;
        self.file.read(buffer)
    }
}
