//! A menu of commands at a place on the page: what a right click, a long press or the menu key opens.

use super::kbd::Keys;
use super::menu::{focus_item, step_by_arrows, use_dismiss};
use crate::commands::Command;
use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ContextMenuProps {
    pub label: AttrValue,
    /// Where it opens, CSS pixels of the page.
    pub x: i32,
    pub y: i32,
    /// Commands in groups, between which a line stands.
    pub groups: Vec<Vec<Command>>,
    pub onclose: Callback<()>,
}

#[component]
pub fn ContextMenu(props: &ContextMenuProps) -> Html {
    let node = use_node_ref();
    use_dismiss(node.clone(), true, props.onclose.clone());
    {
        let node = node.clone();
        use_effect_with((props.x, props.y), move |(x, y)| {
            place(&node, *x, *y);
            focus_item(&node, 0);
        });
    }
    let onkeydown = step_by_arrows(node.clone());
    let groups = props.groups.iter().filter(|group| !group.is_empty());
    html! {
        <div ref={node} class="menu-list context-menu" role="menu" aria-label={&props.label} style={format!("left:{}px;top:{}px", props.x, props.y)}
            {onkeydown} oncontextmenu={|event: MouseEvent| event.prevent_default()}>
            { for groups.enumerate().map(|(index, group)| html! {
                <>
                    if index > 0 { <hr /> }
                    { for group.iter().map(|command| row(command, &props.onclose)) }
                </>
            }) }
        </div>
    }
}

/// Keeps the menu inside the window.
fn place(node: &NodeRef, x: i32, y: i32) {
    let Some(menu) = node.cast::<HtmlElement>() else {
        return;
    };
    let root = crate::browser::document().document_element();
    let (width, height) = root.map_or((0, 0), |root| (root.client_width(), root.client_height()));
    let left = x.min(width - menu.offset_width() - 4).max(4);
    let top = y.min(height - menu.offset_height() - 4).max(4);
    // A style property with a number in it is always accepted.
    let _ = menu.style().set_property("left", &format!("{left}px"));
    let _ = menu.style().set_property("top", &format!("{top}px"));
}

fn row(command: &Command, close: &Callback<()>) -> Html {
    let onclick = {
        let (run, close) = (command.run.clone(), close.clone());
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            run.emit(());
        })
    };
    let role = if command.checked.is_some() {
        "menuitemcheckbox"
    } else {
        "menuitem"
    };
    html! {
        <button type="button" class="menu-item" {role} key={command.id.to_string()} disabled={!command.enabled} {onclick}
            aria-checked={command.checked.map(|on| if on { "true" } else { "false" })}>
            if let Some(color) = &command.color { <span class="dot" style={format!("background:{color}")} /> }
            <span class="grow">{ &command.title }</span>
            if command.checked == Some(true) { <span class="menu-check">{ super::icon::CHECK.html() }</span> }
            if let Some(keys) = command.keys.first() { <Keys keys={keys.clone()} /> }
        </button>
    }
}
