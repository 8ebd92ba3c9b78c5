//! Drawing.

use super::Wgpu;
use crate::gpu::Pass;
use std::ops::Range;

/// Draws over `background` and gives back what was recorded.
pub fn record(
    device: &wgpu::Device,
    view: &wgpu::TextureView,
    background: wgpu::Color,
    paint: impl FnOnce(&mut wgpu::RenderPass<'static>),
) -> wgpu::CommandEncoder {
    let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("frame"),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations {
                load: wgpu::LoadOp::Clear(background),
                store: wgpu::StoreOp::Store,
            },
        })],
        ..Default::default()
    });
    // The encoder is not touched before the pass has ended.
    let mut pass = pass.forget_lifetime();
    paint(&mut pass);
    drop(pass);
    encoder
}

impl Pass<Wgpu> for wgpu::RenderPass<'static> {
    fn set_pipeline(&mut self, pipeline: &wgpu::RenderPipeline) {
        wgpu::RenderPass::set_pipeline(self, pipeline);
    }

    fn set_group(&mut self, number: u32, group: &wgpu::BindGroup) {
        self.set_bind_group(number, group, &[]);
    }

    fn set_slot(&mut self, number: u32, group: &wgpu::BindGroup, offset: u32) {
        self.set_bind_group(number, group, &[offset]);
    }

    fn draw(&mut self, vertices: Range<u32>) {
        wgpu::RenderPass::draw(self, vertices, 0..1);
    }
}
