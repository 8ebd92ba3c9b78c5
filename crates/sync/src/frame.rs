//! The frames of a room's socket: y-websocket's, and one of our own.
//!
//! A websocket message holds one frame or several, each a lib0 varint for its type and a body:
//!
//! | type | body |
//! |---|---|
//! | 0 sync | varint 0, state vector; varint 1 or 2, update; each as bytes with their length |
//! | 1 awareness | an awareness update as bytes with their length |
//! | 2 auth | varint 0 (denied), the reason as text |
//! | 3 query awareness | nothing |
//! | 100 control | text, JSON of `visionflow-api`; only for clients that asked for it |

use crate::AwarenessUpdate;
use thiserror::Error;
use visionflow_document::UpdateError;
use visionflow_document::lib0::{ReadError, Reader, write_buffer, write_var_uint};

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY_AWARENESS: u64 = 3;
const CONTROL: u64 = 100;

/// One frame. Updates and state vectors (lib0 v1) are not looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// “This is what I have”: a state vector.
    SyncStep1(Vec<u8>),
    /// The answer: an update with what the other lacked.
    SyncStep2(Vec<u8>),
    Update(Vec<u8>),
    Awareness(AwarenessUpdate),
    AwarenessQuery,
    /// Access was denied, with the reason.
    Auth(String),
    /// Outside the public protocol: JSON.
    Control(String),
    /// A type this version does not know; the rest of the message cannot be read.
    Unknown(u64),
}

/// Why a message from outside is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FrameError {
    #[error("the frame is malformed: {0}")]
    Malformed(#[from] ReadError),
    #[error("there is no sync message of kind {0}")]
    SyncKind(u64),
    #[error("there is no auth message of kind {0}")]
    AuthKind(u64),
    #[error("a message holds at most {MAX_FRAMES} frames")]
    TooMany,
    #[error(transparent)]
    Update(#[from] UpdateError),
}

/// A frame can be one byte long on the wire, and is thirty times that in memory.
pub const MAX_FRAMES: usize = 4096;

impl Frame {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::SyncStep1(vector) => sync(&mut out, 0, vector),
            Self::SyncStep2(update) => sync(&mut out, 1, update),
            Self::Update(update) => sync(&mut out, 2, update),
            Self::Awareness(update) => {
                write_var_uint(&mut out, AWARENESS);
                write_buffer(&mut out, &update.encode());
            }
            Self::AwarenessQuery => write_var_uint(&mut out, QUERY_AWARENESS),
            Self::Auth(reason) => {
                write_var_uint(&mut out, AUTH);
                write_var_uint(&mut out, 0);
                write_buffer(&mut out, reason.as_bytes());
            }
            Self::Control(json) => {
                write_var_uint(&mut out, CONTROL);
                write_buffer(&mut out, json.as_bytes());
            }
            Self::Unknown(kind) => write_var_uint(&mut out, *kind),
        }
        out
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, FrameError> {
        Ok(match reader.var_uint()? {
            SYNC => {
                let kind = reader.var_uint()?;
                let make = match kind {
                    0 => Self::SyncStep1,
                    1 => Self::SyncStep2,
                    2 => Self::Update,
                    _ => return Err(FrameError::SyncKind(kind)),
                };
                make(reader.buffer()?.to_vec())
            }
            AWARENESS => Self::Awareness(AwarenessUpdate::decode(reader.buffer()?)?),
            AUTH => match reader.var_uint()? {
                0 => Self::Auth(reader.string()?.to_owned()),
                kind => return Err(FrameError::AuthKind(kind)),
            },
            QUERY_AWARENESS => Self::AwarenessQuery,
            CONTROL => Self::Control(reader.string()?.to_owned()),
            kind => {
                reader.take(reader.remaining())?;
                Self::Unknown(kind)
            }
        })
    }
}

/// The frames of one websocket message, or an error and none of them.
pub fn decode_all(message: &[u8]) -> Result<Vec<Frame>, FrameError> {
    let mut reader = Reader::new(message);
    let mut frames = Vec::with_capacity(1);
    while !reader.is_at_end() {
        if frames.len() == MAX_FRAMES {
            return Err(FrameError::TooMany);
        }
        frames.push(Frame::read(&mut reader)?);
    }
    Ok(frames)
}

fn sync(out: &mut Vec<u8>, kind: u64, bytes: &[u8]) {
    out.reserve(bytes.len() + 8);
    write_var_uint(out, SYNC);
    write_var_uint(out, kind);
    write_buffer(out, bytes);
}
