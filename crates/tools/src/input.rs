//! Events of pointer and keyboard, as the tools understand them.

use crate::SmartInput;
use visionflow_geometry::Point;

/// One event; positions are in screen space, CSS pixels from the top-left corner of the canvas.
///
/// Wheel, pinch, and drags with the middle button or the space key never come here: they move the
/// camera whatever the tool.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    PointerDown {
        pos: Point,
        button: Button,
        modifiers: Modifiers,
        /// 1 for a click, 2 for the second of a double click, and so on.
        clicks: u32,
        pointer: PointerKind,
    },
    PointerMove {
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
    },
    PointerUp {
        pos: Point,
        button: Button,
        modifiers: Modifiers,
        pointer: PointerKind,
    },
    /// The pointer is no longer over the canvas; not sent while a button holds it captured.
    PointerLeave,
    KeyDown {
        /// As `KeyboardEvent.key` names it.
        key: String,
        modifiers: Modifiers,
    },
    /// A key was let go; sent for the arrow keys at least, also when the window loses the focus.
    KeyUp { key: String },
    /// What the embedder's input holds now, while a text is being typed.
    Typed(String),
    /// The text is as it shall be.
    TypingDone,
    /// For the smart tool: what the model says, and what a person does by buttons.
    Smart(SmartInput),
    /// The system took the pointer away (a lost capture, a second finger, the window lost focus).
    Cancel,
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

/// The keys held down meanwhile, as the DOM names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)]
pub struct Modifiers {
    pub shift: bool,
    pub ctrl: bool,
    pub alt: bool,
    pub meta: bool,
}

impl Button {
    /// From `MouseEvent.button`; `None` for the buttons beyond the usual three.
    pub const fn from_dom(button: i16) -> Option<Self> {
        match button {
            0 => Some(Self::Primary),
            1 => Some(Self::Middle),
            2 => Some(Self::Secondary),
            _ => None,
        }
    }
}

impl Modifiers {
    /// Control, or Command on a Mac.
    pub const fn command(self) -> bool {
        self.ctrl || self.meta
    }
}

impl PointerKind {
    /// How far from a handle or an outline the pointer still hits it, in CSS pixels.
    pub(crate) const fn reach(self) -> f64 {
        match self {
            Self::Mouse | Self::Pen => 7.0,
            Self::Touch => 16.0,
        }
    }

    /// How far a pressed pointer may tremble before it drags, in CSS pixels.
    pub(crate) const fn slack(self) -> f64 {
        match self {
            Self::Mouse | Self::Pen => 3.0,
            Self::Touch => 8.0,
        }
    }
}
