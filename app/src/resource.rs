//! Something that comes from the server: loading, there, or failed; and again on demand.

use crate::api_client::{self, ApiError};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

#[derive(Clone, Debug, PartialEq)]
pub enum Load<T> {
    Loading,
    Ready(T),
    Failed(ApiError),
}

/// A value of the server and how to read it again.
pub struct Resource<T> {
    pub load: Rc<Load<T>>,
    /// Reads again; what is shown stays until the answer is there.
    pub reload: Callback<()>,
}

impl<T> Resource<T> {
    pub fn ready(&self) -> Option<&T> {
        match &*self.load {
            Load::Ready(value) => Some(value),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Asked {
    /// Answers to older questions are dropped.
    number: Cell<u32>,
    /// Something is shown, which a lost connection does not take away.
    shown: Cell<bool>,
}

/// Reads with `read` when the component appears and whenever `deps` change.
#[hook]
pub fn use_resource<D, T, R, F>(deps: D, read: R) -> Resource<T>
where
    D: Clone + PartialEq + 'static,
    T: 'static,
    R: Fn(D) -> F + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let load = use_state(|| Rc::new(Load::Loading));
    let asked = use_memo((), |()| Asked::default());
    let read = Rc::new(read);
    let ask = {
        let (load, asked) = (load.setter(), asked.clone());
        move |deps: D, read: Rc<R>, keep: bool| {
            let number = asked.number.get() + 1;
            asked.number.set(number);
            let (asked, load) = (asked.clone(), load.clone());
            if !keep {
                asked.shown.set(false);
                load.set(Rc::new(Load::Loading));
            }
            spawn_local(async move {
                let answer = read(deps).await;
                if asked.number.get() != number {
                    return;
                }
                match answer {
                    Ok(value) => {
                        asked.shown.set(true);
                        load.set(Rc::new(Load::Ready(value)));
                    }
                    Err(ApiError::Offline) if asked.shown.get() => {}
                    Err(error) => load.set(Rc::new(Load::Failed(error))),
                }
            });
        }
    };
    {
        let (ask, read) = (ask.clone(), read.clone());
        use_effect_with(deps.clone(), move |deps| {
            ask(deps.clone(), read, false);
        });
    }
    use_effect_with((), move |()| move || asked.number.set(u32::MAX / 2));
    let reload = Callback::from(move |()| ask(deps.clone(), read.clone(), true));
    Resource {
        load: (*load).clone(),
        reload,
    }
}

thread_local! {
    /// The last answer to each question, so that a page that was seen before shows at once.
    static KNOWN: RefCell<HashMap<String, Rc<dyn Any>>> = RefCell::default();
}

/// Forgets every answer: the next person at this browser may ask for themselves.
pub fn forget_known() {
    KNOWN.with_borrow_mut(HashMap::clear);
}

/// What the server answers to `GET path`; the last answer is shown until the new one is there.
#[hook]
pub fn use_get<T>(path: String) -> Resource<T>
where
    T: serde::de::DeserializeOwned + 'static,
{
    let resource = use_resource(path.clone(), |path| async move {
        api_client::get::<T>(&path).await
    });
    let known = KNOWN.with_borrow_mut(|known| match &*resource.load {
        Load::Ready(_) => {
            known.insert(path, resource.load.clone());
            None
        }
        Load::Loading => known.get(&path)?.clone().downcast::<Load<T>>().ok(),
        Load::Failed(_) => None,
    });
    Resource {
        load: known.unwrap_or(resource.load),
        reload: resource.reload,
    }
}
