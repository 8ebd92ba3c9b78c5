//! The queue's tasks: each parses its ids and hands over.

use super::{assist, check_model, encode_image, export, render, verify};
use crate::{App, sweep};
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};
use std::fmt;
use time::OffsetDateTime;
use uuid::Uuid;

pub const VERIFY_IMAGE: &str = "verify_image";
pub const RUN_EXPORT: &str = "run_export";
pub const RUN_RENDER: &str = "run_render";
pub const ASSIST_RUN: &str = "assist_run";
pub const CHECK_MODEL: &str = "check_model";
pub const ENCODE_IMAGE: &str = "encode_image";

/// What tasks find in the worker.
#[derive(Clone)]
pub struct Context(App);

impl Context {
    pub fn new(app: App) -> Self {
        Self(app)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context")
    }
}

fn app(ctx: &WorkerContext) -> Result<App, String> {
    let context = ctx.get_ext::<Context>();
    context
        .map(|context| context.0.clone())
        .ok_or_else(|| "the worker has no app".to_owned())
}

/// Decodes a photograph once, and makes its thumbnail if it has none.
#[derive(Deserialize, Serialize)]
pub struct VerifyImage {
    pub workspace_id: Uuid,
    pub image_id: Uuid,
}

impl TaskHandler for VerifyImage {
    const IDENTIFIER: &'static str = VERIFY_IMAGE;

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let app = app(&ctx)?;
        let done = verify::run(&app, self.workspace_id, self.image_id).await;
        done.map_err(|error| logged("verify_image", self.image_id, &error))
    }
}

/// Writes a dataset.
#[derive(Deserialize, Serialize)]
pub struct RunExport {
    pub workspace_id: Uuid,
    pub export_id: Uuid,
}

impl TaskHandler for RunExport {
    const IDENTIFIER: &'static str = RUN_EXPORT;

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let app = app(&ctx)?;
        let last_attempt = is_last(&ctx);
        let done = export::run(&app, self.workspace_id, self.export_id, last_attempt).await;
        done.map_err(|error| logged("run_export", self.export_id, &error))
    }
}

/// Draws a photograph with its annotations.
#[derive(Deserialize, Serialize)]
pub struct RunRender {
    pub workspace_id: Uuid,
    pub render_id: Uuid,
}

impl TaskHandler for RunRender {
    const IDENTIFIER: &'static str = RUN_RENDER;

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let app = app(&ctx)?;
        let last_attempt = is_last(&ctx);
        let done = render::run(&app, self.workspace_id, self.render_id, last_attempt).await;
        done.map_err(|error| logged(RUN_RENDER, self.render_id, &error))
    }
}

/// Compares a model's files with their digests, and runs it once.
#[derive(Deserialize, Serialize)]
pub struct CheckModel {
    pub workspace_id: Uuid,
    pub model_id: Uuid,
}

impl TaskHandler for CheckModel {
    const IDENTIFIER: &'static str = CHECK_MODEL;

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let app = app(&ctx)?;
        let last_attempt = is_last(&ctx);
        let done = check_model::run(&app, self.workspace_id, self.model_id, last_attempt).await;
        done.map_err(|error| logged(CHECK_MODEL, self.model_id, &error))
    }
}

/// Makes a photograph's embedding.
#[derive(Deserialize, Serialize)]
pub struct EncodeImage {
    pub workspace_id: Uuid,
    pub image_id: Uuid,
}

impl TaskHandler for EncodeImage {
    const IDENTIFIER: &'static str = ENCODE_IMAGE;

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let app = app(&ctx)?;
        let last_attempt = is_last(&ctx);
        let done = encode_image::run(&app, self.workspace_id, self.image_id, last_attempt).await;
        done.map_err(|error| logged(ENCODE_IMAGE, self.image_id, &error))
    }
}

/// Runs a model over photographs.
#[derive(Deserialize, Serialize)]
pub struct AssistRun {
    pub workspace_id: Uuid,
    pub run_id: Uuid,
}

impl TaskHandler for AssistRun {
    const IDENTIFIER: &'static str = ASSIST_RUN;

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let app = app(&ctx)?;
        let last_attempt = is_last(&ctx);
        let done = assist::run(&app, self.workspace_id, self.run_id, last_attempt).await;
        done.map_err(|error| logged(ASSIST_RUN, self.run_id, &error))
    }
}

fn is_last(ctx: &WorkerContext) -> bool {
    let job = ctx.job();
    job.attempts() >= job.max_attempts()
}

/// Removes what nobody needs any more, every hour.
#[derive(Deserialize, Serialize)]
pub struct Sweep {}

impl TaskHandler for Sweep {
    const IDENTIFIER: &'static str = "sweep";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let app = app(&ctx)?;
        let done = sweep::run(&app, OffsetDateTime::now_utc()).await;
        done.map_err(|error| logged("sweep", Uuid::nil(), &error))
    }
}

fn logged(task: &str, subject: Uuid, error: &anyhow::Error) -> String {
    let error = format!("{error:#}");
    tracing::warn!(task, %subject, error, "a job failed and will be tried again");
    error
}
