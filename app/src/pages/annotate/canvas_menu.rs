//! The canvas with its context menu: right click, long press, or the menu key.

use super::desk::Desk;
use crate::commands::{Command, Commands, Spec, spec};
use crate::components::context_menu::ContextMenu;
use crate::t;
use visionflow_model::AnnotationId;
use web_sys::HtmlElement;
use yew::prelude::*;

/// What the menu offers for a selection, in groups.
const FOR_SELECTION: [&[Spec]; 6] = [
    &[
        spec::CUT,
        spec::COPY,
        spec::PASTE,
        spec::DUPLICATE,
        spec::DELETE,
    ],
    &[spec::BRING_TO_FRONT, spec::SEND_TO_BACK],
    &[
        spec::ROTATE_RIGHT,
        spec::FLIP_HORIZONTAL,
        spec::FLIP_VERTICAL,
        spec::GROUP,
        spec::UNGROUP,
    ],
    &[
        spec::JOIN,
        spec::SUBTRACT,
        spec::INTERSECT,
        spec::SIMPLIFY,
        spec::FILL_HOLES,
    ],
    &[
        spec::CONVERT_BOX,
        spec::CONVERT_ROTATED_BOX,
        spec::CONVERT_ELLIPSE,
        spec::CONVERT_POLYGON,
        spec::CONVERT_POLYLINE,
        spec::CONVERT_MASK,
    ],
    &[
        spec::SELECT_SAME_LABEL,
        spec::FIND_SIMILAR,
        spec::LOCK,
        spec::UNLOCK,
        spec::HIDE,
        spec::ZOOM_SELECTION,
    ],
];

/// What it offers over the bare photograph.
const FOR_NOTHING: [&[Spec]; 3] = [
    &[spec::PASTE, spec::SELECT_ALL],
    &[spec::SHOW_ALL, spec::UNLOCK_ALL],
    &[
        spec::ZOOM_FIT,
        spec::ZOOM_ACTUAL,
        spec::VIEW_GRID,
        spec::VIEW_CROSSHAIR,
        spec::VIEW_NAMES,
    ],
];

/// The commands of the menu that can be run now.
pub fn groups(commands: &Commands, has_selection: bool) -> Vec<Vec<Command>> {
    let groups: &[&[Spec]] = if has_selection {
        &FOR_SELECTION
    } else {
        &FOR_NOTHING
    };
    let found = |group: &&[Spec]| {
        let found = group.iter().filter_map(|spec| commands.find(spec.id));
        found.filter(|command| command.enabled).collect()
    };
    groups.iter().map(found).collect()
}

/// Selects what the menu is about, unless it is selected already.
pub fn select_for_menu(desk: &Desk, id: Option<AnnotationId>) {
    if let Some(id) = id.filter(|id| !desk.engine.selection().contains(id)) {
        desk.engine.select(&[id]);
    }
}

#[component]
pub fn CanvasMenu(props: &yew::html::ChildrenProps) -> Html {
    let desk = use_context::<Option<Desk>>().flatten();
    let commands = use_context::<Commands>().unwrap_or_default();
    let open = use_state_eq(|| None::<(i32, i32)>);
    let node = use_node_ref();
    let oncontextmenu = {
        let (open, desk) = (open.clone(), desk.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            if let Some(desk) = &desk {
                select_for_menu(desk, desk.engine.hover());
                open.set(Some((event.client_x(), event.client_y())));
            }
        })
    };
    let close = {
        let (open, node) = (open.setter(), node.clone());
        use_callback((), move |(), ()| {
            open.set(None);
            // Keys go on to the canvas.
            let canvas = node.cast::<HtmlElement>();
            let canvas = canvas.and_then(|node| node.query_selector("canvas").ok().flatten());
            if let Some(canvas) =
                canvas.and_then(|canvas| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(canvas).ok())
            {
                // A canvas with a tabindex takes focus.
                let _ = canvas.focus();
            }
        })
    };
    html! {
        <>
            <div ref={node} class="canvas-stage" {oncontextmenu}>{ props.children.clone() }</div>
            if let (Some((x, y)), Some(desk)) = (*open, &desk) {
                <ContextMenu label={t!("canvas-menu")} {x} {y} groups={groups(&commands, !desk.selection.is_empty())} onclose={close} />
            }
        </>
    }
}
