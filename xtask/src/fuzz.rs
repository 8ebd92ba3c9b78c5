//! `cargo xtask fuzz`: every parser that the engine owns, a minute each.

use anyhow::Result;

use crate::args::Fuzz;
use crate::places::Places;
use crate::shell::{cargo, command, run};

/// No input may need more; in KiB, as the shell counts.
const MEMORY_KIB: u32 = 4 * 1024 * 1024;

pub fn run_all(places: &Places, options: &Fuzz) -> Result<()> {
    let package = ["--profile", "fuzz", "-p", "visionflow-fuzz"];
    run(cargo(places).arg("build").args(package))?;
    let program = places.target.join("fuzz").join("visionflow-fuzz");
    // A shell that cannot limit memory (macOS) runs without.
    let limited = format!("ulimit -v {MEMORY_KIB} 2>/dev/null; exec \"$0\" \"$@\"");
    let mut shell = command("sh");
    shell.current_dir(&places.root);
    shell.args(["-c", &limited]).arg(program);
    shell.args(["--seconds", &options.seconds.to_string()]);
    shell.args(["--seed", &options.seed.to_string()]);
    shell.args(&options.targets);
    run(&mut shell)
}
