//! Frames that the relay sends, encoded once and shared by all readers of a room.
//!
//! The layout is lib0's: variable-length integers, and byte strings with their length in front
//! (y-protocols, `PROTOCOL.md`). Reading is `visionflow_sync`'s.

use bytes::Bytes;
use visionflow_api::{CONTROL_MESSAGE, ServerControl};

const SYNC: u8 = 0;
const STEP_1: u8 = 0;
const STEP_2: u8 = 1;
const UPDATE: u8 = 2;

/// "This is what I have; send me what I lack."
pub(super) fn sync_step_1(state_vector: &[u8]) -> Bytes {
    frame(&[SYNC, STEP_1], state_vector)
}

/// "This is what you lack."
pub(super) fn sync_step_2(update: &[u8]) -> Bytes {
    frame(&[SYNC, STEP_2], update)
}

pub(super) fn update(update: &[u8]) -> Bytes {
    frame(&[SYNC, UPDATE], update)
}

pub(super) fn control(message: &ServerControl) -> Bytes {
    let json = serde_json::to_vec(message).expect("control frames are plain values");
    frame(&[CONTROL_MESSAGE], &json)
}

fn frame(head: &[u8], body: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(head.len() + 5 + body.len());
    out.extend_from_slice(head);
    let mut length = body.len();
    while length > 0x7f {
        out.push(0x80 | (length & 0x7f) as u8);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(body);
    Bytes::from(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_lib0_variable_integers() {
        assert_eq!(&update(&[7, 8])[..], [0, 2, 2, 7, 8]);
        assert_eq!(&update(&[0; 300])[..4], [0, 2, 0xac, 0x02]);
        let ack = control(&ServerControl::Ack { count: 3 });
        assert_eq!(&ack[2..], br#"{"type":"ack","count":3}"#);
    }
}
