//! Notices as bytes: several to a message, a message in as many packets as the transport asks for.
//!
//! A packet is the sender (16 bytes), the message's number (4), this packet's place (2) and their
//! count (2), and a part of the message. A message is notices one after another: kind (1), length
//! (4), body. Kinds that are not known are passed over, so that servers of two versions get along.

use super::Said;
use bytes::Bytes;
use std::collections::HashMap;
use uuid::Uuid;

const HEAD: usize = 24;
/// A message of several notices grows no further than this.
const FULL: usize = 256 << 10;
/// What is put together of one sender's packets is no longer than this.
const MAX_MESSAGE: usize = 16 << 20;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Notice {
    /// The sender has just opened this room, and wants to know who else has it.
    Opened(Uuid),
    /// The sender has these rooms open.
    Open(Vec<Uuid>),
    /// The room's log has grown to this number.
    Grown(Uuid, i64),
    /// An awareness frame of people whose sockets the sender holds.
    Presence(Uuid, Bytes),
    Said(Said),
}

impl Notice {
    fn write(&self, out: &mut Vec<u8>) {
        let (kind, body): (u8, Vec<u8>) = match self {
            Self::Opened(room) => (0, room.as_bytes().to_vec()),
            Self::Open(rooms) => (1, rooms.iter().flat_map(|room| *room.as_bytes()).collect()),
            Self::Grown(room, seq) => (2, [&room.as_bytes()[..], &seq.to_be_bytes()].concat()),
            Self::Presence(room, frame) => (3, [&room.as_bytes()[..], &frame[..]].concat()),
            Self::Said(said) => (4, serde_json::to_vec(said).expect("plain values")),
        };
        out.push(kind);
        out.extend((body.len() as u32).to_be_bytes());
        out.extend(body);
    }

    fn read(kind: u8, body: &[u8]) -> Option<Self> {
        let room = |bytes: &[u8]| Uuid::from_slice(bytes).ok();
        Some(match kind {
            0 => Self::Opened(room(body)?),
            1 => Self::Open(body.chunks(16).filter_map(room).collect()),
            2 => {
                let (id, seq) = body.split_at_checked(16)?;
                Self::Grown(room(id)?, i64::from_be_bytes(seq.try_into().ok()?))
            }
            3 => {
                let (id, frame) = body.split_at_checked(16)?;
                Self::Presence(room(id)?, Bytes::copy_from_slice(frame))
            }
            4 => Self::Said(serde_json::from_slice(body).ok()?),
            _ => return None,
        })
    }
}

/// Makes packets.
pub(super) struct Packer {
    node: Uuid,
    number: u32,
    /// The longest packet.
    longest: usize,
}

impl Packer {
    pub fn new(node: Uuid, longest: usize) -> Self {
        let number = 0;
        Self {
            node,
            number,
            longest,
        }
    }

    pub fn pack(&mut self, notices: &[Notice]) -> Vec<Vec<u8>> {
        let mut packets = Vec::new();
        let mut message = Vec::new();
        for notice in notices {
            notice.write(&mut message);
            if message.len() >= FULL {
                self.cut(&std::mem::take(&mut message), &mut packets);
            }
        }
        if !message.is_empty() {
            self.cut(&message, &mut packets);
        }
        packets
    }

    fn cut(&mut self, message: &[u8], packets: &mut Vec<Vec<u8>>) {
        let room = self.longest - HEAD;
        let Ok(count) = u16::try_from(message.len().div_ceil(room)) else {
            return tracing::warn!(bytes = message.len(), "a notice is too long for the bus");
        };
        self.number = self.number.wrapping_add(1);
        for (place, part) in (0_u16..).zip(message.chunks(room)) {
            let mut packet = Vec::with_capacity(HEAD + part.len());
            packet.extend(self.node.as_bytes());
            packet.extend(self.number.to_be_bytes());
            packet.extend(place.to_be_bytes());
            packet.extend(count.to_be_bytes());
            packet.extend(part);
            packets.push(packet);
        }
    }
}

