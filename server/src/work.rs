//! `visionflow work`: background jobs in a process of their own, on another machine if one likes.
//!
//! It shares the database and an S3 with the servers. What its jobs write into documents goes through
//! rooms of its own; servers take it in from the log, as they do each other's edits.

use crate::App;
use crate::config::Config;
use crate::serve;
use crate::store::Database;
use anyhow::bail;
use tokio::signal::unix::{SignalKind, signal};

/// Workers that run.
pub struct Workers {
    app: App,
}

impl Workers {
    pub async fn start(config: Config, database: &Database) -> anyhow::Result<Self> {
        if config.s3_endpoint.is_none() {
            bail!(
                "Workers share an S3 with the servers: set S3_ENDPOINT, S3_ACCESS_KEY_ID and \
                 S3_SECRET_ACCESS_KEY."
            );
        }
        let app = serve::open(config, database).await?;
        app.jobs().start(app.clone()).await?;
        app.relay().start(app.config().nats_url.as_deref())?;
        Ok(Self { app })
    }

    /// Jobs come to a safe point, then what they stand on ends.
    pub async fn shutdown(self) {
        self.app.jobs().shutdown().await;
        self.app.relay().shutdown().await;
        self.app.objects().shutdown().await;
        self.app.store().close().await;
    }
}

/// Works until SIGINT or SIGTERM.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let database = serve::running_database(&config)?;
    let workers = Workers::start(config, &database).await?;
    tracing::info!("waiting for jobs");
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("shutting down");
    workers.shutdown().await;
    Ok(())
}
