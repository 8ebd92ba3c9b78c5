//! Something that comes from the server: loading, there, or failed; and again on demand.

use crate::api_client::ApiError;
use std::cell::Cell;
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
    pub load: UseStateHandle<Load<T>>,
    /// Reads again; what is shown stays until the answer is there.
    pub reload: Callback<()>,
}

impl<T: Clone + 'static> Resource<T> {
    pub fn ready(&self) -> Option<&T> {
        match &*self.load {
            Load::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// Reads with `read` when the component appears and whenever `deps` change.
#[hook]
pub fn use_resource<D, T, R, F>(deps: D, read: R) -> Resource<T>
where
    D: Clone + PartialEq + 'static,
    T: Clone + 'static,
    R: Fn(D) -> F + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let load = use_state(|| Load::Loading);
    // Answers to older questions are dropped.
    let question = use_memo((), |()| Rc::new(Cell::new(0_u32)));
    let read = Rc::new(read);
    let ask = {
        let (load, question) = (load.setter(), question.clone());
        move |deps: D, read: Rc<R>, keep: bool| {
            question.set(question.get() + 1);
            let (asked, question, load) = (question.get(), question.clone(), load.clone());
            if !keep {
                load.set(Load::Loading);
            }
            spawn_local(async move {
                let answer = read(deps).await;
                if question.get() != asked {
                    return;
                }
                match answer {
                    Ok(value) => load.set(Load::Ready(value)),
                    Err(error) => load.set(Load::Failed(error)),
                }
            });
        }
    };
    {
        let (ask, read) = (ask.clone(), read.clone());
        use_effect_with(deps.clone(), move |deps| ask(deps.clone(), read, false));
    }
    {
        let question = question.clone();
        use_effect_with((), move |()| move || question.set(u32::MAX / 2));
    }
    let reload = Callback::from(move |()| ask(deps.clone(), read.clone(), true));
    Resource { load, reload }
}
