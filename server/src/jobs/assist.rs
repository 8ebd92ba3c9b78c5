//! A model over photographs: decoded here, looked at by a helper process, proposed as edits of their
//! documents.
//!
//! A photograph is done when its item says so; a run that was killed goes on with the first that is
//! not. What it had proposed for that one already has the same ids again, and is there once.

use super::Job;
use super::check_model::fetched;
use super::pixels::{self, Photograph};
use crate::App;
use crate::api::annotations::check;
use crate::error::Error;
use crate::inference::protocol::{Detection, Request};
use crate::inference::{Helper, HelperError};
use crate::store::{AnnotatedImage, AssistRunRow, ModelRow};
use crate::suggestions::{Found, propose};
use anyhow::Context as _;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;
use uuid::Uuid;
use visionflow_api::shown_side;
use visionflow_model::{AttributeId, AttributeValue, LabelId};

/// How long loading a model may take, and looking at one photograph.
const LOADING: Duration = Duration::from_mins(5);
const LOOKING: Duration = Duration::from_mins(2);
/// A run gives way to the tenant's other jobs after so long.
const SLICE: Duration = Duration::from_mins(2);
/// Helpers that ended one after the other, before a model is given up.
const MOST_DEATHS: usize = 3;

pub async fn run(
    app: &App,
    workspace_id: Uuid,
    run_id: Uuid,
    last_attempt: bool,
) -> anyhow::Result<()> {
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    let run = tx.assist_run(run_id).await?;
    let started = tx.start_assist_run(run_id).await?;
    let Some(run) = run.filter(|_| started) else {
        return tx.commit().await.map_err(anyhow::Error::from);
    };
    let model = tx.model(run.model_id).await?;
    tx.commit().await?;
    let ended = match model.filter(|model| model.archived_at.is_none()) {
        Some(model) => go_on(app, &run, &model).await,
        None => Err(HelperError::Refused("The model was archived.".to_owned())),
    };
    let (status, error) = match ended {
        // It is queued again, or it was cancelled.
        Ok(false) => return Ok(()),
        Ok(true) => ("succeeded", None),
        Err(HelperError::Refused(message)) => ("failed", Some(message)),
        Err(HelperError::Failed(error)) if !last_attempt => return Err(error),
        Err(HelperError::Failed(error)) => {
            tracing::error!(%run_id, error = format!("{error:#}"), "a run of a model failed");
            let words = "The server could not go on; its log says why. Start the run again.";
            ("failed", Some(words.to_owned()))
        }
    };
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    tx.end_assist_run(run_id, status, error.as_deref()).await?;
    tx.commit().await?;
    Ok(())
}

/// Photograph after photograph. `true` when all are done; `false` when someone else goes on.
async fn go_on(app: &App, run: &AssistRunRow, model: &ModelRow) -> Result<bool, HelperError> {
    let until = Instant::now() + SLICE;
    let mut looker = Looker::new(app, model).await?;
    loop {
        let mut tx = begin(app, run.workspace_id).await?;
        let next = tx.next_assist_item(run.id).await.map_err(failed)?;
        let Some((position, image_id)) = next else {
            // Cancelled ones stay so: only what is running succeeds.
            tx.commit().await.map_err(failed)?;
            return Ok(true);
        };
        if Instant::now() >= until {
            let job = Job::AssistRun {
                workspace_id: run.workspace_id,
                run_id: run.id,
            };
            job.enqueue(&mut tx).await.map_err(failed)?;
            tx.commit().await.map_err(failed)?;
            return Ok(false);
        }
        let image = tx.annotated_image(image_id).await.map_err(failed)?;
        let row = tx.image(image_id).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        let outcome = match (image, row) {
            (Some(image), Some(row)) => {
                let photograph = Photograph::of(&row);
                look(app, run, model, &mut looker, &image, &photograph).await
            }
            _ => Err(HelperError::Refused(
                "The photograph was deleted.".to_owned(),
            )),
        };
        let (suggested, error) = match outcome {
            Ok(count) => (count as i32, None),
            Err(HelperError::Refused(message)) => (0, Some(message)),
            Err(error) => return Err(error),
        };
        let mut tx = begin(app, run.workspace_id).await?;
        tx.finish_assist_item(run.id, position, suggested, error.as_deref())
            .await
            .map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        looker.check()?;
    }
}

