//! What can be set for the active tool, floating over the top of the canvas; nothing for tools
//! without settings.

use super::desk::Desk;
use super::smart::SmartOptions;
use crate::commands::spec;
use crate::components::icon::{self, Icon};
use crate::components::slider::pixels;
use crate::components::{Checkbox, IconButton, Slider};
use crate::t;
use visionflow_engine::{ToolKind, ToolSettings, WandResult};
use visionflow_model::Align;
use yew::prelude::*;

#[component]
pub fn ToolOptions() -> Html {
    let Some(desk) = use_context::<Option<Desk>>().flatten() else {
        return html! {};
    };
    let content = match desk.tool {
        ToolKind::Brush | ToolKind::Eraser => html! { <>{ brush(&desk) }{ panoptic(&desk) }</> },
        ToolKind::Wand => html! { <>{ wand(&desk) }{ panoptic(&desk) }</> },
        ToolKind::Smart => html! { <SmartOptions desk={desk.clone()} /> },
        ToolKind::Polygon => html! { <>{ snap(&desk) }{ share(&desk) }{ simplify(&desk) }</> },
        ToolKind::Scissors | ToolKind::Path => simplify(&desk),
        ToolKind::Polyline | ToolKind::Box | ToolKind::Point | ToolKind::Arrow => snap(&desk),
        ToolKind::Text => text(&desk),
        _ => return html! {},
    };
    if !desk.can_edit {
        return html! {};
    }
    html! { <div class="tool-options" role="group" aria-label={t!("tool-options")}>{ content }</div> }
}

/// A callback that changes one of the settings.
pub(super) fn set<V: 'static>(desk: &Desk, change: fn(&mut ToolSettings, V)) -> Callback<V> {
    let settings = desk.settings.clone();
    Callback::from(move |value: V| {
        let mut tools = settings.tools;
        change(&mut tools, value);
        settings.set_tools.emit(tools);
    })
}

/// Radii from half a pixel to 500, with small steps where they are small.
const LARGEST_BRUSH: f64 = 500.0;

fn brush(desk: &Desk) -> Html {
    let radius = desk.settings.tools.brush_radius;
    let onchange = set(desk, |tools, at: f64| {
        tools.brush_radius = (LARGEST_BRUSH * at * at * 2.0).round().max(1.0) / 2.0;
    });
    let keys = [spec::BRUSH_SMALLER, spec::BRUSH_LARGER].map(|spec| spec.key());
    let keys = keys
        .into_iter()
        .flatten()
        .map(|keys| html! { <crate::components::Keys {keys} /> });
    html! {
        <>
            <Slider label={t!("option-brush-size")} min=0.0 max=1.0 step=0.005 value={(radius / LARGEST_BRUSH).sqrt().min(1.0)} {onchange}
                text={pixels(radius * 2.0)} />
            { for keys }
        </>
    }
}

pub(super) fn panoptic(desk: &Desk) -> Html {
    let onchange = set(desk, |tools, on| tools.panoptic = on);
    html! { <span class="option-check" title={t!("option-panoptic-why")}><Checkbox label={t!("option-panoptic")} checked={desk.settings.tools.panoptic} {onchange} /></span> }
}

fn wand(desk: &Desk) -> Html {
    let tools = &desk.settings.tools;
    let onchange = set(desk, |tools, at: f64| {
        tools.wand_tolerance = at.clamp(0.0, 255.0) as u8;
    });
    html! {
        <>
            <Slider label={t!("option-wand-tolerance")} min=0.0 max=255.0 step=1.0 value={f64::from(tools.wand_tolerance)} {onchange}
                text={tools.wand_tolerance.to_string()} />
            { result(t!("option-wand-result"), tools.wand_result, &set(desk, |tools, result| tools.wand_result = result)) }
        </>
    }
}

/// Whether a tool makes masks or polygons.
pub(super) fn result(label: String, now: WandResult, set: &Callback<WandResult>) -> Html {
    let choice = |wanted: WandResult, label: String, shown: Icon| {
        let onclick = set.reform(move |_: MouseEvent| wanted);
        html! { <IconButton {label} icon={shown} pressed={Some(now == wanted)} {onclick} /> }
    };
    html! {
        <span class="group" role="group" aria-label={label}>
            { choice(WandResult::Mask, t!("shape-mask"), icon::BRUSH) }
            { choice(WandResult::Polygon, t!("shape-polygon"), icon::PENTAGON) }
        </span>
    }
}

fn snap(desk: &Desk) -> Html {
    let onchange = set(desk, |tools, on| tools.snap = on);
    html! { <span class="option-check" title={t!("option-snap-why")}><Checkbox label={t!("option-snap")} checked={desk.settings.tools.snap} {onchange} /></span> }
}

fn share(desk: &Desk) -> Html {
    let onchange = set(desk, |tools, on| tools.share_borders = on);
    html! { <span class="option-check" title={t!("option-share-why")}><Checkbox label={t!("option-share")} checked={desk.settings.tools.share_borders} {onchange} /></span> }
}

pub(super) fn simplify(desk: &Desk) -> Html {
    let tolerance = desk.settings.tools.simplify_tolerance;
    let onchange = set(desk, |tools, at: f64| tools.simplify_tolerance = at);
    html! {
        <Slider label={t!("option-simplify")} min=0.0 max=10.0 step=0.25 value={tolerance.min(10.0)} {onchange} text={pixels(tolerance)} />
    }
}

fn text(desk: &Desk) -> Html {
    let text = desk.settings.tools.text;
    let size = set(desk, |tools, size: f64| tools.text.size = size);
    let bold = set(desk, |tools, ()| tools.text.bold = !tools.text.bold);
    let align = |wanted: Align, label: String, shown: Icon| {
        let set = set(desk, |tools, align| tools.text.align = align);
        let onclick = Callback::from(move |_: MouseEvent| set.emit(wanted));
        html! { <IconButton {label} icon={shown} pressed={Some(text.align == wanted)} {onclick} /> }
    };
    html! {
        <>
            <Slider label={t!("option-text-size")} min=6.0 max=200.0 step=1.0 value={text.size} onchange={size} text={pixels(text.size)} />
            <IconButton label={t!("option-text-bold")} icon={icon::BOLD} pressed={Some(text.bold)} onclick={bold.reform(|_: MouseEvent| ())} />
            <span class="group" role="group" aria-label={t!("option-text-align")}>
                { align(Align::Left, t!("align-left"), icon::TEXT_ALIGN_START) }
                { align(Align::Center, t!("align-center"), icon::TEXT_ALIGN_CENTER) }
                { align(Align::Right, t!("align-right"), icon::TEXT_ALIGN_END) }
            </span>
        </>
    }
}
