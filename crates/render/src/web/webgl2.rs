//! [`Gpu`] by WebGL2's own calls.
//!
//! The context belongs to us alone, so what is bound is remembered and not bound again: a frame in
//! which only the camera moved is a dozen calls.

mod pass;
mod program;
mod readback;
mod texture;

use crate::RenderError;
use crate::gpu::{
    Binding, Blend, Filter, Format, Gpu, Part, Readback, Resource, TextureDescription,
};
use pass::Bound;
pub use pass::{GlPass, Group};
pub use program::Program;
use readback::PendingPixels;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
pub use texture::Texture;
use visionflow_shaders::Shader;
use wasm_bindgen::JsCast;
use web_sys::{
    HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlBuffer, WebGlContextAttributes,
    WebGlSampler,
};

/// Numbers of a group's bindings, of which each has a texture unit and a place for uniforms.
const BINDINGS: u32 = 4;
/// Those of two groups; all that the renderer has.
const SLOTS: u32 = 2 * BINDINGS;

/// A canvas's context.
pub struct WebGl2 {
    context: Rc<Context>,
    max_size: u32,
}

/// What everything made from it holds.
pub struct Context {
    gl: Gl,
    smooth: Option<WebGlSampler>,
    nearest: Option<WebGlSampler>,
    /// Whether a program can be asked if it is compiled without waiting until it is.
    tells_compiled: bool,
    bound: RefCell<Bound>,
    /// Numbers that are never given twice, unlike the browser's objects.
    next_id: Cell<u32>,
}

/// A buffer of uniforms.
pub struct Uniform {
    context: Rc<Context>,
    buffer: Option<WebGlBuffer>,
    id: u32,
}

impl Drop for Uniform {
    fn drop(&mut self) {
        self.context.gl.delete_buffer(self.buffer.as_ref());
    }
}

impl WebGl2 {
    /// The canvas's context; the one that it has, where it has one.
    pub fn new(canvas: &HtmlCanvasElement) -> Result<Self, RenderError> {
        let attributes = WebGlContextAttributes::new();
        attributes.set_antialias(false);
        attributes.set_depth(false);
        attributes.set_alpha(false);
        let gl = canvas
            .get_context_with_context_options("webgl2", &attributes)
            .map_err(|error| RenderError::NoSurface(format!("{error:?}")))?
            .and_then(|context| context.dyn_into::<Gl>().ok())
            .ok_or_else(|| RenderError::NoAdapter("the browser has no WebGL2".to_owned()))?;
        if gl.is_context_lost() {
            return Err(RenderError::DeviceLost);
        }
        // Enables what it names.
        let tells_compiled = gl.get_extension("KHR_parallel_shader_compile");
        gl.pixel_storei(Gl::UNPACK_ALIGNMENT, 1);
        // A context that was drawn with before may still have them.
        for slot in 0..SLOTS {
            gl.bind_sampler(slot, None);
        }
        gl.blend_func(Gl::ONE, Gl::ONE_MINUS_SRC_ALPHA);
        let largest = [Gl::MAX_TEXTURE_SIZE, Gl::MAX_RENDERBUFFER_SIZE];
        let largest = largest.map(|name| {
            let value = gl.get_parameter(name).ok();
            value.and_then(|value| value.as_f64()).unwrap_or_default()
        });
        let max_size = largest[0].min(largest[1]) as u32;
        if max_size == 0 {
            return Err(RenderError::DeviceLost);
        }
        Ok(Self {
            max_size,
            context: Rc::new(Context {
                smooth: sampler(&gl, Gl::LINEAR),
                nearest: sampler(&gl, Gl::NEAREST),
                tells_compiled: tells_compiled.is_ok_and(|extension| extension.is_some()),
                gl,
                bound: RefCell::default(),
                next_id: Cell::new(1),
            }),
        })
    }

    /// Whether the browser took the context away.
    pub fn is_lost(&self) -> bool {
        self.context.gl.is_context_lost()
    }
}

impl Context {
    fn id(&self) -> u32 {
        self.next_id.replace(self.next_id.get() + 1)
    }

    fn sampler(&self, filter: Filter) -> Option<&WebGlSampler> {
        match filter {
            Filter::Smooth => self.smooth.as_ref(),
            Filter::Nearest => self.nearest.as_ref(),
        }
    }
}

