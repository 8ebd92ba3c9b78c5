//! Pins over the canvas, and the card of the open thread beside its own.
//!
//! They follow the camera by their own small part of the page; only what lies in view is laid out.

use super::card::{DraftCard, ThreadCard, title};
use super::comment::name_of;
use super::{Comments, place};
use crate::browser;
use crate::comments::Open;
use crate::components::avatar::color_of;
use crate::t;
use gloo::events::EventListener;
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::CommentThread;
use visionflow_engine::{Engine, EngineEvent};
use visionflow_geometry::Point;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// CSS pixels beyond the canvas in which pins are still laid out.
const MARGIN: f64 = 20.0;
/// Of the card.
const WIDTH: f64 = 320.0;
/// From a pin's place to the card: its disc lies to the right of it.
const GAP: f64 = 32.0;
const GAP_LEFT: f64 = 8.0;
/// Between the card and the edge of the canvas.
const EDGE: f64 = 8.0;

#[component]
pub fn CommentPins() -> Html {
    let comments = use_context::<Option<Comments>>().flatten();
    use_pin_tick(comments.as_ref().map(|comments| &comments.desk.engine));
    let Some(comments) = comments else {
        return html! {};
    };
    let engine = &comments.desk.engine;
    let (book, me) = (comments.desk.book.borrow(), &comments.desk.me);
    let shown = book.shown(me);
    let open = book.open.clone();
    drop(book);
    if shown.is_empty() && open.is_none() {
        return html! {};
    }
    let size = stage(engine);
    let within = |at: &Point| {
        (-MARGIN..size.x + MARGIN).contains(&at.x) && (-MARGIN..size.y + MARGIN).contains(&at.y)
    };
    let card = match &open {
        Some(Open::Thread(id)) => shown.iter().find(|thread| thread.id == *id).map(|thread| {
            (
                place::on_screen(place::of(&thread.anchor, engine), engine),
                Some(thread.clone()),
            )
        }),
        Some(Open::Draft(anchor)) => {
            Some((place::on_screen(place::of(anchor, engine), engine), None))
        }
        None => None,
    };
    let draft = match &open {
        Some(Open::Draft(anchor)) => Some(*anchor),
        _ => None,
    };
    let pins = shown.iter().filter_map(|thread| {
        let at = place::on_screen(place::of(&thread.anchor, engine), engine);
        within(&at).then(|| pin(&comments, thread, at, open == Some(Open::Thread(thread.id))))
    });
    let draft_at = card.as_ref().filter(|_| draft.is_some()).map(|(at, _)| *at);
    let card = card.map(|(at, thread)| {
        let key = thread
            .as_ref()
            .map_or_else(|| format!("{draft:?}"), |thread| thread.id.to_string());
        let (comments, style) = (comments.clone(), beside(at, size));
        html! { <Card {key} {comments} {thread} {draft} {style} /> }
    });
    html! {
        <div class="pins">
            { for pins }
            if let Some(at) = draft_at { <span class="pin pin-draft" style={moved(at)} aria-hidden="true">{ "+" }</span> }
            { card.unwrap_or_default() }
        </div>
    }
}

/// Shows the pins again, at most once a frame, when they may be elsewhere: the camera or a shape
/// moved, or a shape is being dragged, which the document does not know yet.
#[hook]
fn use_pin_tick(engine: Option<&Engine>) {
    let update = use_force_update();
    use_effect_with(engine.cloned(), move |engine| {
        let subscription = engine.clone().map(|engine| {
            let frame: Rc<RefCell<Option<AnimationFrame>>> = Rc::default();
            let asked = engine.downgrade();
            engine.subscribe(Rc::new(move |event| {
                let moved = match event {
                    EngineEvent::Camera | EngineEvent::Annotations(_) => true,
                    EngineEvent::Pointer(_) => asked.upgrade().is_some_and(|engine| {
                        let preview = engine.presence().preview;
                        preview.iter().any(|preview| preview.annotation.is_some())
                    }),
                    _ => false,
                };
                let mut slot = frame.borrow_mut();
                if moved && slot.is_none() {
                    let (frame, update) = (frame.clone(), update.clone());
                    *slot = Some(request_animation_frame(move |_| {
                        frame.borrow_mut().take();
                        update.force_update();
                    }));
                }
            }))
        });
        move || drop(subscription)
    });
}

