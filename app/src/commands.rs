//! The one registry of commands: it feeds shortcuts, the `?` sheet, tooltips and the palette.
//!
//! A [`Spec`] says what a command is called and which keys run it; a page binds a spec to what it
//! does with [`use_commands`] for as long as it is shown. Keys are written `Mod+Shift+z`: `Mod` is
//! ⌘ on a Mac and Ctrl elsewhere, the last part is `KeyboardEvent.key`.

use crate::{browser, t};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// Where a command stands in the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Tools,
    Labels,
    Edit,
    View,
    Photographs,
    Go,
}

impl Section {
    pub fn title(self) -> String {
        match self {
            Self::Tools => t!("section-tools"),
            Self::Labels => t!("section-labels"),
            Self::Edit => t!("section-edit"),
            Self::View => t!("section-view"),
            Self::Photographs => t!("section-photographs"),
            Self::Go => t!("section-go"),
        }
    }
}

/// A command before anyone says what it does.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Also the catalogue's key for its name.
    pub id: &'static str,
    pub section: Section,
    pub keys: &'static [&'static str],
    /// The canvas's own keys: the engine handles them while nothing else has the focus.
    pub on_canvas: bool,
}

macro_rules! specs {
    ($($name:ident = $id:literal, $section:ident, [$($key:literal),*] $(, $canvas:tt)?;)*) => {
        $(pub const $name: Spec = Spec { id: $id, section: Section::$section, keys: &[$($key),*], on_canvas: specs!(@flag $($canvas)?) };)*
        /// All of them, in the order of the sheet.
        pub const ALL: &[Spec] = &[$($name),*];
    };
    (@flag) => { false };
    (@flag canvas) => { true };
}

/// Every command there is, by name.
pub mod spec {
    use super::{Section, Spec};

    specs! {
        TOOL_SELECT = "command-tool-select", Tools, ["v"];
        TOOL_BOX = "command-tool-box", Tools, ["b"];
        TOOL_POLYGON = "command-tool-polygon", Tools, ["p"];
        TOOL_PAN = "command-tool-pan", Tools, ["h"];
        CANCEL = "command-cancel", Tools, ["Escape"], canvas;
        FINISH = "command-finish", Tools, ["Enter"], canvas;
        PAN_HOLD = "command-pan-hold", Tools, ["Space"], canvas;
        UNDO = "command-undo", Edit, ["Mod+z"];
        REDO = "command-redo", Edit, ["Mod+Shift+z", "Mod+y"];
        DELETE = "command-delete", Edit, ["Delete", "Backspace"], canvas;
        SELECT_ALL = "command-select-all", Edit, ["Mod+a"], canvas;
        NUDGE = "command-nudge", Edit, ["ArrowLeft"], canvas;
        NUDGE_MORE = "command-nudge-more", Edit, ["Shift+ArrowLeft"], canvas;
        HIDE = "command-hide", View, ["x"];
        SHOW_ALL = "command-show-all", View, ["Shift+x"];
        ZOOM_IN = "command-zoom-in", View, ["Plus", "="];
        ZOOM_OUT = "command-zoom-out", View, ["-"];
        ZOOM_FIT = "command-zoom-fit", View, ["f", "Shift+1"];
        ZOOM_ACTUAL = "command-zoom-actual", View, ["Shift+0"];
        ZOOM_SELECTION = "command-zoom-selection", View, ["z", "Shift+2"];
        TOGGLE_PANEL = "command-toggle-panel", View, ["Mod+\\"];
        TOGGLE_FILMSTRIP = "command-toggle-filmstrip", View, ["Mod+;"];
        TOGGLE_THEME = "command-toggle-theme", View, [];
        NEXT = "command-next", Photographs, ["d", "."];
        PREVIOUS = "command-previous", Photographs, ["a", ","];
        UPLOAD = "command-upload", Photographs, ["u"];
        EXPORT = "command-export", Photographs, ["e"];
        SEARCH = "command-search", Photographs, ["/"];
        NEW_PROJECT = "command-new-project", Go, ["n"];
        GO_PROJECTS = "command-go-projects", Go, [];
        GO_GALLERY = "command-go-gallery", Go, ["g"];
        GO_SETTINGS = "command-go-settings", Go, [];
        PALETTE = "command-palette", Go, ["Mod+k"];
        SHORTCUTS = "command-shortcuts", Go, ["?"];
        SIGN_OUT = "command-sign-out", Go, [];
    }
}

/// A command that can be run now.
#[derive(Clone, PartialEq)]
pub struct Command {
    pub id: AttrValue,
    pub title: AttrValue,
    pub section: Section,
    pub keys: Vec<AttrValue>,
    pub enabled: bool,
    pub on_canvas: bool,
    /// A colour before its name: a label's.
    pub color: Option<AttrValue>,
    pub run: Callback<()>,
}

impl Spec {
    /// Says what the command does.
    pub fn bind(&self, enabled: bool, run: impl Fn() + 'static) -> Command {
        Command {
            id: self.id.into(),
            title: t!(self.id).into(),
            section: self.section,
            keys: self.keys.iter().map(|key| AttrValue::Static(key)).collect(),
            enabled,
            on_canvas: self.on_canvas,
            color: None,
            run: Callback::from(move |()| run()),
        }
    }

