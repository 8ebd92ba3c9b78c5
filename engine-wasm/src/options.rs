//! What an embedder chooses.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_model::{Presence, PresenceUser};

/// The graphics API to draw with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// WebGPU where it works, otherwise WebGL2.
    #[default]
    Auto,
    WebGpu,
    WebGl2,
}

/// The colours around the photograph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Dark,
    Light,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EngineOptions {
    pub backend: Backend,
    pub theme: Theme,
    /// Whether the smart tool was used, so that its model is made ready for the next photograph; the
    /// same for engines that follow each other, as the workbench has one for each photograph.
    pub smart_used: Rc<Cell<bool>>,
}

/// An access token, or why there is none.
pub type TokenFuture = Pin<Box<dyn Future<Output = Result<String, String>>>>;
/// Asked for a valid token at each connection and before the last one ends.
pub type TokenSource = Rc<dyn Fn() -> TokenFuture>;

/// The room of an item and who joins it.
#[derive(Clone)]
pub struct RoomConfig {
    /// `ws://host` or `wss://host`, without a path.
    pub base_ws_url: String,
    pub room_id: Uuid,
    /// How others see this person.
    pub user: PresenceUser,
    /// Whose journal this is: edits kept in this browser are only ever sent for the same key.
    pub user_key: String,
    pub token: TokenSource,
    /// What is known about the role before the server says it.
    pub can_edit_hint: bool,
}

/// What a room's server speaks beyond the y-websocket protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoomServer {
    /// Ours: it acknowledges what is durable, says who may edit, and knows tokens.
    #[default]
    VisionFlow,
    /// Any other: the address is [`RoomConfig::base_ws_url`] as it is, the token its parameters,
    /// and what was handed to a synchronised socket counts as saved.
    YWebsocket {
        /// Whether edits are kept in this browser until then.
        has_journal: bool,
    },
}

/// Someone else in the room.
#[derive(Clone, Debug, PartialEq)]
pub struct Peer {
    pub client_id: u64,
    pub presence: Presence,
}

impl Backend {
    /// `webgpu`, `webgl2`, anything else is automatic.
    pub fn from_name(name: &str) -> Self {
        match name {
            "webgpu" => Self::WebGpu,
            "webgl2" => Self::WebGl2,
            _ => Self::Auto,
        }
    }
}
