//! The frame in which joints are placed, dragged and joined, as an SVG.

use super::TemplateEdit;
use crate::t;
use visionflow_model::{Color, JointId, JointTemplate, SkeletonTemplate};
use web_sys::Element;
use yew::prelude::*;

/// The frame's size and the room around it, in units of the SVG.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 300.0;
const MARGIN: f64 = 16.0;
/// How far arrow keys move a joint, as part of the frame.
const STEP: f64 = 0.01;
/// A press that moved less than so many CSS pixels is a click.
const SLOP: i32 = 3;

#[derive(Properties, PartialEq)]
pub struct FrameProps {
    pub template: SkeletonTemplate,
    pub color: Color,
    pub can_edit: bool,
    pub chosen: Option<JointId>,
    pub onchoose: Callback<Option<JointId>>,
    pub onedit: Callback<TemplateEdit>,
}

/// A joint that is held, and where the pointer went down.
#[derive(Clone, Copy, PartialEq)]
struct Held {
    id: JointId,
    down: (i32, i32),
    moved: bool,
}

fn place(joint: &JointTemplate) -> (f64, f64) {
    (MARGIN + joint.x * WIDTH, MARGIN + joint.y * HEIGHT)
}

/// Where in the frame the pointer is, 0 to 1 each way.
fn point_at(node: &NodeRef, x: i32, y: i32) -> Option<(f64, f64)> {
    let rect = node.cast::<Element>()?.get_bounding_client_rect();
    let scale = rect.width() / (WIDTH + 2.0 * MARGIN);
    let at = |client: i32, start: f64, length: f64| {
        ((f64::from(client) - start) / scale - MARGIN) / length
    };
    (scale > 0.0).then(|| (at(x, rect.left(), WIDTH), at(y, rect.top(), HEIGHT)))
}

#[component]
pub fn Frame(props: &FrameProps) -> Html {
    let node = use_node_ref();
    let frame = node.clone();
    let held = use_state_eq(|| None::<Held>);
    let can_edit = props.can_edit;
    let onpointermove = {
        let (node, held, onedit) = (node.clone(), held.clone(), props.onedit.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(mut now) = *held else { return };
            let (x, y) = (event.client_x(), event.client_y());
            now.moved |= (x - now.down.0).abs().max((y - now.down.1).abs()) > SLOP;
            held.set(Some(now));
            if let Some((x, y)) = point_at(&node, x, y).filter(|_| now.moved && can_edit) {
                onedit.emit(TemplateEdit::Move { id: now.id, x, y });
            }
        })
    };
    let onpointerup = {
        let (held, chosen) = (held.clone(), props.chosen);
        let (onchoose, onedit) = (props.onchoose.clone(), props.onedit.clone());
        Callback::from(move |_: PointerEvent| {
            let Some(now) = *held else { return };
            held.set(None);
            if !now.moved {
                press(now.id, chosen, can_edit, &onchoose, &onedit);
            }
        })
    };
    let onpointerdown = {
        let (node, onedit) = (node.clone(), props.onedit.clone());
        let (chosen, onchoose) = (props.chosen, props.onchoose.clone());
        Callback::from(move |event: PointerEvent| {
            if chosen.is_some() {
                onchoose.emit(None);
            } else if let Some((x, y)) =
                point_at(&node, event.client_x(), event.client_y()).filter(|_| can_edit)
            {
                onedit.emit(TemplateEdit::Add { x, y });
            }
        })
    };
    let edge = |[a, b]: &[JointId; 2]| {
        let (a, b) = (props.template.joint(*a)?, props.template.joint(*b)?);
        let ((x1, y1), (x2, y2)) = (place(a), place(b));
        Some(
            html! { <line x1={x1.to_string()} y1={y1.to_string()} x2={x2.to_string()} y2={y2.to_string()} /> },
        )
    };
    html! {
        <svg ref={node} class="skeleton-frame" viewBox={format!("0 0 {} {}", WIDTH + 2.0 * MARGIN, HEIGHT + 2.0 * MARGIN)} style={format!("--c:{}", props.color)}
            role="group" aria-label={t!("skeleton-frame")} {onpointermove} onpointerup={onpointerup.clone()} onpointercancel={onpointerup}>
            <rect x={MARGIN.to_string()} y={MARGIN.to_string()} width={WIDTH.to_string()} height={HEIGHT.to_string()} rx="4" {onpointerdown} />
            <g class="skeleton-edges">{ for props.template.edges.iter().filter_map(edge) }</g>
            { for props.template.joints.iter().map(|joint| joint_html(props, joint, &frame, &held)) }
        </svg>
    }
}

/// A press on a joint: the first chooses it, one on another joins them.
fn press(
    id: JointId,
    chosen: Option<JointId>,
    can_edit: bool,
    onchoose: &Callback<Option<JointId>>,
    onedit: &Callback<TemplateEdit>,
) {
    match chosen {
        Some(other) if other == id => onchoose.emit(None),
        Some(other) if can_edit => {
            onedit.emit(TemplateEdit::Join(other, id));
            // On from here, so that a chain is joined with a click a joint.
            onchoose.emit(Some(id));
        }
        _ => onchoose.emit(Some(id)),
    }
}

fn joint_html(
    props: &FrameProps,
    joint: &JointTemplate,
    node: &NodeRef,
    held: &UseStateHandle<Option<Held>>,
) -> Html {
    let (x, y) = place(joint);
    let id = joint.id;
    let onpointerdown = {
        let (held, node) = (held.setter(), node.clone());
        Callback::from(move |event: PointerEvent| {
            event.stop_propagation();
            if let Some(frame) = node.cast::<Element>() {
                // Refused for synthetic pointers; they need no capture.
                let _ = frame.set_pointer_capture(event.pointer_id());
            }
            let down = (event.client_x(), event.client_y());
            held.set(Some(Held {
                id,
                down,
                moved: false,
            }));
        })
    };
    let onkeydown = {
        let (joint, chosen, can_edit) = (joint.clone(), props.chosen, props.can_edit);
        let (onedit, onchoose) = (props.onedit.clone(), props.onchoose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = if event.shift_key() { 10.0 * STEP } else { STEP };
            let by = match event.key().as_str() {
                "ArrowLeft" => (-step, 0.0),
                "ArrowRight" => (step, 0.0),
                "ArrowUp" => (0.0, -step),
                "ArrowDown" => (0.0, step),
                "Enter" | " " => {
                    event.prevent_default();
                    return press(id, chosen, can_edit, &onchoose, &onedit);
                }
                "Delete" | "Backspace" if can_edit => {
                    event.prevent_default();
                    return onedit.emit(TemplateEdit::Remove(id));
                }
                _ => return,
            };
            event.prevent_default();
            if can_edit {
                onedit.emit(TemplateEdit::Move {
                    id,
                    x: joint.x + by.0,
                    y: joint.y + by.1,
                });
            }
        })
    };
    let is_chosen = props.chosen == Some(id);
    html! {
        <g key={id.0} class={classes!("skeleton-joint", is_chosen.then_some("skeleton-chosen"))} transform={format!("translate({x} {y})")} tabindex="0"
            role="button" aria-label={joint.name.clone()} aria-pressed={if is_chosen { "true" } else { "false" }} {onpointerdown} {onkeydown}>
            <circle r="12" class="skeleton-reach" /><circle r="5" />
            <title>{ &joint.name }</title>
            if is_chosen { <text y="-10" text-anchor="middle">{ &joint.name }</text> }
        </g>
    }
}
