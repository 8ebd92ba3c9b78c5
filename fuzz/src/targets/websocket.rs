//! Bytes of a client to WebSocket messages.

use crate::{Target, exact, kind, outcome};
use visionflow_websocket::{Decoder, Fault, Message};

const LIMIT: usize = 1 << 16;

/// The same comes out of the bytes whole and one by one.
pub const WEBSOCKET: Target = Target {
    name: "websocket",
    run: |bytes| {
        let whole = decode(bytes, bytes.len());
        assert_eq!(decode(bytes, 1), whole);
        let (messages, fault) = whole;
        let kinds: Vec<_> = messages.iter().take(4).map(kind).collect();
        exact(&(kinds, outcome(&fault)))
    },
    seeds: || {
        let frame = |first: u8, payload: &[u8]| {
            // A mask of zeros changes nothing.
            [&[first, 0x80 | payload.len() as u8, 0, 0, 0, 0], payload].concat()
        };
        let whole = [
            frame(0x81, "grüß dich".as_bytes()),
            frame(0x82, &[0, 2, 1, 7]),
            frame(0x89, b"ping"),
            frame(0x8a, b"pong"),
            frame(0x88, &[]),
            frame(0x88, b"\x03\xe8done"),
            [&[0x82, 0xfe, 0, 200, 1, 2, 3, 4][..], &[9; 200]].concat(),
        ];
        let parts = [
            frame(0x02, b"one"),
            frame(0x89, b""),
            frame(0x00, b"two"),
            frame(0x80, b"three"),
        ];
        let mut seeds = whole.to_vec();
        seeds.push(parts.concat());
        seeds.push(whole.concat());
        seeds
    },
};

/// The messages of `bytes`, which come in pieces of `length`, and the fault after them.
fn decode(bytes: &[u8], length: usize) -> (Vec<Message>, Option<Fault>) {
    let mut decoder = Decoder::new(LIMIT);
    let mut messages = Vec::new();
    for mut piece in bytes.chunks(length.max(1)) {
        loop {
            match decoder.next(&mut piece) {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(fault) => return (messages, Some(fault)),
            }
        }
    }
    (messages, None)
}
