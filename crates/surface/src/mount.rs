//! What the engine is started and connected with.

use serde::Deserialize;
use visionflow_model::PresenceUser;

/// How the engine starts.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields))]
pub struct EngineMount {
    pub backend: Option<Backend>,
    pub theme: Option<Theme>,
}

/// WebGPU where it works, otherwise WebGL2, unless forced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Backend {
    #[default]
    Auto,
    WebGpu,
    WebGl2,
}

/// The colours around the photograph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Theme {
    #[default]
    Dark,
    Light,
}

/// A room of a server that speaks the y-websocket protocol.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Connection {
    /// The address of the room's socket, without parameters.
    pub url: String,
    /// Whose edits are kept in this browser until the server has them; nobody's without it.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub journal: Option<String>,
    /// A server of ours: it acknowledges what is durable.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub visionflow: bool,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub user: PresenceUser,
}
