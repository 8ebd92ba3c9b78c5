//! The one owner of everything that belongs to an engine, and the rule for touching it.
//!
//! The state is borrowed for the length of one closure ([`Inner::with`]); consequences are drawn
//! inside the borrow, and only then, with the state free again, subscribers hear of it and a frame
//! is asked for.
//! Browser callbacks hold weak references, so nothing keeps a destroyed engine alive.

use super::State;
use crate::events::Subscribers;
use crate::input::Listeners;
use crate::{EngineError, EngineOptions};
use gloo::render::AnimationFrame;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use web_sys::HtmlCanvasElement;

pub struct Inner {
    pub(super) weak: Weak<Self>,
    pub(crate) canvas: HtmlCanvasElement,
    pub(super) options: EngineOptions,
    pub(super) subscribers: Rc<Subscribers>,
    state: RefCell<State>,
    pub(super) animation: RefCell<Option<AnimationFrame>>,
    listeners: RefCell<Option<Listeners>>,
    destroyed: Cell<bool>,
}

impl Inner {
    pub async fn mount(
        canvas: HtmlCanvasElement,
        options: EngineOptions,
    ) -> Result<Rc<Self>, EngineError> {
        let gpu = super::frame::start_gpu(&canvas, options.backend).await?;
        let (theme, smart_used) = (options.theme, options.smart_used.clone());
        let inner = Rc::new_cyclic(|weak: &Weak<Self>| Self {
            weak: weak.clone(),
            canvas: canvas.clone(),
            options,
            subscribers: Rc::default(),
            state: RefCell::new(State::new(canvas, theme)),
            animation: RefCell::default(),
            listeners: RefCell::default(),
            destroyed: Cell::new(false),
        });
        inner.adopt_gpu(gpu);
        inner.with(|state| {
            state.handle = Some(Rc::downgrade(&inner));
            state.assist_remembers(smart_used);
        });
        *inner.listeners.borrow_mut() = Some(Listeners::attach(&inner)?);
        Ok(inner)
    }

    /// Changes the state, then lets the consequences flow.
    pub fn with<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let (result, events, is_dirty, reading, assist) = {
            let mut state = self.state.borrow_mut();
            let result = change(&mut state);
            state.settle();
            let reading = state.pixels_to_read();
            let assist = state.assist_next();
            let events = std::mem::take(&mut state.events);
            (result, events, state.dirty, reading, assist)
        };
        if let Some(reading) = reading.filter(|_| !self.destroyed.get()) {
            self.read_pixels(reading);
        }
        if let Some(reading) = assist.filter(|_| !self.destroyed.get()) {
            self.read_for_assist(reading);
        }
        if is_dirty && !self.destroyed.get() {
            self.request_frame();
        }
        self.subscribers.deliver(events);
        result
    }

    /// Looks at the state.
    pub fn read<R>(&self, look: impl FnOnce(&State) -> R) -> R {
        look(&self.state.borrow())
    }

    pub fn is_destroyed(&self) -> bool {
        self.destroyed.get()
    }

    pub fn destroy(&self) {
        if self.destroyed.replace(true) {
            return;
        }
        self.listeners.borrow_mut().take();
        self.animation.borrow_mut().take();
        self.with(|state| {
            state.leave_room();
            state.end_gpu();
            state.opening = None;
            state.tiled = None;
            state.end_assist();
            state.models = None;
            state.dirty = false;
        });
        self.subscribers.clear();
    }
}
