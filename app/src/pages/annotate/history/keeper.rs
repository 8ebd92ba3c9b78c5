//! What is known of the photograph's past on this page, and which point of it is shown.

mod lists;
mod shown;

use crate::session::use_toasts;
pub use lists::Listed;
use lists::use_lists;
use shown::{Wanted, use_shown};
use std::rc::Rc;
use uuid::Uuid;
use visionflow_engine::Engine;
use yew::prelude::*;

/// The past, for the panel, the banner and the commands.
#[derive(Clone)]
pub struct History {
    pub image_id: Uuid,
    pub is_open: bool,
    pub listed: Rc<Listed>,
    /// The point that is shown or on its way; `None` is the present.
    pub at: Option<i64>,
    /// Whether what differs is drawn.
    pub compares: bool,
    /// From which later point; `None` is the present.
    pub against: Option<i64>,
    /// The point in `at` is still being fetched.
    pub is_loading: bool,
    pub toggle: Callback<()>,
    pub go: Callback<Option<i64>>,
    pub set_compares: Callback<bool>,
    pub set_against: Callback<Option<i64>>,
    pub read_more: Callback<()>,
    /// Reads the lists again.
    pub refresh: Callback<()>,
}

impl PartialEq for History {
    fn eq(&self, other: &Self) -> bool {
        self.image_id == other.image_id
            && self.is_open == other.is_open
            && self.listed == other.listed
            && (self.at, self.compares, self.against, self.is_loading)
                == (other.at, other.compares, other.against, other.is_loading)
    }
}

#[hook]
pub fn use_history(engine: Option<&Engine>, image_id: Uuid) -> History {
    let toasts = use_toasts();
    let is_open = use_state_eq(|| false);
    let at = use_state_eq(|| None::<i64>);
    let against = use_state_eq(|| None::<i64>);
    let compares = use_state_eq(|| true);
    let is_loading = use_state_eq(|| false);
    let listed = use_lists(engine, image_id, *is_open, &toasts);
    use_shown(
        engine,
        image_id,
        Wanted {
            at: at.clone(),
            compares: *compares,
            against: *against,
            is_loading: is_loading.setter(),
        },
        &toasts,
    );
    let go = {
        let (at, is_loading) = (at.setter(), is_loading.setter());
        Callback::from(move |seq: Option<i64>| {
            is_loading.set(seq.is_some());
            at.set(seq);
        })
    };
    let toggle = {
        let (is_open, go) = (is_open.clone(), go.clone());
        Callback::from(move |()| {
            if *is_open {
                go.emit(None);
            }
            is_open.set(!*is_open);
        })
    };
    let set = |state: &UseStateHandle<bool>| {
        let state = state.setter();
        Callback::from(move |on| state.set(on))
    };
    History {
        image_id,
        is_open: *is_open,
        listed: listed.0,
        at: *at,
        compares: *compares,
        against: *against,
        is_loading: *is_loading,
        toggle,
        go,
        set_compares: set(&compares),
        set_against: {
            let against = against.setter();
            Callback::from(move |seq| against.set(seq))
        },
        read_more: listed.1,
        refresh: listed.2,
    }
}
