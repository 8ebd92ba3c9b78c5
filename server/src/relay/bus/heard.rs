//! What other servers said, taken in.

use super::{Greeting, Notice, Said};
use crate::relay::Relay;
use crate::relay::hub::Hub;
use crate::relay::presence::{self, AFAR};
use std::sync::Arc;
use tokio::time::Instant;
use uuid::Uuid;
use visionflow_sync::{Frame, decode_all};

/// As whose connection another server's people count: no socket of ours has such a number.
pub(super) fn owner(node: Uuid) -> u64 {
    node.as_u128() as u64 | AFAR
}

pub(super) fn hear(hub: &Arc<Hub>, from: Uuid, notices: Vec<Notice>) {
    metrics::counter!("relay_bus_notices_total").increment(notices.len() as u64);
    for notice in notices {
        match notice {
            Notice::Opened(room_id) => open_elsewhere(hub, from, room_id, true),
            Notice::Open(rooms) => {
                for room_id in rooms {
                    open_elsewhere(hub, from, room_id, false);
                }
            }
            Notice::Grown(room_id, seq) => {
                if let Some(room) = hub.room(room_id) {
                    room.follow(seq);
                }
            }
            Notice::Presence(room_id, frame) => presence(hub, from, room_id, &frame),
            Notice::Said(said) => said_to_all(hub, said),
        }
    }
}

/// Somebody else has the room open: from now on it is spoken of, beginning with who is here.
fn open_elsewhere(hub: &Arc<Hub>, from: Uuid, room_id: Uuid, asks: bool) {
    let Some(room) = hub.room(room_id) else {
        return;
    };
    let mut elsewhere = hub.bus.elsewhere();
    let nodes = elsewhere.entry(room_id).or_default();
    let new = nodes.insert(from, Instant::now()).is_none();
    drop(elsewhere);
    if new || asks {
        room.set_shared(true);
        room.presence.tell_others_of_everyone();
        hub.bus.pend(|pending| {
            pending.opened.entry(room_id).or_insert(Greeting::Answer);
            pending.moved.insert(room_id);
        });
    }
}

fn presence(hub: &Arc<Hub>, from: Uuid, room_id: Uuid, frame: &[u8]) {
    let Some(room) = hub.room(room_id) else {
        return;
    };
    for frame in decode_all(frame).unwrap_or_default() {
        if let Frame::Awareness(update) = frame {
            let due = room.presence.apply_from_afar(update, owner(from));
            presence::begin(hub, &room, due);
        }
    }
}

fn said_to_all(hub: &Arc<Hub>, said: Said) {
    let here = Relay(hub.clone());
    match said {
        Said::Tell { audience, message } => here.tell_here(audience, &message),
        Said::OntologyChanged {
            project_id,
            version,
        } => here.ontology_changed_here(project_id, version),
        Said::Recheck {
            project_id,
            user_id,
        } => here.recheck_here(project_id, user_id),
    }
}
