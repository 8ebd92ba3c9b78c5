//! What there is, and what the tools do to it. `changes` has how an edit flows through it, `settle` what
//! others are told of it.

use super::frame::{Gpu, Stats};
use super::pointer::Pointers;
use super::presence::MAX_SHOWN;
use super::settle::Told;
use crate::browser::random_client_id;
use crate::room::Room;
use crate::{EngineEvent, Theme};
use visionflow_document::Document;
use visionflow_geometry::sort_by;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, AnnotationId, LabelId, Ontology, Presence};
use visionflow_scene::{Camera, Handle, Scene, Viewport};
use visionflow_tools::{
    Context, Effects, Hint, Input, Measure, TextEntry, ToolKind, ToolSettings, Toolbox,
};
use web_sys::HtmlCanvasElement;

#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that any other may go with"
)]
pub struct State {
    pub(super) canvas: HtmlCanvasElement,
    pub(crate) document: Document,
    pub(crate) scene: Scene,
    pub(crate) toolbox: Toolbox,
    pub(crate) camera: Camera,
    /// The whole photograph is in view and stays so when the canvas changes its size.
    pub(super) is_fitted: bool,
    pub(crate) viewport: Viewport,
    /// The canvas's size in device pixels.
    pub(super) pixels: (u32, u32),
    pub(super) image: Option<(u32, u32)>,
    /// The photograph being loaded; dropping it cancels.
    pub(super) opening: Option<super::item::Opening>,
    /// Numbers the photographs that were asked for.
    pub(super) tickets: u64,
    /// The encoded photograph, to decode it once more when the GPU forgets it.
    pub(super) photo: Option<web_sys::Blob>,
    /// The photograph in tiles, when it is one.
    pub(super) tiled: Option<super::tiles::Tiled>,
    /// The engine itself, for what comes in later.
    pub(super) handle: Option<std::rc::Weak<super::Inner>>,
    pub(crate) label: Option<LabelId>,
    /// Whether the room allows edits; see `may_edit`.
    pub(crate) can_edit: bool,
    /// The embedder allows none.
    pub(super) is_read_only: bool,
    /// What is shown in place of the live document.
    pub(super) past: Option<super::past::Past>,
    /// What a picture of the canvas has replaced for a moment.
    pub(super) covered: Option<super::embed::Shown>,
    /// As the tools told them last.
    pub(super) handles: Vec<Handle>,
    pub(crate) settings: ToolSettings,
    pub(crate) ontology: Ontology,
    pub(super) pixels_read: super::pixels::Pixels,
    pub(super) assist: super::assist::Assist,
    /// The worker for registered models, once one was asked for.
    pub(super) models: super::models::Models,
    pub(super) view_options: super::settings::ViewOptions,
    /// The text that is being typed.
    pub(super) text: Option<TextEntry>,
    /// The measuring tool's figures.
    pub(super) measures: Vec<Measure>,
    /// Where the point in hand has jumped to, in image space.
    pub(super) snap: Option<Point>,
    pub(crate) hover: Option<AnnotationId>,
    /// Suggestions of a lower score are not shown.
    pub(super) threshold: f64,
    pub(crate) hint: Hint,
    pub(crate) presence: Presence,
    pub(super) following: Option<super::follow::Following>,
    pub(super) pointers: Pointers,
    pub(crate) room: Option<Room>,
    pub(super) gpu: Option<Gpu>,
    pub(super) stats: Stats,
    /// What subscribers have not heard yet.
    pub(crate) events: Vec<EngineEvent>,
    /// What local edits touched since their updates were handed on.
    pub(super) touched: Vec<AnnotationId>,
    /// The next frame would differ from the last one.
    pub(crate) dirty: bool,
    pub(super) told: Told,
}

impl State {
    pub fn new(canvas: HtmlCanvasElement, theme: Theme) -> Self {
        let (camera, viewport) = (Camera::default(), Viewport::new(1.0, 1.0, 1.0));
        let mut state = Self {
            canvas,
            document: Document::new(random_client_id()),
            scene: Scene::new(),
            toolbox: Toolbox::new(),
            camera,
            is_fitted: true,
            viewport,
            pixels: (1, 1),
            image: None,
            opening: None,
            tickets: 0,
            photo: None,
            tiled: None,
            handle: None,
            label: None,
            can_edit: true,
            is_read_only: false,
            covered: None,
            past: None,
            handles: Vec::new(),
            settings: ToolSettings::default(),
            ontology: Ontology::default(),
            pixels_read: super::pixels::Pixels::default(),
            assist: super::assist::Assist::default(),
            models: None,
            view_options: super::settings::ViewOptions::default(),
            text: None,
            measures: Vec::new(),
            snap: None,
            hover: None,
            threshold: 0.0,
            hint: Hint::default(),
            presence: Presence::default(),
            following: None,
            pointers: Pointers::default(),
            room: None,
            gpu: None,
            stats: Stats::default(),
            events: Vec::new(),
            touched: Vec::new(),
            dirty: true,
            told: Told::nothing(camera, viewport),
        };
        state.set_theme(theme);
        state
    }

    /// Hands an input to the active tool; whether it was meant for it.
    pub fn input(&mut self, input: &Input) -> bool {
        if self.past.is_some() {
            return false;
        }
        let effects = self.with_tools(|toolbox, context| toolbox.handle(input, context));
        let handled = effects.handled;
        self.apply(effects);
        handled
    }

