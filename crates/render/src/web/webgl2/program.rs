//! Shaders, compiled while other things go on.

use super::{BINDINGS, Context};
use crate::gpu::Blend;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use visionflow_shaders::{Shader, glsl};
use web_sys::{WebGl2RenderingContext as Gl, WebGlProgram, WebGlShader, WebGlUniformLocation};

/// Of the extension `KHR_parallel_shader_compile`.
const COMPLETION_STATUS: u32 = 0x91B1;

/// A shader, and how it lies over what is there.
pub struct Program {
    context: Rc<Context>,
    pub(super) inner: Option<WebGlProgram>,
    pub(super) id: u32,
    pub(super) blend: Blend,
    shader: Shader,
    /// Whether it can be drawn with; not asked before the first drawing, for the answer waits for
    /// the compiler.
    is_ready: OnceCell<bool>,
    target_place: OnceCell<Option<WebGlUniformLocation>>,
    /// What was last told it of the target.
    target: Cell<Option<[f32; 2]>>,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.context.gl.delete_program(self.inner.as_ref());
    }
}

impl Program {
    pub fn new(context: &Rc<Context>, shader: Shader, blend: Blend) -> Self {
        let gl = &context.gl;
        let source = shader.glsl();
        let inner = gl.create_program();
        if let Some(program) = &inner {
            let stages = [
                (Gl::VERTEX_SHADER, source.vertex),
                (Gl::FRAGMENT_SHADER, source.fragment),
            ];
            for stage in stages.map(|(kind, source)| compiled(gl, kind, source)) {
                let Some(stage) = stage else { continue };
                gl.attach_shader(program, &stage);
                // It goes with the program.
                gl.delete_shader(Some(&stage));
            }
            gl.link_program(program);
        }
        Self {
            context: Rc::clone(context),
            inner,
            id: context.id(),
            blend,
            shader,
            is_ready: OnceCell::new(),
            target_place: OnceCell::new(),
            target: Cell::new(None),
        }
    }

    /// Readies it if it is compiled; whether nothing is left to do.
    pub(super) fn prepare(&self) -> bool {
        let Some(program) = &self.inner else {
            return true;
        };
        let gl = &self.context.gl;
        if self.is_ready.get().is_some() {
            return true;
        }
        let tells = self.context.tells_compiled && !gl.is_context_lost();
        if !tells || gl.get_program_parameter(program, COMPLETION_STATUS) == true {
            self.is_ready.get_or_init(|| self.link(program));
        }
        // One at a time: where it could not be asked, this has waited for the compiler.
        false
    }

    /// Takes it into use, drawing on `target`; whether it can be drawn with.
    pub(super) fn make_current(&self, target: [f32; 2]) -> bool {
        let Some(program) = &self.inner else {
            return false;
        };
        if !*self.is_ready.get_or_init(|| self.link(program)) {
            return false;
        }
        let gl = &self.context.gl;
        let bound = &mut self.context.bound.borrow_mut();
        if bound.change_program(self.id) {
            gl.use_program(Some(program));
        }
        if bound.change_blend(self.blend) {
            match self.blend {
                Blend::Over => gl.enable(Gl::BLEND),
                Blend::Replace => gl.disable(Gl::BLEND),
            }
        }
        if self.target.replace(Some(target)) != Some(target) {
            let place = self
                .target_place
                .get_or_init(|| gl.get_uniform_location(program, glsl::TARGET));
            gl.uniform2f(place.as_ref(), target[0], target[1]);
        }
        true
    }

    /// Says where each name is bound, once it is compiled.
    fn link(&self, program: &WebGlProgram) -> bool {
        let gl = &self.context.gl;
        if gl.get_program_parameter(program, Gl::LINK_STATUS) != true {
            // Of a lost context there is nothing to say.
            if !gl.is_context_lost() {
                let log = gl.get_program_info_log(program).unwrap_or_default();
                let message = format!("the shader {:?} was refused: {log}", self.shader);
                web_sys::console::error_1(&message.into());
            }
            return false;
        }
        let source = self.shader.glsl();
        for block in source.blocks {
            let index = gl.get_uniform_block_index(program, block.glsl);
            if index != Gl::INVALID_INDEX {
                gl.uniform_block_binding(program, index, slot(block));
            }
        }
        gl.use_program(Some(program));
        self.context.bound.borrow_mut().change_program(self.id);
        for texture in source.textures {
            let place = gl.get_uniform_location(program, texture.glsl);
            gl.uniform1i(place.as_ref(), slot(texture) as i32);
        }
        true
    }
}

/// Where a name is bound.
const fn slot(name: &glsl::Name) -> u32 {
    name.group * BINDINGS + name.binding
}

fn compiled(gl: &Gl, kind: u32, source: &str) -> Option<WebGlShader> {
    let shader = gl.create_shader(kind)?;
    gl.shader_source(&shader, source);
    gl.compile_shader(&shader);
    Some(shader)
}
