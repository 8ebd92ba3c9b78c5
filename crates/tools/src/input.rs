//! Events of pointer and keyboard, as the tools understand them.

use visionflow_geometry::Point;

/// One event. Wheel and pinch never come here: they move the camera whatever the tool.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    PointerDown(Pointer),
    PointerMove(Pointer),
    PointerUp(Pointer),
    /// The pointer is no longer over the canvas; not sent while a button holds it captured.
    PointerLeave,
    KeyDown {
        /// As `KeyboardEvent.key` names it.
        key: String,
        modifiers: Modifiers,
    },
    KeyUp {
        key: String,
        modifiers: Modifiers,
    },
    /// The system took the pointer away (a lost capture, a second finger, the window lost focus).
    Cancel,
}

/// Where a pointer is and how it is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pointer {
    /// In screen space: CSS pixels from the top-left corner of the canvas.
    pub position: Point,
    /// The button that went down or up; of no meaning in a move.
    pub button: Button,
    pub modifiers: Modifiers,
    /// 1 for a click, 2 for the second of a double click; of no meaning in a move.
    pub clicks: u32,
    pub kind: PointerKind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Button {
    #[default]
    Primary,
    Middle,
    Secondary,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PointerKind {
    #[default]
    Mouse,
    Touch,
    Pen,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    pub shift: bool,
    pub alt: bool,
    /// Control, or Command on a Mac.
    pub command: bool,
}

impl Pointer {
    /// A primary click of a mouse at `position` (screen space).
    pub fn at(position: Point) -> Self {
        Self {
            position,
            button: Button::Primary,
            modifiers: Modifiers::default(),
            clicks: 1,
            kind: PointerKind::Mouse,
        }
    }

    /// How far from a handle or an outline the pointer still hits it, in CSS pixels.
    pub(crate) fn reach(&self) -> f64 {
        match self.kind {
            PointerKind::Mouse | PointerKind::Pen => 7.0,
            PointerKind::Touch => 16.0,
        }
    }

    /// How far a pressed pointer may tremble before it drags, in CSS pixels.
    pub(crate) fn slack(&self) -> f64 {
        match self.kind {
            PointerKind::Mouse | PointerKind::Pen => 3.0,
            PointerKind::Touch => 8.0,
        }
    }
}