    pub fn cancel_gesture(&mut self) {
        self.input(&Input::Cancel);
    }

    pub fn set_tool(&mut self, tool: ToolKind) {
        let changes = self.toolbox.active() != tool;
        let effects = self.with_tools(|toolbox, context| toolbox.switch(tool, context));
        self.apply(effects);
        if changes {
            self.pixels_read.try_again();
            self.events.push(EngineEvent::Tool(tool));
        }
    }

    pub fn set_ontology(&mut self, ontology: &Ontology) {
        self.scene.set_ontology(ontology);
        ontology.clone_into(&mut self.ontology);
        self.forget_sprites();
        if self.label.is_some_and(|id| ontology.label(id).is_none()) {
            self.label = None;
        }
        self.dirty = true;
    }

    pub fn delete_selection(&mut self) {
        let effects = self.with_tools(Toolbox::delete_selection);
        self.apply(effects);
    }

    pub fn select(&mut self, ids: &[AnnotationId]) {
        if self.past.is_some() {
            return;
        }
        let effects = self.with_tools(|toolbox, context| toolbox.select(ids, context));
        self.apply(effects);
    }

    pub fn set_hover(&mut self, id: Option<AnnotationId>) {
        if self.hover != id {
            self.hover = id;
            self.scene.set_hover(id);
            self.events.push(EngineEvent::Hover);
            self.dirty = true;
        }
    }

    pub fn set_hidden(&mut self, ids: &[AnnotationId]) {
        self.scene.set_hidden(ids);
        self.dirty = true;
    }

    pub fn deselect_hidden(&mut self) {
        let selected = self.toolbox.selection();
        let is_shown = |id: &&AnnotationId| !self.scene.is_hidden(**id);
        let shown: Vec<_> = selected.iter().filter(is_shown).copied().collect();
        if shown.len() < selected.len() {
            self.select(&shown);
        }
    }

    pub fn sorted_annotations(&self) -> Vec<Annotation> {
        let mut annotations: Vec<_> = self.document.annotations().cloned().collect();
        sort_by(&mut annotations, |a, b| {
            a.z.total_cmp(&b.z).then_with(|| a.id.cmp(&b.id))
        });
        annotations
    }

    pub fn set_label(&mut self, label: Option<LabelId>) {
        self.label = label;
        self.refresh_tools();
    }

    pub fn notice(&mut self, sentence: &str) {
        self.events.push(EngineEvent::Notice(sentence.to_owned()));
    }

    /// What the tools show depends on the camera and the role.
    pub fn refresh_tools(&mut self) {
        let effects = self.with_tools(Toolbox::refresh);
        self.apply(effects);
    }

    /// The image's rectangle; all of the plane while there is none.
    pub(super) fn image_rect(&self) -> Rect {
        image_rect(self.image)
    }

    pub(super) fn with_tools<R>(
        &mut self,
        f: impl FnOnce(&mut Toolbox, &mut Context<'_>) -> R,
    ) -> R {
        let mut context = Context {
            document: &self.document,
            scene: &self.scene,
            camera: &self.camera,
            image: image_rect(self.image),
            label: self.label,
            can_edit: self.may_edit(),
            settings: &self.settings,
            ontology: &self.ontology,
            pixels: self.pixels_read.view(),
            smart_model: self.assist.model(),
            new_id: &mut crate::ids::new_id,
        };
        f(&mut self.toolbox, &mut context)
    }

    pub(super) fn apply(&mut self, mut effects: Effects) {
        self.apply_to_embedder(&mut effects);
        if !effects.edits.is_empty() {
            match self.document.edit(&effects.edits) {
                Ok(change) => self.took_own(&change),
                Err(error) => self.notice(&error.to_string()),
            }
        }
        if let Some(preview) = effects.preview {
            self.scene.set_preview(&preview);
            self.presence.preview = visionflow_tools::shown_to_others(preview);
            self.dirty = true;
        }
        if let Some(selection) = effects.selection {
            self.scene.set_selection(&selection);
            self.presence.selection = selection.into_iter().take(MAX_SHOWN).collect();
            self.events.push(EngineEvent::Selection);
            self.dirty = true;
        }
        if let Some(picked) = effects.picked {
            self.scene.set_picked(picked);
            self.events.push(EngineEvent::Suggestions);
            self.dirty = true;
        }
        if let Some(hover) = effects.hover {
            self.set_hover(hover);
        }
        if let Some(handles) = effects.handles {
            self.scene.set_handles(&handles);
            self.handles = handles;
            self.dirty = true;
        }
        if let Some(camera) = effects.camera {
            self.camera = camera;
            self.is_fitted = false;
        }
        if let Some(cursor) = effects.cursor {
            self.pointers.tool_cursor = cursor;
            self.show_cursor();
        }
        if let Some(hint) = effects.hint {
            self.hint = hint;
            self.events.push(EngineEvent::Hint(hint));
        }
        if let Some(notice) = effects.notice {
            self.events.push(EngineEvent::ToolNotice(notice));
        }
    }
}

pub(super) fn image_rect(image: Option<(u32, u32)>) -> Rect {
    match image {
        Some((width, height)) => Rect::from_size(f64::from(width), f64::from(height)),
        None => Rect::from_corners(Point::new(-1e6, -1e6), Point::new(1e6, 1e6)),
    }
}
