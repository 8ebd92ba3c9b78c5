//! The book against the server: read when the room is joined, told live, and what waits is sent.

use super::Shared;
use super::book::{Open, TYPING_MS};
use super::outbox::{Outbox, Said, Waiting};
use super::place;
use crate::api_client::{self, ApiError};
use crate::browser;
use crate::components::Toast;
use crate::t;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use visionflow_api::{Comment, CommentThread, ServerControl};
use visionflow_engine::EngineEvent;
use yew::platform::spawn_local;
use yew::prelude::*;

/// How often a list is read again because something happened meanwhile.
const ATTEMPTS: u32 = 5;

/// Keeps the book of a photograph up to date for as long as it is open.
#[hook]
pub(super) fn use_sync(desk: Option<Rc<Shared>>) {
    let key = desk.as_ref().map(|desk| desk.image_id);
    let same = desk.as_ref().map(|desk| Rc::as_ptr(desk) as usize);
    use_effect_with((key, same), move |_| {
        let watched = desk.map(|desk| {
            spawn_local(begin(desk.clone()));
            let listener = desk.clone();
            let subscription = desk
                .engine
                .subscribe(Rc::new(move |event| hear(&listener, event)));
            let online = EventListener::new(&browser::window(), "online", move |_| {
                spawn_local(send_waiting(desk.clone()));
            });
            (subscription, online)
        });
        move || drop(watched)
    });
}

fn hear(desk: &Rc<Shared>, event: &EngineEvent) {
    match event {
        EngineEvent::Said(told) => {
            desk.heard.set(desk.heard.get() + 1);
            desk.change(|book| book.hear(told, desk.me.id, js_sys::Date::now()));
            if matches!(**told, ServerControl::Typing { .. }) {
                let desk = desk.clone();
                // Once it is over, nobody says so.
                Timeout::new(TYPING_MS as u32 + 50, move || desk.change(|_| ())).forget();
            }
        }
        // The room has let us in, now or again: what was told meanwhile is unknown.
        EngineEvent::Role { .. } => {
            let desk = desk.clone();
            spawn_local(async move {
                load(&desk).await;
                send_waiting(desk).await;
            });
        }
        // A press beside words that were not sent yet does not throw them away.
        EngineEvent::Pinned(pinned) if !desk.is_drafting.get() => {
            let anchor = place::anchor(pinned, &desk.engine);
            desk.change(|book| book.open = Some(Open::Draft(anchor)));
        }
        _ => {}
    }
}

async fn begin(desk: Rc<Shared>) {
    // Without storage what is written is sent all the same, and lost only with the page.
    if let Ok(outbox) = Outbox::open(desk.me.id).await {
        let waiting = outbox.all().await.unwrap_or_default();
        *desk.outbox.borrow_mut() = Some(outbox);
        let here = desk.image_id;
        desk.change(|book| {
            let new = waiting
                .into_iter()
                .filter(|waiting| waiting.image_id == here);
            book.waiting.extend(new);
        });
    }
    load(&desk).await;
    send_waiting(desk).await;
}

/// Reads the list, again where the socket told something meanwhile.
async fn load(desk: &Rc<Shared>) {
    let path = format!("/api/v1/images/{}/comment_threads", desk.image_id);
    for _ in 0..ATTEMPTS {
        let before = desk.heard.get();
        let Ok(threads) = api_client::get_all::<CommentThread>(&path).await else {
            return;
        };
        if desk.heard.get() == before {
            desk.change(|book| book.load(threads));
            return;
        }
    }
}

/// Writes something down, shows it as waiting, and sends it.
pub(super) fn say(desk: &Rc<Shared>, said: Said) {
    let waiting = Waiting::new(desk.image_id, said);
    desk.change(|book| book.waiting.push(waiting.clone()));
    let desk = desk.clone();
    spawn_local(async move {
        let outbox = desk.outbox.borrow().clone();
        if let Some(outbox) = outbox {
            // Storage that is full or forbidden keeps nobody from speaking.
            let _ = outbox.put(&waiting).await;
        }
        send_waiting(desk).await;
    });
}

