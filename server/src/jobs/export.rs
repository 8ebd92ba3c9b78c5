//! An export, from its frozen list of items to a zip in S3, with flat memory.
//!
//! Three parties, joined by short channels: this task reads documents and photographs in order, a
//! blocking thread writes the zip ([`super::export_zip`]), and a third uploads its parts.

use super::export_zip::{Media, Piece, Plan, write};
use crate::App;
use crate::history::document_at;
use crate::objects::{ObjectError, Uploaded};
use crate::store::{ExportItem, ExportRow};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::mpsc;
use uuid::Uuid;
use visionflow_formats as formats;
use visionflow_media as media;

/// Items listed at a time.
const PAGE: i64 = 200;
/// How often progress is written down and a cancellation is noticed.
const PROGRESS_EVERY: Duration = Duration::from_millis(300);

/// Why an export did not come to its end.
enum Stop {
    Cancelled,
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Runs an export that is queued, or that a killed process left running.
pub async fn run(
    app: &App,
    workspace_id: Uuid,
    export_id: Uuid,
    last_attempt: bool,
) -> anyhow::Result<()> {
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    let export = tx.export(export_id).await?;
    let started = tx.start_export(export_id).await?;
    tx.commit().await?;
    let Some(export) = export.filter(|_| started) else {
        return Ok(());
    };
    match build(app, &export).await {
        Ok(()) | Err(Stop::Cancelled) => Ok(()),
        Err(Stop::Failed(error)) => {
            if last_attempt {
                let words = in_words(&error);
                let mut tx = app.store().begin_as_tenant(workspace_id).await?;
                tx.fail_export(export_id, words).await?;
                tx.commit().await?;
            }
            Err(error)
        }
    }
}

async fn build(app: &App, export: &ExportRow) -> Result<(), Stop> {
    // Of its own for each attempt: two that overlap cannot spoil each other's object.
    let key = format!(
        "{}/{}/exports/{}/{}.zip",
        export.workspace_id,
        export.project_id,
        export.id,
        Uuid::now_v7()
    );
    let plan = plan(export)?;
    let (writer, sink) = app.objects().sink(&key, "application/zip");
    let (sender, pieces) = mpsc::channel(2);
    let writing = tokio::task::spawn_blocking(move || write(plan, writer, pieces));
    let uploading = tokio::spawn(sink.upload());
    let fed = feed(app, export, sender).await;
    let written = writing.await?;
    let uploaded = uploading.await??;
    if let Err(stop) = fed {
        uploaded.abort().await;
        // When the writer has failed, feeding it fails as well, with less to say.
        return Err(written.err().map_or(stop, |error| match error {
            formats::WriteError::Io(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
                Stop::Cancelled
            }
            error => error.into(),
        }));
    }
    if let Err(error) = written {
        uploaded.abort().await;
        return Err(error.into());
    }
    publish(app, export, &key, uploaded).await
}

async fn publish(app: &App, export: &ExportRow, key: &str, uploaded: Uploaded) -> Result<(), Stop> {
    let size_bytes = uploaded.finish().await?;
    let mut tx = app.store().begin_as_tenant(export.workspace_id).await?;
    let succeeded = tx.succeed_export(export.id, key, size_bytes).await?;
    tx.commit().await?;
    if succeeded {
        Ok(())
    } else {
        app.objects().delete(key).await?;
        Err(Stop::Cancelled)
    }
}

fn plan(export: &ExportRow) -> anyhow::Result<Plan> {
    let format = format_from_text(&export.format)
        .ok_or_else(|| anyhow::anyhow!("an export as {}", export.format))?;
    Ok(Plan {
        format,
        dataset: formats::Dataset {
            name: export.project_name.clone(),
            created_at: export
                .created_at
                .to_offset(time::UtcOffset::UTC)
                .format(&Rfc3339)?,
            ontology: export.ontology.0.clone(),
        },
    })
}

/// Reads item after item and hands them over; ends with [`Piece::End`].
async fn feed(app: &App, export: &ExportRow, sender: mpsc::Sender<Piece>) -> Result<(), Stop> {
    let gone = || anyhow::anyhow!("the zip's writer has stopped");
    let (mut after, mut done) = (0, 0);
    let mut told = Instant::now();
    loop {
        let mut tx = app.store().begin_as_tenant(export.workspace_id).await?;
        let items = tx.export_items(export.id, after, PAGE).await?;
        tx.commit().await?;
        let Some(last) = items.last() else { break };
        after = last.position;
        for item in items {
            let piece = piece(app, export, item).await?;
            sender.send(piece).await.map_err(|_| gone())?;
            done += 1;
            if told.elapsed() >= PROGRESS_EVERY {
                told = Instant::now();
                let mut tx = app.store().begin_as_tenant(export.workspace_id).await?;
                let running = tx.progress_export(export.id, done).await?;
                tx.commit().await?;
                if !running {
                    return Err(Stop::Cancelled);
                }
            }
        }
    }
    sender.send(Piece::End).await.map_err(|_| gone())?;
    Ok(())
}

async fn piece(app: &App, export: &ExportRow, item: ExportItem) -> anyhow::Result<Piece> {
    let mut annotations = Vec::new();
    if item.seq > 0 {
        let mut tx = app.store().begin_as_tenant(export.workspace_id).await?;
        let document = document_at(&mut tx, item.room_id, item.seq).await?;
        annotations.extend(document.annotations().cloned());
        tx.commit().await?;
    }
    let media = if export.include_images {
        read_media(app, &item).await?
    } else {
        Media::NotAsked
    };
    Ok(Piece::Item {
        filename: item.filename,
        width: item.width as u32,
        height: item.height as u32,
        annotations,
        media,
    })
}

/// Annotations are in the space of the oriented picture, and most readers of datasets ignore EXIF:
/// so a photograph that carries a rotation is written with its pixels turned.
async fn read_media(app: &App, item: &ExportItem) -> anyhow::Result<Media> {
    let bytes = match app.objects().read(&item.storage_path).await {
        Err(ObjectError::NotFound) => return Ok(Media::Missing),
        other => other?,
    };
    let format = media::Format::from_mime(&item.content_type);
    let (Some(format), true) = (format, item.orientation != 1) else {
        return Ok(Media::AsStored(bytes));
    };
    let pixels = item.width as u64 * item.height as u64;
    let source = bytes.clone();
    let turned = app
        .jobs()
        .decode(pixels, move || media::upright(&source, format))
        .await?;
    Ok(match turned {
        Ok(upright) => Media::Turned(upright),
        Err(_) => Media::NotTurned(bytes),
    })
}

/// The formats as their column and the API spell them.
pub fn format_from_text(text: &str) -> Option<formats::Format> {
    Some(match text {
        "coco" => formats::Format::Coco,
        "yolo_detect" => formats::Format::YoloDetect,
        "yolo_segment" => formats::Format::YoloSegment,
        "pascal_voc" => formats::Format::PascalVoc,
        _ => return None,
    })
}

fn in_words(error: &anyhow::Error) -> &'static str {
    if error
        .chain()
        .any(<dyn std::error::Error>::is::<ObjectError>)
    {
        "The storage did not answer. Start the export again."
    } else if error
        .chain()
        .any(<dyn std::error::Error>::is::<sqlx::Error>)
    {
        "The database did not answer. Start the export again."
    } else {
        "The dataset could not be written. The server's log says why."
    }
}

/// A name to save the zip under, such as `Street and table – COCO – 2026-11-20.zip`.
pub fn download_name(project: &str, format: &str, created_at: OffsetDateTime) -> String {
    let safe: String = project
        .chars()
        .map(|c| {
            if c.is_control() || r#"/\:*?"<>|"#.contains(c) {
                '_'
            } else {
                c
            }
        })
        .take(100)
        .collect();
    let format = match format {
        "coco" => "COCO",
        "yolo_detect" => "YOLO detect",
        "yolo_segment" => "YOLO segment",
        "pascal_voc" => "Pascal VOC",
        other => other,
    };
    format!("{} - {format} - {}.zip", safe.trim(), created_at.date())
}
