//! What the commands need from the machine, installed when missing.
//!
//! Each piece is asked for by the command that needs it, so `up` never waits for what only `test` uses.

pub mod apt;
pub mod browser;
pub mod npm;
pub mod pgbouncer;
pub mod postgres;
pub mod python;
pub mod vulkan;
pub mod wasm;

use anyhow::Result;

use crate::places::Places;

/// All pieces, for a machine that should be ready before it goes offline.
pub fn everything(places: &Places) -> Result<()> {
    npm::packages(places)?;
    wasm::target(places)?;
    postgres::programs(places)?;
    browser::chromium(places)?;
    vulkan::software_driver()?;
    pgbouncer::program()?;
    python::environment(places)?;
    Ok(())
}
