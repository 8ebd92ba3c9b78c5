//! A picture of a photograph with its annotations, from the room's log to a file in S3.
//!
//! One blocking thread decodes the photograph, draws and encodes; the other side uploads what it
//! writes in parts, and writes down how far it is. Nothing appears under the key before the whole
//! file is there, so a run that was killed leaves nothing behind, and the next one begins anew.

use super::verify::{Source, fetched};
use crate::App;
use crate::history::document_at;
use crate::objects::{ObjectError, SinkWriter};
use crate::renders::{background_of, format_of};
use crate::store::{ImageRow, RenderPin, RenderRow};
use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use uuid::Uuid;
use visionflow_api::{RenderBackground, RenderFormat};
use visionflow_media::{Format, scaled};
use visionflow_model::{Annotation, Color, Ontology};
use visionflow_raster::{Backdrop, MAX_PIXELS, Output, Photo, Picture, Pin, RasterError, Size};
use visionflow_scene::Scene;

/// How often progress is written down.
const PROGRESS_EVERY: Duration = Duration::from_millis(300);
/// The workbench's accent.
const PIN_COLOR: Color = Color::new(37, 99, 235);

/// Why there is no picture.
enum Stop {
    /// Another run would end the same way.
    Refused(String),
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Everything that the drawing thread needs.
struct Plan {
    render: RenderRow,
    image: (u32, u32),
    size: Size,
    annotations: Vec<Annotation>,
    pins: Vec<Pin>,
    photo: Option<(Source, Format)>,
}

/// Runs what is queued, or what a killed process left running.
pub async fn run(
    app: &App,
    workspace_id: Uuid,
    render_id: Uuid,
    last_attempt: bool,
) -> anyhow::Result<()> {
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    let render = tx.render(render_id).await?;
    let started = tx.start_render(render_id).await?;
    tx.commit().await?;
    let Some(render) = render.filter(|_| started) else {
        return Ok(());
    };
    let words = match build(app, render).await {
        Ok(()) => return Ok(()),
        Err(Stop::Refused(words)) => words,
        Err(Stop::Failed(error)) if !last_attempt => return Err(error),
        Err(Stop::Failed(error)) => {
            tracing::error!(%render_id, error = format!("{error:#}"), "no picture");
            in_words(&error).to_owned()
        }
    };
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    tx.fail_render(render_id, &words).await?;
    tx.commit().await?;
    Ok(())
}

async fn build(app: &App, render: RenderRow) -> Result<(), Stop> {
    let (id, workspace_id) = (render.id, render.workspace_id);
    let format = format_of(&render);
    // Of its own for each attempt: two that overlap cannot spoil each other's object.
    let key = format!(
        "{workspace_id}/{}/renders/{id}/{}.{}",
        render.project_id,
        Uuid::now_v7(),
        format.extension()
    );
    let plan = plan(app, render).await?;
    let (writer, sink) = app.objects().sink(&key, format.mime());
    let uploading = tokio::spawn(sink.upload());
    let drawn = watched(app, workspace_id, id, plan, writer).await;
    let uploaded = uploading.await??;
    if let Err(stop) = drawn {
        uploaded.abort().await;
        return Err(stop);
    }
    let size_bytes = uploaded.finish().await?;
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    let wanted = tx.succeed_render(id, &key, size_bytes).await?;
    tx.commit().await?;
    if !wanted {
        app.objects().delete(&key).await?;
    }
    Ok(())
}

/// Draws on a thread of its own, when there is memory, and tells how far it is meanwhile.
async fn watched(
    app: &App,
    workspace_id: Uuid,
    id: Uuid,
    plan: Plan,
    writer: SinkWriter,
) -> Result<(), Stop> {
    let progress = Arc::new(AtomicU32::new(0));
    let told = progress.clone();
    let pixels = u64::from(plan.image.0) * u64::from(plan.image.1);
    let drawing = app.jobs().decode(pixels, move || draw(plan, writer, &told));
    tokio::pin!(drawing);
    let mut written = 0;
    loop {
        let tick = tokio::time::sleep(PROGRESS_EVERY);
        tokio::select! {
            drawn = &mut drawing => return drawn?,
            () = tick => {}
        }
        let now = progress.load(Ordering::Relaxed);
        if now != written {
            written = now;
            let mut tx = app.store().begin_as_tenant(workspace_id).await?;
            tx.progress_render(id, now as f32 / 1000.0).await?;
            tx.commit().await?;
        }
    }
}

async fn plan(app: &App, render: RenderRow) -> Result<Plan, Stop> {
    let mut tx = app.store().begin_as_tenant(render.workspace_id).await?;
    let image = tx.image(render.image_id).await?;
    let image = image.ok_or_else(|| Stop::Refused("The photograph was deleted.".to_owned()))?;
    let mut annotations = Vec::new();
    if render.seq > 0 {
        let document = document_at(&mut tx, render.room_id, render.seq).await?;
        annotations.extend(document.annotations().cloned());
    }
    // The document keeps them in no order; the same picture needs one.
    annotations.sort_by_key(|annotation| annotation.id);
    let pins = if render.include_comments {
        let pins = tx.render_pins(render.room_id).await?;
        pinned(&pins, &annotations)
    } else {
        Vec::new()
    };
    tx.commit().await?;
    let photo = match background_of(&render) {
        RenderBackground::Image => Some(photograph(app, &image).await?),
        _ => None,
    };
    let image = (image.width as u32, image.height as u32);
    let size = visionflow_raster::size_of(image, render.scale).map_err(refused)?;
    Ok(Plan {
        render,
        image,
        size,
        annotations,
        pins,
        photo,
    })
}

async fn photograph(app: &App, image: &ImageRow) -> Result<(Source, Format), Stop> {
    let format = Format::from_mime(&image.content_type).ok_or_else(|| {
        let kind = &image.content_type;
        Stop::Refused(format!("Files of type {kind} are not drawn."))
    })?;
    let source = fetched(app, &image.storage_path, format == Format::Tiff).await?;
    let source = source.ok_or_else(|| Stop::Refused("The photograph is gone.".to_owned()))?;
    Ok((source, format))
}

/// Where threads lie: with an annotation that is there relative to it, else where it was.
fn pinned(pins: &[RenderPin], annotations: &[Annotation]) -> Vec<Pin> {
    let known = annotations.iter().map(|a| (a.id.0, a));
    let known: HashMap<Uuid, &Annotation> = known.collect();
    let place = |pin: &RenderPin| {
        let annotation = pin.annotation_id.and_then(|id| known.get(&id));
        let bounds = annotation.and_then(|annotation| annotation.shape.bounds());
        match bounds {
            Some(bounds) => (bounds.min.x + pin.x, bounds.min.y + pin.y),
            None if pin.annotation_id.is_some() => (
                pin.origin_x.unwrap_or_default() + pin.x,
                pin.origin_y.unwrap_or_default() + pin.y,
            ),
            None => (pin.x, pin.y),
        }
    };
    let pin = |pin: &RenderPin| {
        let (x, y) = place(pin);
        Pin {
            x,
            y,
            number: pin.number.unsigned_abs(),
            color: PIN_COLOR,
            resolved: pin.resolved,
        }
    };
    pins.iter().map(pin).collect()
}

/// Everything on the blocking thread.
fn draw(plan: Plan, mut writer: SinkWriter, progress: &AtomicU32) -> Result<(), Stop> {
    let mut scene = scene_of(plan.image, &plan.render.ontology.0, &plan.annotations);
    let backdrop = match background_of(&plan.render) {
        RenderBackground::Transparent => Backdrop::Transparent,
        RenderBackground::White => Backdrop::White,
        RenderBackground::Image => Backdrop::Image,
    };
    let photo = plan
        .photo
        .map(|(source, format)| decoded(source, format, plan.image));
    let picture = Picture::new(
        &mut scene,
        plan.size,
        backdrop,
        photo.transpose()?,
        plan.pins,
    );
    let output = match format_of(&plan.render) {
        RenderFormat::Png => Output::Png,
        RenderFormat::Jpg => Output::Jpeg,
    };
    let dpi = plan.render.dpi.map(|dpi| dpi as u16);
    let told = |part: f64| progress.store((part * 1000.0) as u32, Ordering::Relaxed);
    visionflow_raster::write(picture, output, dpi, &mut writer, told).map_err(refused)?;
    writer.close()?;
    Ok(())
}

fn scene_of(image: (u32, u32), ontology: &Ontology, annotations: &[Annotation]) -> Scene {
    let mut scene = Scene::new();
    scene.set_image_size(Some(image));
    scene.set_ontology(ontology);
    scene.load(annotations.iter());
    scene
}

/// No larger than a picture may be.
fn decoded(source: Source, format: Format, image: (u32, u32)) -> Result<Photo, Stop> {
    let pixels = u64::from(image.0) * u64::from(image.1);
    let share = (MAX_PIXELS as f64 / pixels.max(1) as f64).sqrt().min(1.0);
    let long_side = (f64::from(image.0.max(image.1)) * share).floor().max(1.0) as u32;
    let scaled = match source {
        Source::Disk(file) => scaled(file, format, long_side),
        Source::Memory(bytes) => scaled(Cursor::new(bytes), format, long_side),
    };
    let unreadable = |error: &dyn std::fmt::Display| {
        Stop::Refused(format!("The photograph cannot be read: {error}."))
    };
    let scaled = scaled.map_err(|error| unreadable(&error))?;
    Photo::new(scaled.width, scaled.height, scaled.rgba).ok_or_else(|| unreadable(&"no pixels"))
}

/// What is written to fails by chance; everything else would come again.
fn refused(error: RasterError) -> Stop {
    match error {
        RasterError::Write(error) => Stop::Failed(error.into()),
        other => Stop::Refused(other.to_string()),
    }
}

fn in_words(error: &anyhow::Error) -> &'static str {
    if error
        .chain()
        .any(<dyn std::error::Error>::is::<ObjectError>)
    {
        "The storage did not answer. Ask for the picture again."
    } else if error
        .chain()
        .any(<dyn std::error::Error>::is::<sqlx::Error>)
    {
        "The database did not answer. Ask for the picture again."
    } else {
        "The picture could not be drawn. The server's log says why."
    }
}
