//! Inter, the workbench's font (SIL OFL 1.1), in the parts and the order in which browsers use it.

use harfrust::Font;
use std::sync::OnceLock;

/// Which strokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Medium,
    Bold,
}

/// The parts, the most used first; each has the letters of its ranges and no others.
const FILES: [&[u8]; 7] = [
    include_bytes!("../../fonts/inter-latin.ttf"),
    include_bytes!("../../fonts/inter-latin-ext.ttf"),
    include_bytes!("../../fonts/inter-cyrillic.ttf"),
    include_bytes!("../../fonts/inter-cyrillic-ext.ttf"),
    include_bytes!("../../fonts/inter-greek.ttf"),
    include_bytes!("../../fonts/inter-greek-ext.ttf"),
    include_bytes!("../../fonts/inter-vietnamese.ttf"),
];

/// The parts of the font in a weight.
pub fn faces(weight: Weight) -> &'static [Font] {
    static FACES: [OnceLock<Vec<Font>>; 3] = [const { OnceLock::new() }; 3];
    FACES[weight as usize].get_or_init(|| {
        let strength = match weight {
            Weight::Regular => 400.0,
            Weight::Medium => 500.0,
            Weight::Bold => 700.0,
        };
        let instance = |file: &&'static [u8]| {
            let font = Font::new(*file, 0)?;
            let builder = font.instance_builder();
            Some(builder.variations([("wght", strength)]).build())
        };
        FILES.iter().filter_map(instance).collect()
    })
}

/// Font units of all parts to the size of the font.
pub const UNITS_PER_EM: f32 = 2048.0;
/// The font's typographic ascent and descent, in its units.
const ASCENT: f32 = 1984.0;
const DESCENT: f32 = 494.0;
const CAP_HEIGHT: f32 = 1490.0;

/// How far the baseline lies below the middle of a line, in sizes of the font: what a canvas means
/// by the baseline “middle”, the middle of ascent and descent scaled to one em.
pub fn middle() -> f32 {
    (ASCENT - DESCENT) / (ASCENT + DESCENT) / 2.0
}

/// Of a capital, in sizes of the font.
pub fn cap_height() -> f32 {
    CAP_HEIGHT / UNITS_PER_EM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_a_font_of_the_same_units() {
        for weight in [Weight::Regular, Weight::Medium, Weight::Bold] {
            let faces = faces(weight);
            assert_eq!(faces.len(), FILES.len());
            for face in faces {
                assert_eq!(f32::from(face.units_per_em()), UNITS_PER_EM);
                let metrics = face.metrics();
                assert!(face.num_glyphs() > 100, "{metrics:?}");
            }
        }
    }
}
