//! What can be done now: pages bind commands while they are shown, the keyboard runs them.

use super::Command;
use super::keymap::use_keymap;
use super::keys::is_pressed;
use crate::browser;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

#[derive(Default)]
struct Shared {
    scopes: RefCell<Vec<(u32, Vec<Command>)>>,
    next: Cell<u32>,
    covered: Cell<bool>,
    /// What was typed since something was asked to lie over the page and before it was there.
    early: RefCell<String>,
    watcher: RefCell<Option<Callback<()>>>,
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
        self.0.early.take();
    }

    /// What was typed before the field for it was there; `\n` for Enter.
    pub fn take_early(&self) -> String {
        self.0.early.take()
    }

    /// The bound command of this spec.
    pub fn find(&self, id: &str) -> Option<Command> {
        self.find_by(|command| command.id == id)
    }

    /// The first that is meant, the page's own before the general.
    fn find_by(&self, is_meant: impl Fn(&Command) -> bool) -> Option<Command> {
        let scopes = self.0.scopes.borrow();
        let mut commands = scopes.iter().rev().flat_map(|(_, commands)| commands);
        commands.find(|command| is_meant(command)).cloned()
    }

    fn for_event(&self, event: &KeyboardEvent) -> Option<Command> {
        let on_canvas = browser::canvas_has_keyboard();
        let matches = |command: &Command| {
            !(command.on_canvas && on_canvas)
                && command.keys.iter().any(|keys| is_pressed(keys, event))
                && !(command.by_clipboard() && is_clipboard_key(event))
        };
        self.find_by(|command| (command.enabled || command.always_by_key) && matches(command))
    }

    /// Tells one listener, the last, whenever something else can be done; `None` for nobody.
    pub fn watch(&self, told: Option<Callback<()>>) {
        *self.0.watcher.borrow_mut() = told;
    }

    fn set(&self, scope: u32, commands: Vec<Command>) {
        let mut scopes = self.0.scopes.borrow_mut();
        match scopes.iter_mut().find(|(id, _)| *id == scope) {
            Some((_, old)) => *old = commands,
            None => scopes.push((scope, commands)),
        }
        drop(scopes);
        let watcher = self.0.watcher.borrow().clone();
        if let Some(told) = watcher {
            told.emit(());
        }
    }

    fn remove(&self, scope: u32) {
        self.0.scopes.borrow_mut().retain(|(id, _)| *id != scope);
    }
}

/// Offers these commands while the component is shown.
#[hook]
pub fn use_commands(commands: Vec<Command>) {
    // Bound again with other keys when the person changes them.
    use_keymap();
    let registry = use_context::<Commands>().unwrap_or_default();
    let scope = use_memo((), {
        let registry = registry.clone();
        move |()| registry.0.next.replace(registry.0.next.get() + 1)
    });
    registry.set(*scope, commands);
    use_effect_with((), move |()| move || registry.remove(*scope));
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
    if event.default_prevented() || event.is_composing() || browser::has_open_dialog() {
        return;
    }
    if commands.0.covered.get() {
        keep_early(commands, event);
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

/// Fingers can be quicker than a dialog: what they type is kept for its field.
fn keep_early(commands: &Commands, event: &KeyboardEvent) {
    let key = event.key();
    let with_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
    let text = match key.as_str() {
        "Enter" => "\n",
        key if key.chars().count() == 1 && !with_modifier => key,
        _ => return,
    };
    event.prevent_default();
    commands.0.early.borrow_mut().push_str(text);
}

/// The browser's own keys for the clipboard: it answers them with an event of their own, which
/// alone may use the clipboard without asking.
fn is_clipboard_key(event: &KeyboardEvent) -> bool {
    ["Mod+c", "Mod+x", "Mod+v"]
        .iter()
        .any(|keys| is_pressed(keys, event))
}
