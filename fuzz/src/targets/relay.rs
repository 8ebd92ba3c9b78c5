//! What a relay does with the messages of a socket, before anything is written.

use super::document::{sample, updates};
use crate::{Target, kind, outcome, outcome_of};
use visionflow_document::check_update;
use visionflow_sync::{AwarenessEntry, AwarenessStates, AwarenessUpdate, Frame, decode_all};

/// Two sockets of one room take turns with the frames of a message, and a third one reads.
pub const SOCKET: Target = Target {
    name: "relay_socket",
    run: |bytes| {
        let frames = decode_all(bytes);
        let mut document = sample();
        let mut presence = AwarenessStates::new();
        for (turn, frame) in frames.iter().flatten().enumerate() {
            take_in(frame, 1 + turn as u64 % 2, &mut presence, &mut document);
        }
        let everyone = presence.encode(presence.present());
        if let Some(everyone) = &everyone {
            let frames = decode_all(everyone).expect("what was written is read");
            let [Frame::Awareness(update)] = &frames[..] else {
                panic!("presence is one frame");
            };
            // A newcomer's relay comes to the same.
            let mut other = AwarenessStates::new();
            other.apply(update, 9, 0);
            assert_eq!(other.encode(other.present()), Some(everyone.clone()));
        }
        // When both have left nobody is here.
        presence.remove(1, 0);
        presence.remove(2, 0);
        assert_eq!(presence.present().count(), 0);
        let everyone = everyone.map(|frame| frame.len().min(40) / 8);
        let kinds = outcome_of(&frames, |frames| {
            frames.iter().take(3).map(kind).collect::<Vec<_>>()
        });
        kinds ^ outcome(&(everyone, document.len().min(9)))
    },
    seeds: || {
        let mut messages = vec![
            Frame::SyncStep1(sample().state_vector()).encode(),
            Frame::AwarenessQuery.encode(),
            Frame::Control("{\"type\":\"authenticate\",\"token\":\"t\"}".to_owned()).encode(),
            [says(5, 1, Some("{}")), says(5, 2, Some("{\"user\":{}}"))].concat(),
            [
                says(5, 1, Some("{}")),
                says(6, 1, Some("{}")),
                says(5, 1, None),
            ]
            .concat(),
        ];
        messages.extend(
            updates()
                .into_iter()
                .map(|update| Frame::Update(update).encode()),
        );
        let together = messages.concat();
        messages.push(together);
        messages
    },
};

fn take_in(
    frame: &Frame,
    socket: u64,
    presence: &mut AwarenessStates,
    document: &mut visionflow_document::Document,
) {
    match frame {
        Frame::SyncStep1(vector) => {
            let _ = document.diff(vector);
        }
        Frame::SyncStep2(update) | Frame::Update(update) if check_update(update).is_ok() => {
            let _ = document.apply_update(update);
        }
        Frame::Awareness(update) => {
            let changed = presence.apply(update, socket, 0);
            assert!(changed.iter().all(|client| presence.contains(*client)));
            presence.expire(1);
        }
        _ => {}
    }
}

fn says(client: u64, clock: u64, json: Option<&str>) -> Vec<u8> {
    let entry = AwarenessEntry {
        client,
        clock,
        json: json.map(Into::into),
    };
    let entries = vec![entry];
    Frame::Awareness(AwarenessUpdate { entries }).encode()
}
