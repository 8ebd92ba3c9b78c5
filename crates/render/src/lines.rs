//! Grids and the crosshair: one triangle over the view, whose shader knows where a line is.
//! What they cost does not depend on how many lines show.

use crate::gpu::{Binding, Blend, Gpu, Pass, Resource};
use bytemuck::{Pod, Zeroable};
use visionflow_geometry::Point;
use visionflow_scene::{DrawList, Lines};
use visionflow_shaders::Shader;

/// Draws what [`Lines`] asks for.
pub struct LinePainter<G: Gpu> {
    pipeline: G::Pipeline,
    uniform: G::Uniform,
    group: G::Group,
    written: Option<Uniform>,
    is_shown: bool,
}

/// All in device pixels; zero for a grid that is not drawn.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
struct Uniform {
    /// The image's corners: grids end there.
    image: [f32; 4],
    /// Where a line of the grid and one between pixels pass near the middle of the view.
    grid_through: [f32; 2],
    pixels_through: [f32; 2],
    grid_step: f32,
    pixel_step: f32,
    crosshair: [f32; 2],
    /// How wide a line is.
    width: f32,
    has_crosshair: f32,
    unused: [f32; 2],
}

impl<G: Gpu> LinePainter<G> {
    pub fn new(gpu: &G, view: &G::Layout) -> Self {
        let layout = gpu.layout("lines", &[Binding::Uniform]);
        let uniform = gpu.uniform("lines", size_of::<Uniform>());
        Self {
            pipeline: gpu.pipeline(Shader::Lines, &[view, &layout], Blend::Over),
            group: gpu.group(&layout, &[Resource::Uniform(&uniform)]),
            uniform,
            written: None,
            is_shown: false,
        }
    }

    /// See [`Gpu::prepare`].
    pub fn prepare(&self, gpu: &G) -> bool {
        gpu.prepare(&self.pipeline)
    }

    pub fn upload(&mut self, gpu: &G, list: &DrawList) {
        let uniform = Uniform::of(list);
        self.is_shown =
            uniform.grid_step > 0.0 || uniform.pixel_step > 0.0 || uniform.has_crosshair > 0.0;
        if self.is_shown && self.written != Some(uniform) {
            gpu.write_uniform(&self.uniform, bytemuck::bytes_of(&uniform));
            self.written = Some(uniform);
        }
    }

    pub fn paint(&self, pass: &mut G::Pass) {
        if self.is_shown {
            pass.set_pipeline(&self.pipeline);
            pass.set_group(1, &self.group);
            pass.draw(0..3);
        }
    }
}

impl Uniform {
    fn of(list: &DrawList) -> Self {
        let (camera, viewport) = (&list.camera, list.viewport);
        let ratio = viewport.pixel_ratio;
        let device = |p: Point| {
            let p = camera.screen_from_image(p);
            [(p.x * ratio) as f32, (p.y * ratio) as f32]
        };
        let middle = Point::new(viewport.width / 2.0, viewport.height / 2.0);
        let middle = camera.image_from_screen(middle);
        // Reckoned here in `f64`: far from the image's corner a shader could not.
        let nearest = |step: f64| {
            device(Point::new(
                (middle.x / step).round() * step,
                (middle.y / step).round() * step,
            ))
        };
        let step_css = |step: f64| step * camera.scale();
        let device_step = |step: f64| (step_css(step) * ratio) as f32;
        let grid = list
            .lines
            .grid
            .filter(|step| *step > 0.0 && step_css(*step) >= Lines::GRID_FROM);
        let pixels =
            (list.lines.pixel_grid && camera.scale() >= Lines::PIXEL_GRID_FROM).then_some(1.0);
        let (width, height) = list.image_size.unwrap_or_default();
        let (low, high) = (
            device(Point::default()),
            device(Point::new(f64::from(width), f64::from(height))),
        );
        Self {
            image: [low[0], low[1], high[0], high[1]],
            grid_through: grid.map_or([0.0; 2], nearest),
            pixels_through: pixels.map_or([0.0; 2], nearest),
            grid_step: grid.map_or(0.0, device_step),
            pixel_step: pixels.map_or(0.0, device_step),
            crosshair: list.lines.crosshair.map_or([0.0; 2], device),
            width: ratio as f32,
            has_crosshair: f32::from(u8::from(list.lines.crosshair.is_some())),
            unused: [0.0; 2],
        }
    }
}
