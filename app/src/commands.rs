//! The one registry of commands: it feeds shortcuts, the `?` sheet, tooltips, menus and the palette.
//!
//! A [`Spec`] says what a command is called and which keys run it unless the person chose others
//! ([`keymap`]); a page binds a spec to what it does with [`use_commands`] for as long as it is
//! shown ([`registry`]).

pub mod keymap;
pub mod keys;
mod registry;
pub mod spec;

pub use registry::{CommandProvider, Commands, use_commands};
pub use spec::ALL;

use crate::t;
use yew::prelude::*;

/// Where a command stands in the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Tools,
    Labels,
    Suggestions,
    Edit,
    Arrange,
    Shapes,
    View,
    Photographs,
    Go,
}

impl Section {
    pub const ALL: [Self; 9] = [
        Self::Tools,
        Self::Edit,
        Self::Arrange,
        Self::Shapes,
        Self::Labels,
        Self::Suggestions,
        Self::View,
        Self::Photographs,
        Self::Go,
    ];

    pub fn title(self) -> String {
        match self {
            Self::Tools => t!("section-tools"),
            Self::Labels => t!("section-labels"),
            Self::Suggestions => t!("suggestions-title"),
            Self::Edit => t!("section-edit"),
            Self::Arrange => t!("section-arrange"),
            Self::Shapes => t!("section-shapes"),
            Self::View => t!("section-view"),
            Self::Photographs => t!("section-photographs"),
            Self::Go => t!("section-go"),
        }
    }
}

/// A command before anyone says what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Also the catalogue's key for its name.
    pub id: &'static str,
    pub section: Section,
    /// The keys of whoever has chosen no others.
    pub keys: &'static [&'static str],
    /// The canvas's own keys: the engine handles them while nothing else has the focus, so they
    /// cannot be chosen.
    pub on_canvas: bool,
}

/// A command that can be run now.
#[derive(Clone, PartialEq)]
pub struct Command {
    pub id: AttrValue,
    pub title: AttrValue,
    pub section: Section,
    pub keys: Vec<AttrValue>,
    /// The keys of whoever has chosen no others.
    pub default_keys: Vec<AttrValue>,
    pub enabled: bool,
    /// Its keys run it even while menus show it dim: the page may be a frame behind the canvas,
    /// and what runs says by itself why it cannot.
    pub always_by_key: bool,
    pub on_canvas: bool,
    /// A colour before its name: a label's.
    pub color: Option<AttrValue>,
    /// Whether what it switches is on.
    pub checked: Option<bool>,
    pub run: Callback<()>,
}

impl Command {
    #[must_use]
    pub fn checked(self, on: bool) -> Self {
        Self {
            checked: Some(on),
            ..self
        }
    }

    /// Its keys run it whenever `allowed`, whatever menus show.
    #[must_use]
    pub fn by_key(self, allowed: bool) -> Self {
        Self {
            always_by_key: allowed,
            ..self
        }
    }

    /// Whether the browser's clipboard events run it.
    fn by_clipboard(&self) -> bool {
        [spec::COPY, spec::CUT, spec::PASTE]
            .iter()
            .any(|spec| spec.id == self.id)
    }
}

impl Spec {
    /// Says what the command does.
    pub fn bind(&self, enabled: bool, run: impl Fn() + 'static) -> Command {
        Command {
            id: self.id.into(),
            title: t!(self.id).into(),
            section: self.section,
            keys: keymap::keys_of(self),
            default_keys: self.keys.iter().map(|key| AttrValue::Static(key)).collect(),
            enabled,
            always_by_key: false,
            on_canvas: self.on_canvas,
            color: None,
            checked: None,
            run: Callback::from(move |()| run()),
        }
    }

    /// The key to show beside its name.
    pub fn key(&self) -> Option<AttrValue> {
        keymap::keys_of(self).into_iter().next()
    }
}
