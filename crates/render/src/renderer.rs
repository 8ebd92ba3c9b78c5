//! The renderer: pipelines, the tables of both layers, the image and the painted texts.

use crate::image::ImagePainter;
use crate::layer::{self, LayerTables};
use crate::lines::LinePainter;
use crate::masks::MaskTexture;
use crate::pipeline;
use crate::shapes::ShapePipelines;
use crate::sprites::SpritePainter;
use crate::view::View;
use visionflow_scene::{DrawList, SpriteId};

mod images;

/// Draws draw lists with one device.
pub struct Renderer {
    device: wgpu::Device,
    queue: wgpu::Queue,
    view: wgpu::Buffer,
    /// What `view` holds.
    written_view: Option<View>,
    view_group: wgpu::BindGroup,
    shapes: ShapePipelines,
    layer_layout: wgpu::BindGroupLayout,
    shape_tables: LayerTables,
    overlay_tables: LayerTables,
    masks: MaskTexture,
    lines: LinePainter,
    image: ImagePainter,
    sprites: SpritePainter,
    format: wgpu::TextureFormat,
}

impl Renderer {
    /// A renderer for targets of `format`, which should not convert to sRGB.
    pub fn new(device: wgpu::Device, queue: wgpu::Queue, format: wgpu::TextureFormat) -> Self {
        let stages = wgpu::ShaderStages::VERTEX_FRAGMENT;
        let view_layout = pipeline::layout(&device, "view", stages, &[pipeline::UNIFORM]);
        let layer_layout = layer::layout(&device);
        let shapes = ShapePipelines::new(&device, format, [&view_layout, &layer_layout]);
        let view = pipeline::uniform_buffer(&device, "view", size_of::<View>());
        let masks = MaskTexture::new(&device);
        let view_group = pipeline::bind(&device, &view_layout, &[view.as_entire_binding()]);
        Self {
            shape_tables: LayerTables::new(&device, &layer_layout, &masks),
            overlay_tables: LayerTables::new(&device, &layer_layout, &masks),
            masks,
            lines: LinePainter::new(&device, format, &view_layout),
            image: ImagePainter::new(&device, format, &view_layout),
            sprites: SpritePainter::new(&device, format),
            format,
            device,
            queue,
            view,
            written_view: None,
            view_group,
            shapes,
            layer_layout,
        }
    }

    /// Uploads what changed and draws the list on `target`, whose size is the viewport's in
    /// device pixels.
    pub fn draw(&mut self, list: &DrawList, target: &wgpu::TextureView) {
        self.upload(list);
        self.paint(list, target);
    }

    /// Uploads what changed; the first half of [`Renderer::draw`].
    pub fn upload(&mut self, list: &DrawList) {
        let (device, queue) = (&self.device, &self.queue);
        let view = View::of(list);
        // On WebGL2 a write is a command buffer of its own, however small.
        if self.written_view != Some(view) {
            queue.write_buffer(&self.view, 0, bytemuck::bytes_of(&view));
            self.written_view = Some(view);
        }
        let layout = &self.layer_layout;
        let masks_replaced = self.masks.upload(device, queue, &list.masks);
        let masks = (&self.masks, masks_replaced);
        self.shape_tables
            .upload(device, queue, layout, &list.shapes, masks);
        self.overlay_tables
            .upload(device, queue, layout, &list.overlay, masks);
        self.lines.upload(queue, list);
        self.image.upload(queue, list);
        self.sprites.upload(device, queue, list);
    }

    /// Draws what was uploaded; the second half of [`Renderer::draw`].
    pub fn paint(&mut self, list: &DrawList, target: &wgpu::TextureView) {
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor {
                label: Some("frame"),
            });
        let background = list.background;
        let channel = |value: u8| f64::from(value) / 255.0;
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("frame"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: target,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color {
                        r: channel(background.r),
                        g: channel(background.g),
                        b: channel(background.b),
                        a: 1.0,
                    }),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        pass.set_bind_group(0, &self.view_group, &[]);
        self.image.paint(&mut pass, list.camera.scale());
        self.lines.paint(&mut pass);
        for (tables, layer) in [
            (&self.shape_tables, &list.shapes),
            (&self.overlay_tables, &list.overlay),
        ] {
            if !layer.order.is_empty() {
                pass.set_pipeline(self.shapes.of(layer));
                tables.paint(&mut pass, layer.above);
            }
        }
        self.sprites.paint(&mut pass);
        if list.overlay.above > 0 {
            pass.set_bind_group(0, &self.view_group, &[]);
            pass.set_pipeline(self.shapes.of(&list.overlay));
            self.overlay_tables
                .paint_last(&mut pass, list.overlay.above);
        }
        drop(pass);
        self.queue.submit([encoder.finish()]);
    }

    /// Takes a painted text: `rgba` (straight alpha) of `width * height` device pixels.
    /// A text of no size or with the wrong number of bytes is ignored.
    pub fn set_text_sprite(&mut self, id: SpriteId, width: u32, height: u32, rgba: &[u8]) {
        let limit = self.max_texture_size();
        let fits = width > 0 && height > 0 && width <= limit && height <= limit;
        if fits && rgba.len() == width as usize * height as usize * 4 {
            self.sprites
                .set(&self.device, &self.queue, id, (width, height), rgba);
        }
    }

    pub fn has_text_sprite(&self, id: SpriteId) -> bool {
        self.sprites.has(id)
    }

    /// Drops every painted text that `keep` refuses; all of them when the pixel ratio changes.
    pub fn retain_text_sprites(&mut self, keep: impl Fn(SpriteId) -> bool) {
        self.sprites.retain(keep);
    }

    /// Makes ready one part of what is only needed later; whether there was one.
    pub fn prepare(&self) -> bool {
        self.shapes.prepare()
    }

    /// The longest side of a texture, in pixels.
    pub fn max_texture_size(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }

    pub fn device(&self) -> &wgpu::Device {
        &self.device
    }

    pub fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }
}