/// Gives up what waits.
pub(super) fn discard(desk: &Rc<Shared>, waiting: Waiting) {
    let id = waiting.comment_id();
    desk.change(|book| book.waiting.retain(|other| other.comment_id() != id));
    let desk = desk.clone();
    spawn_local(async move { forget(&desk, &waiting).await });
}

/// Sends what waits, also what was written on other photographs, one after the other: an answer
/// may be to a thread that waits before it.
async fn send_waiting(desk: Rc<Shared>) {
    if desk.is_sending.replace(true) {
        return;
    }
    while let Some(waiting) = next(&desk).await {
        match send(&waiting).await {
            Ok(sent) => {
                forget(&desk, &waiting).await;
                desk.change(|book| {
                    let id = waiting.comment_id();
                    book.waiting.retain(|other| other.comment_id() != id);
                    match sent {
                        Sent::Thread(thread) if thread.image_id == Some(desk.image_id) => {
                            book.put(thread);
                        }
                        Sent::Thread(_) => {}
                        Sent::Comment(comment) => {
                            book.put_comment(comment);
                        }
                    }
                });
            }
            Err(error) if is_passing(&error) => break,
            Err(error) => {
                let refused = Waiting {
                    refused: Some(error.words()),
                    ..waiting
                };
                refuse(&desk, refused).await;
            }
        }
    }
    tidy(&desk).await;
    desk.is_sending.set(false);
}

/// What the socket or the list has brought back already is not kept any longer.
async fn tidy(desk: &Rc<Shared>) {
    let outbox = desk.outbox.borrow().clone();
    let kept = match &outbox {
        Some(outbox) => outbox.all().await.unwrap_or_default(),
        None => return,
    };
    for waiting in kept {
        if desk.book.borrow().has(waiting.comment_id()) {
            forget(desk, &waiting).await;
        }
    }
}

/// What is to be sent next: of this page, or what other pages left behind.
async fn next(desk: &Rc<Shared>) -> Option<Waiting> {
    let is_open = |waiting: &&Waiting| waiting.refused.is_none();
    let own = desk.book.borrow().waiting.iter().find(is_open).cloned();
    if own.is_some() {
        return own;
    }
    let outbox = desk.outbox.borrow().clone()?;
    let here = desk.image_id;
    let left = outbox.all().await.ok()?.into_iter();
    let mut left = left.filter(|waiting| waiting.image_id != here);
    left.find(|waiting| waiting.refused.is_none())
}

enum Sent {
    Thread(CommentThread),
    Comment(Comment),
}

async fn send(waiting: &Waiting) -> Result<Sent, ApiError> {
    // The same key with every attempt.
    let key = waiting.comment_id().to_string();
    match &waiting.said {
        Said::Thread(new) => {
            let path = format!("/api/v1/images/{}/comment_threads", waiting.image_id);
            api_client::post_as(&path, new, &key)
                .await
                .map(Sent::Thread)
        }
        Said::Reply { thread_id, comment } => {
            let path = format!("/api/v1/comment_threads/{thread_id}/comments");
            api_client::post_as(&path, comment, &key)
                .await
                .map(Sent::Comment)
        }
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

async fn forget(desk: &Rc<Shared>, waiting: &Waiting) {
    let outbox = desk.outbox.borrow().clone();
    if let Some(outbox) = outbox {
        // What stays behind is sent again, and stored once.
        let _ = outbox.remove(waiting).await;
    }
}

async fn refuse(desk: &Rc<Shared>, refused: Waiting) {
    if let (Said::Reply { thread_id, comment }, Some(why)) = (&refused.said, &refused.refused)
        && desk.book.borrow().thread(*thread_id).is_none()
    {
        // There is no place left to show it.
        let (why, words) = (why.clone(), super::words::plain(&comment.body));
        desk.toasts
            .show(Toast::bad(t!("comment-lost", why = why, words = words)));
        return discard(desk, refused);
    }
    let outbox = desk.outbox.borrow().clone();
    if let Some(outbox) = outbox {
        let _ = outbox.put(&refused).await;
    }
    desk.change(|book| {
        let id = refused.comment_id();
        let known = book
            .waiting
            .iter_mut()
            .find(|other| other.comment_id() == id);
        if let Some(known) = known {
            *known = refused;
        }
    });
}
