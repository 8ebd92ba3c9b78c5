//! The session: kept in localStorage so that every tab shares it, renewed by one tab at a time.
//!
//! Refresh tokens are good once. Two tabs that renew at the same moment would sign one of them
//! out, so a renewal holds a Web Lock and first looks whether another tab has already done it.

use super::{ApiError, json, read, send_as};
use crate::browser;
use crate::watchers::{Watch, Watchers};
use gloo::events::EventListener;
use gloo::net::http::Method;
use js_sys::{Function, Promise};
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use visionflow_api::{PasswordCredentials, RefreshRequest, Session};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

const STORED: &str = "visionflow.session";
/// A token is renewed when less than this is left of it.
const MARGIN_SECS: i64 = 60;

thread_local! {
    static WATCHERS: Watchers<()> = Watchers::default();
}

/// The session as stored; another tab may have changed it a moment ago.
pub fn current_session() -> Option<Session> {
    serde_json::from_str(&browser::stored(STORED)?).ok()
}

pub fn has_session() -> bool {
    browser::stored(STORED).is_some()
}

pub async fn sign_in(email: &str, password: &str) -> Result<Session, ApiError> {
    let credentials = PasswordCredentials {
        email: email.to_owned(),
        password: password.to_owned(),
        data: None,
    };
    open("/auth/v1/token?grant_type=password", &credentials).await
}

pub async fn sign_up(name: &str, email: &str, password: &str) -> Result<Session, ApiError> {
    let data = Some(serde_json::json!({ "name": name }));
    let credentials = PasswordCredentials {
        email: email.to_owned(),
        password: password.to_owned(),
        data,
    };
    open("/auth/v1/signup", &credentials).await
}

/// Ends the session here at once; the server is told, but nobody waits for it.
pub async fn sign_out() {
    let token = current_session().map(|session| session.access_token);
    store(None);
    if let Some(token) = token {
        // The session is gone from this browser either way; the server's copy ends by itself.
        let _ = send_as(Method::POST, "/auth/v1/logout", None, None, Some(&token)).await;
    }
}

async fn open(path: &str, credentials: &PasswordCredentials) -> Result<Session, ApiError> {
    let response = send_as(Method::POST, path, Some(json(credentials)?), None, None).await?;
    let session: Session = read(response).await?;
    store(Some(&session));
    Ok(session)
}

/// A token that is good for at least another minute.
pub async fn access_token() -> Result<String, ApiError> {
    let session = current_session().ok_or(ApiError::SignedOut)?;
    if session.expires_at - now_secs() > MARGIN_SECS {
        return Ok(session.access_token);
    }
    renewed_after(&session.access_token).await
}

/// A token other than `old`, which has ended or is about to.
pub async fn renewed_after(old: &str) -> Result<String, ApiError> {
    let old = old.to_owned();
    exclusively(async move {
        let session = current_session().ok_or(ApiError::SignedOut)?;
        if session.access_token != old && session.expires_at - now_secs() > MARGIN_SECS {
            return Ok(session.access_token);
        }
        let request = RefreshRequest {
            refresh_token: session.refresh_token,
        };
        let path = "/auth/v1/token?grant_type=refresh_token";
        match send_as(Method::POST, path, Some(json(&request)?), None, None).await {
            Ok(response) => {
                let session: Session = read(response).await?;
                store(Some(&session));
                Ok(session.access_token)
            }
            Err(ApiError::Problem(problem)) if matches!(problem.status, 400 | 401 | 403) => {
                store(None);
                Err(ApiError::SignedOut)
            }
            Err(error) => Err(error),
        }
    })
    .await
}

/// Calls `watcher` whenever someone signs in or out, in this tab or another; until dropped.
pub fn on_session_change(watcher: impl Fn() + 'static) -> SessionWatch {
    let watcher = Rc::new(watcher);
    let here = {
        let watcher = watcher.clone();
        WATCHERS.with(|watchers| watchers.watch(move |()| watcher()))
    };
    let elsewhere = EventListener::new(&browser::window(), "storage", move |event| {
        let key = event
            .dyn_ref::<web_sys::StorageEvent>()
            .and_then(web_sys::StorageEvent::key);
        if key.is_none_or(|key| key == STORED) {
            watcher();
        }
    });
    SessionWatch {
        _here: here,
        _elsewhere: elsewhere,
    }
}

/// Ends the watching when dropped.
pub struct SessionWatch {
    _here: Watch<()>,
    _elsewhere: EventListener,
}

fn store(session: Option<&Session>) {
    let before = current_session().map(|s| s.user.id);
    match session.and_then(|session| serde_json::to_string(session).ok()) {
        Some(text) => browser::store(STORED, &text),
        None => browser::forget(STORED),
    }
    if before != session.map(|s| s.user.id) {
        WATCHERS.with(|watchers| watchers.tell(&()));
    }
}

fn now_secs() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`, which web-sys keeps behind its unstable switch.
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, callback: &Function) -> Promise;
}

/// Runs `work` while no other tab runs one of these; without Web Locks (an insecure origin) it
/// just runs.
async fn exclusively<T: 'static>(
    work: impl Future<Output = Result<T, ApiError>> + 'static,
) -> Result<T, ApiError> {
    let locks = js_sys::Reflect::get(&browser::window().navigator(), &"locks".into());
    let Some(locks) = locks.ok().filter(JsValue::is_object) else {
        return work.await;
    };
    let result: Rc<RefCell<Option<Result<T, ApiError>>>> = Rc::default();
    let slot = result.clone();
    let callback = Closure::once(move || {
        future_to_promise(async move {
            let done = work.await;
            *slot.borrow_mut() = Some(done);
            Ok(JsValue::UNDEFINED)
        })
    });
    let locks: LockManager = locks.unchecked_into();
    let promise = locks.request(STORED, callback.as_ref().unchecked_ref());
    let waited = JsFuture::from(promise).await;
    let done = result.borrow_mut().take();
    match (waited, done) {
        (Ok(_), Some(done)) => done,
        _ => Err(ApiError::Cancelled),
    }
}
