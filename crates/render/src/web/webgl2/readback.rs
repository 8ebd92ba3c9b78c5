//! Pixels on their way back from the framebuffer.

use super::Context;
use crate::gpu::Readback;
use std::fmt;
use std::rc::Rc;
use web_sys::{WebGl2RenderingContext as Gl, WebGlBuffer, WebGlSync};

/// A buffer that they are copied to, and what tells that they are there.
pub struct PendingPixels {
    context: Rc<Context>,
    buffer: Option<WebGlBuffer>,
    fence: Option<WebGlSync>,
    bytes: usize,
}

impl PendingPixels {
    /// Copies the bound framebuffer.
    pub fn read(context: &Rc<Context>, (width, height): (u32, u32)) -> Self {
        let gl = &context.gl;
        let bytes = width as usize * height as usize * 4;
        let buffer = gl.create_buffer();
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, buffer.as_ref());
        gl.buffer_data_with_i32(Gl::PIXEL_PACK_BUFFER, bytes as i32, Gl::STREAM_READ);
        let (width, height) = (width as i32, height as i32);
        let (format, kind) = (Gl::RGBA, Gl::UNSIGNED_BYTE);
        let read = gl.read_pixels_with_i32(0, 0, width, height, format, kind, 0);
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, None);
        let fence = gl.fence_sync(Gl::SYNC_GPU_COMMANDS_COMPLETE, 0);
        gl.flush();
        Self {
            context: Rc::clone(context),
            buffer,
            fence: fence.filter(|_| read.is_ok()),
            bytes,
        }
    }
}

impl Readback for PendingPixels {
    fn has_failed(&self) -> bool {
        self.fence.is_none() || self.context.gl.is_context_lost()
    }

    fn take(&self) -> Option<Vec<u8>> {
        let gl = &self.context.gl;
        let state = gl.get_sync_parameter(self.fence.as_ref()?, Gl::SYNC_STATUS);
        if state != Gl::SIGNALED {
            return None;
        }
        let mut rgba = vec![0; self.bytes];
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, self.buffer.as_ref());
        gl.get_buffer_sub_data_with_i32_and_u8_array(Gl::PIXEL_PACK_BUFFER, 0, &mut rgba);
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, None);
        Some(rgba)
    }
}

impl Drop for PendingPixels {
    fn drop(&mut self) {
        let gl = &self.context.gl;
        gl.delete_buffer(self.buffer.as_ref());
        gl.delete_sync(self.fence.as_ref());
    }
}

impl fmt::Debug for PendingPixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingPixels")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
