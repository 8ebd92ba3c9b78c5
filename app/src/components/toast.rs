//! Short messages at the bottom: what happened, and a way back.

use super::button::IconButton;
use super::icon;
use crate::t;
use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// How long a toast stays; one with an action stays long enough to read and reach it.
const STAY_MS: u32 = 5_000;
const STAY_WITH_ACTION_MS: u32 = 10_000;

#[derive(Clone, PartialEq)]
pub struct Toast {
    pub text: AttrValue,
    pub bad: bool,
    pub action: Option<(AttrValue, Callback<()>)>,
}

impl Toast {
    pub fn good(text: impl Into<AttrValue>) -> Self {
        Self {
            text: text.into(),
            bad: false,
            action: None,
        }
    }

    pub fn bad(text: impl Into<AttrValue>) -> Self {
        Self {
            text: text.into(),
            bad: true,
            action: None,
        }
    }

    #[must_use]
    pub fn with_undo(self, undo: impl Fn() + 'static) -> Self {
        Self {
            action: Some((t!("action-undo").into(), Callback::from(move |()| undo()))),
            ..self
        }
    }
}

#[derive(Default)]
struct Shared {
    shown: RefCell<Vec<(u32, Toast)>>,
    next: Cell<u32>,
    redraw: RefCell<Option<Callback<()>>>,
}

/// Where toasts are sent to; cheap to clone.
#[derive(Clone, Default)]
pub struct Toasts(Rc<Shared>);

impl PartialEq for Toasts {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Toasts {
    pub fn show(&self, toast: Toast) {
        let id = self.0.next.replace(self.0.next.get() + 1);
        let stay = if toast.action.is_some() {
            STAY_WITH_ACTION_MS
        } else {
            STAY_MS
        };
        {
            let mut shown = self.0.shown.borrow_mut();
            shown.retain(|(_, other)| *other != toast);
            shown.push((id, toast));
            // Three are all that anyone reads.
            let extra = shown.len().saturating_sub(3);
            shown.drain(..extra);
        }
        let this = self.clone();
        Timeout::new(stay, move || this.dismiss(id)).forget();
        self.redraw();
    }

    pub fn error(&self, error: &crate::api_client::ApiError) {
        self.show(Toast::bad(error.words()));
    }

    fn dismiss(&self, id: u32) {
        self.0.shown.borrow_mut().retain(|(other, _)| *other != id);
        self.redraw();
    }

    fn redraw(&self) {
        let redraw = self.0.redraw.borrow().clone();
        if let Some(redraw) = redraw {
            redraw.emit(());
        }
    }
}

#[component]
pub fn ToastProvider(props: &yew::html::ChildrenProps) -> Html {
    let toasts = use_memo((), |()| Toasts::default());
    html! {
        <ContextProvider<Toasts> context={(*toasts).clone()}>
            { props.children.clone() }
            <ToastShelf toasts={(*toasts).clone()} />
        </ContextProvider<Toasts>>
    }
}

#[derive(Properties, PartialEq)]
struct ToastShelfProps {
    pub toasts: Toasts,
}

#[component]
fn ToastShelf(props: &ToastShelfProps) -> Html {
    let toasts = &props.toasts;
    let update = use_force_update();
    {
        let toasts = toasts.clone();
        use_effect_with((), move |()| {
            *toasts.0.redraw.borrow_mut() = Some(Callback::from(move |()| update.force_update()));
        });
    }
    let shown = toasts.0.shown.borrow().clone();
    html! {
        <div class="toasts" role="status" aria-live="polite" aria-label={t!("toasts")}>
            { for shown.into_iter().map(|(id, toast)| toast_row(toasts, id, &toast)) }
        </div>
    }
}

fn toast_row(toasts: &Toasts, id: u32, toast: &Toast) -> Html {
    let dismiss = {
        let toasts = toasts.clone();
        Callback::from(move |()| toasts.dismiss(id))
    };
    let shown = if toast.bad {
        icon::CIRCLE_ALERT
    } else {
        icon::CHECK
    };
    html! {
        <div key={id} class={classes!("toast", toast.bad.then_some("toast-bad"))}>
            { shown.html() }
            <span>{ &toast.text }</span>
            if let Some((label, run)) = &toast.action {
                <button type="button" class="toast-action" onclick={
                    let (run, dismiss) = (run.clone(), dismiss.clone());
                    move |_| { dismiss.emit(()); run.emit(()); }
                }>{ label }</button>
            }
            <IconButton label={t!("action-dismiss")} icon={icon::X} tip="above" onclick={dismiss.reform(|_| ())} />
        </div>
    }
}
