//! What waits goes to the server, one after the other.

use super::Shared;
use super::words;
use crate::api_client::{self, ApiError};
use crate::browser;
use crate::comments::{Joined, Said, Sent, Waiting};
use crate::components::Toast;
use crate::t;
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{CommentChange, CommentThreadChange};
use yew::platform::spawn_local;
use yew::prelude::*;

/// A server that is overloaded keeps the room open, so that nothing tells when it is well again.
const RETRY_MS: u32 = 30_000;

/// Writes something down, shows it as done and waiting, and sends it.
pub(super) fn say(desk: &Rc<Shared>, said: Said) {
    let new = Waiting::new(js_sys::Date::now(), desk.image_id, said);
    let Joined { kept, dropped } = desk.change(|book| book.join(new));
    let desk = desk.clone();
    spawn_local(async move {
        keep(&desk, &kept).await;
        for waiting in &dropped {
            forget(&desk, waiting).await;
        }
        send_waiting(desk).await;
    });
}

/// Gives up what waits.
pub(super) fn discard(desk: &Rc<Shared>, waiting: Waiting) {
    desk.change(|book| book.give_up(&waiting));
    let desk = desk.clone();
    spawn_local(async move { forget(&desk, &waiting).await });
}

/// Sends what waits, also what was done on other photographs, in its order: an answer may be to a
/// thread that waits before it, and a change to a comment.
pub(super) async fn send_waiting(desk: Rc<Shared>) {
    if desk.is_sending.replace(true) {
        return;
    }
    desk.retry.take();
    while let Some(waiting) = next(&desk).await {
        match send(&waiting).await {
            Ok(sent) => settle(&desk, waiting, sent).await,
            Err(error) if is_passing(&error) => {
                retry_later(&desk);
                break;
            }
            Err(error) => refuse(&desk, waiting, &error).await,
        }
    }
    desk.is_sending.set(false);
    tidy(&desk).await;
}

/// What the socket or the list has brought back already is not kept any longer.
async fn tidy(desk: &Rc<Shared>) {
    let outbox = desk.outbox.borrow().clone();
    let Some(outbox) = outbox else { return };
    for waiting in outbox.all().await.unwrap_or_default() {
        let is_done = {
            let book = desk.book.borrow();
            let known = book.arrived(&waiting);
            known.is_some_and(|known| waiting.rest(known).is_none())
        };
        if is_done {
            forget(desk, &waiting).await;
        }
    }
}

/// What is to be sent next: of this page, or what other pages left behind.
async fn next(desk: &Rc<Shared>) -> Option<Waiting> {
    let elsewhere = elsewhere(desk).await;
    // Looked for last, so that nothing is said between this and the end of sending.
    let own = desk.book.borrow().next_to_send().cloned();
    own.or(elsewhere)
}

async fn elsewhere(desk: &Rc<Shared>) -> Option<Waiting> {
    let outbox = desk.outbox.borrow().clone()?;
    let mut left = outbox.all().await.ok()?.into_iter();
    left.find(|waiting| waiting.image_id != desk.image_id && waiting.is_open())
}

async fn send(waiting: &Waiting) -> Result<Sent, ApiError> {
    match &waiting.said {
        Said::Thread(new) => {
            let path = format!("/api/v1/images/{}/comment_threads", waiting.image_id);
            let answer = api_client::post_as(&path, new, &waiting.key()).await;
            answer.map(Sent::Thread)
        }
        Said::Reply { thread_id, comment } => {
            let path = format!("{}/comments", thread_path(*thread_id));
            let answer = api_client::post_as(&path, comment, &waiting.key()).await;
            answer.map(Sent::Comment)
        }
        Said::Edit { comment_id, body } => {
            let change = CommentChange {
                body: body.clone(),
                mentions: Vec::new(),
            };
            let answer = api_client::patch(&comment_path(*comment_id), &change).await;
            answer.map(Sent::Comment)
        }
        Said::TakeBack { comment_id } => delete(&comment_path(*comment_id)).await,
        Said::Resolve {
            thread_id,
            resolved,
        } => {
            let change = CommentThreadChange {
                resolved: *resolved,
            };
            let answer = api_client::patch(&thread_path(*thread_id), &change).await;
            answer.map(Sent::Resolved)
        }
        Said::DeleteThread { thread_id } => delete(&thread_path(*thread_id)).await,
    }
}

