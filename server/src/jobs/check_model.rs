//! The check of an uploaded model: its files are what was announced, and it runs.

use crate::App;
use crate::inference::protocol::Request;
use crate::inference::{Helper, HelperError};
use crate::objects::ObjectError;
use crate::store::ModelFileRow;
use anyhow::Context as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

/// How long reading a model and running it once may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// Writes the outcome down. What is the model's fault is one; what is ours is tried again.
pub async fn run(
    app: &App,
    workspace_id: Uuid,
    model_id: Uuid,
    last_attempt: bool,
) -> anyhow::Result<()> {
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    let model = tx.model(model_id).await?;
    let files = tx.model_files(&[model_id]).await?;
    tx.commit().await?;
    let Some(model) = model.filter(|model| model.status == "checking") else {
        return Ok(());
    };
    let report = match look(app, &files, model.spec.clone()).await {
        Ok(report) => report,
        Err(HelperError::Refused(message)) => json!({ "ok": false, "message": message }),
        Err(HelperError::Failed(error)) if last_attempt => {
            finish(app, workspace_id, model_id, &gave_up(), None).await?;
            return Err(error);
        }
        Err(HelperError::Failed(error)) => return Err(error),
    };
    let spec = match (&model.spec, report.get("spec")) {
        (Some(own), Some(found)) => agreed(own, found),
        (None, Some(found)) => Ok(Some(found.clone())),
        (_, None) => Ok(None),
    };
    match spec {
        Ok(spec) => finish(app, workspace_id, model_id, &report, spec.as_ref()).await,
        Err(message) => {
            let mut report = report;
            report["ok"] = json!(false);
            report["message"] = json!(message);
            finish(app, workspace_id, model_id, &report, None).await
        }
    }
}

fn gave_up() -> Value {
    json!({ "ok": false, "message": "The server could not check the model; its log says why. Register the model again." })
}

async fn finish(
    app: &App,
    workspace_id: Uuid,
    model_id: Uuid,
    report: &Value,
    spec: Option<&Value>,
) -> anyhow::Result<()> {
    let status = if report["ok"] == json!(true) {
        "ready"
    } else {
        "failed"
    };
    tracing::info!(%model_id, status, message = %report["message"], "a model was checked");
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    tx.finish_model_check(model_id, status, report, spec)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// What was found in the files, with the thresholds and names that were chosen at registration;
/// words where the registration takes the files for another kind of model.
fn agreed(own: &Value, found: &Value) -> Result<Option<Value>, String> {
    for name in ["task", "layout"] {
        if own[name] != found[name] {
            return Err(format!(
                "It was registered with the {name} {}, but its files are of the {name} {}.",
                own[name], found[name]
            ));
        }
    }
    let mut spec = found.clone();
    for name in ["score", "iou", "limit", "classes"] {
        let count = |spec: &Value| spec[name].as_array().map(Vec::len);
        if !own[name].is_null() && (name != "classes" || count(own) == count(found)) {
            spec[name] = own[name].clone();
        }
    }
    Ok(Some(spec))
}

/// As the registration reads the files, where they can be read in more than one way.
async fn look(app: &App, rows: &[ModelFileRow], spec: Option<Value>) -> Result<Value, HelperError> {
    let mut files = Vec::new();
    for row in rows {
        files.push(fetched(app, row).await?);
    }
    let size_bytes = rows.iter().map(|row| row.size_bytes as u64).sum();
    let mut helper = Helper::start(app.config().program.clone(), size_bytes)?;
    let request = Request::Inspect {
        files: files.iter().map(|file| file.path().to_owned()).collect(),
        spec,
    };
    let (mut report, _) = helper.ask(&request, &[], PATIENCE).await?;
    report["sha256"] = rows.iter().map(|row| row.sha256.as_str()).collect();
    report["bytes"] = rows.iter().map(|row| row.size_bytes).collect();
    Ok(report)
}

/// A file of a model on this machine's disk, held against its digest.
pub(super) async fn fetched(app: &App, row: &ModelFileRow) -> Result<NamedTempFile, HelperError> {
    let key = row.storage_path.as_deref().context("the file has no key")?;
    let body = match app.objects().stream(key).await {
        Err(ObjectError::NotFound) => {
            return Err(HelperError::Refused(format!("{} is gone.", row.name)));
        }
        other => other.map_err(anyhow::Error::from)?,
    };
    let (place, digest) = copied(&mut body.into_async_read()).await?;
    if digest != row.sha256 {
        return Err(HelperError::Refused(format!(
            "{} is not the file that was announced: its SHA-256 is {digest}, not {}.",
            row.name, row.sha256
        )));
    }
    Ok(place)
}

async fn copied(
    from: &mut (impl tokio::io::AsyncRead + Unpin),
) -> anyhow::Result<(NamedTempFile, String)> {
    let place = NamedTempFile::new()?;
    let mut file = tokio::fs::File::from_std(place.reopen()?);
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
        file.write_all(&buffer[..count]).await?;
    }
    file.flush().await?;
    Ok((place, crate::crypto::hex(&hasher.finalize())))
}
