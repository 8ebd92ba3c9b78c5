//! The tools, left of the canvas; groups fold into one button each where the window is low.

use super::desk::Desk;
use super::tools::{self, GROUP_COUNT, Tool};
use crate::commands::keymap::use_keymap;
use crate::commands::spec;
use crate::components::menu::{focus_item, use_popup};
use crate::components::resize::use_resized;
use crate::components::{IconButton, Keys, icon};
use crate::router::Overlays;
use crate::t;
use std::rc::Rc;
use visionflow_engine::ToolKind;
use yew::prelude::*;

/// A button with its gap, and the line between groups, CSS pixels.
const BUTTON: f64 = 34.0;
const LINE: f64 = 9.0;
/// The help button and the rail's padding.
const REST: f64 = 52.0;

/// Which groups fold, so that all fits into `height`: the longest lists of rarer tools first.
fn folded(groups: &[&[Tool]; GROUP_COUNT], height: f64) -> [bool; GROUP_COUNT] {
    const FIRST_TO_FOLD: [usize; GROUP_COUNT] = [2, 4, 3, 5, 6, 1, 0];
    let mut folded = [false; GROUP_COUNT];
    let needed = |folded: &[bool]| {
        let buttons: usize = groups
            .iter()
            .zip(folded)
            .map(|(group, fold)| if *fold { 1 } else { group.len() })
            .sum();
        buttons as f64 * BUTTON + (GROUP_COUNT - 1) as f64 * LINE + REST
    };
    for group in FIRST_TO_FOLD {
        if needed(&folded) <= height {
            break;
        }
        folded[group] = true;
    }
    folded
}

#[component]
pub fn ToolRail() -> Html {
    use_keymap();
    let desk = use_context::<Option<Desk>>().flatten();
    let overlays = use_context::<Overlays>();
    let node = use_node_ref();
    let height = use_height(node.clone());
    let groups = tools::groups();
    let folded = folded(&groups, height);
    html! {
        <div ref={node} class="rail" role="toolbar" aria-label={t!("tools")} aria-orientation="vertical">
            { for groups.into_iter().zip(folded).enumerate().map(|(index, (group, folds))| html! {
                <>
                    if index > 0 { <span class="rail-line" /> }
                    if folds {
                        <Folded {index} {group} desk={desk.clone()} />
                    } else {
                        { for group.iter().map(|tool| tool_button(tool, desk.as_ref())) }
                    }
                </>
            }) }
            <span class="push" />
            if let Some(overlays) = overlays {
                <IconButton label={t!("command-shortcuts")} icon={icon::KEYBOARD} keys={spec::SHORTCUTS.key()} tip="right" class="tool"
                    onclick={overlays.shortcuts.reform(|_| ())} />
            }
        </div>
    }
}

fn is_enabled(tool: &Tool, desk: Option<&Desk>) -> bool {
    desk.is_some_and(|desk| desk.can_edit || !tool.kind.edits())
}

fn choose(kind: ToolKind, desk: Option<&Desk>) -> Callback<MouseEvent> {
    let engine = desk.map(|desk| desk.engine.clone());
    Callback::from(move |_: MouseEvent| {
        if let Some(engine) = &engine {
            engine.set_tool(kind);
        }
    })
}

fn tool_button(tool: &Tool, desk: Option<&Desk>) -> Html {
    let pressed = desk.is_some_and(|desk| desk.tool == tool.kind);
    html! {
        <IconButton label={t!(tool.name)} icon={tool.icon} keys={tool.spec.key()} pressed={Some(pressed)} disabled={!is_enabled(tool, desk)}
            tip="right" class="tool" onclick={choose(tool.kind, desk)} />
    }
}

#[derive(Properties)]
struct FoldedProps {
    index: usize,
    group: &'static [Tool],
    desk: Option<Desk>,
}

impl PartialEq for FoldedProps {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && self.desk == other.desk
    }
}

/// A group as one button, its last used tool, with the others in a flyout.
#[component]
fn Folded(props: &FoldedProps) -> Html {
    let last = use_mut_ref(|| props.group[0].kind);
    let node = use_node_ref();
    let (open, close) = use_popup(node.clone());
    let desk = props.desk.as_ref();
    let active = desk.and_then(|desk| props.group.iter().find(|tool| tool.kind == desk.tool));
    if let Some(active) = active {
        *last.borrow_mut() = active.kind;
    }
    let shown = props.group.iter().find(|tool| tool.kind == *last.borrow());
    let shown = shown.unwrap_or(&props.group[0]);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let (node, open) = (node.clone(), open.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowRight" if !*open => open.set(true),
                "ArrowDown" if *open => focus_item(&node, 1),
                "ArrowUp" if *open => focus_item(&node, -1),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let item = |tool: &Tool| {
        let onclick = {
            let (choose, close) = (choose(tool.kind, desk), close.clone());
            Callback::from(move |event: MouseEvent| {
                close.emit(());
                choose.emit(event);
            })
        };
        let on = desk.is_some_and(|desk| desk.tool == tool.kind);
        html! {
            <button type="button" class="menu-item" role="menuitemradio" aria-checked={if on { "true" } else { "false" }}
                disabled={!is_enabled(tool, desk)} {onclick}>
                { tool.icon.html() }<span class="grow">{ t!(tool.name) }</span>
                if let Some(keys) = tool.spec.key() { <Keys {keys} /> }
            </button>
        }
    };
    html! {
        <div ref={node} class="rail-fold" {onkeydown}>
            { tool_button(shown, desk) }
            <button type="button" class="rail-more" aria-haspopup="menu" aria-expanded={if *open { "true" } else { "false" }}
                aria-label={t!("tools-more", name = t!(props.group[0].name))} onclick={toggle} />
            if *open {
                <div class="menu-list rail-flyout" role="menu" aria-label={t!("tools-more", name = t!(props.group[0].name))}>{ for props.group.iter().map(item) }</div>
            }
        </div>
    }
}

/// The element's height, CSS pixels.
#[hook]
fn use_height(node: NodeRef) -> f64 {
    let height = use_state_eq(|| f64::INFINITY);
    let set = height.setter();
    use_resized(
        node,
        Rc::new(move |element| set.set(f64::from(element.client_height()))),
    );
    *height
}
