//! How annotations look in each state, in one place.

use crate::draw_list::{Rgba, Style, style_flag};
use crate::visual::Visualizer;
use std::collections::HashMap;
use visionflow_model::{Color, JointId, Label, LabelId, Ontology, Shape, Style as Painted};

/// For labels that the ontology does not know (yet).
const UNKNOWN: Color = Color::new(156, 163, 175);
/// Handles stand out on any photograph.
const HANDLE: Color = Color::new(37, 99, 235);

/// What is true of an annotation besides its own values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that any other may go with"
)]
pub struct State {
    pub visibility: Visibility,
    pub hovered: bool,
    pub selected: bool,
    pub locked: bool,
    /// Proposed by a model, and nobody has decided about it.
    pub suggested: bool,
    pub standing: Standing,
}

/// What became of an annotation between two points in time that are compared; each has a colour and
/// a stroke of its own, so that nobody has to tell them by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nothing is compared.
    #[default]
    Usual,
    /// The same in both: steps back.
    Same,
    /// Only in the later one: a solid green stroke.
    Added,
    /// Only in the earlier one: a dashed red stroke.
    Removed,
    /// As it was before a change: a dashed amber stroke.
    Before,
    /// As it is after a change: an amber stroke with a white line inside.
    After,
}

impl Standing {
    /// The colour of what differs.
    pub fn color(self) -> Option<Color> {
        Some(match self {
            Self::Usual | Self::Same => return None,
            Self::Added => Color::new(34, 197, 94),
            Self::Removed => Color::new(239, 68, 68),
            Self::Before | Self::After => Color::new(245, 158, 11),
        })
    }

    fn apply(self, style: Style) -> Style {
        let Some(color) = self.color() else {
            return match self {
                Self::Same => Style {
                    fill: style.fill.faded(0.4),
                    stroke: style.stroke.faded(0.4),
                    ..style
                },
                _ => style,
            };
        };
        let (fill, flags) = match self {
            Self::Added => (0.25, 0),
            Self::Removed => (0.12, style_flag::DASHED | style_flag::PROPOSED),
            Self::Before => (0.0, style_flag::DASHED | style_flag::PROPOSED),
            _ => (0.2, style_flag::SELECTED),
        };
        Style {
            fill: Rgba::new(color, fill),
            stroke: Rgba::new(color, 1.0),
            width: if self == Self::Before { 2.0 } else { 3.0 },
            flags: (style.flags & style_flag::HIDDEN) | flags,
        }
    }
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

/// Colours, names and templates of the labels.
#[derive(Debug, Default)]
pub struct Palette {
    labels: HashMap<LabelId, Swatch>,
}

#[derive(Debug)]
struct Swatch {
    color: Color,
    name: String,
    style: Painted,
    bones: Vec<[JointId; 2]>,
}

impl Palette {
    pub fn of(ontology: &Ontology) -> Self {
        let entry = |label: &Label| {
            let template = label.skeleton.as_ref();
            let swatch = Swatch {
                color: label.color,
                name: label.name.clone(),
                style: label.style,
                bones: template.map_or_else(Vec::new, |template| template.edges.clone()),
            };
            (label.id, swatch)
        };
        Self {
            labels: ontology.labels.iter().map(entry).collect(),
        }
    }

    pub fn color(&self, label: impl Into<Option<LabelId>>) -> Color {
        self.swatch(label).map_or(UNKNOWN, |swatch| swatch.color)
    }

    pub fn name(&self, label: impl Into<Option<LabelId>>) -> Option<&str> {
        self.swatch(label).map(|swatch| swatch.name.as_str())
    }

    /// Which joints of the label's skeletons are joined.
    pub fn bones(&self, label: impl Into<Option<LabelId>>) -> &[[JointId; 2]] {
        self.swatch(label).map_or(&[], |swatch| &swatch.bones)
    }

    /// The colour of an annotation's strokes and words.
    pub fn stroke(&self, label: impl Into<Option<LabelId>>, own: Painted) -> Color {
        let swatch = self.swatch(label);
        let style = own.over(swatch.map_or_else(Painted::default, |swatch| swatch.style));
        style
            .stroke
            .unwrap_or(swatch.map_or(UNKNOWN, |swatch| swatch.color))
    }

    fn swatch(&self, label: impl Into<Option<LabelId>>) -> Option<&Swatch> {
        self.labels.get(&label.into()?)
    }

    /// An annotation's shape, or the own gesture's.
    pub fn shape(
        &self,
        label: impl Into<Option<LabelId>>,
        own: Painted,
        state: State,
        shape: &Shape,
    ) -> Style {
        let swatch = self.swatch(label);
        let style = own.over(swatch.map_or_else(Painted::default, |swatch| swatch.style));
        let color = swatch.map_or(UNKNOWN, |swatch| swatch.color);
        let (opacity, width) = match shape {
            Shape::Mask(_) => (0.4, 2.0),
            Shape::Text(_) => (0.0, 1.0),
            _ => (0.2, 2.0),
        };
        let lift = match state {
            State { selected: true, .. } => 0.15,
            State { hovered: true, .. } => 0.1,
            _ => 0.0,
        };
        let width = style.width.unwrap_or(width);
        let more = Visualizer::selected_width(shape) - 2.0;
        let flag = |set: bool, flag: u32| if set { flag } else { 0 };
        // What is locked steps back; what is only proposed is hardly there.
        let (fill_share, stroke_alpha) = match state {
            State {
                suggested: true, ..
            } => (0.4, 1.0),
            State { locked: true, .. } => (0.5, 0.55),
            _ => (1.0, 1.0),
        };
        let usual = Style {
            fill: Rgba::new(
                style.fill.unwrap_or(color),
                (style.opacity.unwrap_or(opacity) + lift) * fill_share,
            ),
            stroke: Rgba::new(style.stroke.unwrap_or(color), stroke_alpha),
            width: if state.selected { width + more } else { width },
            flags: flag(state.visibility != Visibility::Shown, style_flag::HIDDEN)
                | flag(state.selected, style_flag::SELECTED)
                | flag(state.suggested, style_flag::DASHED | style_flag::PROPOSED),
        };
        state.standing.apply(usual)
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

/// A line that something snaps to, or that is measured.
pub fn guide() -> Style {
    Style {
        fill: Rgba::TRANSPARENT,
        stroke: Rgba::new(GUIDE, 1.0),
        width: 1.0,
        flags: 0,
    }
}

/// The rectangle or line that selects, and the rim of a brush.
pub fn marquee() -> Style {
    Style {
        fill: Rgba::new(HANDLE, 0.08),
        stroke: Rgba::new(HANDLE, 1.0),
        width: 1.0,
        flags: 0,
    }
}

/// Behind the words of a measurement.
pub const GUIDE: Color = Color::new(219, 39, 119);