/// The canvas's size in CSS pixels.
fn stage(engine: &Engine) -> Point {
    let (visible, scale) = (engine.visible(), engine.camera_scale());
    Point::new(visible.width() * scale, visible.height() * scale)
}

fn moved(at: Point) -> String {
    format!("transform:translate({:.1}px,{:.1}px)", at.x, at.y)
}

fn pin(comments: &Comments, thread: &CommentThread, at: Point, is_open: bool) -> Html {
    let id: Uuid = thread.id;
    let onclick = {
        let comments = comments.clone();
        Callback::from(move |_: MouseEvent| comments.show(id))
    };
    let name = thread.comments.first().map(name_of).unwrap_or_default();
    let label = t!(
        "comment-pin",
        title = title(thread),
        name = name,
        n = thread.unread
    );
    let number = if thread.number == 0 {
        "…".to_owned()
    } else {
        thread.number.to_string()
    };
    let class = classes!(
        "pin",
        is_open.then_some("pin-open"),
        thread.resolved_at.is_some().then_some("pin-resolved"),
        (thread.unread > 0).then_some("pin-unread"),
    );
    let color = color_of(&thread.created_by.to_string());
    let style = format!("{};--pin:{color}", moved(at));
    html! {
        <button key={id.to_string()} type="button" {class} {style} aria-label={label} aria-expanded={if is_open { "true" } else { "false" }} {onclick}>{ number }</button>
    }
}

/// Where the card stands: beside the pin, within the canvas.
fn beside(at: Point, size: Point) -> String {
    let width = WIDTH.min(size.x - 2.0 * EDGE);
    let right = at.x + GAP;
    let left = if right + width + EDGE <= size.x {
        right
    } else {
        at.x - GAP_LEFT - width
    };
    let left = left.min(size.x - width - EDGE).max(EDGE);
    // Towards the side that has more room.
    let vertical = if at.y < size.y / 2.0 {
        let top = (at.y - GAP).clamp(EDGE, (size.y / 2.0).max(EDGE));
        format!("top:{top:.0}px;max-height:{:.0}px", size.y - top - EDGE)
    } else {
        let bottom = (size.y - at.y - GAP).clamp(EDGE, (size.y / 2.0).max(EDGE));
        format!(
            "bottom:{bottom:.0}px;max-height:{:.0}px",
            size.y - bottom - EDGE
        )
    };
    format!("left:{left:.0}px;width:{width:.0}px;{vertical}")
}

#[derive(Properties, PartialEq)]
struct CardProps {
    comments: Comments,
    thread: Option<CommentThread>,
    draft: Option<visionflow_api::CommentAnchor>,
    style: String,
}

/// Closes with Escape, and with a press elsewhere unless that would throw words away.
#[component]
fn Card(props: &CardProps) -> Html {
    let node = use_node_ref();
    {
        let (node, comments) = (node.clone(), props.comments.clone());
        use_effect_with((), move |()| {
            let close = comments.clone();
            let escape = EventListener::new(&browser::document(), "keydown", move |event| {
                let key = event.dyn_ref::<web_sys::KeyboardEvent>();
                if key.is_some_and(|event| event.key() == "Escape") {
                    close.close();
                }
            });
            let press = EventListener::new(&browser::document(), "pointerdown", move |event| {
                let target = event
                    .target()
                    .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
                let inside = target.as_ref().is_some_and(|target| {
                    let own = node.cast::<web_sys::Node>();
                    own.is_some_and(|node| node.contains(Some(target)))
                        || target.closest(".pin, .thread-row").ok().flatten().is_some()
                });
                if !inside && !comments.desk.is_drafting.get() {
                    comments.close();
                }
            });
            move || drop((escape, press))
        });
    }
    let comments = &props.comments;
    let label = props
        .thread
        .as_ref()
        .map_or_else(|| t!("comment-new"), title);
    html! {
        <div ref={node} class="thread-card" oncontextmenu={|event: MouseEvent| event.stop_propagation()} role="dialog" aria-label={label} style={props.style.clone()}>
            if let Some(thread) = &props.thread {
                <ThreadCard comments={comments.clone()} thread={thread.clone()} is_orphan={place::is_orphan(&thread.anchor, &comments.desk.engine)} />
            } else if let Some(anchor) = props.draft {
                <DraftCard comments={comments.clone()} {anchor} />
            }
        </div>
    }
}
