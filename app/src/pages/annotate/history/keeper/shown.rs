//! Has the engine show the point of the past that is wanted.

use crate::api_client::{self, ApiError};
use crate::components::{Toast, Toasts};
use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_engine::{Engine, EngineEvent, PastView};
use yew::prelude::*;

/// While the slider moves on, nothing is fetched.
const SETTLE_MS: u32 = 120;
/// States kept, to go back and forth between them.
const KEPT: usize = 12;

type State = Rc<Vec<u8>>;

/// States that were fetched, the one used last at the end.
#[derive(Default)]
struct Fetched {
    image_id: Cell<Uuid>,
    states: RefCell<VecDeque<(i64, State)>>,
}

impl Fetched {
    fn known(&self, image_id: Uuid, seq: i64) -> Option<State> {
        if self.image_id.replace(image_id) != image_id {
            self.states.borrow_mut().clear();
        }
        let states = self.states.borrow();
        let found = states.iter().find(|(at, _)| *at == seq);
        found.map(|(_, state)| state.clone())
    }

    async fn get(&self, image_id: Uuid, seq: i64) -> Result<State, ApiError> {
        if let Some(state) = self.known(image_id, seq) {
            return Ok(state);
        }
        let path = format!("/api/v1/images/{image_id}/history/state?seq={seq}");
        let state = Rc::new(api_client::get_bytes(&path).await?);
        if self.image_id.get() == image_id {
            let mut states = self.states.borrow_mut();
            states.retain(|(at, _)| *at != seq);
            states.push_back((seq, state.clone()));
            if states.len() > KEPT {
                states.pop_front();
            }
        }
        Ok(state)
    }
}

/// Which point is to be shown.
pub struct Wanted {
    pub at: UseStateHandle<Option<i64>>,
    pub compares: bool,
    pub against: Option<i64>,
    pub is_loading: UseStateSetter<bool>,
}

/// Has the engine show the point that is wanted.
#[hook]
pub fn use_shown(engine: Option<&Engine>, image_id: Uuid, wanted: Wanted, toasts: &Toasts) {
    let Wanted {
        at,
        compares,
        against,
        is_loading,
    } = wanted;
    let fetched = use_memo((), |()| Fetched::default());
    {
        let wanted = (engine.cloned(), image_id, *at, compares, against);
        let (at, toasts) = (at.setter(), toasts.clone());
        use_effect_with(wanted, move |(engine, image_id, seq, compares, against)| {
            let (image_id, compares) = (*image_id, *compares);
            let engine = engine.clone();
            let later = against.filter(|later| seq.is_some_and(|seq| *later > seq));
            let is_current = Rc::new(Cell::new(true));
            let mut waits = None;
            match (engine, *seq) {
                (Some(engine), None) => engine.show_present(),
                (Some(engine), Some(seq)) => {
                    let is_known = fetched.known(image_id, seq).is_some();
                    let still = is_current.clone();
                    let show = move || {
                        yew::platform::spawn_local(async move {
                            let shown =
                                show(&engine, &fetched, image_id, seq, (compares, later), &still);
                            if let Err(words) = shown.await {
                                toasts.show(Toast::bad(words));
                                at.set(None);
                            }
                            if still.get() {
                                is_loading.set(false);
                            }
                        });
                    };
                    if is_known {
                        show();
                    } else {
                        waits = Some(Timeout::new(SETTLE_MS, show));
                    }
                }
                (None, _) => {}
            }
            move || {
                is_current.set(false);
                drop(waits);
            }
        });
    }
    // Another photograph begins in the present; so does who went back.
    {
        let at = at.setter();
        use_effect_with(image_id, move |_| at.set(None));
    }
    let at = at.setter();
    use_effect_with(engine.cloned(), move |engine| {
        let subscription = engine.as_ref().map(|engine| {
            let heard = engine.clone();
            engine.subscribe(Rc::new(move |event| {
                if matches!(event, EngineEvent::Past) && !heard.shows_past() {
                    at.set(None);
                }
            }))
        });
        move || drop(subscription)
    });
}

/// Fetches what is not there yet and shows it, unless something else is wanted by then.
async fn show(
    engine: &Engine,
    fetched: &Fetched,
    image_id: Uuid,
    seq: i64,
    (compares, later): (bool, Option<i64>),
    still: &Cell<bool>,
) -> Result<(), String> {
    let words = |error: ApiError| error.words();
    let state = fetched.get(image_id, seq).await.map_err(words)?;
    let later = match later.filter(|_| compares) {
        Some(later) => Some(fetched.get(image_id, later).await.map_err(words)?),
        None => None,
    };
    if !still.get() {
        return Ok(());
    }
    let view = PastView {
        state: &state,
        compares,
        later: later.as_ref().map(|later| later.as_slice()),
    };
    engine.show_past(view).map_err(|error| error.to_string())
}
