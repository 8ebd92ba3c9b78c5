//! A photograph to its embedding, by the encoder that is part of this program.

use super::pixels::{self, Photograph};
use crate::App;
use crate::inference::protocol::Request;
use crate::inference::{Helper, HelperError, encoder_sha256};
use bytes::Bytes;
use std::time::Duration;
use uuid::Uuid;
use visionflow_infer::SIDE;

/// How long loading the encoder and one photograph may take.
const PATIENCE: Duration = Duration::from_mins(3);

pub async fn run(
    app: &App,
    workspace_id: Uuid,
    image_id: Uuid,
    last_attempt: bool,
) -> anyhow::Result<()> {
    let model = encoder_sha256();
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    let row = tx.embedding(image_id, model).await?;
    let image = tx.image(image_id).await?;
    tx.commit().await?;
    let (Some(image), Some("encoding")) = (image, row.as_ref().map(|row| row.status.as_str()))
    else {
        return Ok(());
    };
    let key = format!(
        "{workspace_id}/{}/images/{image_id}/embedding-{model}.f16",
        image.project_id
    );
    let photograph = Photograph::of(&image);
    let error = match encode(app, &photograph).await {
        Ok(embedding) => {
            let kind = "application/octet-stream";
            app.objects()
                .write(&key, kind, Bytes::from(embedding))
                .await?;
            let mut tx = app.store().begin_as_tenant(workspace_id).await?;
            let wanted = tx.finish_embedding(image_id, model, &key).await?;
            tx.commit().await?;
            if !wanted {
                app.objects().delete(&key).await?;
            }
            return Ok(());
        }
        Err(HelperError::Failed(error)) if !last_attempt => return Err(error),
        Err(HelperError::Failed(error)) => {
            tracing::error!(%image_id, error = format!("{error:#}"), "no embedding");
            "The server could not encode the photograph; its log says why.".to_owned()
        }
        Err(HelperError::Refused(message)) => message,
    };
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    tx.fail_embedding(image_id, model, &error).await?;
    tx.commit().await?;
    Ok(())
}

async fn encode(app: &App, photograph: &Photograph) -> Result<Vec<u8>, HelperError> {
    let pixels = pixels::of(app, photograph, SIDE as u32).await?;
    let request = Request::Encode {
        width: pixels.width,
        height: pixels.height,
    };
    let mut helper = Helper::start(app.config().program.clone(), 0)?;
    let (_, embedding) = helper.ask(&request, &pixels.rgba, PATIENCE).await?;
    Ok(embedding)
}
