//! `cargo xtask soak`: the server's tests under attack, run for longer than a test may take.
//!
//! The attacks are `relay_storm.rs` and `relay_kill.rs` of the server's tests; of the latter a few
//! rounds run each time.

use anyhow::Result;

use crate::args::Soak;
use crate::places::Places;
use crate::setup;
use crate::shell::{cargo, run};

pub fn run_attack(places: &Places, options: &Soak) -> Result<()> {
    let (test, rounds) = match options.attack.as_str() {
        "kill" => ("relay_kill::soak", 100),
        _ => ("relay_storm::soak", 1000),
    };
    let rounds = options.rounds.unwrap_or(rounds);
    run(cargo(places)
        .args(["test", "--test", "all", test])
        .args(["--", "--exact", "--ignored", "--nocapture"])
        .env(
            "VISIONFLOW_POSTGRES_BIN_DIR",
            setup::postgres::programs(places)?,
        )
        .env("VISIONFLOW_SOAK_ROUNDS", rounds.to_string())
        .env("VISIONFLOW_SOAK_FIRST", options.first.to_string()))
}
