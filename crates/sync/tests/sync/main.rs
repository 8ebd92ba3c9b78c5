//! The protocol from both ends: frames, a relay's presence, sessions over connections that break.
#![allow(clippy::unwrap_used)]

mod frames;
mod network;
mod session;
mod states;
mod support;
