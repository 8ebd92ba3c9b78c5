//! `cargo xtask test`: all that decides whether a change is good; lints last, for [`ahead`] has begun them.
//!
//! Every step runs even when an earlier one failed, so that one run shows everything.
//! The closing line counts tests, and each step that is one check as one test.

mod ahead;
mod browser;
mod counting;
mod rust;
mod server;

use std::time::{Duration, Instant};

use ahead::Ahead;
use anyhow::{Result, bail};

use crate::places::Places;
use crate::shell::say;
use crate::{args, package, tidy};
pub use counting::{Counts, run_counted};
pub use server::generate;

type Run = fn(&Places) -> Result<Counts>;

/// What `--only` takes, and what the summary shows.
const STEPS: [(&str, Run); 13] = [
    ("fmt", rust::format),
    ("tidy", |places| tidy::run(places).map(|()| Counts::one())),
    ("tests", rust::tests),
    ("tests-xtask", rust::tests_of_xtask),
    ("generated", server::generated_files),
    ("server-direct", server::direct),
    ("types", browser::types),
    ("interop", browser::interop),
    ("widget", package::test),
    ("exports", browser::exports),
    ("e2e", browser::end_to_end),
    ("clippy", rust::clippy),
    ("clippy-wasm", rust::clippy_wasm),
];

struct Outcome {
    name: &'static str,
    took: Duration,
    counts: Counts,
    error: Option<anyhow::Error>,
}

pub fn run(places: &Places, options: &args::Test) -> Result<()> {
    let wanted =
        |name: &str| options.only.is_empty() || options.only.iter().any(|only| only == name);
    for only in &options.only {
        if !STEPS.iter().any(|(name, _)| name == only) {
            let names: Vec<_> = STEPS.iter().map(|(name, _)| *name).collect();
            bail!(
                "there is no step `{only}`; the steps are {}",
                names.join(", ")
            );
        }
    }
    let steps = STEPS.into_iter().filter(|(name, _)| wanted(name));
    let names: Vec<_> = steps.clone().map(|(name, _)| name).collect();
    let mut ahead = Ahead::start(places, &names)?;
    let mut outcomes = Vec::new();
    for (name, step) in steps {
        println!();
        ahead.before(name, places)?;
        say(&format!("Step {name}"));
        let begun = Instant::now();
        let (counts, error) = match step(places) {
            Ok(counts) => (counts, None),
            Err(error) => (
                Counts {
                    passed: 0,
                    failed: 1,
                },
                Some(error),
            ),
        };
        if let Some(error) = &error {
            println!("error: {error:#}");
        }
        outcomes.push(Outcome {
            name,
            took: begun.elapsed(),
            counts,
            error,
        });
    }
    if summarise(&outcomes).failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

/// Prints the table and the closing line.
fn summarise(outcomes: &[Outcome]) -> Counts {
    println!(
        "\n{:<18} {:>7}  {:>6} {:>6}",
        "step", "seconds", "passed", "failed"
    );
    for outcome in outcomes {
        let Counts { passed, failed } = outcome.counts;
        println!(
            "{:<18} {:>7.1}  {passed:>6} {failed:>6}",
            outcome.name,
            outcome.took.as_secs_f64()
        );
    }
    for outcome in outcomes {
        if let Some(error) = &outcome.error {
            let first = error
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            println!("{}: {first}", outcome.name);
        }
    }
    let mut all = Counts::default();
    for outcome in outcomes {
        all.add(outcome.counts);
    }
    println!("\n{} passed, {} failed", all.passed, all.failed);
    all
}
