//! Background jobs: graphile_worker on a schema of its own in the same Postgres.
//!
//! A job is enqueued inside the transaction that wants it, holds ids only, and reads with the
//! claims of its tenant. Progress, cancellation and results are columns of the job's resource. A
//! job whose process was killed is run again, so every job may be run twice.

mod assist;
mod check_model;
mod encode_image;
mod export;
mod export_zip;
mod pixels;
mod render;
mod tasks;
mod verify;

pub use export::{download_name, format_from_text};
pub use verify::thumbnail_key;

use crate::App;
use crate::error::Result;
use crate::store::{Store, Tx};
use anyhow::Context;
use graphile_worker::{Cron, Worker, WorkerOptions, WorkerRecoveryConfig, WorkerShutdownConfig};
use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tasks::{AssistRun, CheckModel, EncodeImage, RunExport, RunRender, Sweep, VerifyImage};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Jobs at a time in one process.
const CONCURRENCY: usize = 4;
/// Megapixels that are decoded at a time in one process; about 4 MB of memory each.
const DECODING_MEGAPIXELS: u32 = 512;
/// A process that has not been heard of for so long is taken for dead and its jobs run again.
const DEAD_AFTER: Duration = Duration::from_secs(30);

/// What can be asked for.
#[derive(Clone, Copy, Debug)]
pub enum Job {
    /// Decode the photograph whole; make its thumbnail if it has none.
    VerifyImage {
        workspace_id: Uuid,
        image_id: Uuid,
    },
    Export {
        workspace_id: Uuid,
        export_id: Uuid,
    },
    /// Draw a photograph with its annotations.
    Render {
        workspace_id: Uuid,
        render_id: Uuid,
    },
    /// Compare a model's files with their digests, and run it once.
    CheckModel {
        workspace_id: Uuid,
        model_id: Uuid,
    },
    /// Run a model over photographs.
    AssistRun {
        workspace_id: Uuid,
        run_id: Uuid,
    },
    /// Make the photograph's embedding.
    EncodeImage {
        workspace_id: Uuid,
        image_id: Uuid,
    },
}

/// Someone looks at the photograph and waits.
const AT_ONCE: i32 = -10;
/// Someone has registered a model and waits.
const SOON: i32 = 0;

/// Nobody waits in front of the screen.
const AT_LEISURE: i32 = 10;

/// Where the slow jobs of a tenant wait for each other: a model at a time.
fn inference_queue(workspace_id: Uuid) -> String {
    format!("inference:{workspace_id}")
}

impl Job {
    /// Enqueues the job; it exists once `tx` is committed.
    pub async fn enqueue(self, tx: &mut Tx) -> Result<()> {
        match self {
            Self::VerifyImage {
                workspace_id,
                image_id,
            } => {
                let payload = json!({ "workspace_id": workspace_id, "image_id": image_id });
                tx.enqueue_job(tasks::VERIFY_IMAGE, &payload, &format!("verify:{image_id}"))
                    .await
            }
            Self::Export {
                workspace_id,
                export_id,
            } => {
                let payload = json!({ "workspace_id": workspace_id, "export_id": export_id });
                tx.enqueue_job(tasks::RUN_EXPORT, &payload, &format!("export:{export_id}"))
                    .await
            }
            Self::Render {
                workspace_id,
                render_id,
            } => {
                let payload = json!({ "workspace_id": workspace_id, "render_id": render_id });
                tx.enqueue_job(tasks::RUN_RENDER, &payload, &format!("render:{render_id}"))
                    .await
            }
            Self::CheckModel {
                workspace_id,
                model_id,
            } => {
                let payload = json!({ "workspace_id": workspace_id, "model_id": model_id });
                let key = format!("check_model:{model_id}");
                let queue = inference_queue(workspace_id);
                tx.enqueue_slow_job(tasks::CHECK_MODEL, &payload, &key, &queue, SOON)
                    .await
            }
            Self::AssistRun {
                workspace_id,
                run_id,
            } => {
                let payload = json!({ "workspace_id": workspace_id, "run_id": run_id });
                let key = format!("assist:{run_id}");
                let queue = inference_queue(workspace_id);
                tx.enqueue_slow_job(tasks::ASSIST_RUN, &payload, &key, &queue, AT_LEISURE)
                    .await
            }
            Self::EncodeImage {
                workspace_id,
                image_id,
            } => {
                let payload = json!({ "workspace_id": workspace_id, "image_id": image_id });
                let key = format!("encode:{image_id}");
                // Not behind a run over a thousand photographs.
                let queue = format!("encode:{workspace_id}");
                tx.enqueue_slow_job(tasks::ENCODE_IMAGE, &payload, &key, &queue, AT_ONCE)
                    .await
            }
        }
    }
}

