//! Textures.

use super::{Context, SLOTS};
use crate::gpu::{Format, Part, TextureDescription};
use js_sys::{Object, Uint8Array, Uint16Array, Uint32Array};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{ImageBitmap, WebGl2RenderingContext as Gl, WebGlTexture};

/// Where textures are bound to be written, beside those that are drawn with.
const WRITE_UNIT: u32 = Gl::TEXTURE0 + SLOTS;

/// A texture of fixed size, freed when dropped.
pub struct Texture {
    context: Rc<Context>,
    pub(super) inner: Option<WebGlTexture>,
    pub(super) id: u32,
    /// What it is bound as.
    pub(super) target: u32,
    format: Format,
}

impl Drop for Texture {
    fn drop(&mut self) {
        self.free();
    }
}

impl Texture {
    pub fn new(context: &Rc<Context>, description: &TextureDescription) -> Self {
        let target = match description.layers {
            1 => Gl::TEXTURE_2D,
            _ => Gl::TEXTURE_2D_ARRAY,
        };
        let gl = &context.gl;
        let texture = Self {
            context: Rc::clone(context),
            inner: gl.create_texture(),
            id: context.id(),
            target,
            format: description.format,
        };
        texture.bind();
        let (internal, _, _) = gl_format(description.format);
        let levels = description.levels() as i32;
        let (width, height) = (description.size.0 as i32, description.size.1 as i32);
        if description.layers == 1 {
            gl.tex_storage_2d(target, levels, internal, width, height);
        } else {
            let layers = description.layers as i32;
            gl.tex_storage_3d(target, levels, internal, width, height, layers);
        }
        // What has no sampler is read by texel, and integers cannot be read otherwise.
        for filter in [Gl::TEXTURE_MIN_FILTER, Gl::TEXTURE_MAG_FILTER] {
            gl.tex_parameteri(target, filter, Gl::NEAREST as i32);
        }
        texture
    }

    /// Gives its memory back; to do so again does nothing.
    pub fn free(&self) {
        self.context.gl.delete_texture(self.inner.as_ref());
    }

    pub fn write(&self, part: &Part, bytes: &[u8], stride: usize) {
        self.bind();
        let gl = &self.context.gl;
        let row_length = stride / self.format.texel_bytes();
        gl.pixel_storei(Gl::UNPACK_ROW_LENGTH, row_length as i32);
        let (_, format, kind) = gl_format(self.format);
        let source = typed(bytes, kind);
        let (x, y) = (part.x as i32, part.y as i32);
        let (width, height) = (part.size.0 as i32, part.size.1 as i32);
        let written = if self.target == Gl::TEXTURE_2D {
            gl.tex_sub_image_2d_with_i32_and_i32_and_u32_and_type_and_opt_array_buffer_view(
                self.target,
                0,
                x,
                y,
                width,
                height,
                format,
                kind,
                Some(&source),
            )
        } else {
            let layer = part.layer as i32;
            gl.tex_sub_image_3d_with_opt_array_buffer_view(
                self.target,
                0,
                x,
                y,
                layer,
                width,
                height,
                1,
                format,
                kind,
                Some(&source),
            )
        };
        if let Err(error) = written {
            web_sys::console::error_2(&"a texture was not written:".into(), &error);
        }
    }

    /// Fills it with the part of `bitmap` that begins at `from`.
    pub fn write_bitmap(
        &self,
        bitmap: &ImageBitmap,
        from: (u32, u32),
        size: (u32, u32),
    ) -> Result<(), JsValue> {
        self.bind();
        let gl = &self.context.gl;
        let begin_at = |(x, y): (u32, u32)| {
            gl.pixel_storei(Gl::UNPACK_SKIP_PIXELS, x as i32);
            gl.pixel_storei(Gl::UNPACK_SKIP_ROWS, y as i32);
        };
        gl.pixel_storei(Gl::UNPACK_ROW_LENGTH, 0);
        begin_at(from);
        let (_, format, kind) = gl_format(self.format);
        let (width, height) = (size.0 as i32, size.1 as i32);
        let written = gl.tex_sub_image_2d_with_i32_and_i32_and_u32_and_type_and_image_bitmap(
            self.target,
            0,
            0,
            0,
            width,
            height,
            format,
            kind,
            bitmap,
        );
        begin_at((0, 0));
        written
    }

    pub fn fill_mipmaps(&self) {
        self.bind();
        self.context.gl.generate_mipmap(self.target);
    }

    /// Makes it what the bound framebuffer draws on.
    pub fn attach(&self) {
        self.context.gl.framebuffer_texture_2d(
            Gl::FRAMEBUFFER,
            Gl::COLOR_ATTACHMENT0,
            self.target,
            self.inner.as_ref(),
            0,
        );
    }

    fn bind(&self) {
        let gl = &self.context.gl;
        gl.active_texture(WRITE_UNIT);
        gl.bind_texture(self.target, self.inner.as_ref());
    }
}

/// How it is stored, and in which format and type its bytes come.
const fn gl_format(format: Format) -> (u32, u32, u32) {
    match format {
        Format::Rgba8 => (Gl::RGBA8, Gl::RGBA, Gl::UNSIGNED_BYTE),
        Format::R8 => (Gl::R8, Gl::RED, Gl::UNSIGNED_BYTE),
        Format::Rg8 => (Gl::RG8, Gl::RG, Gl::UNSIGNED_BYTE),
        Format::Rgba16Float => (Gl::RGBA16F, Gl::RGBA, Gl::HALF_FLOAT),
        Format::R32 => (Gl::R32UI, Gl::RED_INTEGER, Gl::UNSIGNED_INT),
        Format::Rgba32 => (Gl::RGBA32UI, Gl::RGBA_INTEGER, Gl::UNSIGNED_INT),
    }
}

/// A copy of the bytes in the array that WebGL wants for their type.
fn typed(bytes: &[u8], kind: u32) -> Object {
    let bytes = Uint8Array::from(bytes);
    match kind {
        Gl::HALF_FLOAT => Uint16Array::new(&bytes.buffer()).into(),
        Gl::UNSIGNED_INT => Uint32Array::new(&bytes.buffer()).into(),
        _ => bytes.into(),
    }
}
