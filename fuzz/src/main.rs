//! Runs the fuzz targets on the stable compiler: seeded mutation of sound input, keeping what leads to
//! a new outcome.
//!
//! Each target runs in a process of its own. What panics, or takes longer than ten seconds, is written
//! to `artifacts/<target>/`; where a process dies without a word (a stack overflow, memory), it is run
//! again with the same seed, each input written down before it is tried.

mod child;

use anyhow::{Result, bail};
use clap::Parser;
use std::path::{Path, PathBuf};
use std::process::Command;
use visionflow_fuzz::TARGETS;

#[derive(Parser)]
#[command(
    name = "visionflow-fuzz",
    about = "Fuzzes every parser that the engine owns"
)]
struct Arguments {
    /// How long each target runs.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The same seed tries the same inputs in the same order.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only these targets; a path is a file to be tried with the one target named before it.
    targets: Vec<String>,
    /// Where what fails is written.
    #[arg(long, default_value = "fuzz/artifacts")]
    artifacts: PathBuf,
    /// Run the one target in this process.
    #[arg(long, hide = true)]
    child: bool,
    /// Write each input to this file before it is tried.
    #[arg(long, hide = true)]
    trace: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let [name, file] = &arguments.targets[..]
        && Path::new(file).is_file()
    {
        let bytes = std::fs::read(file)?;
        println!("outcome {:x}", (child::target(name)?.run)(&bytes));
        return Ok(());
    }
    let names: Vec<&str> = if arguments.targets.is_empty() {
        TARGETS.iter().map(|target| target.name).collect()
    } else {
        arguments.targets.iter().map(String::as_str).collect()
    };
    if arguments.child {
        return child::run(child::target(names[0])?, &arguments);
    }
    let mut failed = Vec::new();
    for name in names {
        child::target(name)?;
        if !run_apart(name, &arguments)? {
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!(
            "failed: {} (see {})",
            failed.join(", "),
            arguments.artifacts.display()
        );
    }
    Ok(())
}

/// Runs one target in a process of its own; `false` when something was found.
fn run_apart(name: &str, arguments: &Arguments) -> Result<bool> {
    let mut command = again(name, arguments)?;
    let status = command.status()?;
    if status.success() {
        return Ok(true);
    }
    if status.code() != Some(child::FOUND) {
        let folder = arguments.artifacts.join(name);
        std::fs::create_dir_all(&folder)?;
        let trace = folder.join(format!("died-seed-{}", arguments.seed));
        println!("{name}: died ({status}); running it again to learn at which input");
        let mut command = again(name, arguments)?;
        command.arg("--trace").arg(&trace);
        // Writing slows it down: let it get as far.
        command
            .arg("--seconds")
            .arg((arguments.seconds * 4).to_string());
        if command.status()?.success() {
            println!("{name}: did not die again");
        } else {
            println!("{name}: died at {}", trace.display());
        }
    }
    Ok(false)
}

fn again(name: &str, arguments: &Arguments) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--child", name]);
    command.arg("--artifacts").arg(&arguments.artifacts);
    command.arg("--seed").arg(arguments.seed.to_string());
    command.arg("--seconds").arg(arguments.seconds.to_string());
    Ok(command)
}
