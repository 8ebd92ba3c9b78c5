//! The server's half of WebSocket messages (RFC 6455, sections 5 to 7): bytes to messages and back.
//!
//! No sockets, no clock: bytes come from outside, in pieces of any size. What a general library
//! cannot do for a relay is why this is ours:
//!
//! - Between messages a [`Decoder`] owns no memory: whoever reads lends it what has come, so
//!   thousands of sockets can be read through one buffer, and who has once sent ten megabytes does
//!   not weigh ten megabytes for as long as it stays.
//! - What many are sent is shared ([`Outgoing`]): bytes are written from where they lie, instead of
//!   being copied into a buffer of each socket that stays as large as the largest message was.
//!
//! No extensions: a frame with a reserved bit is refused.

mod decoder;
mod frame;
mod outgoing;

pub use decoder::Decoder;
pub use frame::Fault;
pub use outgoing::Outgoing;

use bytes::Bytes;

/// A whole message, either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Text(String),
    Binary(Bytes),
    /// To be answered by a pong with the same bytes, at most 125.
    Ping(Bytes),
    Pong(Bytes),
    /// The last message of either side; `None` where no code was given.
    Close(Option<CloseFrame>),
}

/// Why a socket ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseFrame {
    /// RFC 6455, section 7.4.
    pub code: u16,
    /// At most 123 bytes.
    pub reason: String,
}
