//! One WebSocket with its listeners; dropping it closes the connection silently.

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// What a socket reports.
pub enum SocketEvent {
    Open,
    Message(Vec<u8>),
    /// Closed by the server, the network or an error; the code is 1006 where there was none.
    Closed {
        code: u16,
    },
}

pub struct Socket {
    socket: WebSocket,
    /// Dropped before the socket closes, so that its closing is not reported.
    listeners: Vec<EventListener>,
}

impl Socket {
    pub fn open(
        url: &str,
        on_event: impl Fn(SocketEvent) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = on_event.clone();
        let closed = on_event.clone();
        let listeners = vec![
            EventListener::new(&socket, "open", move |_| opened(SocketEvent::Open)),
            EventListener::new(&socket, "message", move |event| {
                let data = event.unchecked_ref::<MessageEvent>().data();
                // Text frames are no part of the protocol.
                if let Ok(buffer) = data.dyn_into::<js_sys::ArrayBuffer>() {
                    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
                    on_event(SocketEvent::Message(bytes));
                }
            }),
            EventListener::new(&socket, "close", move |event| {
                let code = event.unchecked_ref::<CloseEvent>().code();
                closed(SocketEvent::Closed { code });
            }),
        ];
        Ok(Self { socket, listeners })
    }

    /// Sends a frame; on a socket that is closing the frame is lost, as it would be on the wire.
    pub fn send(&self, frame: &[u8]) {
        if self.socket.ready_state() == WebSocket::OPEN {
            let _ = self.socket.send_with_u8_array(frame);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.listeners.clear();
        let _ = self.socket.close();
    }
}