/// Cheap to clone: a handle.
#[derive(Clone)]
pub struct Jobs(Arc<Inner>);

struct Inner {
    store: Store,
    decoding: Semaphore,
    running: Mutex<Option<Running>>,
}

struct Running {
    worker: Arc<Worker>,
    task: JoinHandle<()>,
}

impl Jobs {
    pub fn new(store: Store) -> Self {
        Self(Arc::new(Inner {
            store,
            decoding: Semaphore::new(DECODING_MEGAPIXELS as usize),
            running: Mutex::new(None),
        }))
    }

    /// Makes the queue's tables where they are missing and starts the workers of this process.
    pub async fn start(&self, app: App) -> anyhow::Result<()> {
        let recovery = WorkerRecoveryConfig::default()
            .heartbeat_interval(DEAD_AFTER / 6)
            .sweep_interval(DEAD_AFTER / 3)
            .sweep_threshold(DEAD_AFTER)
            .recovery_delay(Duration::ZERO);
        let shutdown = WorkerShutdownConfig::default()
            .listen_os_shutdown_signals(false)
            .grace_period(Duration::from_secs(5))
            .interrupted_job_retry_delay(Duration::from_secs(1));
        let worker = WorkerOptions::default()
            .concurrency(CONCURRENCY)
            .pg_pool(self.0.store.queue().clone())
            .worker_recovery(recovery)
            .worker_shutdown(shutdown)
            .add_extension(tasks::Context::new(app))
            .define_job::<VerifyImage>()
            .define_job::<RunExport>()
            .define_job::<RunRender>()
            .define_job::<CheckModel>()
            .define_job::<EncodeImage>()
            .define_job::<AssistRun>()
            .define_job::<Sweep>()
            .with_cron(Cron::hourly_at::<Sweep>(17).context("the sweep's schedule")?)
            .init()
            .await
            .context("the job queue cannot be prepared")?;
        let worker = Arc::new(worker);
        let task = tokio::spawn({
            let worker = worker.clone();
            async move {
                if let Err(error) = worker.run().await {
                    tracing::error!(%error, "the job workers stopped");
                }
            }
        });
        *self.running() = Some(Running { worker, task });
        Ok(())
    }

    /// Lets running jobs come to a safe point and stops; what is not done then is run again later.
    pub async fn shutdown(&self) {
        let running = self.running().take();
        if let Some(Running { worker, mut task }) = running {
            worker.request_shutdown();
            if tokio::time::timeout(Duration::from_secs(10), &mut task)
                .await
                .is_err()
            {
                task.abort();
            }
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a decoder of a picture of so many pixels on a blocking thread, when there is memory.
    pub(crate) async fn decode<T: Send + 'static>(
        &self,
        pixels: u64,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        let megapixels = (pixels / 1_000_000 + 1).min(u64::from(DECODING_MEGAPIXELS)) as u32;
        let permit = self.0.decoding.acquire_many(megapixels).await?;
        let done = tokio::task::spawn_blocking(work).await?;
        drop(permit);
        Ok(done)
    }
}
