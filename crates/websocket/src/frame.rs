//! The head of a frame (RFC 6455, section 5.2).

use thiserror::Error;

pub(crate) const CONTINUATION: u8 = 0;
pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

pub(crate) const FINAL: u8 = 0x80;
const RESERVED: u8 = 0x70;
const MASKED: u8 = 0x80;
/// Lengths from here on stand in the two or the eight bytes that follow.
pub(crate) const TWO_BYTES: u8 = 126;
pub(crate) const EIGHT_BYTES: u8 = 127;
/// What a ping, a pong or a close may hold.
pub(crate) const MOST_CONTROL: u64 = 125;
/// The longest head: opcode, length in eight bytes, mask.
pub(crate) const LONGEST: usize = 14;

/// Why what a client sends is not understood; nothing after it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("the message is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("a frame uses an extension that was not agreed on")]
    Reserved,
    #[error("a frame is not masked")]
    Unmasked,
    #[error("there is no frame of kind {0}")]
    Kind(u8),
    #[error("a ping, pong or close is longer than 125 bytes or in parts")]
    Control,
    #[error("a message goes on that was not begun")]
    NotBegun,
    #[error("a message begins inside another")]
    NotEnded,
    #[error("a text is not UTF-8")]
    Utf8,
    #[error("a close has no valid code")]
    CloseCode,
}

/// What stands before a frame's payload.
#[derive(Debug)]
pub(crate) struct Head {
    pub kind: u8,
    /// The last part of its message.
    pub is_final: bool,
    /// Of the payload, in bytes.
    pub length: u64,
    pub mask: [u8; 4],
}

/// How long a head is whose first two bytes these are.
pub(crate) fn head_length(second: u8) -> usize {
    let length = match second & !MASKED {
        TWO_BYTES => 2,
        EIGHT_BYTES => 8,
        _ => 0,
    };
    let mask = if second & MASKED == 0 { 0 } else { 4 };
    2 + length + mask
}

impl Head {
    /// Of exactly [`head_length`] bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let (first, second) = (bytes[0], bytes[1]);
        if first & RESERVED != 0 {
            return Err(Fault::Reserved);
        }
        let kind = first & 0x0f;
        if !matches!(kind, CONTINUATION | TEXT | BINARY | CLOSE | PING | PONG) {
            return Err(Fault::Kind(kind));
        }
        if second & MASKED == 0 {
            return Err(Fault::Unmasked);
        }
        let (rest, mask) = bytes[2..].split_last_chunk().ok_or(Fault::Unmasked)?;
        let length = match rest {
            [] => u64::from(second & !MASKED),
            long => long.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        };
        let head = Self {
            kind,
            is_final: first & FINAL != 0,
            length,
            mask: *mask,
        };
        if head.is_control() && (length > MOST_CONTROL || !head.is_final) {
            return Err(Fault::Control);
        }
        Ok(head)
    }

    pub fn is_control(&self) -> bool {
        self.kind >= CLOSE
    }
}
