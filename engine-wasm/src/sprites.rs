//! Name tags, painted by the browser's own text engine: every script, no fonts to ship.

use crate::EngineError;
use visionflow_model::Color;
use visionflow_scene::SpriteText;
use wasm_bindgen::JsCast;
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// CSS pixels.
const FONT_SIZE: f64 = 12.0;
const HEIGHT: f64 = 18.0;
const PADDING: f64 = 5.0;
const RADIUS: f64 = 3.0;
/// Longer names end in an ellipsis.
const MAX_TEXT_WIDTH: f64 = 240.0;

/// Paints one text at a time on a canvas that nobody sees.
pub struct SpritePainter {
    canvas: OffscreenCanvas,
    context: OffscreenCanvasRenderingContext2d,
}

/// A painted text.
pub struct PaintedSprite {
    /// In device pixels.
    pub size: (u32, u32),
    /// Straight alpha, row by row.
    pub rgba: Vec<u8>,
}

impl SpritePainter {
    pub fn new() -> Result<Self, EngineError> {
        let canvas = OffscreenCanvas::new(1, 1)?;
        // Read back after each text: the browser should keep it out of the GPU.
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into())?;
        let context = canvas
            .get_context_with_context_options("2d", &options)?
            .and_then(|context| context.dyn_into().ok())
            .ok_or_else(|| EngineError::Browser("no 2D canvas for texts".to_owned()))?;
        Ok(Self { canvas, context })
    }

    /// `ratio` is device pixels per CSS pixel.
    pub fn paint(&self, sprite: &SpriteText, ratio: f64) -> Result<PaintedSprite, EngineError> {
        let context = &self.context;
        context.set_font(&font(ratio));
        let text = self.shortened(&sprite.text, MAX_TEXT_WIDTH * ratio)?;
        let text_width = context.measure_text(&text)?.width();
        let width = (text_width + 2.0 * PADDING * ratio).ceil().max(1.0);
        let height = (HEIGHT * ratio).ceil().max(1.0);
        self.canvas.set_width(width as u32);
        self.canvas.set_height(height as u32);
        // Resizing reset the context.
        context.set_font(&font(ratio));
        context.set_text_baseline("middle");
        context.set_fill_style_str(&sprite.color.to_string());
        context.begin_path();
        context.round_rect_with_f64(0.0, 0.0, width, height, RADIUS * ratio)?;
        context.fill();
        context.set_fill_style_str(text_color(sprite.color));
        context.fill_text(&text, PADDING * ratio, height / 2.0 + 0.5 * ratio)?;
        let pixels = context.get_image_data(0.0, 0.0, width, height)?;
        Ok(PaintedSprite {
            size: (width as u32, height as u32),
            rgba: pixels.data().0,
        })
    }

    fn shortened(&self, text: &str, max_width: f64) -> Result<String, EngineError> {
        if self.context.measure_text(text)?.width() <= max_width {
            return Ok(text.to_owned());
        }
        let letters: Vec<char> = text.chars().collect();
        let fits = |count: usize| -> Result<bool, EngineError> {
            let short: String = letters[..count].iter().collect();
            let width = self.context.measure_text(&format!("{short}…"))?.width();
            Ok(width <= max_width)
        };
        let (mut low, mut high) = (0, letters.len());
        while low < high {
            let middle = (low + high).div_ceil(2);
            if fits(middle)? {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        let short: String = letters[..low].iter().collect();
        Ok(format!("{short}…"))
    }
}

fn font(ratio: f64) -> String {
    format!(
        "500 {}px Inter, \"Inter Variable\", system-ui, sans-serif",
        FONT_SIZE * ratio
    )
}

/// Black or white, whichever contrasts more (relative luminance, WCAG 2.1).
fn text_color(background: Color) -> &'static str {
    let linear = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.040_45 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    let luminance = 0.2126 * linear(background.r)
        + 0.7152 * linear(background.g)
        + 0.0722 * linear(background.b);
    // Where the contrasts with black and with white are equal.
    if luminance > 0.179 { "#000" } else { "#fff" }
}
