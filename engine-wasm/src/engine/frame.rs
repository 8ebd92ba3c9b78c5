//! Drawing: one animation frame when something changed, none otherwise; and surviving the loss of
//! the GPU.

use super::rehearsal::rehearse;
use super::{Inner, State};
use crate::browser::monotonic_ms;
use crate::sprites::SpritePainter;
use crate::{Backend, EngineError, EngineEvent};
use std::collections::HashSet;
use std::time::Duration;
use visionflow_render::RenderError;
use visionflow_render::web::{self, CanvasRenderer, Frame};
use visionflow_scene::SpriteId;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlCanvasElement;

/// More painted texts than this are thinned out to those in view.
const MAX_SPRITES: usize = 512;

/// Between two parts of what is made ready, so that nothing else has to wait.
const PREPARE_EVERY: Duration = Duration::from_millis(10);

/// What draws.
pub struct Gpu {
    renderer: CanvasRenderer,
    painter: SpritePainter,
    painted: HashSet<SpriteId>,
}

/// What drawing has cost so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stats {
    pub frames: u64,
    /// Main-thread time of the last frame, in ms.
    pub last_ms: f64,
    /// Bytes of tables that the last frame uploaded.
    pub last_upload_bytes: usize,
}

/// Opens the GPU for a canvas.
pub async fn start_gpu(canvas: &HtmlCanvasElement, backend: Backend) -> Result<Gpu, EngineError> {
    let backend = match backend {
        Backend::Auto => web::Backend::Auto,
        Backend::WebGpu => web::Backend::WebGpu,
        Backend::WebGl2 => web::Backend::WebGl2,
    };
    let renderer = CanvasRenderer::new(canvas.clone(), backend)
        .await
        .map_err(|error| EngineError::NoGraphics(error.to_string()))?;
    Ok(Gpu {
        renderer,
        painter: SpritePainter::new()?,
        painted: HashSet::new(),
    })
}

impl Inner {
    /// Asks for an animation frame, unless one is under way.
    pub(super) fn request_frame(&self) {
        let mut animation = self.animation.borrow_mut();
        if animation.is_some() {
            return;
        }
        let weak = self.weak.clone();
        *animation = Some(gloo::render::request_animation_frame(move |_| {
            if let Some(inner) = weak.upgrade() {
                inner.animation.borrow_mut().take();
                // Unless a resize drew it already.
                if inner.read(|state| state.dirty) {
                    inner.draw_now();
                }
            }
        }));
    }

    /// Draws a frame; its main-thread time in ms.
    pub fn draw_now(&self) -> f64 {
        let ms = self.with(State::draw);
        self.mind_loss();
        ms
    }

    /// About once a second: a GPU lost while nothing is drawn would go unnoticed.
    pub fn heartbeat(&self) {
        self.with(State::tick_room);
        self.mind_loss();
    }

    /// Opens the GPU again where it was lost. A WebGL context cannot be opened before the browser
    /// gives it back, which it tells.
    fn mind_loss(&self) {
        if self.read(|state| state.gpu_is_lost() && state.backend_name() == "webgpu") {
            self.recover_gpu();
        }
    }

    /// The browser lost, or gives back, the WebGL context.
    pub fn webgl_context(&self, is_lost: bool) {
        if is_lost {
            self.with(State::drop_gpu);
        } else {
            self.recover_gpu();
        }
    }

    pub(super) fn adopt_gpu(&self, gpu: Gpu) {
        self.with(|state| {
            state.gpu = Some(gpu);
            state.scene.invalidate_gpu();
            state.pixels_read.try_again();
            state.dirty = true;
        });
        self.prepare();
    }

    /// Makes ready, bit by bit, what the GPU needs for what is not shown yet, and then what a person's
    /// first click needs.
    fn prepare(&self) {
        let weak = self.weak.clone();
        let engine = move || weak.upgrade().filter(|inner| !inner.is_destroyed());
        spawn_local(async move {
            let mut is_ready = false;
            while !is_ready {
                gloo::timers::future::sleep(PREPARE_EVERY).await;
                let Some(inner) = engine() else {
                    return;
                };
                is_ready = !inner.read(State::prepare_gpu);
            }
            rehearse(PREPARE_EVERY, || engine().is_some()).await;
        });
    }

    pub(super) fn lose_device(&self) {
        if self.read(State::backend_name) == "webgpu" {
            self.with(|state| {
                if let Some(gpu) = &mut state.gpu {
                    gpu.renderer.destroy();
                }
            });
            return;
        }
        if let Some(extension) = lose_context(&self.canvas) {
            extension.lose_context();
            // Only a context that was lost by script has to be given back by script.
            gloo::timers::callback::Timeout::new(100, move || extension.restore_context()).forget();
        }
    }

