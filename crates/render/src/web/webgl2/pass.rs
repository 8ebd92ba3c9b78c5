//! What is bound, and drawing with it.

use super::{BINDINGS, Context, Program, SLOTS, WebGl2};
use crate::gpu::{Blend, Filter, Pass, Resource};
use std::ops::Range;
use std::rc::Rc;
use web_sys::{WebGl2RenderingContext as Gl, WebGlBuffer, WebGlTexture};

/// Resources that are bound together.
pub struct Group {
    /// With the number of each binding.
    entries: Vec<(u32, Entry)>,
}

pub enum Entry {
    Uniform {
        buffer: Option<WebGlBuffer>,
        id: u32,
        /// The bytes of one slot, where there are many.
        slot_bytes: Option<usize>,
    },
    Texture {
        inner: Option<WebGlTexture>,
        id: u32,
        target: u32,
        filter: Option<Filter>,
    },
}

impl Group {
    pub fn new(resources: &[Resource<'_, WebGl2>]) -> Self {
        let mut entries = Vec::with_capacity(resources.len());
        let mut number = 0;
        for resource in resources {
            entries.push((number, Entry::of(resource)));
            // A sampler has a number of its own, after that of its texture.
            number += if let Resource::Sampled(..) = resource {
                2
            } else {
                1
            };
        }
        Self { entries }
    }
}

impl Entry {
    fn of(resource: &Resource<'_, WebGl2>) -> Self {
        let texture = |texture: &super::Texture, filter| Self::Texture {
            inner: texture.inner.clone(),
            id: texture.id,
            target: texture.target,
            filter,
        };
        let uniform = |uniform: &super::Uniform, slot_bytes| Self::Uniform {
            buffer: uniform.buffer.clone(),
            id: uniform.id,
            slot_bytes,
        };
        match resource {
            Resource::Uniform(of) => uniform(of, None),
            Resource::Slots(of, bytes) => uniform(of, Some(*bytes)),
            Resource::Sampled(of, filter) => texture(of, Some(*filter)),
            Resource::Texture(of) => texture(of, None),
        }
    }
}

/// What the context has bound, so that nothing is bound twice.
#[derive(Default)]
pub struct Bound {
    program: u32,
    blend: Option<Blend>,
    /// Numbers of the buffers, with the offset.
    uniforms: [(u32, u32); SLOTS as usize],
    textures: [u32; SLOTS as usize],
    samplers: [Option<Filter>; SLOTS as usize],
}

impl Bound {
    /// Notes what is bound now; whether it was not before.
    pub fn change_program(&mut self, id: u32) -> bool {
        std::mem::replace(&mut self.program, id) != id
    }

    pub fn change_blend(&mut self, blend: Blend) -> bool {
        self.blend.replace(blend) != Some(blend)
    }
}

/// Drawing on the canvas or on a texture.
pub struct GlPass {
    context: Rc<Context>,
    /// See [`visionflow_shaders::glsl::TARGET`].
    target: [f32; 2],
    /// Whether there is a shader that draws.
    is_ready: bool,
}

impl GlPass {
    pub(super) fn on_canvas(context: &Rc<Context>, height: i32) -> Self {
        Self::on(context, [height as f32, 1.0])
    }

    pub(super) fn on_texture(context: &Rc<Context>) -> Self {
        Self::on(context, [0.0, -1.0])
    }

    fn on(context: &Rc<Context>, target: [f32; 2]) -> Self {
        Self {
            context: Rc::clone(context),
            target,
            is_ready: false,
        }
    }

    fn bind(&self, slot: u32, entry: &Entry, offset: u32) {
        let gl = &self.context.gl;
        let bound = &mut *self.context.bound.borrow_mut();
        let index = slot as usize;
        match entry {
            Entry::Uniform {
                buffer,
                id,
                slot_bytes,
            } => {
                let what = (*id, offset);
                if std::mem::replace(&mut bound.uniforms[index], what) == what {
                    return;
                }
                match slot_bytes {
                    Some(bytes) => gl.bind_buffer_range_with_i32_and_i32(
                        Gl::UNIFORM_BUFFER,
                        slot,
                        buffer.as_ref(),
                        offset as i32,
                        *bytes as i32,
                    ),
                    None => gl.bind_buffer_base(Gl::UNIFORM_BUFFER, slot, buffer.as_ref()),
                }
            }
            Entry::Texture {
                inner,
                id,
                target,
                filter,
            } => {
                if std::mem::replace(&mut bound.textures[index], *id) != *id {
                    gl.active_texture(Gl::TEXTURE0 + slot);
                    gl.bind_texture(*target, inner.as_ref());
                }
                if std::mem::replace(&mut bound.samplers[index], *filter) != *filter {
                    let sampler = filter.and_then(|filter| self.context.sampler(filter));
                    gl.bind_sampler(slot, sampler);
                }
            }
        }
    }
}

impl Pass<WebGl2> for GlPass {
    fn set_pipeline(&mut self, pipeline: &Rc<Program>) {
        self.is_ready = pipeline.make_current(self.target);
    }

    fn set_group(&mut self, number: u32, group: &Group) {
        self.set_slot(number, group, 0);
    }

    fn set_slot(&mut self, number: u32, group: &Group, offset: u32) {
        for (binding, entry) in &group.entries {
            self.bind(number * BINDINGS + binding, entry, offset);
        }
    }

    fn draw(&mut self, vertices: Range<u32>) {
        if self.is_ready {
            let (first, count) = (vertices.start as i32, vertices.len() as i32);
            self.context.gl.draw_arrays(Gl::TRIANGLES, first, count);
        }
    }
}
