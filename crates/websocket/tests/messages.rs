//! Messages as clients send them, cut anywhere; and beside another implementation.

use bytes::{Buf, Bytes};
use proptest::prelude::*;
use std::io::Cursor;
use tokio_tungstenite::tungstenite;
use tungstenite::protocol::{Role, WebSocket, WebSocketConfig};
use visionflow_websocket::{CloseFrame, Decoder, Fault, Message, Outgoing};

const LIMIT: usize = 100_000;

/// One frame of a client.
fn frame(first: u8, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        short @ 0..126 => out.push(0x80 | short as u8),
        medium @ 126..0x1_0000 => {
            out.push(0xfe);
            out.extend((medium as u16).to_be_bytes());
        }
        long => {
            out.push(0xff);
            out.extend((long as u64).to_be_bytes());
        }
    }
    out.extend(mask);
    let masked = payload.iter().zip(mask.iter().cycle());
    out.extend(masked.map(|(byte, mask)| byte ^ mask));
    out
}

/// A message in as many frames as `cuts` says, with a ping between them.
fn frames(message: &Message, cuts: &[usize], mask: [u8; 4]) -> Vec<u8> {
    let (kind, payload) = match message {
        Message::Text(text) => (1, text.as_bytes()),
        Message::Binary(bytes) => (2, &bytes[..]),
        Message::Ping(bytes) => return frame(0x89, bytes, mask),
        Message::Pong(bytes) => return frame(0x8a, bytes, mask),
        Message::Close(_) => return frame(0x88, &[], mask),
    };
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut % (payload.len() + 1)).collect();
    at.sort_unstable();
    at.push(payload.len());
    let mut out = Vec::new();
    let mut from = 0;
    for (place, to) in at.iter().enumerate() {
        let kind = if place == 0 { kind } else { 0 };
        let last = if place + 1 == at.len() { 0x80 } else { 0 };
        out.extend(frame(kind | last, &payload[from..*to], mask));
        if last == 0 {
            out.extend(frame(0x89, b"still there?", mask));
        }
        from = *to;
    }
    out
}

/// What is understood of `bytes`, up to a close, when they come in pieces of such lengths, and the
/// fault after it.
fn decode(bytes: &[u8], pieces: &[usize], limit: usize) -> (Vec<Message>, Option<Fault>) {
    let mut decoder = Decoder::new(limit);
    let mut messages = Vec::new();
    let mut rest = bytes;
    let mut pieces = pieces.iter().copied().chain(std::iter::repeat(usize::MAX));
    while !rest.is_empty() {
        let length = pieces.next().unwrap_or(rest.len()).clamp(1, rest.len());
        let (mut piece, left) = rest.split_at(length);
        rest = left;
        loop {
            match decoder.next(&mut piece) {
                Ok(Some(message)) => {
                    let closed = matches!(message, Message::Close(_));
                    messages.push(message);
                    if closed {
                        return (messages, None);
                    }
                }
                Ok(None) => break,
                Err(fault) => return (messages, Some(fault)),
            }
        }
        assert!(piece.is_empty(), "what was lent was read");
    }
    (messages, None)
}

fn any_message() -> impl Strategy<Value = Message> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..700).prop_map(Bytes::from);
    let short = || proptest::collection::vec(any::<u8>(), 0..=125).prop_map(Bytes::from);
    prop_oneof![
        "\\PC{0,300}".prop_map(Message::Text),
        bytes().prop_map(Message::Binary),
        Just(Message::Binary(Bytes::from(vec![7; 70_000]))),
        short().prop_map(Message::Ping),
        short().prop_map(Message::Pong),
    ]
}

fn is_data(message: &Message) -> bool {
    !matches!(message, Message::Ping(ping) if &ping[..] == b"still there?")
}

