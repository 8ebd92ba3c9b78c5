//! `cargo xtask`: every chore of the repository as one program.
//!
//! `up` and `test` are what people and CI call; the other commands are their parts.
//! One command is one file; what a command needs from the machine is in `setup/`.

mod args;
mod bench;
mod fuzz;
mod package;
mod places;
mod server;
mod setup;
mod shell;
mod soak;
mod test;
mod tidy;
mod up;
mod web;

use anyhow::Result;
use clap::Parser;

fn main() {
    if let Err(error) = run() {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let places = places::Places::find()?;
    match args::Cli::parse().command {
        args::Command::Setup => setup::everything(&places),
        args::Command::Up(options) => up::run(&places, &options),
        args::Command::Package(options) => package::pack(&places, options.quick).map(|tarball| {
            println!("{}", tarball.display());
        }),
        args::Command::Bench(options) => bench::run(&places, &options),
        args::Command::Generate => test::generate(&places),
        args::Command::Test(options) => test::run(&places, &options),
        args::Command::Fuzz(options) => fuzz::run_all(&places, &options),
        args::Command::Soak(options) => soak::run_attack(&places, &options),
        args::Command::Tidy => tidy::run(&places),
        args::Command::Web(options) => web::run(&places, &options).map(|_| ()),
    }
}
