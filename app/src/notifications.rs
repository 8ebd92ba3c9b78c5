//! The bell in the top bar: where others mentioned or answered this person.
//!
//! Read when the page appears or comes to the front, and whenever a room's socket tells of news.

use crate::api_client;
use crate::components::menu::use_dismiss;
use crate::components::{Avatar, Button, IconButton, Tone, icon};
use crate::router::Route;
use crate::session::use_session;
use crate::t;
use crate::time_words::ago;
use gloo::events::EventListener;
use visionflow_api::{
    Notification, NotificationKind, Notifications, NotificationsRead, mentions_in,
};
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

const PATH: &str = "/api/v1/me/notifications?limit=30";

#[derive(Properties, PartialEq)]
pub struct BellProps {
    /// Grows with everything that a socket told of.
    #[prop_or_default]
    pub news: u32,
}

#[component]
pub fn Bell(props: &BellProps) -> Html {
    let session = use_session();
    let known = use_state(|| None::<Notifications>);
    let open = use_state_eq(|| false);
    let node = use_node_ref();
    let navigator = use_navigator();
    let read = {
        let known = known.setter();
        use_callback((), move |(), ()| {
            let known = known.clone();
            spawn_local(async move {
                // Without an answer the last one stays.
                if let Ok(notifications) = api_client::get::<Notifications>(PATH).await {
                    known.set(Some(notifications));
                }
            });
        })
    };
    {
        let read = read.clone();
        let me = session.me().map(|me| me.id);
        use_effect_with((props.news, me), move |(_, me)| {
            if me.is_some() {
                read.emit(());
            }
        });
    }
    {
        let read = read.clone();
        use_effect_with((), move |()| {
            let window = crate::browser::window();
            let listener = EventListener::new(&window, "focus", move |_| read.emit(()));
            move || drop(listener)
        });
    }
    let close = {
        let open = open.setter();
        use_callback((), move |(), ()| open.set(false))
    };
    use_dismiss(node.clone(), *open, close.clone());
    if session.me().is_none() {
        return html! {};
    }
    let toggle = {
        let (open, read) = (open.clone(), read.clone());
        Callback::from(move |_: MouseEvent| {
            if !*open {
                read.emit(());
            }
            open.set(!*open);
        })
    };
    let mark = {
        let read = read.clone();
        Callback::from(move |which: NotificationsRead| {
            let read = read.clone();
            spawn_local(async move {
                // What stays unread is read another time.
                let _ = api_client::post_unkeyed("/api/v1/me/notifications/read", &which).await;
                read.emit(());
            });
        })
    };
    let go = {
        let (mark, close) = (mark.clone(), close.clone());
        Callback::from(move |told: Notification| {
            close.emit(());
            mark.emit(NotificationsRead {
                ids: Some(vec![told.id]),
            });
            if let (Some(navigator), Some(image_id)) = (&navigator, told.image_id) {
                let route = Route::Annotate {
                    project_id: told.project_id,
                    image_id,
                };
                let thread = told.thread_id.to_string();
                // The query is a plain map of strings, which always can be written.
                let _ = navigator.push_with_query(&route, &[("thread", thread.as_str())]);
            }
        })
    };
    let unread = known.as_ref().map_or(0, |known| known.unread);
    let all = mark.reform(|_: MouseEvent| NotificationsRead::default());
    html! {
        <div ref={node} class="bell">
            <IconButton label={t!("notifications", n = unread)} icon={icon::BELL} pressed={Some(*open)} onclick={toggle} />
            if unread > 0 { <span class="badge" aria-hidden="true">{ if unread > 99 { "99+".to_owned() } else { unread.to_string() } }</span> }
            if *open {
                <div class="popover bell-list" role="dialog" aria-label={t!("notifications-title")}>
                    <header class="thread-head">
                        <h3>{ t!("notifications-title") }</h3><span class="push" />
                        <Button label={t!("notifications-read-all")} small=true tone={Tone::Quiet} disabled={unread == 0} onclick={all} />
                    </header>
                    { list(known.as_ref(), &go) }
                </div>
            }
        </div>
    }
}

fn list(known: Option<&Notifications>, go: &Callback<Notification>) -> Html {
    let items = known
        .map(|known| known.items.as_slice())
        .unwrap_or_default();
    if items.is_empty() {
        return html! { <p class="panel-note">{ t!("notifications-empty") }</p> };
    }
    html! { <ul>{ for items.iter().map(|told| row(told, go)) }</ul> }
}

fn row(told: &Notification, go: &Callback<Notification>) -> Html {
    let onclick = {
        let (go, told) = (go.clone(), told.clone());
        Callback::from(move |_: MouseEvent| go.emit(told.clone()))
    };
    let name = if told.actor.name.is_empty() {
        t!("someone")
    } else {
        told.actor.name.clone()
    };
    let words = match told.kind {
        NotificationKind::Mention => t!("notification-mention", name = name.clone()),
        NotificationKind::Reply => t!("notification-reply", name = name.clone()),
    };
    let on = t!(
        "notification-on",
        file = told.filename.clone(),
        n = told.thread_number
    );
    html! {
        <li key={told.id.to_string()}>
            <button type="button" class={classes!("thread-row", told.read_at.is_some().then_some("thread-row-resolved"))} {onclick}>
                <Avatar {name} id={told.actor.id.to_string()} />
                <span class="thread-main">
                    <span class="thread-text">{ words }</span>
                    <span class="thread-text ellipsis">{ in_one_line(&told.excerpt) }</span>
                    <span class="thread-meta ellipsis">{ on }{ " · " }{ ago(told.created_at) }</span>
                </span>
                if told.read_at.is_none() { <span class="unread-dot" role="img" aria-label={t!("notification-unread")} /> }
            </button>
        </li>
    }
}

/// A comment's text with names in place of its mentions.
pub fn in_one_line(body: &str) -> String {
    let mut text = String::new();
    let mut from = 0;
    for mention in mentions_in(body) {
        text.push_str(&body[from..mention.range.start]);
        text.push('@');
        text.push_str(&mention.name);
        from = mention.range.end;
    }
    text.push_str(&body[from..]);
    text
}
