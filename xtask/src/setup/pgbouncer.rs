//! `PgBouncer`, through which the server's tests run.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::shell::find_program;

pub fn program() -> Result<PathBuf> {
    if let Some(found) = find_program("pgbouncer") {
        return Ok(found);
    }
    let remedy = "the server's tests run through PgBouncer: install the package pgbouncer";
    apt::install(&["pgbouncer"]).context(remedy)?;
    find_program("pgbouncer").context(remedy)
}
