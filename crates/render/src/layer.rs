//! A layer of the draw list on the GPU: three tables and what binds them to the shader.

use crate::pipeline;
use crate::table::TableTexture;
use visionflow_scene::Layer;
use wgpu::TextureFormat::{R32Uint, Rgba32Uint};

/// The tables of one layer.
pub struct LayerTables {
    primitives: TableTexture,
    styles: TableTexture,
    order: TableTexture,
    group: wgpu::BindGroup,
    vertices: u32,
}

impl LayerTables {
    pub fn new(device: &wgpu::Device, layout: &wgpu::BindGroupLayout) -> Self {
        let max_rows = device.limits().max_texture_dimension_2d as usize;
        let table = |format| TableTexture::new(device, format, max_rows);
        let (primitives, styles, order) = (table(Rgba32Uint), table(Rgba32Uint), table(R32Uint));
        let group = bind(device, layout, [&primitives, &styles, &order]);
        Self {
            primitives,
            styles,
            order,
            group,
            vertices: 0,
        }
    }

    /// Takes what changed in `layer`.
    pub fn upload(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        layout: &wgpu::BindGroupLayout,
        layer: &Layer,
    ) {
        let replaced = [
            self.primitives.upload(device, queue, &layer.primitives),
            self.styles.upload(device, queue, &layer.styles),
            self.order.upload(device, queue, &layer.order),
        ];
        if replaced.contains(&true) {
            let tables = [&self.primitives, &self.styles, &self.order];
            self.group = bind(device, layout, tables);
        }
        self.vertices = layer.order.len() as u32 * 6;
    }

    pub fn paint(&self, pass: &mut wgpu::RenderPass<'_>) {
        if self.vertices > 0 {
            pass.set_bind_group(1, &self.group, &[]);
            pass.draw(0..self.vertices, 0..1);
        }
    }
}

/// The layout that [`LayerTables`] binds.
pub fn layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let table = pipeline::texture(wgpu::TextureSampleType::Uint);
    let types = [table, table, table];
    pipeline::layout(device, "layer", wgpu::ShaderStages::VERTEX, &types)
}

fn bind(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    tables: [&TableTexture; 3],
) -> wgpu::BindGroup {
    let views = tables.map(TableTexture::view);
    let resources = [0, 1, 2].map(|i| wgpu::BindingResource::TextureView(&views[i]));
    pipeline::bind(device, layout, &resources)
}
