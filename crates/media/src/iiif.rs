//! IIIF Image API 2.1 and 3.0: tiles cut by a server, addressed by URL.

use crate::error::PictureError;
use crate::tiles::{Level, Orientation, Pyramid, TileId};
use serde_json::Value;

/// Sides beyond this are a mistake.
const MAX_SIDE: u64 = 1 << 24;
/// Where the server names no tiles.
const DEFAULT_TILE: u32 = 512;

/// What an `info.json` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Iiif {
    /// The image's base URI, without a slash at the end.
    pub id: String,
    pub width: u32,
    pub height: u32,
    /// 2 or 3.
    pub version: u8,
    tile: (u32, u32),
    /// How many full-size pixels one of each level is, finest first.
    factors: Vec<u32>,
}

impl Iiif {
    pub fn parse(text: &str) -> Result<Self, PictureError> {
        let damaged = |why: &str| PictureError::damaged("IIIF", why);
        let info: Value = serde_json::from_str(text).map_err(|_| damaged("it is not JSON"))?;
        let id = info["id"].as_str().or(info["@id"].as_str());
        let id = id.ok_or_else(|| damaged("it has no id"))?;
        let side = |name: &str| info[name].as_u64().unwrap_or(0);
        let (width, height) = (side("width"), side("height"));
        if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE {
            return Err(PictureError::Size { width, height });
        }
        let context = info["@context"].to_string();
        let version = if context.contains("/image/3/") { 3 } else { 2 };
        let tiles = &info["tiles"][0];
        let tile_side = |name: &str| {
            let value = tiles[name]
                .as_u64()
                .filter(|side| (16..=4096).contains(side));
            value.map(|side| side as u32)
        };
        let tile_width = tile_side("width").unwrap_or(DEFAULT_TILE);
        let tile_height = tile_side("height").unwrap_or(tile_width);
        let (width, height) = (width as u32, height as u32);
        Ok(Self {
            id: id.trim_end_matches('/').to_owned(),
            width,
            height,
            version,
            tile: (tile_width, tile_height),
            factors: factors(&tiles["scaleFactors"], width.max(height), tile_width),
        })
    }

    pub fn pyramid(&self) -> Pyramid {
        let level = |factor: &u32| Level {
            width: self.width.div_ceil(*factor),
            height: self.height.div_ceil(*factor),
            tile_width: self.tile.0,
            tile_height: self.tile.1,
        };
        Pyramid {
            orientation: Orientation::UPRIGHT,
            levels: self.factors.iter().map(level).collect(),
        }
    }

    /// Where a tile is: `{id}/{region}/{size}/0/default.jpg` in the canonical form of the version.
    pub fn tile_url(&self, tile: TileId) -> String {
        let factor = self.factors[tile.level as usize];
        let (x, y) = (
            tile.col * self.tile.0 * factor,
            tile.row * self.tile.1 * factor,
        );
        let width = (self.tile.0 * factor).min(self.width.saturating_sub(x));
        let height = (self.tile.1 * factor).min(self.height.saturating_sub(y));
        let (out_width, out_height) = (width.div_ceil(factor), height.div_ceil(factor));
        let id = &self.id;
        let region = if (width, height) == (self.width, self.height) {
            "full".to_owned()
        } else {
            format!("{x},{y},{width},{height}")
        };
        let size = match self.version {
            3 if region == "full" && factor == 1 => "max".to_owned(),
            3 => format!("{out_width},{out_height}"),
            _ if region == "full" && factor == 1 => "full".to_owned(),
            _ => format!("{out_width},"),
        };
        format!("{id}/{region}/{size}/0/default.jpg")
    }
}

/// The factors that the server names, or all powers of two down to one tile.
fn factors(named: &Value, longest: u32, tile: u32) -> Vec<u32> {
    let mut factors: Vec<u32> = named
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_u64)
        .filter(|factor| (1..=u64::from(longest)).contains(factor) && *factor <= 1 << 16)
        .map(|factor| factor as u32)
        .collect();
    if !factors.contains(&1) {
        factors = (0..16)
            .map(|n| 1_u32 << n)
            .take_while(|factor| *factor == 1 || longest.div_ceil(factor / 2) > tile)
            .collect();
    }
    factors.sort_unstable();
    factors.dedup();
    factors.truncate(32);
    factors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(version: u8) -> String {
        format!(
            r#"{{"@context":"http://iiif.io/api/image/{version}/context.json",
            "{}id":"https://a.b/iiif/page 1/","width":6000,"height":4000,
            "tiles":[{{"width":512,"scaleFactors":[1,2,4,8,16]}}]}}"#,
            if version == 2 { "@" } else { "" }
        )
    }

    fn check(version: u8, tile: TileId, expected: &str) {
        let image = Iiif::parse(&info(version)).unwrap();
        let url = format!("https://a.b/iiif/page 1/{expected}/0/default.jpg");
        assert_eq!(image.tile_url(tile), url);
    }

    #[test]
    fn addresses_of_both_versions() {
        check(2, TileId::new(0, 0, 0), "0,0,512,512/512,");
        check(3, TileId::new(0, 1, 2), "512,1024,512,512/512,512");
        check(3, TileId::new(0, 11, 7), "5632,3584,368,416/368,416");
        check(3, TileId::new(2, 2, 1), "4096,2048,1904,1952/476,488");
        check(2, TileId::new(4, 0, 0), "full/375,");
        check(3, TileId::new(4, 0, 0), "full/375,250");
    }

    #[test]
    fn a_server_without_tiles_gets_powers_of_two() {
        let text = r#"{"@id":"x","width":3000,"height":1000}"#;
        let image = Iiif::parse(text).unwrap();
        let levels = image.pyramid().levels;
        assert_eq!(levels.len(), 4);
        assert_eq!((levels[3].width, levels[3].height), (375, 125));
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        let check = |text: &str, words: &str| {
            let error = Iiif::parse(text).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        };
        check("<html>", "not JSON");
        check("{}", "no id");
        check(r#"{"id":"x","width":0,"height":5}"#, "0 × 5");
        check(r#"{"id":"x","width":1e12,"height":5}"#, "cannot be shown");
    }
}
