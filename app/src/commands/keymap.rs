//! The person's own keys: what differs from the defaults, kept in this browser for each account.

use super::Spec;
use crate::browser;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use yew::prelude::*;

/// Command -> its keys; an empty list means that the person took its keys away.
type Changed = BTreeMap<String, Vec<String>>;

thread_local! {
    static CHANGED: RefCell<Changed> = RefCell::default();
    static OWNER: RefCell<String> = RefCell::default();
    static VERSION: Cell<u32> = const { Cell::new(0) };
}

fn place() -> String {
    OWNER.with_borrow(|owner| format!("visionflow.keys.{owner}"))
}

/// Takes up the keys of this account.
pub fn load(owner: &str) {
    OWNER.with_borrow_mut(|known| owner.clone_into(known));
    let stored = browser::stored(&place()).and_then(|text| serde_json::from_str(&text).ok());
    CHANGED.with_borrow_mut(|changed| *changed = stored.unwrap_or_default());
    VERSION.set(VERSION.get() + 1);
}

/// The keys that run this command now: the person's own, or `default`.
pub fn keys_or<'a>(id: &str, default: impl IntoIterator<Item = &'a str>) -> Vec<AttrValue> {
    let own = CHANGED.with_borrow(|changed| changed.get(id).cloned());
    match own {
        Some(keys) => keys.into_iter().map(AttrValue::from).collect(),
        None => default
            .into_iter()
            .map(|key| key.to_owned().into())
            .collect(),
    }
}

/// The keys that run this command now.
pub fn keys_of(spec: &Spec) -> Vec<AttrValue> {
    keys_or(spec.id, spec.keys.iter().copied())
}

pub fn is_changed(id: &str) -> bool {
    CHANGED.with_borrow(|changed| changed.contains_key(id))
}

pub fn any_changed() -> bool {
    CHANGED.with_borrow(|changed| !changed.is_empty())
}

/// Gives the command these keys instead of all that it had; `None` brings the defaults back.
pub fn set(id: &str, keys: Option<Vec<String>>) {
    CHANGED.with_borrow_mut(|changed| match keys {
        Some(keys) => drop(changed.insert(id.to_owned(), keys)),
        None => drop(changed.remove(id)),
    });
    save();
}

pub fn reset_all() {
    CHANGED.with_borrow_mut(Changed::clear);
    save();
}

fn save() {
    let text = CHANGED.with_borrow(|changed| {
        (!changed.is_empty()).then(|| serde_json::to_string(changed).unwrap_or_default())
    });
    match text {
        Some(text) => browser::store(&place(), &text),
        None => browser::forget(&place()),
    }
    VERSION.set(VERSION.get() + 1);
}

/// Grows with every change of the keys; handed down so that everyone who shows keys hears of it.
#[derive(Clone, Debug, PartialEq)]
pub struct KeymapContext {
    version: u32,
    pub changed: Callback<()>,
}

/// Renders again when the person's keys change.
#[hook]
pub fn use_keymap() -> Option<KeymapContext> {
    use_context::<KeymapContext>()
}

#[derive(Properties, PartialEq)]
pub struct KeymapProviderProps {
    /// Whose keys; empty while nobody is signed in.
    pub owner: AttrValue,
    pub children: Html,
}

/// Holds the version of the keys for everyone below, and loads those of this account.
#[component]
pub fn KeymapProvider(props: &KeymapProviderProps) -> Html {
    let version = use_state_eq(|| 0);
    // Before anything below renders, so that the first picture has the right keys.
    use_memo(props.owner.clone(), |owner| load(owner));
    let changed = {
        let version = version.setter();
        use_callback((), move |(), ()| version.set(VERSION.get()))
    };
    let context = KeymapContext {
        version: VERSION.get().max(*version),
        changed,
    };
    html! { <ContextProvider<KeymapContext> {context}>{ props.children.clone() }</ContextProvider<KeymapContext>> }
}
