//! A layer of the draw list on the GPU: three tables and what binds them, and the atlas of masks,
//! to the shader.

use crate::gpu::{Binding, Format, Gpu, Pass, Resource};
use crate::masks::MaskTexture;
use crate::table::TableTexture;
use std::ops::Range;
use visionflow_scene::Layer;

/// The tables of one layer.
pub struct LayerTables<G: Gpu> {
    primitives: TableTexture<G>,
    styles: TableTexture<G>,
    order: TableTexture<G>,
    group: G::Group,
    /// How many primitives are drawn.
    entries: u32,
}

impl<G: Gpu> LayerTables<G> {
    pub fn new(gpu: &G, layout: &G::Layout, masks: &MaskTexture<G>) -> Self {
        let table = |format| TableTexture::new(gpu, format);
        let (primitives, styles) = (table(Format::Rgba32), table(Format::Rgba32));
        let order = table(Format::R32);
        let group = bind(gpu, layout, [&primitives, &styles, &order], masks);
        Self {
            primitives,
            styles,
            order,
            group,
            entries: 0,
        }
    }

    /// Takes what changed in `layer`; `masks` with whether its texture was replaced.
    pub fn upload(
        &mut self,
        gpu: &G,
        layout: &G::Layout,
        layer: &Layer,
        (masks, masks_replaced): (&MaskTexture<G>, bool),
    ) {
        let replaced = [
            self.primitives.upload(gpu, &layer.primitives),
            self.styles.upload(gpu, &layer.styles),
            self.order.upload(gpu, &layer.order),
        ];
        if masks_replaced || replaced.contains(&true) {
            let tables = [&self.primitives, &self.styles, &self.order];
            self.group = bind(gpu, layout, tables, masks);
        }
        self.entries = layer.order.len() as u32;
    }

    /// Draws all but the last `without` of the order.
    pub fn paint(&self, pass: &mut G::Pass, without: u32) {
        self.draw(pass, 0..self.entries.saturating_sub(without));
    }

    /// Draws the last `count` of the order.
    pub fn paint_last(&self, pass: &mut G::Pass, count: u32) {
        self.draw(pass, self.entries.saturating_sub(count)..self.entries);
    }

    fn draw(&self, pass: &mut G::Pass, entries: Range<u32>) {
        if !entries.is_empty() {
            pass.set_group(1, &self.group);
            pass.draw(entries.start * 6..entries.end * 6);
        }
    }
}

/// The layout that [`LayerTables`] binds.
pub fn layout<G: Gpu>(gpu: &G) -> G::Layout {
    let table = Binding::IntegerArray;
    gpu.layout("layer", &[table, table, table, Binding::FloatArray])
}

fn bind<G: Gpu>(
    gpu: &G,
    layout: &G::Layout,
    tables: [&TableTexture<G>; 3],
    masks: &MaskTexture<G>,
) -> G::Group {
    let [primitives, styles, order] = tables.map(TableTexture::texture);
    let textures = [primitives, styles, order, masks.texture()];
    gpu.group(layout, &textures.map(Resource::Texture))
}
