//! The frame of a text: where it comes from, and how it grows with the words.

use super::Typing;
use crate::Context;
use crate::boxes::{self, is_slip};
use crate::step::snapped;
use crate::two_points::Stretch;
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{MAX_TEXT_BYTES, Shape, TextBox};

/// The frame that a click gives, in font sizes.
const FRAME: (f64, f64) = (10.0, 1.5);
/// The height of a line, in font sizes.
const LINE: f64 = 1.25;

impl Typing {
    /// Makes the frame as high as the lines need, as well as that can be told without the font.
    pub(super) fn grow(&mut self, image: Rect) {
        let text = &mut self.text;
        let a_line = (text.rect.width() / (0.55 * text.size)).floor().max(1.0);
        let rows = |line: &str| (line.chars().count() as f64 / a_line).ceil().max(1.0);
        let lines: f64 = text.text.split('\n').map(rows).sum();
        let bottom = text.rect.min.y + lines * LINE * text.size;
        let bottom = bottom.min(image.max.y).max(text.rect.max.y);
        text.rect.max = snapped(Point::new(text.rect.max.x, bottom));
    }

    /// Takes over what others made of the text meanwhile: all but the words is theirs.
    pub(super) fn follow(&mut self, now: &Shape, image: Rect) {
        let (Shape::Text(now), Some(before)) = (now, &self.before) else {
            return;
        };
        let words = |text: &TextBox| TextBox {
            text: String::new(),
            ..text.clone()
        };
        if words(now) != words(before) {
            let text = std::mem::take(&mut self.text.text);
            self.text = TextBox {
                text,
                ..(**now).clone()
            };
            self.grow(image);
        }
    }
}

/// What a text may hold at most, cut between characters.
pub(super) fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT_BYTES)]
}

/// The frame of a text that begins where the person clicked, moved inside the image.
pub(super) fn click_frame(at: Point, context: &Context<'_>) -> Rect {
    let (size, image) = (context.settings.text.size, context.image);
    let width = (FRAME.0 * size).min(image.width());
    let height = (FRAME.1 * size).min(image.height());
    let min = Point::new(
        at.x.min(image.max.x - width),
        at.y.min(image.max.y - height),
    );
    Rect::from_corners(snapped(min), snapped(min + Vec2::new(width, height)))
}

pub(super) fn drag_frame(stretch: Stretch, context: &Context<'_>) -> Rect {
    let rect = boxes::rect(stretch, context);
    if is_slip(rect, context) {
        click_frame(stretch.start.at, context)
    } else {
        rect
    }
}
