//! The tools, left of the canvas.

use super::desk::Desk;
use crate::commands::{Spec, spec};
use crate::components::IconButton;
use crate::components::icon::{self, Icon};
use crate::router::Overlays;
use crate::t;
use visionflow_engine::ToolKind;
use yew::prelude::*;

const TOOLS: [(ToolKind, &str, Icon, Spec); 4] = [
    (
        ToolKind::Select,
        "tool-select",
        icon::MOUSE_POINTER_2,
        spec::TOOL_SELECT,
    ),
    (ToolKind::Box, "tool-box", icon::SQUARE, spec::TOOL_BOX),
    (
        ToolKind::Polygon,
        "tool-polygon",
        icon::PENTAGON,
        spec::TOOL_POLYGON,
    ),
    (ToolKind::Pan, "tool-pan", icon::HAND, spec::TOOL_PAN),
];

#[component]
pub fn ToolRail() -> Html {
    let desk = use_context::<Option<Desk>>().flatten();
    let overlays = use_context::<Overlays>();
    let button = |(kind, name, shown, command): (ToolKind, &'static str, Icon, Spec)| {
        let draws = matches!(kind, ToolKind::Box | ToolKind::Polygon);
        let enabled = desk.as_ref().is_some_and(|desk| desk.can_edit || !draws);
        let pressed = desk.as_ref().is_some_and(|desk| desk.tool == kind);
        let engine = desk.as_ref().map(|desk| desk.engine.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(engine) = &engine {
                engine.set_tool(kind);
            }
        });
        html! { <IconButton label={t!(name)} icon={shown} keys={command.key()} pressed={Some(pressed)} disabled={!enabled} tip="right" class="tool" {onclick} /> }
    };
    html! {
        <div class="rail" role="toolbar" aria-label={t!("tools")} aria-orientation="vertical">
            { for TOOLS.into_iter().map(button) }
            <span class="push" />
            if let Some(overlays) = overlays {
                <IconButton label={t!("command-shortcuts")} icon={icon::KEYBOARD} keys={spec::SHORTCUTS.key()} tip="right" class="tool"
                    onclick={overlays.shortcuts.reform(|_| ())} />
            }
        </div>
    }
}
