//! Rooms: joining, leaving, who else is there, what is saved.

use super::Annotator;
use super::events;
use super::types::{JsConnection, PeerList, from_js, to_js};
use std::rc::Rc;
use visionflow_engine::{RoomConfig, RoomServer, TokenSource};
use visionflow_surface::Connection;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
impl Annotator {
    /// Joins a room; what was on the canvas is replaced by the room's annotations.
    ///
    /// `params` is asked for the address's parameters before each connection; of a server of ours,
    /// for the token.
    pub fn connect(&self, connection: &JsConnection) -> Result<(), JsError> {
        let params = js_sys::Reflect::get(connection, &"params".into()).unwrap_or_default();
        let connection: Connection = from_js(connection, "connect()")?;
        let (base_ws_url, room_id, server) = if connection.visionflow {
            let (base, room) = connection
                .url
                .rsplit_once('/')
                .ok_or_else(|| JsError::new("connect(): url names no room"))?;
            let room = room
                .parse()
                .map_err(|error| JsError::new(&format!("connect(): room: {error}")))?;
            (base.to_owned(), room, RoomServer::VisionFlow)
        } else {
            let room = room_of(&connection.url);
            let has_journal = connection.journal.is_some();
            (connection.url, room, RoomServer::YWebsocket { has_journal })
        };
        self.engine.connect_to(
            RoomConfig {
                base_ws_url,
                room_id,
                user_key: connection.journal.unwrap_or_else(|| "anonymous".to_owned()),
                user: connection.user,
                token: text_source(params),
                can_edit_hint: true,
            },
            server,
        );
        Ok(())
    }

    /// Leaves the room; the annotations stay here.
    pub fn leave(&self) {
        self.engine.leave();
    }

    /// `local`, `opening`, `saved`, `saving`, `offline` or `read_only`.
    #[wasm_bindgen(getter, js_name = saveState)]
    pub fn save_state(&self) -> String {
        self.engine.save_state().name().to_owned()
    }

    /// Edits that are not durable on the server yet.
    #[wasm_bindgen(getter, js_name = pendingEdits)]
    pub fn pending_edits(&self) -> usize {
        self.engine.save_state().pending_edits()
    }

    /// The other people in the room.
    pub fn peers(&self) -> Result<PeerList, JsError> {
        Ok(to_js(&events::peers(&self.engine))?.unchecked_into())
    }
}

/// A number for the journal in this browser; the same address has the same one (FNV-1a, 128 bits).
fn room_of(url: &str) -> uuid::Uuid {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = url.bytes().fold(BASIS, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(PRIME)
    });
    uuid::Uuid::from_u128(hash)
}

/// A function that returns a string or promises one.
fn text_source(function: JsValue) -> TokenSource {
    Rc::new(move || {
        let function = function.clone();
        Box::pin(async move {
            let message = |error: JsValue| visionflow_engine::js_message(&error);
            let value = match function.dyn_ref::<js_sys::Function>() {
                Some(function) => function.call0(&JsValue::UNDEFINED).map_err(message)?,
                None => JsValue::from_str(""),
            };
            let value = JsFuture::from(js_sys::Promise::resolve(&value))
                .await
                .map_err(message)?;
            value
                .as_string()
                .ok_or_else(|| "the parameters are not a string".to_owned())
        })
    })
}