fn thread_path(id: Uuid) -> String {
    format!("/api/v1/comment_threads/{id}")
}

fn comment_path(id: Uuid) -> String {
    format!("/api/v1/comments/{id}")
}

/// What is gone already, perhaps by an attempt whose answer was lost, is as it was meant to be.
async fn delete(path: &str) -> Result<Sent, ApiError> {
    match api_client::delete(path).await {
        Err(error) if !error.is_not_found() => Err(error),
        _ => Ok(Sent::Gone),
    }
}

/// Whether it may go better later.
fn is_passing(error: &ApiError) -> bool {
    match error {
        ApiError::Problem(problem) => {
            problem.status >= 500 || matches!(problem.status, 401 | 408 | 429)
        }
        _ => true,
    }
}

fn retry_later(desk: &Rc<Shared>) {
    // The page may be left meanwhile.
    let again = Rc::downgrade(desk);
    let timeout = Timeout::new(RETRY_MS, move || {
        if let Some(desk) = again.upgrade() {
            spawn_local(send_waiting(desk));
        }
    });
    desk.retry.replace(Some(timeout));
}

async fn settle(desk: &Rc<Shared>, done: Waiting, sent: Sent) {
    let rest = if done.image_id == desk.image_id {
        desk.change(|book| book.settle(&done, sent, &desk.me))
    } else {
        sent.rest(&done, &done)
    };
    match rest {
        Some(rest) => keep(desk, &rest).await,
        None => forget(desk, &done).await,
    }
}

/// Takes away what the server will not do and says why. Words stay to be read and copied.
async fn refuse(desk: &Rc<Shared>, waiting: Waiting, error: &ApiError) {
    let is_here = waiting.image_id == desk.image_id;
    if is_here && !desk.book.borrow().waits_unchanged(&waiting) {
        return;
    }
    let why = error.words();
    let lost = {
        let book = desk.book.borrow();
        match &waiting.said {
            Said::Thread(_) => None,
            Said::Reply { thread_id, comment } => {
                let has_place = book.thread(*thread_id).is_some();
                (!has_place).then(|| lost_words(&comment.body, &why))
            }
            Said::Edit { comment_id, body } => {
                let has_place = book.comment(*comment_id).is_some();
                (!has_place).then(|| lost_words(body, &why))
            }
            Said::TakeBack { .. } | Said::Resolve { .. } | Said::DeleteThread { .. } => {
                Some(Toast::bad(t!("comment-change-refused", why = why.clone())))
            }
        }
    };
    if let Some(toast) = lost {
        desk.toasts.show(toast);
        desk.change(|book| book.give_up(&waiting));
        return forget(desk, &waiting).await;
    }
    let refused = Waiting {
        refused: Some(why),
        ..waiting
    };
    keep(desk, &refused).await;
    desk.change(|book| book.refuse(refused));
}

/// Words for which there is no place left to show them.
fn lost_words(body: &str, why: &str) -> Toast {
    let words = words::plain(body);
    let copied = words.clone();
    let copy = Callback::from(move |()| {
        let copied = copied.clone();
        spawn_local(async move {
            // The words stand in the message, too.
            let _ = browser::copy(&copied).await;
        });
    });
    Toast {
        action: Some((t!("action-copy").into(), copy)),
        ..Toast::bad(t!("comment-lost", why = why, words = words))
    }
}

async fn keep(desk: &Rc<Shared>, waiting: &Waiting) {
    let outbox = desk.outbox.borrow().clone();
    if let Some(outbox) = outbox {
        // Storage that is full or forbidden keeps nobody from speaking.
        let _ = outbox.put(waiting).await;
    }
}

async fn forget(desk: &Rc<Shared>, waiting: &Waiting) {
    let outbox = desk.outbox.borrow().clone();
    if let Some(outbox) = outbox {
        // What stays behind is sent again, and done once.
        let _ = outbox.remove(waiting).await;
    }
}