    /// The key to show beside its name.
    pub fn key(&self) -> Option<AttrValue> {
        self.keys.first().map(|key| AttrValue::Static(key))
    }
}

#[derive(Default)]
struct Shared {
    scopes: RefCell<Vec<(u32, Vec<Command>)>>,
    next: Cell<u32>,
    covered: Cell<bool>,
}

/// What can be done now, everywhere on the page; cheap to clone.
#[derive(Clone, Default)]
pub struct Commands(Rc<Shared>);

impl PartialEq for Commands {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Commands {
    /// Everything that is bound, the page's own before the general.
    pub fn all(&self) -> Vec<Command> {
        self.0
            .scopes
            .borrow()
            .iter()
            .rev()
            .flat_map(|(_, commands)| commands.clone())
            .collect()
    }

    /// Says that something lies over the page, from the moment it is asked for: a dialog takes a
    /// little to appear, and the keys typed meanwhile are not meant for the page.
    pub fn cover(&self, covered: bool) {
        self.0.covered.set(covered);
    }

    fn for_event(&self, event: &KeyboardEvent) -> Option<Command> {
        let on_canvas = browser::canvas_has_keyboard();
        let matches = |command: &Command| {
            !(command.on_canvas && on_canvas)
                && command.keys.iter().any(|keys| is_pressed(keys, event))
        };
        self.all()
            .into_iter()
            .find(|command| command.enabled && matches(command))
    }

    fn set(&self, scope: u32, commands: Vec<Command>) {
        let mut scopes = self.0.scopes.borrow_mut();
        match scopes.iter_mut().find(|(id, _)| *id == scope) {
            Some((_, old)) => *old = commands,
            None => scopes.push((scope, commands)),
        }
    }

    fn remove(&self, scope: u32) {
        self.0.scopes.borrow_mut().retain(|(id, _)| *id != scope);
    }
}

/// Offers these commands while the component is shown.
#[hook]
pub fn use_commands(commands: Vec<Command>) {
    let registry = use_context::<Commands>().unwrap_or_default();
    let scope = use_memo((), {
        let registry = registry.clone();
        move |()| registry.0.next.replace(registry.0.next.get() + 1)
    });
    registry.set(*scope, commands);
    use_effect_with((), move |()| move || registry.remove(*scope));
}

/// Whether `keys` is what the event says.
fn is_pressed(keys: &str, event: &KeyboardEvent) -> bool {
    let (mut need_mod, mut need_shift, mut need_alt) = (false, false, false);
    let mut key = "";
    for part in keys.split('+') {
        match part {
            "Mod" => need_mod = true,
            "Shift" => need_shift = true,
            "Alt" => need_alt = true,
            part => key = part,
        }
    }
    let pressed = event.key();
    let code = event.code();
    let same = match key {
        "Plus" => pressed == "+",
        "Space" => pressed == " ",
        // Shift changes what a digit key types, differently on every layout.
        digit if need_shift && digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit() => {
            code == format!("Digit{digit}")
        }
        key => pressed.eq_ignore_ascii_case(key),
    };
    // A sign such as `?` or `+` may need Shift on one layout and not on another.
    let is_sign = key == "Plus" || (key.len() == 1 && !key.as_bytes()[0].is_ascii_alphanumeric());
    let has_mod = if browser::is_mac() {
        event.meta_key()
    } else {
        event.ctrl_key()
    };
    let foreign = if browser::is_mac() {
        event.ctrl_key()
    } else {
        event.meta_key()
    };
    same && has_mod == need_mod
        && !foreign
        && event.alt_key() == need_alt
        && (is_sign || event.shift_key() == need_shift)
}

/// Holds the registry and listens to the keyboard for everyone below.
#[component]
pub fn CommandProvider(props: &yew::html::ChildrenProps) -> Html {
    let commands = use_memo((), |()| Commands::default());
    {
        let commands = commands.clone();
        use_effect_with((), move |()| {
            let options = gloo::events::EventListenerOptions::enable_prevent_default();
            let listener = gloo::events::EventListener::new_with_options(
                &browser::document(),
                "keydown",
                options,
                move |event| {
                    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                        on_key(&commands, event);
                    }
                },
            );
            move || drop(listener)
        });
    }
    html! {
        <ContextProvider<Commands> context={(*commands).clone()}>{ props.children.clone() }</ContextProvider<Commands>>
    }
}

fn on_key(commands: &Commands, event: &KeyboardEvent) {
    if event.default_prevented()
        || event.is_composing()
        || commands.0.covered.get()
        || browser::has_open_dialog()
    {
        return;
    }
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let typing = typing.is_some_and(|element| browser::takes_text(&element));
    let palette = is_pressed("Mod+k", event);
    if typing && !palette {
        return;
    }
    if let Some(command) = commands.for_event(event) {
        event.prevent_default();
        command.run.emit(());
    }
}
