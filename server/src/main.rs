//! The binary `visionflow`.

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use visionflow_server::config::Config;
use visionflow_server::{openapi, ops, serve};

/// VisionFlow: annotate images together.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the workbench, the API and the rooms.
    Serve(Box<Config>),
    /// Print the OpenAPI document.
    Openapi,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("visionflow: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(config) => {
            ops::start_logs(config.log_format);
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .context("starting the runtime")?;
            let result = runtime.block_on(serve::run(*config));
            runtime.shutdown_timeout(std::time::Duration::from_secs(2));
            result
        }
        Command::Openapi => {
            print!("{}", openapi::document());
            Ok(())
        }
    }
}