    /// Opens the GPU again on the same canvas and shows on it what was there.
    fn recover_gpu(&self) {
        self.with(State::drop_gpu);
        let weak = self.weak.clone();
        spawn_local(async move {
            let Some(inner) = weak.upgrade() else {
                return;
            };
            match start_gpu(&inner.canvas, inner.options.backend).await {
                Ok(gpu) if !inner.is_destroyed() => {
                    inner.adopt_gpu(gpu);
                    inner.show_photo_again().await;
                    inner.with(|state| state.events.push(EngineEvent::DeviceRestored));
                }
                Ok(_) => {}
                Err(error) => inner.with(|state| state.notice(&error.to_string())),
            }
        });
    }
}

/// What takes the canvas's WebGL context away, if it has one.
fn lose_context(canvas: &HtmlCanvasElement) -> Option<web_sys::WebglLoseContext> {
    let context = canvas.get_context("webgl2").ok().flatten()?;
    let context = context.dyn_into::<web_sys::WebGl2RenderingContext>().ok()?;
    let extension = context.get_extension("WEBGL_lose_context").ok().flatten()?;
    Some(extension.unchecked_into())
}

impl State {
    pub fn backend_name(&self) -> &'static str {
        self.gpu
            .as_ref()
            .map_or("none", |gpu| gpu.renderer.backend_name())
    }

    /// Draws what is there; main-thread time in ms.
    fn draw(&mut self) -> f64 {
        let start = monotonic_ms();
        self.dirty = false;
        self.lay_tiles();
        self.compare_again();
        let Some(gpu) = &mut self.gpu else {
            return 0.0;
        };
        let (width, height) = self.pixels;
        if (self.canvas.width(), self.canvas.height()) != self.pixels {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
        gpu.renderer.resize(width, height);
        let list = self.scene.draw_list(&self.camera, self.viewport);
        self.stats.last_upload_bytes = list.upload_bytes();
        match gpu.renderer.draw(list) {
            Ok(Frame::Drawn) => self.stats.frames += 1,
            Ok(Frame::Skipped) => self.dirty = true,
            Err(RenderError::DeviceLost) => {}
            Err(error) => crate::browser::warn(&error.to_string()),
        }
        // Texts that are new show with the next frame.
        let ratio = self.viewport.pixel_ratio;
        self.dirty |= gpu.paint_missing(self.scene.texts(), ratio);
        self.stats.last_ms = monotonic_ms() - start;
        self.stats.last_ms
    }

    /// Whether there was something to make ready.
    fn prepare_gpu(&self) -> bool {
        let gpu = self.gpu.as_ref().filter(|gpu| !gpu.renderer.is_lost());
        gpu.is_some_and(|gpu| gpu.renderer.prepare())
    }

    fn gpu_is_lost(&self) -> bool {
        self.gpu.as_ref().is_some_and(|gpu| gpu.renderer.is_lost())
    }

    fn drop_gpu(&mut self) {
        if self.gpu.take().is_some() {
            self.events.push(EngineEvent::DeviceLost);
        }
    }

    /// Gives the GPU back for good.
    pub(super) fn end_gpu(&mut self) {
        let Some(gpu) = self.gpu.take() else {
            return;
        };
        // Dropping frees nothing before the browser collects its garbage, and of WebGL contexts a page
        // has a few only.
        if gpu.renderer.backend_name() == "webgpu" {
            gpu.renderer.destroy();
        } else {
            drop(gpu);
            if let Some(extension) = lose_context(&self.canvas) {
                extension.lose_context();
            }
        }
    }

    /// Painted texts have the resolution of the screen they were painted for.
    pub(super) fn forget_sprites(&mut self) {
        if let Some(gpu) = &mut self.gpu {
            gpu.renderer.retain_text_sprites(|_| false);
            gpu.painted.clear();
        }
    }

    /// A font arrived: texts painted without it look wrong.
    pub fn repaint_texts(&mut self) {
        self.forget_sprites();
        self.dirty = true;
    }

    pub(super) fn renderer(&mut self) -> Option<&mut CanvasRenderer> {
        self.gpu.as_mut().map(|gpu| &mut gpu.renderer)
    }
}

impl Gpu {
    /// Paints the texts that the GPU does not have; whether there were any.
    fn paint_missing(&mut self, texts: &[visionflow_scene::SpriteText], ratio: f64) -> bool {
        if self.painted.len() > MAX_SPRITES {
            let shown: HashSet<_> = texts.iter().map(|text| text.id).collect();
            self.painted.retain(|id| shown.contains(id));
            let kept = &self.painted;
            self.renderer.retain_text_sprites(|id| kept.contains(&id));
        }
        let mut painted_any = false;
        for text in texts {
            if !self.painted.insert(text.id) {
                continue;
            }
            match self.painter.paint(text, ratio) {
                Ok(sprite) => {
                    let (width, height) = sprite.size;
                    let renderer = &mut self.renderer;
                    renderer.set_text_sprite(text.id, width, height, &sprite.rgba);
                    painted_any = true;
                }
                Err(error) => crate::browser::warn(&error.to_string()),
            }
        }
        painted_any
    }
}