impl Gpu for WebGl2 {
    type Texture = Texture;
    type Uniform = Uniform;
    type Layout = ();
    type Group = Group;
    type Pipeline = Rc<Program>;
    /// The canvas.
    type Target = ();
    type Pass = GlPass;

    fn max_texture_size(&self) -> u32 {
        self.max_size
    }

    fn texture(&self, _label: &str, description: &TextureDescription) -> Texture {
        Texture::new(&self.context, description)
    }

    fn free(&self, texture: &Texture) {
        texture.free();
    }

    fn write_texture(&self, texture: &Texture, part: &Part, bytes: &[u8], stride: usize) {
        texture.write(part, bytes, stride);
    }

    fn fill_mipmaps(&self, texture: &Texture) {
        texture.fill_mipmaps();
    }

    fn uniform(&self, _label: &str, size_bytes: usize) -> Uniform {
        let gl = &self.context.gl;
        let buffer = gl.create_buffer();
        gl.bind_buffer(Gl::UNIFORM_BUFFER, buffer.as_ref());
        gl.buffer_data_with_i32(Gl::UNIFORM_BUFFER, size_bytes as i32, Gl::DYNAMIC_DRAW);
        Uniform {
            context: Rc::clone(&self.context),
            buffer,
            id: self.context.id(),
        }
    }

    fn write_uniform(&self, uniform: &Uniform, bytes: &[u8]) {
        let gl = &self.context.gl;
        gl.bind_buffer(Gl::UNIFORM_BUFFER, uniform.buffer.as_ref());
        gl.buffer_sub_data_with_i32_and_u8_array(Gl::UNIFORM_BUFFER, 0, bytes);
    }

    fn layout(&self, _label: &str, _bindings: &[Binding]) {}

    fn group(&self, (): &(), resources: &[Resource<'_, Self>]) -> Group {
        Group::new(resources)
    }

    fn pipeline(&self, shader: Shader, _groups: &[&()], blend: Blend) -> Rc<Program> {
        Rc::new(Program::new(&self.context, shader, blend))
    }

    fn prepare(&self, pipeline: &Rc<Program>) -> bool {
        pipeline.prepare()
    }

    fn frame(&self, (): &(), [r, g, b]: [f64; 3], paint: impl FnOnce(&mut GlPass)) {
        let gl = &self.context.gl;
        let (width, height) = (gl.drawing_buffer_width(), gl.drawing_buffer_height());
        gl.viewport(0, 0, width, height);
        gl.clear_color(r as f32, g as f32, b as f32, 1.0);
        gl.clear(Gl::COLOR_BUFFER_BIT);
        paint(&mut GlPass::on_canvas(&self.context, height));
    }

    fn read(&self, size: (u32, u32), paint: impl FnOnce(&mut GlPass)) -> Box<dyn Readback> {
        let description = TextureDescription::flat(Format::Rgba8, size);
        let texture = Texture::new(&self.context, &description);
        let (width, height) = (size.0 as i32, size.1 as i32);
        let gl = &self.context.gl;
        let framebuffer = gl.create_framebuffer();
        gl.bind_framebuffer(Gl::FRAMEBUFFER, framebuffer.as_ref());
        texture.attach();
        gl.viewport(0, 0, width, height);
        gl.clear_color(0.0, 0.0, 0.0, 1.0);
        gl.clear(Gl::COLOR_BUFFER_BIT);
        paint(&mut GlPass::on_texture(&self.context));
        let pending = PendingPixels::read(&self.context, size);
        gl.bind_framebuffer(Gl::FRAMEBUFFER, None);
        gl.delete_framebuffer(framebuffer.as_ref());
        Box::new(pending)
    }
}

fn sampler(gl: &Gl, magnified: u32) -> Option<WebGlSampler> {
    let sampler = gl.create_sampler()?;
    for (name, value) in [
        (Gl::TEXTURE_MAG_FILTER, magnified),
        (Gl::TEXTURE_MIN_FILTER, Gl::LINEAR_MIPMAP_LINEAR),
        (Gl::TEXTURE_WRAP_S, Gl::CLAMP_TO_EDGE),
        (Gl::TEXTURE_WRAP_T, Gl::CLAMP_TO_EDGE),
    ] {
        gl.sampler_parameteri(&sampler, name, value as i32);
    }
    Some(sampler)
}
