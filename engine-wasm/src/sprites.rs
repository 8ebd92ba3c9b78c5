//! Name tags and the words of texts on the image, painted by the browser's own text engine: every script, no fonts to ship.

use crate::EngineError;
use visionflow_model::{Align, Color};
use visionflow_scene::{SpriteText, TextArea};
use wasm_bindgen::JsCast;
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// CSS pixels.
const FONT_SIZE: f64 = 12.0;
const HEIGHT: f64 = 18.0;
const PADDING: f64 = 5.0;
const RADIUS: f64 = 3.0;
/// Of a text on the image, for its font's size.
const LINE_HEIGHT: f64 = 1.25;
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
        match &sprite.area {
            Some(area) => self.paint_area(sprite, area),
            None => self.paint_tag(sprite, ratio),
        }
    }

    /// Words wrapped into an area, over nothing.
    fn paint_area(
        &self,
        sprite: &SpriteText,
        area: &TextArea,
    ) -> Result<PaintedSprite, EngineError> {
        let context = &self.context;
        let (width, height) = (f64::from(area.width), f64::from(area.height));
        self.canvas.set_width(area.width);
        self.canvas.set_height(area.height);
        let weight = if area.bold { 700 } else { 400 };
        context.set_font(&font(weight, area.font_size));
        context.set_text_baseline("middle");
        context.set_fill_style_str(&sprite.color.to_string());
        let (align, x) = match area.align {
            Align::Left => ("left", 0.0),
            Align::Center => ("center", width / 2.0),
            Align::Right => ("right", width),
        };
        context.set_text_align(align);
        let line_height = area.font_size * LINE_HEIGHT;
        for (line, index) in self.wrapped(&sprite.text, width)?.iter().zip(0_u32..) {
            let y = (f64::from(index) + 0.5) * line_height;
            if y - line_height > height {
                break;
            }
            context.fill_text(line, x, y)?;
        }
        let pixels = context.get_image_data(0.0, 0.0, width, height)?;
        Ok(PaintedSprite {
            size: (area.width, area.height),
            rgba: pixels.data().0,
        })
    }

    /// The lines of a text that is broken between words where it is wider than `width`.
    fn wrapped(&self, text: &str, width: f64) -> Result<Vec<String>, EngineError> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = String::new();
            for word in paragraph.split_inclusive(' ') {
                let longer = format!("{line}{word}");
                let measured = self.context.measure_text(longer.trim_end())?;
                if measured.width() > width && !line.is_empty() {
                    lines.push(std::mem::replace(&mut line, word.to_owned()));
                } else {
                    line = longer;
                }
            }
            lines.push(line);
        }
        Ok(lines)
    }

    fn paint_tag(&self, sprite: &SpriteText, ratio: f64) -> Result<PaintedSprite, EngineError> {
        let context = &self.context;
        context.set_font(&font(500, FONT_SIZE * ratio));
        let text = self.shortened(&sprite.text, MAX_TEXT_WIDTH * ratio)?;
        let text_width = context.measure_text(&text)?.width();
        let width = (text_width + 2.0 * PADDING * ratio).ceil().max(1.0);
        let height = (HEIGHT * ratio).ceil().max(1.0);
        self.canvas.set_width(width as u32);
        self.canvas.set_height(height as u32);
        // Resizing reset the context.
        context.set_font(&font(500, FONT_SIZE * ratio));
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

/// The font of the workbench, `size` in pixels of the canvas.
fn font(weight: u32, size: f64) -> String {
    format!("{weight} {size}px Inter, \"Inter Variable\", system-ui, sans-serif")
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
