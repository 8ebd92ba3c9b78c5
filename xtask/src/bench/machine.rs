//! What the numbers were measured on.

use std::fs;
use std::path::Path;

use crate::places::Places;
use crate::shell::{command, text_of};

/// One sentence, which stands in every section.
pub fn description(places: &Places, chromium: &Path) -> String {
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".into());
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
        .map_or_else(
            || "unknown memory".into(),
            |kib| format!("{} GiB", kib / 1024 / 1024),
        );
    let version = |program: &Path, argument: &str| {
        text_of(command(program).arg(argument)).unwrap_or_else(|_| "unknown".into())
    };
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let rustc = version(Path::new("rustc"), "--version");
    let node = version(Path::new("node"), "--version");
    let browser = version(chromium, "--version");
    let revision = revision(places);
    format!(
        "At revision {revision}, on {processor}, {cores} cores, {memory}, {os} {arch}, no graphics card (SwiftShader draws); {rustc}, Node {node}, {browser}."
    )
}

fn revision(places: &Places) -> String {
    text_of(
        command("git")
            .args(["rev-parse", "--short", "HEAD"])
            .current_dir(&places.root),
    )
    .unwrap_or_else(|_| "unknown".into())
}

/// The first value of a `name : value` line.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