async fn look(
    app: &App,
    run: &AssistRunRow,
    model: &ModelRow,
    looker: &mut Looker<'_>,
    image: &AnnotatedImage,
    photograph: &Photograph,
) -> Result<usize, HelperError> {
    let pixels = pixels::of(app, photograph, shown_side(&looker.spec)).await?;
    let request = Request::Run {
        width: photograph.width,
        height: photograph.height,
        scaled_width: pixels.width,
        scaled_height: pixels.height,
    };
    let detections = looker.ask(&request, &pixels.rgba).await?;
    let labels = labels(app, model).await?;
    let found: Vec<Found> = detections
        .into_iter()
        .filter_map(|detection| {
            let (label, attributes) = labels.get(&detection.class)?;
            // What reaches far out of the photograph is no finding.
            check::shape(&detection.shape, image).ok()?;
            Some(Found {
                label: *label,
                score: detection.score.clamp(0.0, 1.0),
                shape: detection.shape,
                attributes: attributes.clone(),
            })
        })
        .collect();
    let proposed = propose(app, image, model, run.id, run.created_by, found).await;
    let (ids, seq) = proposed.map_err(|error| match error {
        Error::Refused { detail, status, .. } if status.is_client_error() => {
            HelperError::Refused(detail.into_owned())
        }
        error => failed(error),
    })?;
    // Whoever sees that the photograph is done finds it so in lists.
    if let Err(error) = app.relay().projected(image.room(), seq).await {
        tracing::warn!(image_id = %image.image_id, %error, "rows of what a model proposed are late");
    }
    Ok(ids.len())
}

/// Class numbers to labels and the defaults of their attributes, as the class map has them now; archived labels take no more.
async fn labels(
    app: &App,
    model: &ModelRow,
) -> Result<HashMap<usize, (Uuid, BTreeMap<AttributeId, AttributeValue>)>, HelperError> {
    let mut tx = begin(app, model.workspace_id).await?;
    let model_now = tx.model(model.id).await.map_err(failed)?;
    let ontology = tx.ontology(model.project_id).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    let map = model_now.map(|model| model.class_map.0).unwrap_or_default();
    let is_open = |id: &Uuid| {
        let mut labels = ontology.labels.iter();
        labels.any(|label| label.id.0 == *id && !label.archived)
    };
    let entries = map.into_iter().filter_map(|(class, label)| {
        let label = label.filter(is_open)?;
        let defaults = ontology.defaults(LabelId(label));
        let defaults = defaults.iter().map(|(id, value)| (*id, value.clone()));
        Some((class.parse().ok()?, (label, defaults.collect())))
    });
    Ok(entries.collect())
}

/// The model in a helper, which is started again when it has ended.
struct Looker<'a> {
    app: &'a App,
    files: Vec<NamedTempFile>,
    file_bytes: u64,
    spec: Value,
    helper: Option<Helper>,
    deaths: usize,
}

impl<'a> Looker<'a> {
    async fn new(app: &'a App, model: &ModelRow) -> Result<Self, HelperError> {
        let mut tx = begin(app, model.workspace_id).await?;
        let rows = tx.model_files(&[model.id]).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        let mut files = Vec::new();
        for row in &rows {
            files.push(fetched(app, row).await?);
        }
        let mut looker = Self {
            app,
            files,
            file_bytes: rows.iter().map(|row| row.size_bytes as u64).sum(),
            spec: model.spec.clone().context("a model without a spec")?,
            helper: None,
            deaths: 0,
        };
        // A model that cannot be loaded is no photograph's fault.
        looker.load().await?;
        Ok(looker)
    }

    async fn load(&mut self) -> Result<(), HelperError> {
        let mut helper = Helper::start(self.app.config().program.clone(), self.file_bytes)?;
        let files = self.files.iter().map(|file| file.path().to_owned());
        let request = Request::Load {
            files: files.collect(),
            spec: self.spec.clone(),
        };
        helper.ask(&request, &[], LOADING).await?;
        self.helper = Some(helper);
        Ok(())
    }

    async fn ask(
        &mut self,
        request: &Request,
        bytes: &[u8],
    ) -> Result<Vec<Detection>, HelperError> {
        if self.helper.is_none() {
            self.load().await?;
        }
        let helper = self.helper.as_mut().context("it was just loaded")?;
        let answer = helper.ask(request, bytes, LOOKING).await;
        if helper.has_ended() {
            self.helper = None;
            self.deaths += 1;
        } else if answer.is_ok() {
            self.deaths = 0;
        }
        let (value, _) = answer?;
        let detections = serde_json::from_value(value).map_err(anyhow::Error::from)?;
        Ok(detections)
    }

    fn check(&self) -> Result<(), HelperError> {
        if self.deaths < MOST_DEATHS {
            return Ok(());
        }
        Err(HelperError::Refused(format!(
            "The model was stopped on {MOST_DEATHS} photographs in a row, for taking too long or too \
             much memory."
        )))
    }
}

async fn begin(app: &App, workspace_id: Uuid) -> Result<crate::store::Tx, HelperError> {
    app.store()
        .begin_as_tenant(workspace_id)
        .await
        .map_err(failed)
}

fn failed(error: Error) -> HelperError {
    HelperError::Failed(error.into())
}
