//! A layer of the draw list on the GPU: three tables and what binds them, and the atlas of masks,
//! to the shader.

use crate::masks::MaskTexture;
use crate::pipeline;
use crate::table::TableTexture;
use std::ops::Range;
use visionflow_scene::Layer;
use wgpu::TextureFormat::{R32Uint, Rgba32Uint};

/// The tables of one layer.
pub struct LayerTables {
    primitives: TableTexture,
    styles: TableTexture,
    order: TableTexture,
    group: wgpu::BindGroup,
    /// How many primitives are drawn.
    entries: u32,
}

impl LayerTables {
    pub fn new(device: &wgpu::Device, layout: &wgpu::BindGroupLayout, masks: &MaskTexture) -> Self {
        let table = |format| TableTexture::new(device, format);
        let (primitives, styles, order) = (table(Rgba32Uint), table(Rgba32Uint), table(R32Uint));
        let group = bind(device, layout, [&primitives, &styles, &order], masks);
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
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        layout: &wgpu::BindGroupLayout,
        layer: &Layer,
        (masks, masks_replaced): (&MaskTexture, bool),
    ) {
        let replaced = [
            self.primitives.upload(device, queue, &layer.primitives),
            self.styles.upload(device, queue, &layer.styles),
            self.order.upload(device, queue, &layer.order),
        ];
        if masks_replaced || replaced.contains(&true) {
            let tables = [&self.primitives, &self.styles, &self.order];
            self.group = bind(device, layout, tables, masks);
        }
        self.entries = layer.order.len() as u32;
    }

    /// Draws all but the last `without` of the order.
    pub fn paint(&self, pass: &mut wgpu::RenderPass<'_>, without: u32) {
        self.draw(pass, 0..self.entries.saturating_sub(without));
    }

    /// Draws the last `count` of the order.
    pub fn paint_last(&self, pass: &mut wgpu::RenderPass<'_>, count: u32) {
        self.draw(pass, self.entries.saturating_sub(count)..self.entries);
    }

    fn draw(&self, pass: &mut wgpu::RenderPass<'_>, entries: Range<u32>) {
        if !entries.is_empty() {
            pass.set_bind_group(1, &self.group, &[]);
            pass.draw(entries.start * 6..entries.end * 6, 0..1);
        }
    }
}

/// The layout that [`LayerTables`] binds.
pub fn layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let table = pipeline::texture_array(wgpu::TextureSampleType::Uint);
    let masks = pipeline::texture_array(wgpu::TextureSampleType::Float { filterable: false });
    let stages = wgpu::ShaderStages::VERTEX_FRAGMENT;
    pipeline::layout(device, "layer", stages, &[table, table, table, masks])
}

fn bind(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    [primitives, styles, order]: [&TableTexture; 3],
    masks: &MaskTexture,
) -> wgpu::BindGroup {
    let views = [primitives.view(), styles.view(), order.view(), masks.view()];
    let resources = [0, 1, 2, 3].map(|i| wgpu::BindingResource::TextureView(&views[i]));
    pipeline::bind(device, layout, &resources)
}
