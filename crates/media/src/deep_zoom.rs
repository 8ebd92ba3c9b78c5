//! Deep Zoom: a small XML file beside a folder of tiles (Microsoft's "Deep Zoom File Format").

use crate::error::PictureError;
use crate::tiles::{Level, Orientation, Pyramid, TileId};

/// What a `.dzi` file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeepZoom {
    pub width: u32,
    pub height: u32,
    pub tile: u32,
    /// Pixels that neighbouring tiles share on each side.
    pub overlap: u32,
    /// The tiles' file extension.
    pub format: String,
}

/// Sides beyond this are a mistake.
const MAX_SIDE: u32 = 1 << 24;

impl DeepZoom {
    /// Reads the descriptor, as XML or as the same in JSON.
    pub fn parse(text: &str) -> Result<Self, PictureError> {
        let number = |name: &str| value(text, name).and_then(|value| value.parse::<u32>().ok());
        let missing = |name: &str| PictureError::damaged("Deep Zoom", format!("it has no {name}"));
        let description = Self {
            width: number("Width").ok_or_else(|| missing("Width"))?,
            height: number("Height").ok_or_else(|| missing("Height"))?,
            tile: number("TileSize").ok_or_else(|| missing("TileSize"))?,
            overlap: number("Overlap").unwrap_or(0),
            format: value(text, "Format").unwrap_or("jpg").to_owned(),
        };
        let (width, height) = (description.width, description.height);
        if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE {
            let (width, height) = (u64::from(width), u64::from(height));
            return Err(PictureError::Size { width, height });
        }
        let is_word = |c: char| c.is_ascii_alphanumeric();
        if !(16..=4096).contains(&description.tile)
            || description.overlap >= description.tile
            || !description.format.chars().all(is_word)
        {
            let why = "its tiles have an impossible size or format";
            return Err(PictureError::damaged("Deep Zoom", why));
        }
        Ok(description)
    }

    /// Levels whose last has a side of at least one tile; the tiny ones below are never needed.
    pub fn pyramid(&self) -> Pyramid {
        Pyramid::halved(self.width, self.height, self.tile, Orientation::UPRIGHT)
    }

    /// Where a tile is, given the descriptor's own URL.
    pub fn tile_url(&self, descriptor_url: &str, tile: TileId) -> String {
        let (path, query) = split_query(descriptor_url);
        let base = ["dzi", "xml", "json"]
            .iter()
            .find_map(|extension| path.strip_suffix(&format!(".{extension}")))
            .unwrap_or(path);
        let level = self.top_level() - u32::from(tile.level);
        let (col, row, format) = (tile.col, tile.row, &self.format);
        format!("{base}_files/{level}/{col}_{row}.{format}{query}")
    }

    /// The part of a tile's file that is the tile itself, without the overlap: x, y, width, height.
    pub fn inner(&self, level: &Level, tile: TileId) -> (u32, u32, u32, u32) {
        let (_, _, width, height) = level.pixels(tile.col, tile.row);
        let before = |n: u32| if n > 0 { self.overlap } else { 0 };
        (before(tile.col), before(tile.row), width, height)
    }

    /// The number of the full resolution; level 0 is one pixel.
    fn top_level(&self) -> u32 {
        self.width.max(self.height).next_power_of_two().ilog2()
    }
}

fn split_query(url: &str) -> (&str, &str) {
    let at = url.find(['?', '#']).unwrap_or(url.len());
    url.split_at(at)
}

/// The value of `name="…"`, `name='…'` or `"name": …`; names are unique in this format.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    while let Some(found) = text[from..].find(name) {
        let start = from + found;
        let end = start + name.len();
        from = end;
        let before = text[..start].chars().next_back();
        if !before.is_some_and(|c| c.is_whitespace() || c == '"' || c == '\'') {
            continue;
        }
        let rest = text[end..].trim_start_matches(['"', '\'']).trim_start();
        let Some(rest) = rest.strip_prefix(['=', ':']) else {
            continue;
        };
        let rest = rest.trim_start();
        return match rest.chars().next()? {
            quote @ ('"' | '\'') => rest[1..].split(quote).next(),
            _ => rest.split([',', '}', ' ', '\n', '\r', '\t']).next(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="jpeg" Overlap="2" TileSize="254">
  <Size Height="9221" Width="7026"/>
</Image>"#;

    #[test]
    fn the_descriptor_in_both_notations() {
        let json = r#"{"Image":{"xmlns":"x","Format":"jpeg","Overlap":"2","TileSize":"254",
            "Size":{"Height":"9221","Width":"7026"}}}"#;
        let expected = DeepZoom {
            width: 7026,
            height: 9221,
            tile: 254,
            overlap: 2,
            format: "jpeg".to_owned(),
        };
        assert_eq!(DeepZoom::parse(XML), Ok(expected.clone()));
        assert_eq!(DeepZoom::parse(json), Ok(expected.clone()));
        let numbers = json.replace("\"9221\"", "9221").replace("\"7026\"", "7026");
        assert_eq!(DeepZoom::parse(&numbers), Ok(expected));
    }

    #[test]
    fn addresses_count_levels_from_one_pixel() {
        let zoom = DeepZoom::parse(XML).unwrap();
        let check = |url: &str, tile, expected: &str| {
            assert_eq!(zoom.tile_url(url, tile), expected);
        };
        let finest = TileId::new(0, 3, 36);
        check(
            "https://a.b/m/x.dzi",
            finest,
            "https://a.b/m/x_files/14/3_36.jpeg",
        );
        check("x.dzi?k=1", TileId::new(5, 0, 1), "x_files/9/0_1.jpeg?k=1");
    }

    #[test]
    fn overlap_lies_before_all_but_the_first_tiles() {
        let zoom = DeepZoom::parse(XML).unwrap();
        let pyramid = zoom.pyramid();
        let inner = |col, row| zoom.inner(&pyramid.levels[0], TileId::new(0, col, row));
        assert_eq!(inner(0, 0), (0, 0, 254, 254));
        assert_eq!(inner(27, 36), (2, 2, 168, 77));
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        let check = |text: &str, words: &str| {
            let error = DeepZoom::parse(text).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        };
        check("<html>", "no Width");
        check(&XML.replace("7026", "0"), "0 × 9221");
        check(&XML.replace("254", "0"), "impossible");
        check(&XML.replace("7026", "99999999"), "cannot be shown");
        check(&XML.replace("jpeg", "../../x"), "impossible");
    }
}
