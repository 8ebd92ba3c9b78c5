//! Which tabs and workers are alive, told by Web Locks: each holds a lock of its own for as long as
//! it lives, and the browser frees it when it ends, however it ends.
//!
//! Without Web Locks (a page on plain `http` that is not on this machine) nobody can be told dead.
//! Then everyone's journal entries are adopted, which the CRDT makes harmless, only redundant.

use crate::browser::{property, window};
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    /// web-sys has it behind a compiler flag that everybody who builds us would have to set.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        callback: &JsValue,
    ) -> Result<Promise, JsValue>;
}

/// A held lock; dropping frees it.
pub struct TabLock {
    release: Option<Function>,
}

impl Drop for TabLock {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Takes the lock of a client id; `None` when a living tab holds it.
pub async fn try_lock(client_id: u64) -> Option<TabLock> {
    let Some(manager) = manager() else {
        return Some(TabLock { release: None });
    };
    let (held, release) = deferred();
    let (granted, grant) = deferred();
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let is_granted = !lock.is_null() && !lock.is_undefined();
        let _ = grant.call1(&JsValue::UNDEFINED, &JsValue::from_bool(is_granted));
        if is_granted {
            held.into()
        } else {
            JsValue::UNDEFINED
        }
    });
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
    let name = format!("visionflow-tab-{client_id}");
    let Ok(request) = manager.request(&name, &options, &callback) else {
        return Some(TabLock { release: None });
    };
    // Refused altogether, for example in a page of an opaque origin.
    let refused = JsFuture::from(Promise::race(&js_sys::Array::of2(&granted, &request))).await;
    match refused {
        Ok(granted) if granted.is_truthy() => Some(TabLock {
            release: Some(release),
        }),
        Ok(_) => None,
        Err(_) => Some(TabLock { release: None }),
    }
}

/// Calls `then` once whoever holds the lock `name` has ended. It is not called where there are no
/// locks, or they are refused.
pub fn when_free(name: &str, then: impl FnOnce() + 'static) {
    let Some(manager) = manager() else { return };
    let callback = Closure::once_into_js(then);
    if let Ok(request) = manager.request(name, &Object::new(), &callback) {
        spawn_local(async move {
            // Refused, for example in a page of an opaque origin.
            let _ = JsFuture::from(request).await;
        });
    }
}

fn manager() -> Option<LockManager> {
    property(&window().navigator(), "locks").map(JsCast::unchecked_into)
}

/// A promise and the function that resolves it.
fn deferred() -> (Promise, Function) {
    let resolver = Rc::new(RefCell::new(None));
    let promise = Promise::new(&mut {
        let resolver = Rc::clone(&resolver);
        move |resolve: Function, _reject: Function| {
            *resolver.borrow_mut() = Some(resolve);
        }
    });
    let resolve = resolver
        .borrow_mut()
        .take()
        .expect("a promise's executor runs at once");
    (promise, resolve)
}
