//! The size of the canvas, exact in device pixels where the browser tells it.

use crate::EngineError;
use crate::browser::window;
use crate::engine::Inner;
use gloo::events::EventListener;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::{
    MediaQueryList, ResizeObserver, ResizeObserverBoxOptions, ResizeObserverEntry,
    ResizeObserverOptions, ResizeObserverSize,
};

/// Follows the canvas's size and the device pixel ratio (another screen, browser zoom).
pub struct SizeObserver {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
    _ratio: Rc<RefCell<Option<EventListener>>>,
}

impl SizeObserver {
    pub fn attach(inner: &Rc<Inner>) -> Result<Self, EngineError> {
        measure(inner);
        let weak = Rc::downgrade(inner);
        let callback = Closure::new(move |entries: js_sys::Array| {
            if let Some(inner) = weak.upgrade() {
                let entry = entries.get(entries.length().saturating_sub(1));
                take_entry(&inner, entry.unchecked_ref());
            }
        });
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref())?;
        let exact = ResizeObserverOptions::new();
        exact.set_box(ResizeObserverBoxOptions::DevicePixelContentBox);
        if has_exact_sizes() {
            observer.observe_with_options(&inner.canvas, &exact);
        } else {
            observer.observe(&inner.canvas);
        }
        let ratio = Rc::default();
        follow_ratio(&Rc::downgrade(inner), &ratio);
        Ok(Self {
            observer,
            _callback: callback,
            _ratio: ratio,
        })
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Safari knows no `device-pixel-content-box` and throws when asked for it.
fn has_exact_sizes() -> bool {
    js_sys::Reflect::get(&window(), &"ResizeObserverEntry".into())
        .and_then(|class| js_sys::Reflect::get(&class, &"prototype".into()))
        .and_then(|prototype| js_sys::Reflect::has(&prototype, &"devicePixelContentBoxSize".into()))
        .unwrap_or(false)
}

fn take_entry(inner: &Inner, entry: &ResizeObserverEntry) {
    if !has_exact_sizes() {
        measure(inner);
        return;
    }
    let exact: ResizeObserverSize = entry
        .device_pixel_content_box_size()
        .get(0)
        .unchecked_into();
    let css: ResizeObserverSize = entry.content_box_size().get(0).unchecked_into();
    let css = (css.inline_size(), css.block_size());
    let ratio = window().device_pixel_ratio();
    let side = |exact: f64, css: f64| {
        let rounded = (css * ratio).round();
        // An emulated ratio is unknown to the exact size, which then is far off.
        if (exact - rounded).abs() <= 1.0 {
            exact as u32
        } else {
            rounded as u32
        }
    };
    let pixels = (
        side(exact.inline_size(), css.0),
        side(exact.block_size(), css.1),
    );
    resize(inner, css, pixels);
}

/// The rounded size, for the first frame and for browsers without the exact one.
fn measure(inner: &Inner) {
    let canvas = &inner.canvas;
    let css = (
        f64::from(canvas.client_width()),
        f64::from(canvas.client_height()),
    );
    let ratio = window().device_pixel_ratio();
    let pixels = (
        (css.0 * ratio).round() as u32,
        (css.1 * ratio).round() as u32,
    );
    resize(inner, css, pixels);
}

fn resize(inner: &Inner, css: (f64, f64), pixels: (u32, u32)) {
    let ratio = window().device_pixel_ratio();
    inner.with(|state| state.resize(css, pixels, ratio));
    // Observers run after animation frames: waiting for the next one would show a stretched picture.
    inner.draw_now();
}

/// A media query matches one ratio only, so each change needs the next query.
fn follow_ratio(inner: &Weak<Inner>, slot: &Rc<RefCell<Option<EventListener>>>) {
    let query = format!("(resolution: {}dppx)", window().device_pixel_ratio());
    let Ok(Some(list)) = window().match_media(&query) else {
        return;
    };
    let list: MediaQueryList = list;
    let (weak, next) = (inner.clone(), Rc::downgrade(slot));
    let listener = EventListener::once(&list, "change", move |_| {
        if let (Some(inner), Some(slot)) = (weak.upgrade(), next.upgrade()) {
            measure(&inner);
            follow_ratio(&weak, &slot);
        }
    });
    *slot.borrow_mut() = Some(listener);
}
