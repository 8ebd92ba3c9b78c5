//! Versions and sessions, read while the panel is open.

use crate::api_client::{self, ApiError};
use crate::components::Toasts;
use futures_util::future::try_join;
use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{self as api, HistorySession, Page, Version};
use visionflow_engine::{Engine, EngineEvent};
use yew::prelude::*;

/// Edits of others are listed after a moment.
const REFRESH_MS: u32 = 1_500;

/// What the timeline lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// The last edit.
    pub head: i64,
    /// What is older can be shown only where a version names it.
    pub kept_from: i64,
    pub versions: Vec<Version>,
    /// The latest first.
    pub sessions: Vec<HistorySession>,
    pub next: Option<String>,
}

async fn list(image_id: Uuid) -> Result<Listed, ApiError> {
    let base = format!("/api/v1/images/{image_id}/history");
    let head = api_client::get::<api::History>(&base).await?;
    let versions = format!("{base}/versions");
    let sessions = format!("{base}/sessions?limit=50");
    let (versions, sessions) = try_join(
        api_client::get_all::<Version>(&versions),
        api_client::get::<Page<HistorySession>>(&sessions),
    )
    .await?;
    Ok(Listed {
        head: head.seq,
        kept_from: head.kept_from,
        versions,
        sessions: sessions.items,
        next: sessions.next_cursor,
    })
}

/// The lists while the panel is open: what they hold, more of them, and all of them again.
#[hook]
pub fn use_lists(
    engine: Option<&Engine>,
    image_id: Uuid,
    is_open: bool,
    toasts: &Toasts,
) -> (Rc<Listed>, Callback<()>, Callback<()>) {
    let listed = use_state_eq(|| Rc::new(Listed::default()));
    let asked = use_state_eq(|| 0_u32);
    let refresh = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(*asked + 1))
    };
    {
        let (listed, toasts) = (listed.setter(), toasts.clone());
        use_effect_with(
            (image_id, is_open, *asked),
            move |(image_id, is_open, _)| {
                let (image_id, is_open) = (*image_id, *is_open);
                let is_current = Rc::new(Cell::new(true));
                let still = is_current.clone();
                if is_open {
                    yew::platform::spawn_local(async move {
                        let read = list(image_id).await;
                        if still.get() {
                            match read {
                                Ok(read) => listed.set(Rc::new(read)),
                                Err(error) => toasts.error(&error),
                            }
                        }
                    });
                }
                move || is_current.set(false)
            },
        );
    }
    {
        let refresh = refresh.clone();
        use_effect_with((engine.cloned(), is_open), move |(engine, is_open)| {
            let waiting: Rc<RefCell<Option<Timeout>>> = Rc::default();
            let engine = engine.as_ref().filter(|_| *is_open);
            let subscription = engine.map(|engine| {
                engine.subscribe(Rc::new(move |event| {
                    if matches!(
                        event,
                        EngineEvent::Annotations(_) | EngineEvent::Suggestions
                    ) {
                        let refresh = refresh.clone();
                        let soon = Timeout::new(REFRESH_MS, move || refresh.emit(()));
                        drop(waiting.replace(Some(soon)));
                    }
                }))
            });
            move || drop(subscription)
        });
    }
    let read_more = {
        let (listed, toasts) = (listed.clone(), toasts.clone());
        Callback::from(move |()| {
            let Some(cursor) = listed.next.clone() else {
                return;
            };
            let (listed, toasts) = (listed.clone(), toasts.clone());
            let cursor = api_client::encode(&cursor);
            let path =
                format!("/api/v1/images/{image_id}/history/sessions?limit=50&cursor={cursor}");
            yew::platform::spawn_local(async move {
                match api_client::get::<Page<HistorySession>>(&path).await {
                    Ok(page) => {
                        let mut more = Listed::clone(&listed);
                        more.sessions.extend(page.items);
                        more.next = page.next_cursor;
                        listed.set(Rc::new(more));
                    }
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    ((*listed).clone(), read_more, refresh)
}
