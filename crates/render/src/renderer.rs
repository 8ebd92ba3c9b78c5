//! The renderer: pipelines, the tables of both layers, the image and the painted texts.

use crate::gpu::{Binding, Gpu, Pass, Resource};
use crate::image::ImagePainter;
use crate::layer::{self, LayerTables};
use crate::lines::LinePainter;
use crate::masks::MaskTexture;
use crate::shapes::ShapePipelines;
use crate::sprites::SpritePainter;
use visionflow_scene::{DrawList, Layer, PixelView, SpriteId};

mod images;

/// Draws draw lists with one device.
pub struct Renderer<G: Gpu> {
    gpu: G,
    view: G::Uniform,
    /// What `view` holds.
    written_view: Option<PixelView>,
    view_layout: G::Layout,
    view_group: G::Group,
    shapes: ShapePipelines<G>,
    layer_layout: G::Layout,
    shape_tables: LayerTables<G>,
    overlay_tables: LayerTables<G>,
    masks: MaskTexture<G>,
    lines: LinePainter<G>,
    image: ImagePainter<G>,
    sprites: SpritePainter<G>,
}

impl<G: Gpu> Renderer<G> {
    pub fn new(gpu: G) -> Self {
        let view_layout = gpu.layout("view", &[Binding::Uniform]);
        let layer_layout = layer::layout(&gpu);
        let view = gpu.uniform("view", size_of::<PixelView>());
        let masks = MaskTexture::new(&gpu);
        Self {
            view_group: gpu.group(&view_layout, &[Resource::Uniform(&view)]),
            shape_tables: LayerTables::new(&gpu, &layer_layout, &masks),
            overlay_tables: LayerTables::new(&gpu, &layer_layout, &masks),
            masks,
            lines: LinePainter::new(&gpu, &view_layout),
            image: ImagePainter::new(&gpu, &view_layout),
            sprites: SpritePainter::new(&gpu),
            gpu,
            view,
            written_view: None,
            view_layout,
            shapes: ShapePipelines::new(),
            layer_layout,
        }
    }

    /// Uploads what changed and draws the list on `target`, whose size is the viewport's in
    /// device pixels.
    pub fn draw(&mut self, list: &DrawList, target: &G::Target) {
        self.upload(list);
        self.paint(list, target);
    }

    /// Uploads what changed; the first half of [`Renderer::draw`].
    pub fn upload(&mut self, list: &DrawList) {
        let gpu = &self.gpu;
        let view = PixelView::of(list);
        if self.written_view != Some(view) {
            gpu.write_uniform(&self.view, bytemuck::bytes_of(&view));
            self.written_view = Some(view);
        }
        let layout = &self.layer_layout;
        let masks_replaced = self.masks.upload(gpu, &list.masks);
        let masks = (&self.masks, masks_replaced);
        self.shape_tables.upload(gpu, layout, &list.shapes, masks);
        self.overlay_tables
            .upload(gpu, layout, &list.overlay, masks);
        self.lines.upload(gpu, list);
        self.image.upload(gpu, list);
        self.sprites.upload(gpu, list);
    }

    /// Draws what was uploaded; the second half of [`Renderer::draw`].
    pub fn paint(&self, list: &DrawList, target: &G::Target) {
        let background = list.background;
        let background = [background.r, background.g, background.b];
        let background = background.map(|channel| f64::from(channel) / 255.0);
        self.gpu
            .frame(target, background, |pass| self.paint_on(pass, list));
    }

    fn paint_on(&self, pass: &mut G::Pass, list: &DrawList) {
        pass.set_group(0, &self.view_group);
        self.image.paint(pass, list.camera.scale());
        self.lines.paint(pass);
        for (tables, layer) in [
            (&self.shape_tables, &list.shapes),
            (&self.overlay_tables, &list.overlay),
        ] {
            if !layer.order.is_empty() {
                pass.set_pipeline(self.pipeline_of(layer));
                tables.paint(pass, layer.above);
            }
        }
        self.sprites.paint(pass);
        if list.overlay.above > 0 {
            pass.set_group(0, &self.view_group);
            pass.set_pipeline(self.pipeline_of(&list.overlay));
            self.overlay_tables.paint_last(pass, list.overlay.above);
        }
    }

    fn pipeline_of(&self, layer: &Layer) -> &G::Pipeline {
        self.shapes.of(&self.gpu, self.shape_layouts(), layer)
    }

    fn shape_layouts(&self) -> [&G::Layout; 2] {
        [&self.view_layout, &self.layer_layout]
    }

    /// Takes a painted text: `rgba` (straight alpha) of `width * height` device pixels.
    /// A text of no size or with the wrong number of bytes is ignored.
    pub fn set_text_sprite(&mut self, id: SpriteId, width: u32, height: u32, rgba: &[u8]) {
        let limit = self.max_texture_size();
        let fits = width > 0 && height > 0 && width <= limit && height <= limit;
        if fits && rgba.len() == width as usize * height as usize * 4 {
            self.sprites.set(&self.gpu, id, (width, height), rgba);
        }
    }

    pub fn has_text_sprite(&self, id: SpriteId) -> bool {
        self.sprites.has(id)
    }

    /// Drops every painted text that `keep` refuses; all of them when the pixel ratio changes.
    pub fn retain_text_sprites(&mut self, keep: impl Fn(SpriteId) -> bool) {
        self.sprites.retain(keep);
    }

    /// Makes ready what is only needed later, as far as that goes without waiting; whether there
    /// is more to do.
    ///
    /// WebGL2 waits for the compiler, behind everything that is being drawn: better before the
    /// first selection than during it.
    pub fn prepare(&self) -> bool {
        let is_ready = self.shapes.prepare(&self.gpu, self.shape_layouts())
            && self.lines.prepare(&self.gpu)
            && self.sprites.prepare(&self.gpu);
        !is_ready
    }

    /// The longest side of a texture, in pixels.
    pub fn max_texture_size(&self) -> u32 {
        self.gpu.max_texture_size()
    }

    pub fn gpu(&self) -> &G {
        &self.gpu
    }
}
