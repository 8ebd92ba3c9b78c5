//! The command line of `cargo xtask`.

use std::net::SocketAddr;
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
    /// Build and start VisionFlow on this machine, with a demo project.
    Up(Up),
    /// Write the committed files that are generated from code.
    Generate,
    /// Run everything that CI runs.
    Test(Test),
    /// Build the npm package into pkg/dist and pack it into dist/package.
    Package(Package),
    /// Measure ours beside its peers and write docs/benchmarks.md.
    Bench(Bench),
    /// Check the repository's own rules.
    Tidy,
    /// Fuzz every parser that the engine owns, a minute each.
    Fuzz(Fuzz),
    /// Attack the live documents for as long as one likes, and check that nothing is lost.
    Soak(Soak),
    /// Build the browser's files: workbench wasm, styles, fonts, compressed copies.
    Web(Web),
}

#[derive(clap::Args)]
pub struct Test {
    /// Only this step; may be repeated.
    #[arg(long, value_name = "STEP")]
    pub only: Vec<String>,
}

#[derive(clap::Args)]
pub struct Package {
    /// Skip wasm-opt.
    #[arg(long)]
    pub quick: bool,
}

#[derive(clap::Args)]
pub struct Bench {
    /// Only `relay`, `api`, `document`, `canvas`, `images` or `package`; the other sections stay as
    /// they are; may be repeated.
    #[arg(long, value_name = "PART")]
    pub only: Vec<String>,
}

#[derive(clap::Args)]
pub struct Fuzz {
    /// How long each target runs.
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// The same seed tries the same inputs in the same order.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Only these targets.
    pub targets: Vec<String>,
}

#[derive(clap::Args)]
pub struct Soak {
    /// `convergence`: random edits over breaking lines while a server is killed; `kill`: the server
    /// and its Postgres are killed under load.
    #[arg(value_parser = ["convergence", "kill"])]
    pub attack: String,
    /// Seeds, or kills [default: 1000 seeds, 100 kills].
    #[arg(long)]
    pub rounds: Option<u64>,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    pub first: u64,
}

#[derive(clap::Args)]
pub struct Up {
    /// Address of the workbench; the object store takes the next port.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Database and photographs [default: ~/.local/share/visionflow, for root /var/lib/visionflow].
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// Build the server optimised.
    #[arg(long)]
    pub release: bool,
    /// Start without the demo project.
    #[arg(long)]
    pub no_demo: bool,
}

#[derive(clap::Args, Default)]
pub struct Web {
    /// Where the files go [default: dist/web, with --engine dist/engine].
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Build the engine's JavaScript module instead of the workbench.
    #[arg(long)]
    pub engine: bool,
    /// Build both, each where it goes.
    #[arg(long, conflicts_with_all = ["engine", "out"])]
    pub all: bool,
    /// Skip wasm-opt and compression: quicker, larger, for a look at one's own change.
    #[arg(long)]
    pub quick: bool,
}
