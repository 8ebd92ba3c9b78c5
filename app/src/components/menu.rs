//! A button that opens a list of actions, and popovers in general.

use super::icon::Icon;
use crate::browser;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};
use yew::prelude::*;

/// Closes what is open in `node` when the person presses or focuses elsewhere, or hits Escape.
#[hook]
pub fn use_dismiss(node: NodeRef, open: bool, close: Callback<()>) {
    use_effect_with((open, close), move |(open, close)| {
        let listeners = open.then(|| {
            let outside = {
                let (node, close) = (node.clone(), close.clone());
                gloo::events::EventListener::new(
                    &browser::document(),
                    "pointerdown",
                    move |event| {
                        let target = event
                            .target()
                            .and_then(|target| target.dyn_into::<Node>().ok());
                        if !node
                            .cast::<Node>()
                            .is_some_and(|node| node.contains(target.as_ref()))
                        {
                            close.emit(());
                        }
                    },
                )
            };
            let escape = {
                let close = close.clone();
                let options = gloo::events::EventListenerOptions {
                    phase: gloo::events::EventListenerPhase::Capture,
                    passive: false,
                };
                gloo::events::EventListener::new_with_options(
                    &browser::document(),
                    "keydown",
                    options,
                    move |event| {
                        let key = event
                            .dyn_ref::<web_sys::KeyboardEvent>()
                            .map(web_sys::KeyboardEvent::key);
                        if key.as_deref() == Some("Escape") {
                            event.stop_propagation();
                            event.prevent_default();
                            close.emit(());
                        }
                    },
                )
            };
            (outside, escape)
        });
        move || drop(listeners)
    });
}

#[derive(Clone, PartialEq)]
pub struct MenuItem {
    pub label: AttrValue,
    pub icon: Option<Icon>,
    pub checked: Option<bool>,
    pub run: Callback<()>,
}

impl MenuItem {
    pub fn new(label: impl Into<AttrValue>, icon: Icon, run: impl Fn() + 'static) -> Self {
        Self {
            label: label.into(),
            icon: Some(icon),
            checked: None,
            run: Callback::from(move |()| run()),
        }
    }

    #[must_use]
    pub fn checked(self, checked: bool) -> Self {
        Self {
            checked: Some(checked),
            ..self
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// The accessible name of the button.
    pub label: AttrValue,
    /// What the button shows.
    pub children: Html,
    pub items: Vec<MenuItem>,
    #[prop_or_default]
    pub class: Classes,
    /// Opens towards the left edge instead.
    #[prop_or_default]
    pub align_right: bool,
    /// Stands above the items.
    #[prop_or_default]
    pub head: Html,
}

#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let node = use_node_ref();
    let (open, close) = use_popup(node.clone());
    let toggle = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            event.stop_propagation();
            open.set(!*open);
        })
    };
    let onkeydown = step_by_arrows(node.clone());
    html! {
        <div ref={node} class={classes!("menu", props.class.clone())} {onkeydown}>
            <button type="button" class="menu-button" aria-haspopup="menu" aria-label={&props.label}
                aria-expanded={if *open { "true" } else { "false" }} onclick={toggle}>
                { props.children.clone() }
            </button>
            if *open {
                <div class={classes!("menu-list", props.align_right.then_some("menu-right"))} role="menu" aria-label={&props.label}>
                    { props.head.clone() }
                    { for props.items.iter().map(|item| menu_row(item, &close)) }
                </div>
            }
        </div>
    }
}

fn menu_row(item: &MenuItem, close: &Callback<()>) -> Html {
    let onclick = {
        let (run, close) = (item.run.clone(), close.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            event.stop_propagation();
            close.emit(());
            run.emit(());
        })
    };
    let role = if item.checked.is_some() {
        "menuitemradio"
    } else {
        "menuitem"
    };
    html! {
        <button type="button" class="menu-item" {role} {onclick}
            aria-checked={item.checked.map(|on| if on { "true" } else { "false" })}>
            if let Some(icon) = item.icon { { icon.html() } }
            <span>{ &item.label }</span>
            if item.checked == Some(true) { <span class="menu-check">{ super::icon::CHECK.html() }</span> }
        </button>
    }
}

/// Whether the list of items in `node` is open, and what closes it; opening it focuses the first.
#[hook]
pub fn use_popup(node: NodeRef) -> (UseStateHandle<bool>, Callback<()>) {
    let open = use_state_eq(|| false);
    let close = {
        let open = open.setter();
        use_callback((), move |(), ()| open.set(false))
    };
    use_dismiss(node.clone(), *open, close.clone());
    use_effect_with(*open, move |open| {
        if *open {
            focus_item(&node, 0);
        }
    });
    (open, close)
}

/// Up and down move the focus among the items.
pub fn step_by_arrows(node: NodeRef) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        focus_item(&node, step);
    })
}

/// Moves the focus among the items: 0 to the first.
pub fn focus_item(node: &NodeRef, step: i32) {
    let Some(root) = node.cast::<Element>() else {
        return;
    };
    let Ok(items) = root.query_selector_all(".menu-item:not(:disabled)") else {
        return;
    };
    let active = browser::document().active_element();
    let items: Vec<HtmlElement> = (0..items.length())
        .filter_map(|i| items.item(i)?.dyn_into().ok())
        .collect();
    if items.is_empty() {
        return;
    }
    let at = items
        .iter()
        .position(|item| active.as_ref() == Some(item.as_ref()));
    let next = match at {
        Some(at) => (at as i32 + step).rem_euclid(items.len() as i32) as usize,
        None => 0,
    };
    // A visible button takes focus.
    let _ = items[next].focus();
}
