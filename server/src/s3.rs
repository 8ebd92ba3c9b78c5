//! The embedded S3: what `visionflow serve` stores objects in when no endpoint is configured.
//!
//! Crate `s3s` speaks the protocol and checks signatures; beneath it lies a small store of files in
//! the data directory. It listens on a port of its own, so that browsers upload and download across
//! origins through presigned URLs exactly as they do against any other S3, and so that nothing that
//! somebody uploads is ever served from the workbench's origin.

mod credentials;
mod files;
mod http;
mod keys;
mod listing;
mod multipart;
mod service;

pub use credentials::Credentials;

use anyhow::Context;
use files::Files;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How often leftovers of broken uploads are looked for.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// A running server; it stops when told, or when dropped.
pub struct EmbeddedS3 {
    addr: SocketAddr,
    credentials: Credentials,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl EmbeddedS3 {
    /// Serves `dir` (made if it is missing) on `listener`; the credentials lie beside the objects.
    pub async fn start(dir: &Path, listener: TcpListener) -> anyhow::Result<Self> {
        let files = Files::open(dir).await?;
        let credentials = Credentials::load_or_create(dir)?;
        let addr = listener.local_addr().context("the S3 listener's address")?;
        let stop = CancellationToken::new();
        let router = http::router(files.clone(), &credentials);
        let server = tokio::spawn({
            let stop = stop.clone();
            async move {
                let served = axum::serve(listener, router)
                    .with_graceful_shutdown(stop.cancelled_owned())
                    .await;
                if let Err(error) = served {
                    tracing::error!(%error, "embedded S3 stopped");
                }
            }
        });
        let sweeper = tokio::spawn(sweep_forever(files, stop.clone()));
        Ok(Self {
            addr,
            credentials,
            stop,
            tasks: vec![server, sweeper],
        })
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where it is reached from this machine.
    pub fn endpoint(&self) -> String {
        let mut addr = self.addr;
        if addr.ip().is_unspecified() {
            addr.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        format!("http://{addr}")
    }

    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Lets running requests end, for a few seconds at most.
    pub async fn stop(mut self) {
        self.stop.cancel();
        for mut task in std::mem::take(&mut self.tasks) {
            if tokio::time::timeout(Duration::from_secs(5), &mut task)
                .await
                .is_err()
            {
                task.abort();
            }
        }
    }
}

impl Drop for EmbeddedS3 {
    fn drop(&mut self) {
        self.stop.cancel();
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn sweep_forever(files: Files, stop: CancellationToken) {
    let mut tick = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => files.sweep().await,
        }
    }
}