proptest! {
    #[test]
    fn messages_come_whole_however_they_are_cut(
        sent in proptest::collection::vec(any_message(), 1..8),
        cuts in proptest::collection::vec(any::<usize>(), 0..4),
        pieces in proptest::collection::vec(1usize..300, 0..200),
        mask in any::<[u8; 4]>(),
    ) {
        let bytes: Vec<u8> = sent.iter().flat_map(|message| frames(message, &cuts, mask)).collect();
        let (got, fault) = decode(&bytes, &pieces, LIMIT);
        prop_assert_eq!(fault, None);
        let got: Vec<Message> = got.into_iter().filter(is_data).collect();
        prop_assert_eq!(got, sent);
    }

    /// Damaged bytes mean the same to tungstenite, up to where either gives up.
    #[test]
    fn tungstenite_reads_the_same(
        sent in proptest::collection::vec(any_message(), 1..5),
        cuts in proptest::collection::vec(any::<usize>(), 0..3),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        pieces in proptest::collection::vec(1usize..300, 0..50),
    ) {
        let mask = [1, 2, 3, 4];
        let mut bytes: Vec<u8> = sent.iter().flat_map(|message| frames(message, &cuts, mask)).collect();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        // Theirs looks at a frame when all of it has come: whatever was begun does.
        bytes.resize(bytes.len() + LIMIT + 14, 0);
        let (ours, fault) = decode(&bytes, &pieces, LIMIT);
        let (theirs, failed) = read(&bytes, Role::Server);
        prop_assert_eq!(fault.is_some(), failed, "fault {:?}", &fault);
        if fault == Some(Fault::Utf8) {
            // Theirs looks at each part of a text, ours at the whole.
            prop_assert!(ours.starts_with(&theirs), "{:?} {:?}", ours, theirs);
        } else {
            prop_assert_eq!(&ours, &theirs, "fault {:?}", &fault);
        }
    }

    #[test]
    fn a_client_reads_what_is_written(
        sent in proptest::collection::vec(any_message(), 1..8),
        steps in proptest::collection::vec(1usize..2000, 0..100),
    ) {
        let mut out = Outgoing::new(sent.clone());
        let mut bytes = Vec::new();
        for step in steps {
            let step = step.min(out.remaining());
            let mut slices = [std::io::IoSlice::new(&[]); 64];
            let count = out.chunks_vectored(&mut slices);
            let ahead: Vec<u8> = slices[..count].iter().flat_map(|slice| slice.to_vec()).collect();
            prop_assert!(ahead.len() >= step || count == 64);
            bytes.extend(&ahead[..step.min(ahead.len())]);
            out.advance(step.min(ahead.len()));
        }
        bytes.extend(out.copy_to_bytes(out.remaining()));
        prop_assert!(!out.has_remaining());
        prop_assert_eq!(read(&bytes, Role::Client).0, sent);
    }
}

/// What tungstenite understands, up to a close, and whether it found a fault.
fn read(bytes: &[u8], role: Role) -> (Vec<Message>, bool) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(LIMIT))
        .max_frame_size(Some(LIMIT));
    let stream = Duplex(Cursor::new(bytes.to_vec()));
    let mut socket = WebSocket::from_raw_socket(stream, role, Some(config));
    let mut messages = Vec::new();
    loop {
        match socket.read() {
            Ok(tungstenite::Message::Text(text)) => messages.push(Message::Text(text.to_string())),
            Ok(tungstenite::Message::Binary(bytes)) => messages.push(Message::Binary(bytes)),
            Ok(tungstenite::Message::Ping(bytes)) => messages.push(Message::Ping(bytes)),
            Ok(tungstenite::Message::Pong(bytes)) => messages.push(Message::Pong(bytes)),
            Ok(tungstenite::Message::Close(frame)) => {
                messages.push(Message::Close(frame.map(|frame| CloseFrame {
                    code: frame.code.into(),
                    reason: frame.reason.to_string(),
                })));
                return (messages, false);
            }
            Ok(tungstenite::Message::Frame(_)) => unreachable!("only written"),
            // The end of the bytes.
            Err(tungstenite::Error::Protocol(
                tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
            )) => return (messages, false),
            Err(_) => return (messages, true),
        }
    }
}

