//! Messages to bytes, many to one write.

use crate::frame::{BINARY, CLOSE, EIGHT_BYTES, FINAL, MOST_CONTROL, PING, PONG, TEXT, TWO_BYTES};
use crate::{CloseFrame, Message};
use bytes::{Buf, Bytes, BytesMut};
use std::collections::VecDeque;
use std::io::IoSlice;

/// From here on it is cheaper to write bytes from where they lie than to copy them.
const SHARED_FROM: usize = 512;
/// The longest head that a server writes: it masks nothing.
const HEAD: usize = 10;

/// The bytes of messages in order, as a [`Buf`]: written with vectored writes, large payloads are
/// not copied.
#[derive(Debug, Default)]
pub struct Outgoing {
    /// None of them empty.
    chunks: VecDeque<Bytes>,
}

impl Outgoing {
    /// A server's frames of `messages`, one each.
    pub fn new(messages: Vec<Message>) -> Self {
        let mut out = Self::default();
        let mut small = BytesMut::new();
        for message in messages {
            let (kind, payload) = parts(message);
            debug_assert!(kind < CLOSE || payload.len() as u64 <= MOST_CONTROL);
            small.reserve(HEAD + payload.len().min(SHARED_FROM));
            put_head(&mut small, kind, payload.len());
            if payload.len() < SHARED_FROM {
                small.extend_from_slice(&payload);
            } else {
                out.chunks.push_back(small.split().freeze());
                out.chunks.push_back(payload);
            }
        }
        if !small.is_empty() {
            out.chunks.push_back(small.freeze());
        }
        out
    }
}

fn parts(message: Message) -> (u8, Bytes) {
    match message {
        Message::Text(text) => (TEXT, text.into()),
        Message::Binary(bytes) => (BINARY, bytes),
        Message::Ping(bytes) => (PING, bytes),
        Message::Pong(bytes) => (PONG, bytes),
        Message::Close(None) => (CLOSE, Bytes::new()),
        Message::Close(Some(CloseFrame { code, reason })) => {
            let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
            (CLOSE, payload.into())
        }
    }
}

fn put_head(out: &mut BytesMut, kind: u8, length: usize) {
    let mut head = [FINAL | kind; HEAD];
    let length = length as u64;
    let used = if length <= MOST_CONTROL {
        head[1] = length as u8;
        2
    } else if let Ok(length) = u16::try_from(length) {
        head[1] = TWO_BYTES;
        head[2..4].copy_from_slice(&length.to_be_bytes());
        4
    } else {
        head[1] = EIGHT_BYTES;
        head[2..].copy_from_slice(&length.to_be_bytes());
        HEAD
    };
    out.extend_from_slice(&head[..used]);
}

impl Buf for Outgoing {
    fn remaining(&self) -> usize {
        self.chunks.iter().map(Bytes::len).sum()
    }

    fn has_remaining(&self) -> bool {
        !self.chunks.is_empty()
    }

    fn chunk(&self) -> &[u8] {
        self.chunks.front().map_or(&[], |chunk| chunk)
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let filled = slices.iter_mut().zip(&self.chunks);
        filled
            .map(|(slice, chunk)| *slice = IoSlice::new(chunk))
            .count()
    }

    fn advance(&mut self, mut count: usize) {
        while count > 0 {
            let first = self.chunks.front_mut().expect("no more than remains");
            let taken = count.min(first.len());
            first.advance(taken);
            count -= taken;
            if first.is_empty() {
                self.chunks.pop_front();
            }
        }
    }
}
