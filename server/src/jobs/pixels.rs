//! Pixels of a photograph for a model: fetched from S3, decoded, no larger than it looks at.

use super::verify::{Source, fetched};
use crate::App;
use crate::inference::HelperError;
use crate::store::ImageRow;
use std::io::Cursor;
use visionflow_media::{Format, Scaled, scaled};

/// What is needed to decode a photograph.
pub struct Photograph {
    pub storage_path: String,
    pub content_type: String,
    /// Upright.
    pub width: u32,
    pub height: u32,
}

impl Photograph {
    pub fn of(image: &ImageRow) -> Self {
        Self {
            storage_path: image.storage_path.clone(),
            content_type: image.content_type.clone(),
            width: image.width as u32,
            height: image.height as u32,
        }
    }
}

/// RGBA, its long side at most `long_side` pixels; refused where the photograph is damaged.
pub async fn of(app: &App, photograph: &Photograph, long_side: u32) -> Result<Scaled, HelperError> {
    let refused = |why: String| HelperError::Refused(why);
    let format = Format::from_mime(&photograph.content_type).ok_or_else(|| {
        refused(format!(
            "Files of type {} are not read.",
            photograph.content_type
        ))
    })?;
    let source = fetched(app, &photograph.storage_path, format == Format::Tiff).await?;
    let source = source.ok_or_else(|| refused("The photograph is gone.".to_owned()))?;
    let pixels = u64::from(photograph.width) * u64::from(photograph.height);
    let decoded = app
        .jobs()
        .decode(pixels, move || match source {
            Source::Disk(file) => scaled(file, format, long_side),
            Source::Memory(bytes) => scaled(Cursor::new(bytes), format, long_side),
        })
        .await?;
    decoded.map_err(|error| refused(format!("The photograph cannot be read: {error}.")))
}
