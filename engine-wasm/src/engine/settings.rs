//! What a person has set: for the tools, and for how things are shown.

use super::{Engine, State};
use crate::EngineEvent;
use std::collections::HashSet;
use visionflow_geometry::Point;
use visionflow_model::AnnotationId;
use visionflow_scene::{Guide, ImageLook, Lines};
use visionflow_tools::{Effects, Measure, TextEntry, ToolSettings};

/// How the photograph and what lies over it are shown; nothing of it reaches the document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewOptions {
    pub look: ImageLook,
    /// Lines between the image's pixels, once they are large enough.
    pub pixel_grid: bool,
    /// Lines every so many image pixels.
    pub grid: Option<f64>,
    /// Lines across the canvas through the pointer.
    pub crosshair: bool,
    /// The label's name beside what is selected or hovered.
    pub names: bool,
}

impl Default for ViewOptions {
    fn default() -> Self {
        Self {
            look: ImageLook::default(),
            pixel_grid: false,
            grid: None,
            crosshair: false,
            names: true,
        }
    }
}

impl Engine {
    pub fn settings(&self) -> ToolSettings {
        self.0.read(|state| state.settings)
    }

    /// Settings for the tools; numbers that make no sense are put right.
    pub fn set_settings(&self, settings: ToolSettings) {
        self.0.with(|state| state.set_settings(settings));
    }

    pub fn view_options(&self) -> ViewOptions {
        self.0.read(|state| state.view_options)
    }

    pub fn set_view_options(&self, options: ViewOptions) {
        self.0.with(|state| state.set_view_options(options));
    }

    /// Leaves out what a filter names: it is neither drawn nor picked. `None` shows everything.
    pub fn set_filter(&self, left_out: Option<HashSet<AnnotationId>>) {
        self.0.with(|state| {
            state.scene.set_filter(left_out);
            state.dirty = true;
        });
    }

    /// The text that is being typed: an input is laid over it.
    pub fn text_entry(&self) -> Option<TextEntry> {
        self.0.read(|state| state.text.clone())
    }

    /// The measuring tool's figures.
    pub fn measures(&self) -> Vec<Measure> {
        self.0.read(|state| state.measures.clone())
    }
}

impl State {
    pub(super) fn set_settings(&mut self, settings: ToolSettings) {
        let settings = settings.sanitized();
        if self.settings != settings {
            self.settings = settings;
            self.events.push(EngineEvent::Settings);
            self.refresh_tools();
        }
    }

    fn set_view_options(&mut self, options: ViewOptions) {
        self.view_options = options;
        self.scene.set_image_look(options.look);
        self.scene.set_names(options.names);
        self.show_lines(None);
        self.dirty = true;
    }

    /// The grids, and the crosshair where the pointer is (image space).
    pub(super) fn show_lines(&mut self, pointer: Option<Point>) {
        let options = self.view_options;
        let lines = Lines {
            pixel_grid: options.pixel_grid,
            grid: options.grid.filter(|step| step.is_finite() && *step > 0.0),
            crosshair: pointer.filter(|_| options.crosshair),
        };
        if self.scene.lines() != lines {
            self.scene.set_lines(lines);
            self.dirty = true;
        }
    }

    /// The measuring tool's figures, and where a point has jumped to.
    pub(super) fn show_guides(&mut self) {
        let figure = |measure: &Measure| Guide::Figure {
            at: measure.at,
            text: measure.text.clone(),
        };
        let figures = self.measures.iter().map(figure);
        let guides: Vec<_> = figures.chain(self.snap.map(Guide::Snap)).collect();
        self.scene.set_guides(&guides);
        self.dirty = true;
    }

    /// What the tools changed of the settings and of what the embedder lays over the canvas.
    pub(super) fn apply_to_embedder(&mut self, effects: &mut Effects) {
        if let Some(settings) = effects.settings.take()
            && self.settings != settings
        {
            self.settings = settings;
            self.events.push(EngineEvent::Settings);
        }
        if let Some(text) = effects.text.take() {
            self.text = text;
            self.events.push(EngineEvent::Text);
        }
        let snap = effects.snap.take();
        let guides_change = snap.is_some() || effects.measures.is_some();
        self.snap = snap.unwrap_or(self.snap);
        if let Some(measures) = effects.measures.take() {
            self.measures = measures;
            self.events.push(EngineEvent::Measures);
        }
        if guides_change {
            self.show_guides();
        }
        if let Some(pinned) = effects.pinned.take() {
            self.events.push(EngineEvent::Pinned(pinned));
        }
        if let Some(ask) = effects.ask.take() {
            self.assist_asks(ask);
        }
        if let Some(smart) = effects.smart.take() {
            self.assist.smart = smart;
            self.events.push(EngineEvent::Assist);
        }
    }
}