/// Puts the packets of others together; those of one sender come in order.
pub(super) struct Unpacker {
    node: Uuid,
    begun: HashMap<Uuid, Begun>,
}

struct Begun {
    number: u32,
    next: u16,
    message: Vec<u8>,
}

impl Unpacker {
    pub fn new(node: Uuid) -> Self {
        let begun = HashMap::new();
        Self { node, begun }
    }

    /// The sender and its notices, once a message is whole. What makes no sense is passed over.
    pub fn take_in(&mut self, packet: &[u8]) -> Option<(Uuid, Vec<Notice>)> {
        let (head, part) = packet.split_at_checked(HEAD)?;
        let node = Uuid::from_slice(&head[..16]).ok()?;
        if node == self.node {
            return None;
        }
        let number = u32::from_be_bytes(head[16..20].try_into().ok()?);
        let place = u16::from_be_bytes(head[20..22].try_into().ok()?);
        let count = u16::from_be_bytes(head[22..].try_into().ok()?);
        if place == 0 {
            let message = Vec::new();
            let next = 0;
            let begun = Begun {
                number,
                next,
                message,
            };
            self.begun.insert(node, begun);
        }
        let begun = self.begun.get_mut(&node)?;
        let fits = begun.message.len() + part.len() <= MAX_MESSAGE;
        if begun.number != number || begun.next != place || !fits {
            self.begun.remove(&node);
            return None;
        }
        begun.message.extend(part);
        begun.next += 1;
        if begun.next < count {
            return None;
        }
        let begun = self.begun.remove(&node)?;
        Some((node, notices(&begun.message)))
    }
}

fn notices(mut message: &[u8]) -> Vec<Notice> {
    let mut notices = Vec::new();
    while let Some((head, rest)) = message.split_at_checked(5) {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let Some((body, rest)) = rest.split_at_checked(length as usize) else {
            break;
        };
        notices.extend(Notice::read(head[0], body));
        message = rest;
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay::Audience;
    use visionflow_api::ServerControl;

    fn all_kinds() -> Vec<Notice> {
        let id = Uuid::from_u128;
        vec![
            Notice::Opened(id(1)),
            Notice::Open(vec![id(1), id(2)]),
            Notice::Grown(id(1), -5),
            Notice::Presence(id(2), Bytes::from(vec![7; 20_000])),
            Notice::Said(Said::Tell {
                audience: Audience::Room(id(3)),
                message: ServerControl::ItemDeleted,
            }),
            Notice::Said(Said::Recheck {
                project_id: id(3),
                user_id: None,
            }),
        ]
    }

    fn check(longest: usize, expected_packets: usize) {
        let packets = Packer::new(Uuid::from_u128(9), longest).pack(&all_kinds());
        assert_eq!(packets.len(), expected_packets);
        assert!(packets.iter().all(|packet| packet.len() <= longest));
        let mut unpacker = Unpacker::new(Uuid::from_u128(8));
        let heard: Vec<_> = packets.iter().filter_map(|p| unpacker.take_in(p)).collect();
        assert_eq!(heard, [(Uuid::from_u128(9), all_kinds())]);
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        check(1 << 20, 1);
        check(5_999, 4);
    }

    #[test]
    fn own_packets_lost_packets_and_nonsense_are_passed_over() {
        let node = Uuid::from_u128(9);
        let mut packer = Packer::new(node, 5_999);
        let packets = packer.pack(&all_kinds());
        let mut own = Unpacker::new(node);
        assert!(packets.iter().all(|packet| own.take_in(packet).is_none()));
        let mut other = Unpacker::new(Uuid::nil());
        for lost in 0..packets.len() {
            for (place, packet) in packets.iter().enumerate() {
                assert!(place == lost || other.take_in(packet).is_none());
            }
        }
        for length in 0..40 {
            assert!(other.take_in(&vec![255; length]).is_none());
        }
        // The next whole one is heard all the same.
        let next = packer.pack(&[Notice::Opened(node)]);
        assert!(other.take_in(&next[0]).is_some());
    }
}
