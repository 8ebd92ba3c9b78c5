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

/// Where the files of the smart tool's model are, by addresses that the page can fetch.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AssistFiles {
    /// The script of the worker in which the model runs.
    pub worker: String,
    /// The worker's WebAssembly, where it does not lie beside the script.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub wasm: Option<String>,
    /// The part of the model that looks at a photograph, as ONNX.
    pub encoder: String,
    /// The part that answers prompts, as ONNX.
    pub decoder: String,
}

/// What a person does with the smart tool by buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum SmartAction {
    /// Makes annotations of what is shown.
    Accept,
    /// Drops the prompts or the proposals.
    Drop,
    /// Shows the next thing that the prompts may mean.
    Next,
    Previous,
    /// From now on clicks say what belongs to the object.
    Add,
    /// From now on clicks say what does not.
    Remove,
    /// Proposes every object of the photograph.
    Everything,
    /// Loads the model again after it has failed.
    Retry,
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
