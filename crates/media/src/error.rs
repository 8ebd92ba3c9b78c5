//! Why a picture cannot be shown, in words for the person in front of it.

use std::ops::Range;
use thiserror::Error;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PictureError {
    #[error("the file ends before the picture does: it was cut off")]
    Truncated,
    #[error("the {0} file is damaged: {1}")]
    Damaged(&'static str, String),
    #[error("{0} is not supported")]
    Unsupported(String),
    #[error("the picture claims {width} × {height} pixels, which cannot be shown")]
    Size { width: u64, height: u64 },
    #[error("{0}")]
    TooMuch(String),
}

/// Why a reader has no answer yet, or never will.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// These bytes of the file are needed first: supply them and ask again.
    #[error("bytes {} to {} are needed", .0.start, .0.end)]
    Need(Range<u64>),
    #[error(transparent)]
    Bad(#[from] PictureError),
}

impl PictureError {
    pub(crate) fn damaged(kind: &'static str, why: impl Into<String>) -> Self {
        Self::Damaged(kind, why.into())
    }
}
