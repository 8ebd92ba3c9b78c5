//! Datasets as other tools read them: COCO, YOLO and Pascal VOC, written as a zip in one pass.
//!
//! [`DatasetWriter`] takes one item after the other and keeps nothing of it, so memory stays flat
//! with the size of the dataset (a zip's own directory excepted, some 200 bytes a file).
//! What must come at the end of a file although it is known early (COCO's annotations) goes
//! through a [`Spool`] that the caller provides: nothing here opens files.
//!
//! Whatever a format cannot hold is counted and named in `report.txt` inside the zip.

mod coco;
mod names;
mod region;
mod report;
mod spool;
mod voc;
mod writer;
mod yolo;

pub use report::Report;
pub use spool::{MakeSpool, Spool, in_memory};
pub use writer::{Dataset, DatasetWriter, Format, Item, WriteError};
