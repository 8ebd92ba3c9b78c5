//! The DOM side of input: listeners on the canvas and its window, turned into the engine's words.
//!
//! Every listener holds the engine weakly and ends with [`Listeners`].

mod size;

use crate::EngineError;
use crate::browser::{document, is_typing, property, window};
use crate::engine::{Inner, PointerEvent, PointerKind, State};
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Interval;
use std::rc::Rc;
use visionflow_geometry::{Point, Vec2};
use visionflow_tools::Modifiers;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget, KeyboardEvent, MouseEvent, WheelEvent};

/// Everything that the engine listens to; dropping it stops all of it.
pub struct Listeners {
    _events: Vec<EventListener>,
    _size: size::SizeObserver,
    _heartbeat: Interval,
}

impl Listeners {
    pub fn attach(inner: &Rc<Inner>) -> Result<Self, EngineError> {
        let mut events = Vec::new();
        attach_pointers(inner, &mut events);
        attach_wheel(inner, &mut events);
        attach_keys(inner, &mut events);
        attach_page(inner, &mut events);
        let canvas = &inner.canvas;
        // Without it the browser pans and zooms the page under our gestures.
        canvas.style().set_property("touch-action", "none")?;
        if canvas.get_attribute("tabindex").is_none() {
            canvas.set_attribute("tabindex", "0")?;
        }
        Ok(Self {
            _events: events,
            _size: size::SizeObserver::attach(inner)?,
            _heartbeat: heartbeat(inner),
        })
    }
}

fn attach_pointers(inner: &Rc<Inner>, events: &mut Vec<EventListener>) {
    let canvas: &EventTarget = &inner.canvas;
    events.push(listen(inner, canvas, "pointerdown", |inner, event| {
        let event: &web_sys::PointerEvent = event.unchecked_ref();
        // Refused for synthetic pointers; they need no capture.
        let _ = inner.canvas.set_pointer_capture(event.pointer_id());
        let _ = inner.canvas.focus();
        // Neither text selection nor the middle button's auto-scroll.
        event.prevent_default();
        let event = pointer_event(inner, event);
        inner.with(|state| state.pointer_down(event));
    }));
    events.push(listen(inner, canvas, "pointermove", |inner, event| {
        let event = pointer_event(inner, event.unchecked_ref());
        inner.with(|state| state.pointer_move(event));
    }));
    events.push(listen(inner, canvas, "pointerup", |inner, event| {
        let event = pointer_event(inner, event.unchecked_ref());
        inner.with(|state| state.pointer_up(event));
    }));
    for gone in ["pointercancel", "lostpointercapture"] {
        events.push(listen(inner, canvas, gone, |inner, event| {
            let id = event.unchecked_ref::<web_sys::PointerEvent>().pointer_id();
            inner.with(|state| state.pointer_cancel(id));
        }));
    }
    events.push(listen(inner, canvas, "pointerleave", |inner, _| {
        inner.with(State::pointer_leave);
    }));
    for quiet in ["contextmenu", "dragstart", "auxclick"] {
        events.push(listen(inner, canvas, quiet, |_, event| {
            event.prevent_default();
        }));
    }
}

fn attach_wheel(inner: &Rc<Inner>, events: &mut Vec<EventListener>) {
    let canvas: &EventTarget = &inner.canvas;
    events.push(listen(inner, canvas, "wheel", |inner, event| {
        event.prevent_default();
        let event: &WheelEvent = event.unchecked_ref();
        let height = f64::from(inner.canvas.client_height());
        let unit = match event.delta_mode() {
            WheelEvent::DOM_DELTA_LINE => 16.0,
            WheelEvent::DOM_DELTA_PAGE => height,
            _ => 1.0,
        };
        let by = Vec2::new(event.delta_x() * unit, event.delta_y() * unit);
        let (position, modifiers) = (position(inner, event), mouse_modifiers(event));
        inner.with(|state| state.wheel(position, by, modifiers));
    }));
}

fn attach_keys(inner: &Rc<Inner>, events: &mut Vec<EventListener>) {
    let page = document();
    let before_others = EventListenerOptions {
        phase: EventListenerPhase::Capture,
        passive: false,
    };
    events.push(listen_as(
        before_others,
        inner,
        &page,
        "keydown",
        |inner, event| {
            with_key(event, |event, key, modifiers| {
                if inner.read(|state| state.comes_first(key, modifiers)) {
                    key_down(inner, event, key, modifiers);
                }
            });
        },
    ));
    events.push(listen(inner, &page, "keydown", |inner, event| {
        with_key(event, |event, key, modifiers| {
            key_down(inner, event, key, modifiers);
        });
    }));
    events.push(listen(inner, &page, "keyup", |inner, event| {
        with_key(event, |_, key, _| inner.with(|state| state.key_up(key)));
    }));
    events.push(listen(inner, &window(), "blur", |inner, _| {
        inner.with(State::blur);
    }));
}

/// What browsers fill in comes as key events that say no key.
fn with_key(event: &Event, act: impl FnOnce(&KeyboardEvent, &str, Modifiers)) {
    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
        let modifiers = Modifiers {
            shift: event.shift_key(),
            ctrl: event.ctrl_key(),
            alt: event.alt_key(),
            meta: event.meta_key(),
        };
        act(event, &event.key(), modifiers);
    }
}

