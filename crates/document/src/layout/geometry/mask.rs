//! Masks: tiles in the geometry, strokes on top of them.

use crate::layout::values::read_number;
use crate::layout::{Property, Stroke, split_override_key};
use std::sync::Arc;
use visionflow_geometry::{Mask, Tile, TileDelta, TileKey};
use visionflow_model::{MAX_MASK_TILES, Shape};
use yrs::Any;

pub(super) fn mask_any(mask: &Mask) -> Any {
    let tile = |(key, tile): (TileKey, &Arc<Tile>)| {
        let at = |value: i32| super::number_any(f64::from(value));
        let bytes = Any::Buffer(tile.to_bytes().into());
        Any::Array(Arc::new([at(key.x), at(key.y), bytes]))
    };
    Any::Array(mask.tiles().map(tile).collect())
}

pub(super) fn read_mask(value: &Any) -> Result<Mask, String> {
    let Any::Array(tiles) = value else {
        return Err("the geometry is not understood".to_owned());
    };
    if tiles.len() > MAX_MASK_TILES {
        return Err(format!("the mask has more than {MAX_MASK_TILES} tiles"));
    }
    let mut mask = Mask::default();
    for entry in tiles.iter() {
        let (key, bytes) = tile_entry(entry).ok_or("a tile of the mask is not understood")?;
        let tile = Tile::from_bytes(bytes).map_err(|fault| fault.to_string())?;
        mask.set_tile(key, Arc::new(tile));
    }
    Ok(mask)
}

/// One tile of a mask's geometry, without reading the others.
pub(crate) fn read_tile(geometry: &Any, tile: TileKey) -> Option<Tile> {
    let tiles = match geometry {
        Any::Array(tiles) => tiles,
        Any::Map(map) => match map.get("geometry")? {
            Any::Array(tiles) => tiles,
            _ => return None,
        },
        _ => return None,
    };
    // The last of several entries for one place stands.
    let mut entries = tiles.iter().rev().filter_map(tile_entry);
    let (_, bytes) = entries.find(|(key, _)| *key == tile)?;
    Tile::from_bytes(bytes).ok()
}

pub(crate) fn apply_stroke(shape: &mut Shape, tile: TileKey, value: &Any) -> Result<(), String> {
    // Whatever the annotation was turned into, strokes on its mask mean nothing to it any more.
    let Shape::Mask(mask) = shape else {
        return Ok(());
    };
    let mut changed = mask
        .tile(tile)
        .map_or_else(Tile::default, |tile| (**tile).clone());
    changed.apply(&read_stroke(value)?);
    mask.set_tile(tile, Arc::new(changed));
    if mask.tiles().len() > MAX_MASK_TILES {
        mask.set_tile(tile, Arc::default());
        return Err(format!("the mask has more than {MAX_MASK_TILES} tiles"));
    }
    Ok(())
}

fn read_stroke(value: &Any) -> Result<TileDelta, String> {
    let Any::Buffer(bytes) = value else {
        return Err("the stroke is not bytes".to_owned());
    };
    TileDelta::from_bytes(bytes).map_err(|fault| fault.to_string())
}

/// The strokes among an annotation's override keys, in the order in which they apply.
pub(crate) fn strokes_of<'a>(
    keys: impl Iterator<Item = &'a Arc<str>>,
) -> Vec<(Stroke, &'a Arc<str>)> {
    let mut strokes: Vec<_> = keys
        .filter_map(
            |key| match Property::from_name(split_override_key(key)?.1)? {
                Property::Stroke(stroke) => Some((stroke, key)),
                _ => None,
            },
        )
        .collect();
    strokes.sort_unstable_by_key(|(stroke, _)| *stroke);
    strokes
}

fn tile_entry(entry: &Any) -> Option<(TileKey, &[u8])> {
    let Any::Array(entry) = entry else {
        return None;
    };
    let [x, y, Any::Buffer(bytes)] = entry.as_ref() else {
        return None;
    };
    let at = |value: &Any| {
        let value = read_number(value)?;
        (value.fract() == 0.0 && value.abs() < f64::from(i32::MAX)).then_some(value as i32)
    };
    let key = TileKey {
        x: at(x)?,
        y: at(y)?,
    };
    Some((key, bytes))
}
