//! How annotations look in each state, in one place.

use crate::draw_list::{Rgba, Style, style_flag};
use std::collections::HashMap;
use visionflow_model::{Color, LabelId, Ontology};

/// For labels that the ontology does not know (yet).
const UNKNOWN: Color = Color::new(156, 163, 175);
/// Handles stand out on any photograph.
const HANDLE: Color = Color::new(37, 99, 235);

/// What is true of an annotation besides its own values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub visibility: Visibility,
    pub hovered: bool,
    pub selected: bool,
}

/// Whether an annotation is there for the eye.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    #[default]
    Shown,
    /// A gesture is drawn in its place; it is picked as ever.
    Replaced,
    /// By the user: neither drawn nor picked.
    Hidden,
}

impl State {
    pub fn is_hidden(self) -> bool {
        self.visibility == Visibility::Hidden
    }
}

/// Colours and names of the labels.
#[derive(Debug, Default)]
pub struct Palette {
    labels: HashMap<LabelId, (Color, String)>,
}

impl Palette {
    pub fn of(ontology: &Ontology) -> Self {
        let entry = |label: &visionflow_model::Label| (label.id, (label.color, label.name.clone()));
        Self {
            labels: ontology.labels.iter().map(entry).collect(),
        }
    }

    pub fn color(&self, label: LabelId) -> Color {
        self.labels.get(&label).map_or(UNKNOWN, |(color, _)| *color)
    }

    pub fn name(&self, label: LabelId) -> Option<&str> {
        self.labels.get(&label).map(|(_, name)| name.as_str())
    }
}

/// An annotation's shape, or the own gesture's.
pub fn shape(color: Color, state: State, selected_width: f32) -> Style {
    let alpha = match state {
        State { selected: true, .. } => 0.35,
        State { hovered: true, .. } => 0.3,
        _ => 0.2,
    };
    let flag = |set: bool, flag: u32| if set { flag } else { 0 };
    Style {
        fill: Rgba::new(color, alpha),
        stroke: Rgba::new(color, 1.0),
        width: if state.selected { selected_width } else { 2.0 },
        flags: flag(state.visibility != Visibility::Shown, style_flag::HIDDEN)
            | flag(state.selected, style_flag::SELECTED),
    }
}

/// The fill of a gesture that is not closed yet, or of someone else's.
pub fn ghost_fill(color: Color) -> Style {
    Style {
        fill: Rgba::new(color, 0.12),
        stroke: Rgba::TRANSPARENT,
        width: 0.0,
        flags: 0,
    }
}

/// The outline of someone else's gesture.
pub fn ghost_outline(color: Color) -> Style {
    Style {
        fill: Rgba::TRANSPARENT,
        stroke: Rgba::new(color, 1.0),
        width: 2.0,
        flags: style_flag::DASHED,
    }
}

/// The outline of the own gesture before it is closed.
pub fn open_outline(color: Color) -> Style {
    Style {
        flags: 0,
        ..ghost_outline(color)
    }
}

/// The frame around what someone else selected.
pub fn peer_selection(color: Color) -> Style {
    Style {
        fill: Rgba::TRANSPARENT,
        stroke: Rgba::new(color, 1.0),
        width: 1.5,
        flags: style_flag::OUTSET,
    }
}

pub fn peer_cursor(color: Color) -> Style {
    Style {
        fill: Rgba::new(color, 1.0),
        stroke: Rgba::WHITE,
        width: 1.5,
        flags: 0,
    }
}

pub fn handle(active: bool) -> Style {
    let accent = Rgba::new(HANDLE, 1.0);
    Style {
        fill: if active { accent } else { Rgba::WHITE },
        stroke: if active { Rgba::WHITE } else { accent },
        width: 1.5,
        flags: 0,
    }
}