/// Reads what is there, and takes what is written to it.
struct Duplex(Cursor<Vec<u8>>);

impl std::io::Read for Duplex {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(out)
    }
}

impl std::io::Write for Duplex {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn fault(bytes: &[u8]) -> Option<Fault> {
    decode(bytes, &[], LIMIT).1
}

#[test]
fn what_is_not_understood_is_said() {
    let mask = [9, 8, 7, 6];
    assert_eq!(fault(&[0x82, 0x01, 0x00]), Some(Fault::Unmasked));
    assert_eq!(fault(&frame(0xc2, b"x", mask)), Some(Fault::Reserved));
    assert_eq!(fault(&frame(0x83, b"x", mask)), Some(Fault::Kind(3)));
    assert_eq!(fault(&frame(0x8b, b"x", mask)), Some(Fault::Kind(11)));
    assert_eq!(fault(&frame(0x80, b"x", mask)), Some(Fault::NotBegun));
    let twice = [frame(0x02, b"x", mask), frame(0x82, b"y", mask)].concat();
    assert_eq!(fault(&twice), Some(Fault::NotEnded));
    assert_eq!(fault(&frame(0x89, &[0; 126], mask)), Some(Fault::Control));
    assert_eq!(fault(&frame(0x09, b"x", mask)), Some(Fault::Control));
    assert_eq!(fault(&frame(0x81, &[0xff], mask)), Some(Fault::Utf8));
    assert_eq!(fault(&frame(0x88, &[3], mask)), Some(Fault::CloseCode));
    for code in [0u16, 999, 1004, 1005, 1006, 1015, 2999, 5000] {
        let close = frame(0x88, &code.to_be_bytes(), mask);
        assert_eq!(fault(&close), Some(Fault::CloseCode), "{code}");
    }
    assert_eq!(
        fault(&frame(0x88, &[3, 232, 0xff], mask)),
        Some(Fault::Utf8)
    );
}

/// A length is believed as far as bytes have come, and all parts of a message count.
#[test]
fn the_limit_is_of_whole_messages() {
    let mask = [0; 4];
    let too_large = Some(Fault::TooLarge { limit: 100 });
    let fault = |bytes: &[u8]| decode(bytes, &[], 100).1;
    assert_eq!(fault(&frame(0x82, &[0; 100], mask)), None);
    assert_eq!(fault(&frame(0x82, &[0; 101], mask)), too_large);
    let parts = [frame(0x02, &[0; 60], mask), frame(0x80, &[0; 41], mask)].concat();
    assert_eq!(fault(&parts), too_large);
    let claimed = [&[0x82, 0xff][..], &u64::MAX.to_be_bytes(), &mask].concat();
    assert_eq!(fault(&claimed), too_large);
    // A ping inside has a limit of its own.
    let inside = [frame(0x02, &[0; 60], mask), frame(0x89, &[0; 60], mask)].concat();
    assert_eq!(fault(&inside), None);
}

#[test]
fn a_close_has_its_code_and_its_reason() {
    let close = |payload: &[u8]| decode(&frame(0x88, payload, [5; 4]), &[], LIMIT).0;
    assert_eq!(close(&[]), [Message::Close(None)]);
    let frame = CloseFrame {
        code: 4401,
        reason: "bye".to_owned(),
    };
    assert_eq!(close(b"\x11\x31bye"), [Message::Close(Some(frame))]);
}

/// What many are sent lies in memory once.
#[test]
fn large_payloads_are_not_copied() {
    let payload = Bytes::from(vec![1; 4096]);
    let ping = Message::Ping(Bytes::new());
    let mut out = Outgoing::new(vec![ping, Message::Binary(payload.clone())]);
    assert_eq!(out.chunk(), [0x89, 0, 0x82, 126, 16, 0]);
    out.advance(6);
    assert_eq!(out.chunk().as_ptr(), payload.as_ptr());
}
