//! Words on the canvas: which of them the host has to paint, in which resolution, and where they
//! lie.

use crate::draw_list::{Sprite, SpriteId, SpriteText, TextArea};
use crate::shapes::View;
use std::collections::{HashMap, HashSet};
use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, Color, TextBox};

/// The longest side of a painted text, in its own pixels.
const MAX_SIDE: f64 = 2048.0;
/// Letters smaller than this (device pixels) are not worth painting.
const SMALLEST: f64 = 3.0;

/// Texts and their sprites.
#[derive(Debug, Default)]
pub struct Texts {
    ids: HashMap<(String, [u8; 3]), SpriteId>,
    listed: HashSet<SpriteId>,
    pub sprites: Vec<Sprite>,
    pub painted: Vec<SpriteText>,
    /// What each text on the image shows, and showed at another zoom.
    shown: HashMap<AnnotationId, (SpriteId, Option<SpriteId>)>,
}

impl Texts {
    pub fn clear(&mut self) {
        self.sprites.clear();
        self.painted.clear();
        self.listed.clear();
    }

    /// A tag of one line.
    pub fn tag(&mut self, text: &str, color: Color, sprite: impl FnOnce(SpriteId) -> Sprite) {
        if !text.is_empty() {
            let id = self.request(text.to_owned(), text, color, None);
            self.sprites.push(sprite(id));
        }
    }

    /// The words of a text on the image, as fine as the zoom asks for.
    pub fn on_image(&mut self, id: Option<AnnotationId>, text: &TextBox, color: Color, view: View) {
        let scale = f64::from(view.level).exp2() * 2.0;
        let (width, height) = (text.rect.width(), text.rect.height());
        let longest = width.max(height);
        if text.text.is_empty() || longest <= 0.0 || text.size * scale < SMALLEST {
            return;
        }
        let scale = scale.min(MAX_SIDE / longest);
        let side = |length: f64| (length * scale).ceil().max(1.0) as u32;
        let area = TextArea {
            width: side(width),
            height: side(height),
            font_size: text.size * scale,
            bold: text.bold,
            align: text.align,
        };
        let TextArea {
            width: w,
            height: h,
            font_size,
            ..
        } = area;
        let weight = if text.bold { "bold " } else { "" };
        let key = format!(
            "{w}×{h} {font_size} {weight}{} {}",
            text.align.name(),
            text.text
        );
        let sprite = self.request(key, &text.text, color, Some(area));
        let stand_in = id.and_then(|id| self.succeed(id, sprite));
        self.sprites.push(Sprite {
            id: sprite,
            anchor: text.rect.min,
            align: (0.0, 0.0),
            offset_css: (0.0, 0.0),
            size_in_image: Some((width, height)),
            stand_in,
        });
    }

    /// A tag at a place of the image.
    pub fn tag_at(
        anchor: Point,
        align: (f32, f32),
        offset_css: (f32, f32),
    ) -> impl FnOnce(SpriteId) -> Sprite {
        move |id| Sprite {
            id,
            anchor,
            align,
            offset_css,
            size_in_image: None,
            stand_in: None,
        }
    }

    /// What the text showed before it shows `now`.
    fn succeed(&mut self, id: AnnotationId, now: SpriteId) -> Option<SpriteId> {
        let (current, before) = self.shown.entry(id).or_insert((now, None));
        if *current != now {
            *before = Some(*current);
            *current = now;
        }
        *before
    }

    fn request(
        &mut self,
        key: String,
        text: &str,
        color: Color,
        area: Option<TextArea>,
    ) -> SpriteId {
        let next = SpriteId(self.ids.len() as u64);
        let key = (key, [color.r, color.g, color.b]);
        let id = *self.ids.entry(key).or_insert(next);
        if self.listed.insert(id) {
            self.painted.push(SpriteText {
                id,
                text: text.to_owned(),
                color,
                area,
            });
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use visionflow_geometry::Rect;
    use visionflow_model::Align;

    fn shown_at(texts: &mut Texts, level: i8) -> Option<(u32, Option<SpriteId>)> {
        let text = TextBox {
            rect: Rect::from_size(100.0, 40.0),
            text: "Hello".to_owned(),
            size: 16.0,
            bold: false,
            align: Align::Left,
        };
        let rect = Rect::from_size(1.0, 1.0);
        let id = AnnotationId(uuid::Uuid::from_u128(1));
        texts.clear();
        texts.on_image(Some(id), &text, Color::new(0, 0, 0), View { rect, level });
        let width = texts.painted.first()?.area?.width;
        Some((width, texts.sprites[0].stand_in))
    }

    #[test]
    fn words_are_painted_as_finely_as_the_zoom_asks_for() {
        let mut texts = Texts::default();
        assert_eq!(shown_at(&mut texts, -1), Some((100, None)));
        let coarse = Some(SpriteId(0));
        assert_eq!(shown_at(&mut texts, 1), Some((400, coarse)));
        assert_eq!(shown_at(&mut texts, 9).map(|(width, _)| width), Some(2048));
        assert_eq!(shown_at(&mut texts, -6), None);
    }
}
