//! The book against the server: read when the room is joined, told live.

use super::Shared;
use super::outbox::Outbox;
use super::place;
use super::send::send_waiting;
use crate::api_client;
use crate::browser;
use crate::comments::{Open, TYPING_MS};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use visionflow_api::{CommentThread, ServerControl};
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
        let left = waiting
            .into_iter()
            .filter(|waiting| waiting.image_id == here);
        desk.change(|book| book.restore(left));
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
