//! The y-protocols of a room: frames, awareness, and the client's half as a state machine.
//!
//! No sockets, no clock: bytes and times come from outside.
//! [`Frame`] is the wire format of y-websocket and its public clients, with one message type of
//! our own; [`AwarenessStates`] is what a relay keeps of everyone's presence;
//! [`ClientSession`] is what the engine runs over a socket that comes and goes.

mod awareness;
mod frame;
mod session;
mod states;

pub use awareness::{AwarenessEntry, AwarenessUpdate};
pub use frame::{Frame, FrameError, decode_all};
pub use session::{Acknowledgement, ClientSession, Event};
pub use states::{AwarenessStates, TIMEOUT_MS};
