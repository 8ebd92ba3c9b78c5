//! What a picture is to be, and the request that it makes.

use visionflow_api::{Image, NewRender, RenderBackground, RenderFormat};

/// In place of a size in percent: a resolution for paper.
pub const BY_DPI: &str = "dpi";
const USUAL_DPI: &str = "300";
/// Pixels to an inch at the photograph's own size.
const DPI_OF_SCALE_1: f64 = 96.0;

/// What is asked for, as the fields hold it.
#[derive(Clone, PartialEq)]
pub struct Wish {
    pub format: RenderFormat,
    /// In percent of the photograph, or [`BY_DPI`].
    pub size: String,
    pub dpi: String,
    pub background: RenderBackground,
    pub comments: bool,
    /// The name of a version; empty for now.
    pub version: String,
}

impl Wish {
    pub fn usual() -> Self {
        Self {
            format: RenderFormat::Png,
            size: "100".to_owned(),
            dpi: USUAL_DPI.to_owned(),
            background: RenderBackground::Image,
            comments: false,
            version: String::new(),
        }
    }

    /// The request; `None` while the resolution is no number.
    pub fn request(&self) -> Option<NewRender> {
        let (scale, dpi) = if self.size == BY_DPI {
            let dpi = self.dpi.trim().parse::<u16>().ok().filter(|dpi| *dpi > 0)?;
            (None, Some(dpi))
        } else {
            (Some(self.size.parse::<f64>().ok()? / 100.0), None)
        };
        Some(NewRender {
            format: self.format,
            scale,
            dpi,
            background: self.background,
            include_comments: self.comments,
            tag: Some(self.version.clone()).filter(|tag| !tag.is_empty()),
            ..NewRender::default()
        })
    }

    /// The picture's size in pixels.
    pub fn pixels(&self, item: &Image) -> Option<String> {
        let request = self.request()?;
        let by_dpi = request.dpi.map(|dpi| f64::from(dpi) / DPI_OF_SCALE_1);
        let scale = request.scale.or(by_dpi)?;
        let side = |side: i64| (side as f64 * scale).round().max(1.0);
        Some(format!(
            "{} × {}",
            side(item.width.into()),
            side(item.height.into())
        ))
    }
}
