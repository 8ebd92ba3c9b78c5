//! Words as pixels: what the workbench's own text engine paints, with the fonts of this crate.

mod font;
mod glyphs;
mod layout;

use crate::sprites::Bitmap;
use font::Weight;
use glyphs::Coverage;
use layout::Line;
use visionflow_model::{Align, Color};
use visionflow_scene::{SpriteText, TextArea};

/// CSS pixels.
const FONT_SIZE: f32 = 12.0;
const HEIGHT: f32 = 18.0;
const PADDING: f32 = 5.0;
const RADIUS: f32 = 3.0;
/// Of a text on the image, for its font's size.
const LINE_HEIGHT: f32 = 1.25;
/// Longer names end in an ellipsis.
const MAX_TEXT_WIDTH: f32 = 240.0;

/// Paints a text as the engine's host does; `ratio` is device pixels per CSS pixel.
pub fn paint(sprite: &SpriteText, ratio: f32) -> Bitmap {
    match &sprite.area {
        Some(area) => paint_area(sprite, area),
        None => paint_tag(sprite, ratio),
    }
}

/// Words wrapped into an area, over nothing.
fn paint_area(sprite: &SpriteText, area: &TextArea) -> Bitmap {
    let size = area.font_size as f32;
    let weight = if area.bold {
        Weight::Bold
    } else {
        Weight::Regular
    };
    let (width, height) = (area.width as f32, area.height as f32);
    let mut coverage = Coverage::new(area.width, area.height);
    let line_height = size * LINE_HEIGHT;
    let lines = layout::wrapped(&sprite.text, weight, width / size);
    for (index, line) in lines.iter().enumerate() {
        let y = (index as f32 + 0.5) * line_height;
        if y - line_height > height {
            break;
        }
        let free = width - line.width * size;
        let x = match area.align {
            Align::Left => 0.0,
            Align::Center => free / 2.0,
            Align::Right => free,
        };
        coverage.draw(line, weight, size, [x, y + font::middle() * size]);
    }
    let Color { r, g, b } = sprite.color;
    let rgba = coverage.shares().flat_map(|share| [r, g, b, share]);
    Bitmap {
        width: area.width,
        height: area.height,
        rgba: rgba.collect(),
    }
}

fn paint_tag(sprite: &SpriteText, ratio: f32) -> Bitmap {
    let size = FONT_SIZE * ratio;
    let line = layout::shortened(&sprite.text, Weight::Medium, MAX_TEXT_WIDTH / FONT_SIZE);
    let width = (line.width * size + 2.0 * PADDING * ratio).ceil().max(1.0);
    let height = (HEIGHT * ratio).ceil().max(1.0);
    let mut letters = Coverage::new(width as u32, height as u32);
    let baseline = height / 2.0 + 0.5 * ratio + font::middle() * size;
    letters.draw(&line, Weight::Medium, size, [PADDING * ratio, baseline]);
    let ink = readable_on(sprite.color);
    let shares = letters.shares().collect::<Vec<_>>();
    let mut rgba = Vec::with_capacity(shares.len() * 4);
    for (index, share) in shares.iter().enumerate() {
        let (x, y) = (index % width as usize, index / width as usize);
        let at = [x as f32 + 0.5, y as f32 + 0.5];
        let tag = rounded([width, height], RADIUS * ratio, at);
        let Color { r, g, b } = sprite.color;
        let mixed = [r, g, b].map(|below| {
            let share = u32::from(*share);
            ((u32::from(ink) * share + u32::from(below) * (255 - share) + 127) / 255) as u8
        });
        rgba.extend(mixed);
        rgba.push((tag * 255.0 + 0.5) as u8);
    }
    Bitmap {
        width: width as u32,
        height: height as u32,
        rgba,
    }
}

/// One line in the middle of a square of so many pixels: how much of each is covered.
pub fn centred(text: &str, side: u32, size: f32) -> Vec<u8> {
    let line = Line::of(text, Weight::Bold);
    let mut coverage = Coverage::new(side, side);
    let middle = side as f32 / 2.0;
    let at = [
        middle - line.width * size / 2.0,
        middle + font::cap_height() * size / 2.0,
    ];
    coverage.draw(&line, Weight::Bold, size, at);
    coverage.shares().collect()
}

/// How much of a pixel lies in a rectangle with round corners.
fn rounded([width, height]: [f32; 2], radius: f32, at: [f32; 2]) -> f32 {
    let q = [
        (at[0] - width / 2.0).abs() - width / 2.0 + radius,
        (at[1] - height / 2.0).abs() - height / 2.0 + radius,
    ];
    let beyond = [q[0].max(0.0), q[1].max(0.0)];
    let outside = (beyond[0] * beyond[0] + beyond[1] * beyond[1]).sqrt();
    crate::blend::coverage(outside + q[0].max(q[1]).min(0.0) - radius)
}

/// Black or white, whichever contrasts more (relative luminance, WCAG 2.1).
pub fn readable_on(background: Color) -> u8 {
    let linear = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.040_45 {
            v / 12.92
        } else {
            libm::pow((v + 0.055) / 1.055, 2.4)
        }
    };
    let luminance = 0.2126 * linear(background.r)
        + 0.7152 * linear(background.g)
        + 0.0722 * linear(background.b);
    // Where the contrasts with black and with white are equal.
    if luminance > 0.179 { 0 } else { 255 }
}
