//! Asking for a rendered picture: what the workbench's and the scripts' routes have in common.

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::history::Point;
use crate::jobs::Job;
use crate::store::{ImageRow, NewRenderRow, RenderRow, Tx};
use http::StatusCode;
use uuid::Uuid;
use visionflow_api::{JobStatus, NewRender, Render, RenderBackground, RenderFormat};
use visionflow_raster as raster;

/// A screen's pixels to an inch, at which a picture has the photograph's own size.
const DPI_OF_SCALE_1: f64 = 96.0;
const MAX_DPI: u16 = (raster::MAX_SCALE * DPI_OF_SCALE_1) as u16;

/// Checks what is asked for, fixes the moment, and has a worker draw it once `tx` is committed.
pub async fn begin(
    tx: &mut Tx,
    caller: &Caller,
    image: &ImageRow,
    new: &NewRender,
) -> Result<Uuid> {
    let workspace_id = caller.require_any_role(tx, image.project_id).await?;
    let scale = scale_of(new)?;
    raster::size_of((image.width as u32, image.height as u32), scale)
        .map_err(|error| Error::invalid(error.to_string()))?;
    if (new.format, new.background) == (RenderFormat::Jpg, RenderBackground::Transparent) {
        let words = raster::RasterError::NoTransparency.to_string();
        return Err(Error::invalid(words));
    }
    let seq = seq_of(tx, image.room_id, new).await?;
    let ontology = tx.ontology(image.project_id).await?;
    let id = Uuid::now_v7();
    tx.insert_render(&NewRenderRow {
        id,
        workspace_id,
        project_id: image.project_id,
        room_id: image.room_id,
        image_id: image.id,
        format: new.format.extension(),
        seq,
        scale,
        dpi: new.dpi.map(|dpi| dpi as i16),
        background: background_text(new.background),
        include_comments: new.include_comments,
        ontology: &ontology,
        created_by: caller.user_id,
    })
    .await?;
    let job = Job::Render {
        workspace_id,
        render_id: id,
    };
    job.enqueue(tx).await?;
    Ok(id)
}

fn scale_of(new: &NewRender) -> Result<f64> {
    match (new.scale, new.dpi) {
        (Some(_), Some(_)) => Err(Error::invalid("Give either a scale or a dpi, not both.")),
        (_, Some(dpi)) if !(1..=MAX_DPI).contains(&dpi) => Err(Error::invalid(format!(
            "The dpi must be between 1 and {MAX_DPI}."
        ))),
        (_, Some(dpi)) => Ok(f64::from(dpi) / DPI_OF_SCALE_1),
        (scale, None) => Ok(scale.unwrap_or(1.0)),
    }
}

async fn seq_of(tx: &mut Tx, room_id: Uuid, new: &NewRender) -> Result<i64> {
    let point = Point {
        seq: new.seq,
        tag: new.tag.as_deref(),
    };
    match point.find(tx, room_id).await {
        // The room is there: what is wrong stands in the request.
        Err(error) if new.tag.is_some() && error.status() == StatusCode::NOT_FOUND => {
            Err(Error::invalid("The room has no version of this tag."))
        }
        found => found,
    }
}

/// As the workbench sees it.
pub async fn to_wire(app: &App, row: RenderRow) -> Result<Render> {
    let download_url = download_url(app, &row).await?;
    Ok(Render {
        id: row.id,
        image_id: row.image_id,
        format: format_of(&row),
        seq: row.seq,
        scale: row.scale,
        dpi: row.dpi.map(|dpi| dpi as u16),
        background: background_of(&row),
        include_comments: row.include_comments,
        status: status_of(&row),
        progress: row.progress,
        error: row.error,
        size_bytes: row.size_bytes,
        download_url,
        created_at: row.created_at,
        finished_at: row.finished_at,
    })
}

/// Where the finished file can be fetched for a while.
pub async fn download_url(app: &App, row: &RenderRow) -> Result<Option<String>> {
    let Some(path) = &row.storage_path else {
        return Ok(None);
    };
    let name = download_name(&row.filename, format_of(row));
    Ok(Some(app.objects().presign_download(path, &name).await?))
}

/// The photograph's name with the file's own ending.
fn download_name(filename: &str, format: RenderFormat) -> String {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or(filename);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let safe = stem.chars().filter(|c| !c.is_control()).take(100);
    let stem: String = safe.collect();
    let stem = match stem.trim_matches(|c: char| c == '.' || c.is_whitespace()) {
        "" => "picture",
        stem => stem,
    };
    format!("{stem} annotated.{}", format.extension())
}

pub fn status_of(row: &RenderRow) -> JobStatus {
    match row.status.as_str() {
        "queued" => JobStatus::Queued,
        "running" => JobStatus::Running,
        "succeeded" => JobStatus::Succeeded,
        _ => JobStatus::Failed,
    }
}

pub fn format_of(row: &RenderRow) -> RenderFormat {
    match row.format.as_str() {
        "jpg" => RenderFormat::Jpg,
        _ => RenderFormat::Png,
    }
}

pub fn background_of(row: &RenderRow) -> RenderBackground {
    match row.background.as_str() {
        "transparent" => RenderBackground::Transparent,
        "white" => RenderBackground::White,
        _ => RenderBackground::Image,
    }
}

fn background_text(background: RenderBackground) -> &'static str {
    match background {
        RenderBackground::Transparent => "transparent",
        RenderBackground::White => "white",
        RenderBackground::Image => "image",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_their_photograph() {
        let check = |filename, expected: &str| {
            assert_eq!(download_name(filename, RenderFormat::Jpg), expected);
        };
        check("street/a b.png", "a b annotated.jpg");
        check("Füße.tif", "Füße annotated.jpg");
        check("..", "picture annotated.jpg");
        check("\n", "picture annotated.jpg");
    }
}
