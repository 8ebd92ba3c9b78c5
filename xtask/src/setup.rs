//! What the commands need from the machine, installed when missing.
//!
//! Each piece is asked for by the command that needs it, so `up` never waits for what only `test` uses.

pub mod apt;
pub mod npm;
pub mod wasm;

use anyhow::Result;

use crate::places::Places;

/// All pieces, for a machine that should be ready before it goes offline.
pub fn everything(places: &Places) -> Result<()> {
    npm::packages(places)?;
    wasm::target(places)?;
    Ok(())
}
