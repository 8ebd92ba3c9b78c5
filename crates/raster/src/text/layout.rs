//! Letters to glyphs in a row, and rows broken between words. Lengths are in sizes of the font.

use super::font::{UNITS_PER_EM, Weight, faces};
use harfrust::{Buffer, Direction, GlyphId, ShapeOptions, ShaperFont, shape};

/// A glyph of a part of the font at its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    pub face: usize,
    pub id: GlyphId,
    pub at: [f32; 2],
}

/// Glyphs side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub glyphs: Vec<Glyph>,
    pub width: f32,
}

impl Line {
    pub fn of(text: &str, weight: Weight) -> Self {
        let mut line = Self::default();
        // What has no width of its own on a canvas either.
        let text: String = text
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .filter(|c| !c.is_control())
            .collect();
        for (face, run) in runs(&text, weight) {
            line.append(face, run, weight);
        }
        line
    }

    fn append(&mut self, face: usize, run: &str, weight: Weight) {
        let Some(font) = faces(weight).get(face) else {
            return;
        };
        let mut buffer = Buffer::new();
        buffer.push_str(run);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        if shape(&ShaperFont::new(font), &mut buffer, ShapeOptions::new()).is_err() {
            return;
        }
        let em = |units: i32| units as f32 / UNITS_PER_EM;
        let placed = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
        for (info, position) in placed {
            let at = [self.width + em(position.x_offset), em(position.y_offset)];
            self.glyphs.push(Glyph {
                face,
                id: GlyphId::new(info.glyph_id),
                at,
            });
            self.width += em(position.x_advance);
        }
    }
}

/// The text in pieces that one part of the font can show; what none can is left to the first,
/// which shows a box.
fn runs(text: &str, weight: Weight) -> Vec<(usize, &str)> {
    let knows = |face: usize, c: char| {
        let font = faces(weight).get(face);
        font.is_some_and(|font| font.charmap().map_unicode(c).is_some())
    };
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (start, c) in text.char_indices() {
        let current = runs.last().map(|run| run.0);
        let stays = current.filter(|face| knows(*face, c));
        let found = || (0..faces(weight).len()).find(|face| knows(*face, c));
        let face = stays.or_else(found).unwrap_or(0);
        if current != Some(face) {
            runs.push((face, start));
        }
    }
    let ends = runs.iter().skip(1).map(|run| run.1).chain([text.len()]);
    let pieces = runs.iter().zip(ends);
    pieces
        .map(|(&(face, start), end)| (face, &text[start..end]))
        .collect()
}

/// The lines of a text that is broken between words where it is wider than `width`.
pub fn wrapped(text: &str, weight: Weight, width: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_inclusive(' ') {
            let longer = format!("{line}{word}");
            if !line.is_empty() && Line::of(longer.trim_end(), weight).width > width {
                lines.push(Line::of(&line, weight));
                word.clone_into(&mut line);
            } else {
                line = longer;
            }
        }
        lines.push(Line::of(&line, weight));
    }
    lines
}

/// A line of at most this width, with an ellipsis where it was longer.
pub fn shortened(text: &str, weight: Weight, width: f32) -> Line {
    let whole = Line::of(text, weight);
    if whole.width <= width {
        return whole;
    }
    let letters: Vec<char> = text.chars().collect();
    let short = |count: usize| {
        let start: String = letters[..count].iter().collect();
        Line::of(&format!("{start}…"), weight)
    };
    let (mut low, mut high) = (0, letters.len());
    while low < high {
        let middle = (low + high).div_ceil(2);
        if short(middle).width <= width {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    short(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(text: &str) -> f32 {
        Line::of(text, Weight::Regular).width
    }

    #[test]
    fn letters_stand_closer_where_the_font_says_so() {
        assert!(width("AV") < width("A") + width("V"));
        assert!(width("iiii") < width("mmmm"));
        assert_eq!(width(""), 0.0);
    }

    #[test]
    fn words_of_many_scripts_find_their_part() {
        for (text, face) in [
            ("street", 0),
            ("ž", 1),
            ("улица", 2),
            ("δρόμος", 4),
            ("ế", 6),
        ] {
            let line = Line::of(text, Weight::Regular);
            assert!(line.glyphs.iter().all(|glyph| glyph.face == face), "{text}");
            assert!(
                line.glyphs.iter().all(|glyph| glyph.id != GlyphId::NOTDEF),
                "{text}"
            );
        }
        let unknown = Line::of("道", Weight::Regular);
        assert_eq!(unknown.glyphs[0].id, GlyphId::NOTDEF);
    }

    #[test]
    fn lines_break_between_words() {
        let lines = wrapped(
            "left front wheel\nrim",
            Weight::Regular,
            width("left front "),
        );
        assert_eq!(lines.len(), 3);
        assert!((lines[1].width - width("wheel")).abs() < 1e-6);
        // A word that has no room stays whole.
        assert_eq!(wrapped("incomprehensible", Weight::Regular, 1.0).len(), 1);
    }

    #[test]
    fn long_names_are_shortened() {
        let line = shortened(&"name ".repeat(50), Weight::Medium, 20.0);
        assert!(line.width <= 20.0 && line.width > 18.0);
    }
}
