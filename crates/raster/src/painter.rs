//! Draw lists executed on a canvas, in the order in which the renderer paints.

use crate::atlas::Atlas;
use crate::canvas::Canvas;
use crate::error::RasterError;
use crate::photo::Photo;
use crate::shapes::Item;
use crate::sprites::{Bitmap, Place};
use std::collections::HashMap;
use std::ops::Range;
use visionflow_scene::{DrawList, Layer, PixelView, Sprite, SpriteId};

/// Keeps what draw lists hand over piece by piece, masks and painted texts, and draws them.
///
/// Grids, the crosshair and how the photograph's colours are looked at belong to the view of one
/// person, and are not drawn.
#[derive(Debug, Default)]
pub struct Painter {
    atlas: Atlas,
    sprites: HashMap<SpriteId, Bitmap>,
    /// How many pixels may still be looked at.
    left: Option<u64>,
}

impl Painter {
    /// A painter that stops with [`RasterError::TooMuch`] after looking at so many pixels.
    pub fn within(pixels: u64) -> Self {
        Self {
            left: Some(pixels),
            ..Self::default()
        }
    }

    /// Takes the masks' texels that a draw list names as changed: once for each list.
    pub fn take(&mut self, list: &DrawList) {
        self.atlas.take(&list.masks);
    }

    /// Takes a painted text.
    pub fn set_text_sprite(&mut self, id: SpriteId, bitmap: Bitmap) {
        self.sprites.insert(id, bitmap);
    }

    /// The texts that show on a canvas of this list, whether they are painted yet or not.
    pub(crate) fn shown(list: &DrawList, canvas: &Canvas) -> Vec<SpriteId> {
        let shows = |sprite: &&Sprite| {
            sprite.size_in_image.is_none()
                || !Place::of(list, sprite, (0, 0)).area(canvas).is_empty()
        };
        list.sprites.iter().filter(shows).map(|s| s.id).collect()
    }

    pub(crate) fn has(&self, id: SpriteId) -> bool {
        self.sprites.contains_key(&id)
    }

    pub(crate) fn sprite_bytes(&self) -> usize {
        self.sprites.values().map(|sprite| sprite.rgba.len()).sum()
    }

    pub(crate) fn retain_text_sprites(&mut self, keep: &[SpriteId]) {
        self.sprites.retain(|id, _| keep.contains(id));
    }

    /// Draws photograph, shapes, overlay, texts and what lies above them.
    pub fn paint(
        &mut self,
        list: &DrawList,
        photo: Option<&mut Photo>,
        canvas: &mut Canvas,
    ) -> Result<(), RasterError> {
        if let Some(photo) = photo {
            photo.draw(list, canvas);
            self.pay(canvas)?;
        }
        let view = PixelView::of(list);
        for layer in [&list.shapes, &list.overlay] {
            let below = layer.order.len().saturating_sub(layer.above as usize);
            self.layer(layer, 0..below, &view, canvas)?;
        }
        for sprite in &list.sprites {
            let known = |id: &SpriteId| self.sprites.get(id);
            let painted = known(&sprite.id).or(sprite.stand_in.as_ref().and_then(known));
            if let Some(bitmap) = painted {
                let place = Place::of(list, sprite, (bitmap.width, bitmap.height));
                bitmap.draw(place, canvas);
            }
            self.pay(canvas)?;
        }
        let all = list.overlay.order.len();
        let above = all.saturating_sub(list.overlay.above as usize);
        self.layer(&list.overlay, above..all, &view, canvas)
    }

    fn layer(
        &mut self,
        layer: &Layer,
        range: Range<usize>,
        view: &PixelView,
        canvas: &mut Canvas,
    ) -> Result<(), RasterError> {
        let (table, styles) = (layer.primitives.entries(), layer.styles.entries());
        for &slot in &layer.order.entries()[range] {
            let slot = slot as usize;
            let Some(&primitive) = table.get(slot) else {
                continue;
            };
            let Some(&style) = styles.get(primitive.style as usize) else {
                continue;
            };
            let item = Item {
                view,
                primitive,
                style,
                table,
                slot,
                atlas: &self.atlas,
            };
            item.draw(canvas);
            self.pay(canvas)?;
        }
        Ok(())
    }

    fn pay(&mut self, canvas: &mut Canvas) -> Result<(), RasterError> {
        let spent = canvas.take_spent();
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(spent).ok_or(RasterError::TooMuch)?;
        }
        Ok(())
    }
}
