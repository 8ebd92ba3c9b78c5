//! The binary `visionflow`.

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use std::time::Duration;
use visionflow_server::config::Config;
use visionflow_server::store::{Connections, Store};
use visionflow_server::{auth, inference, memory, openapi, ops, serve, work};

/// It gives back to the system what rooms that rest leave behind (`memory`); the C library keeps it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Run background jobs only, beside servers on the same database and S3.
    Work(Box<Config>),
    /// Print a link with which someone sets a new password; while the server runs.
    ResetLink {
        /// The account's email address.
        email: String,
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Run models for the server that started this process.
    #[command(hide = true)]
    RunModel {
        #[arg(long)]
        memory_bytes: u64,
    },
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
            block_on(serve::run(*config))
        }
        Command::Work(config) => {
            ops::start_logs(config.log_format);
            block_on(work::run(*config))
        }
        Command::ResetLink { email, config } => block_on(reset_link(email, config)),
        Command::Openapi => {
            print!("{}", openapi::document());
            Ok(())
        }
        Command::RunModel { memory_bytes } => inference::helper::run(memory_bytes),
    }
}

async fn reset_link(email: String, config: Box<Config>) -> anyhow::Result<()> {
    let connections = Connections::open(&serve::running_database(&config)?).await?;
    let store = Store::new(connections);
    let known = store
        .account_with_password(&email.trim().to_lowercase())
        .await?;
    let (account, _) = known.with_context(|| format!("nobody has an account with {email}"))?;
    let link = auth::issue_reset_link(&store, &config.public_url(), account.id, None).await?;
    println!("{}", link.url);
    store.close().await;
    Ok(())
}

fn block_on(work: impl Future<Output = anyhow::Result<()>> + Send + 'static) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .on_thread_park(memory::give_back)
        .build()
        .context("starting the runtime")?;
    // A task, so that what it leaves behind is given back as well.
    let result = runtime.block_on(runtime.spawn(work));
    runtime.shutdown_timeout(Duration::from_millis(100));
    result.context("the server stopped")?
}
