//! What pages of other people ask of the engine beyond what the workbench does: read-only mode,
//! colours of their own, loading annotations without a step of undo, and pictures of the canvas.

use super::{Engine, State};
use crate::{EngineError, EngineEvent};
use visionflow_document::{Edit, EditError};
use visionflow_geometry::{Point, Vec2};
use visionflow_model::{Annotation, Color};
use visionflow_scene::{Camera, Viewport};
use visionflow_tools::{Input, Modifiers};

/// Texts that are new show with the next frame; a part of a picture has at most so many.
const PAINT_ROUNDS: usize = 8;

impl Engine {
    /// Width and height of the photograph, once they are known.
    pub fn image_size(&self) -> Option<(u32, u32)> {
        self.0.read(|state| state.image)
    }

    /// Shows and selects, and changes nothing, whatever the room allows.
    pub fn set_read_only(&self, is_read_only: bool) {
        self.0.with(|state| state.set_read_only(is_read_only));
    }

    /// Whether edits are taken: the room allows them and the embedder does.
    pub fn may_edit(&self) -> bool {
        self.0.read(State::may_edit)
    }

    /// The colour around the photograph, until the theme is set again.
    pub fn set_background(&self, color: Color) {
        self.0.with(|state| {
            state.scene.set_background(color);
            state.dirty = true;
        });
    }

    /// Adds annotations, after taking all others away unless `keeps` them; this is no step of undo,
    /// and read-only mode does not stand in its way.
    pub fn load(&self, annotations: Vec<Annotation>, keeps: bool) -> Result<(), EditError> {
        self.0.with(|state| state.load(annotations, keeps))
    }

    /// What an embedder's input holds now, while a text is being typed.
    pub fn type_text(&self, text: &str) {
        self.0.with(|state| {
            state.input(&Input::Typed(text.to_owned()));
        });
    }

    /// The text that is being typed is as it shall be, or is not to be.
    pub fn finish_typing(&self, keeps: bool) {
        self.0.with(|state| {
            // Then Escape means something else, and the field only has not heard of it yet.
            if state.text.is_none() {
                return;
            }
            let input = if keeps {
                Input::TypingDone
            } else {
                // The key itself went to the embedder's field.
                Input::KeyDown {
                    key: "Escape".to_owned(),
                    modifiers: Modifiers::default(),
                }
            };
            state.input(&input);
        });
    }

    /// Leaves the room; the annotations stay here.
    pub fn leave(&self) {
        self.0.with(|state| {
            state.leave_room();
            state.can_edit = true;
            state.refresh_tools();
        });
    }

    /// Draws a part of image space on the canvas, without what belongs to a person at work
    /// (selection, handles, cursors): `size` pixels from `origin` on, `scale` of them an image pixel.
    ///
    /// The canvas holds the picture until the end of the browser's task; [`Engine::end_picture`]
    /// brings back what a person sees. Whether the photograph's tiles are all there for it; if not,
    /// they are on their way, and it is to be drawn again.
    pub fn draw_part(
        &self,
        origin: Point,
        scale: f64,
        size: (u32, u32),
    ) -> Result<bool, EngineError> {
        self.0
            .with(|state| state.begin_part(origin, scale, size))
            .then_some(())
            .ok_or_else(|| EngineError::NoGraphics("they are being restored".to_owned()))?;
        for _ in 0..PAINT_ROUNDS {
            self.0.draw_now();
            if !self.0.read(|state| state.dirty) {
                break;
            }
        }
        Ok(self
            .0
            .read(|state| !state.has_tiles() || state.tiles_are_complete()))
    }

    /// Shows again what [`Engine::draw_part`] replaced.
    pub fn end_picture(&self) {
        self.0.with(State::end_picture);
        self.0.draw_now();
    }
}

/// What a picture replaces for its time.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    camera: Camera,
    viewport: Viewport,
    pixels: (u32, u32),
    is_fitted: bool,
}

impl State {
    /// Whether this person's edits are taken.
    pub fn may_edit(&self) -> bool {
        self.can_edit && !self.is_read_only && self.past.is_none()
    }

    fn set_read_only(&mut self, is_read_only: bool) {
        if std::mem::replace(&mut self.is_read_only, is_read_only) != is_read_only {
            self.cancel_gesture();
            self.refresh_tools();
            let can_edit = self.may_edit();
            self.events.push(EngineEvent::Role { can_edit });
        }
    }

    fn load(&mut self, annotations: Vec<Annotation>, keeps: bool) -> Result<(), EditError> {
        self.cancel_gesture();
        let mut edits: Vec<Edit> = Vec::new();
        if !keeps {
            edits.extend(self.document.annotations().map(|a| Edit::Delete(a.id)));
        }
        edits.extend(annotations.into_iter().map(Edit::Add));
        let change = self.document.bring(&edits)?;
        self.took_own(&change);
        self.document.forget_history();
        Ok(())
    }

    fn begin_part(&mut self, origin: Point, scale: f64, size: (u32, u32)) -> bool {
        if self.backend_name() == "none" {
            return false;
        }
        if self.covered.is_none() {
            self.cancel_gesture();
            self.covered = Some(Shown {
                camera: self.camera,
                viewport: self.viewport,
                pixels: self.pixels,
                is_fitted: self.is_fitted,
            });
            self.scene.set_selection(&[]);
            self.scene.set_hover(None);
            self.scene.set_handles(&[]);
            self.scene.set_guides(&[]);
            self.scene.set_preview(&[]);
            self.scene.set_peers(&[]);
            self.cover_suggestions();
        }
        self.viewport = Viewport::new(f64::from(size.0), f64::from(size.1), 1.0);
        self.pixels = size;
        let offset = Vec2::new(-origin.x * scale, -origin.y * scale);
        self.camera = Camera::new(scale, offset);
        self.dirty = true;
        true
    }

    /// Shows this instead; what was shown before.
    pub(super) fn exchange(&mut self, shown: Shown) -> Shown {
        Shown {
            camera: std::mem::replace(&mut self.camera, shown.camera),
            viewport: std::mem::replace(&mut self.viewport, shown.viewport),
            pixels: std::mem::replace(&mut self.pixels, shown.pixels),
            is_fitted: std::mem::replace(&mut self.is_fitted, shown.is_fitted),
        }
    }

    fn end_picture(&mut self) {
        let Some(shown) = self.covered.take() else {
            return;
        };
        self.exchange(shown);
        self.scene.set_selection(self.toolbox.selection());
        self.scene.set_hover(self.hover);
        self.peers_changed();
        self.show_suggestions();
        self.scene.set_handles(&self.handles);
        self.show_guides();
    }
}