fn key_down(inner: &Inner, event: &KeyboardEvent, key: &str, modifiers: Modifiers) {
    if event.default_prevented() || !has_the_keyboard(inner, event) {
        return;
    }
    if inner.with(|state| state.key_down(key, modifiers)) {
        event.prevent_default();
    }
}

/// What happens to the page as a whole: its network, its end, its GPU.
fn attach_page(inner: &Rc<Inner>, events: &mut Vec<EventListener>) {
    let (page, window) = (document(), window());
    for (name, is_online) in [("online", true), ("offline", false)] {
        events.push(listen(inner, &window, name, move |inner, _| {
            inner.with(|state| state.network_changed(is_online));
        }));
    }
    events.push(listen(inner, &page, "visibilitychange", |inner, _| {
        if document().hidden() {
            inner.with(State::save_document);
        } else {
            inner.with(|state| state.network_changed(true));
        }
    }));
    events.push(listen(inner, &window, "beforeunload", |inner, event| {
        if inner.read(State::is_unsafe_to_close) {
            event.prevent_default();
        }
    }));
    if let Some(fonts) = property(&page, "fonts").and_then(|fonts| fonts.dyn_into().ok()) {
        let fonts: EventTarget = fonts;
        events.push(listen(inner, &fonts, "loadingdone", |inner, _| {
            inner.with(State::repaint_texts);
        }));
    }
    let canvas: &EventTarget = &inner.canvas;
    events.push(listen(inner, canvas, "webglcontextlost", |inner, event| {
        // Otherwise the browser never gives it back.
        event.prevent_default();
        inner.webgl_context(true);
    }));
    events.push(listen(inner, canvas, "webglcontextrestored", |inner, _| {
        inner.webgl_context(false);
    }));
}

fn heartbeat(inner: &Rc<Inner>) -> Interval {
    let weak = Rc::downgrade(inner);
    Interval::new(1_000, move || {
        if let Some(inner) = weak.upgrade() {
            inner.heartbeat();
        }
    })
}

/// Keys are the canvas's while it or nothing at all has the focus.
fn has_the_keyboard(inner: &Inner, event: &KeyboardEvent) -> bool {
    let canvas: &web_sys::Element = &inner.canvas;
    if let Ok(shadow) = canvas.get_root_node().dyn_into::<web_sys::ShadowRoot>() {
        // The page around a shadow tree is somebody else's, and may hold several of us.
        return shadow.active_element().as_ref() == Some(canvas);
    }
    if is_typing(event.target().as_ref()) {
        return false;
    }
    let Some(active) = document().active_element() else {
        return true;
    };
    // With a dialog open, keys are the dialog's, even where nothing in it has the focus.
    let is_free = active.tag_name().eq_ignore_ascii_case("body")
        && !matches!(document().query_selector("dialog[open]"), Ok(Some(_)));
    active == *canvas || is_free
}

fn listen(
    inner: &Rc<Inner>,
    target: &EventTarget,
    name: &'static str,
    handle: impl Fn(&Inner, &Event) + 'static,
) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    listen_as(options, inner, target, name, handle)
}

fn listen_as(
    options: EventListenerOptions,
    inner: &Rc<Inner>,
    target: &EventTarget,
    name: &'static str,
    handle: impl Fn(&Inner, &Event) + 'static,
) -> EventListener {
    let weak = Rc::downgrade(inner);
    EventListener::new_with_options(target, name, options, move |event| {
        if let Some(inner) = weak.upgrade() {
            handle(&inner, event);
        }
    })
}

fn pointer_event(inner: &Inner, event: &web_sys::PointerEvent) -> PointerEvent {
    PointerEvent {
        id: event.pointer_id(),
        kind: match event.pointer_type().as_str() {
            "touch" => PointerKind::Touch,
            "pen" => PointerKind::Pen,
            _ => PointerKind::Mouse,
        },
        position: position(inner, event),
        button: event.button(),
        modifiers: mouse_modifiers(event),
        time_ms: event.time_stamp(),
    }
}

/// CSS pixels from the corner of the canvas's content.
fn position(inner: &Inner, event: &MouseEvent) -> Point {
    let bounds = inner.canvas.get_bounding_client_rect();
    let event: &ExactMouseEvent = event.unchecked_ref();
    Point::new(
        event.client_x() - bounds.left() - f64::from(inner.canvas.client_left()),
        event.client_y() - bounds.top() - f64::from(inner.canvas.client_top()),
    )
}

#[wasm_bindgen]
extern "C" {
    /// A mouse event whose coordinates keep their fractions; web-sys rounds them.
    type ExactMouseEvent;

    #[wasm_bindgen(method, getter, js_name = clientX)]
    fn client_x(this: &ExactMouseEvent) -> f64;

    #[wasm_bindgen(method, getter, js_name = clientY)]
    fn client_y(this: &ExactMouseEvent) -> f64;
}

fn mouse_modifiers(event: &MouseEvent) -> Modifiers {
    Modifiers {
        shift: event.shift_key(),
        ctrl: event.ctrl_key(),
        alt: event.alt_key(),
        meta: event.meta_key(),
    }
}
