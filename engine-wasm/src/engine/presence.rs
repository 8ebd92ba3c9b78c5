//! The other people in the room, as the scene shows them.

use super::State;
use crate::{EngineEvent, Peer, SaveState};
use serde_json::json;
use visionflow_model::{Color, Presence};
use visionflow_scene::PeerMark;

/// So many selected annotations are shown to the others at most, so that everything selected does
/// not flood the room.
pub const MAX_SHOWN: usize = 64;

/// For clients that name no colour (Radix scales, step 9).
const COLORS: [Color; 8] = [
    Color::new(0xe5, 0x4d, 0x2e),
    Color::new(0xf7, 0x6b, 0x15),
    Color::new(0x30, 0xa4, 0x6c),
    Color::new(0x00, 0xa2, 0xc7),
    Color::new(0x00, 0x90, 0xff),
    Color::new(0x6e, 0x56, 0xcf),
    Color::new(0xab, 0x4a, 0xba),
    Color::new(0xe9, 0x3d, 0x82),
];

impl State {
    pub fn peers(&self) -> Vec<Peer> {
        self.room
            .as_ref()
            .map_or_else(Vec::new, crate::room::Room::peers)
    }

    /// Asks the room again who is there.
    pub fn peers_changed(&mut self) {
        let peers = self.peers();
        self.show_peers(&peers);
    }

    pub fn show_peers(&mut self, peers: &[Peer]) {
        // A picture that is being made is without them; they are shown again after it.
        if self.covered.is_none() {
            let marks: Vec<PeerMark> = peers.iter().map(mark).collect();
            self.scene.set_peers(&marks);
        }
        self.follow_peers(peers);
        self.dirty = true;
        self.events.push(EngineEvent::Presence);
    }

    pub fn save_state(&self) -> SaveState {
        self.room
            .as_ref()
            .map_or(SaveState::Local, |room| room.save_state(self.can_edit))
    }

    /// What a test or a bug report wants to know.
    pub fn debug_json(&self) -> String {
        let (offset, scale) = (self.camera.offset(), self.camera.scale());
        let peer = |peer: Peer| {
            let client_id = peer.client_id;
            json!({ "client_id": client_id.to_string(), "presence": peer.presence })
        };
        json!({
            "backend": self.backend_name(),
            "camera": {
                "scale": scale,
                "x": offset.x,
                "y": offset.y,
                "pixel_ratio": self.viewport.pixel_ratio,
                "width": self.viewport.width,
                "height": self.viewport.height,
            },
            "image": self.image,
            "image_ready": self.photo.is_some() || self.has_tiles(),
            "tiles_complete": self.tiles_are_complete(),
            "in_tiles": self.tiled.is_some(),
            "tile_bytes": self.tile_bytes(),
            "annotations": self.document.len(),
            "shows_past": self.past.is_some(),
            "shapes_shown": self.scene.len(),
            "selection": self.toolbox.selection(),
            "tool": format!("{:?}", self.toolbox.active()).to_lowercase(),
            "can_edit": self.can_edit,
            "can_undo": self.can_undo(),
            "can_redo": self.document.can_redo(),
            "client_id": self.document.client_id().to_string(),
            "save_state": self.save_state().name(),
            "pending_edits": self.save_state().pending_edits(),
            "following": self.following().map(|client_id| client_id.to_string()),
            "peers": self.peers().into_iter().map(peer).collect::<Vec<_>>(),
            "frames_drawn": self.stats.frames,
            "last_frame_ms": self.stats.last_ms,
            "last_upload_bytes": self.stats.last_upload_bytes,
        })
        .to_string()
    }
}

fn mark(peer: &Peer) -> PeerMark {
    let Presence {
        user,
        cursor,
        selection,
        preview,
        view: _,
    } = peer.presence.clone();
    PeerMark {
        color: user
            .color
            .parse()
            .unwrap_or(COLORS[(peer.client_id % COLORS.len() as u64) as usize]),
        name: if user.name.is_empty() {
            "Anonymous".to_owned()
        } else {
            user.name
        },
        cursor,
        selection,
        preview,
    }
}
