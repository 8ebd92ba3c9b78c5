//! The command line of `cargo xtask`.

use std::path::PathBuf;

#[derive(clap::Parser)]
#[command(name = "cargo xtask", about = "Chores of the VisionFlow repository")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(clap::Subcommand)]
pub enum Command {
    /// Install what the other commands need and is missing.
    Setup,
    /// Build the browser's files: workbench wasm, styles, fonts, compressed copies.
    Web(Web),
}

#[derive(clap::Args, Default)]
pub struct Web {
    /// Where the workbench goes [default: dist/web].
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Build the engine's JavaScript module into dist/engine as well.
    #[arg(long)]
    pub engine: bool,
    /// Skip wasm-opt and compression: quicker, larger, for a look at one's own change.
    #[arg(long)]
    pub quick: bool,
}
