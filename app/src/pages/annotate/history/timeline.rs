//! Versions and sessions in one list, the latest first.

use super::History;
use crate::api_client;
use crate::components::{Button, IconButton, TextInput, icon};
use crate::session::{use_session, use_toasts};
use crate::t;
use crate::time_words;
use visionflow_api::{HistorySession, SessionAuthor, Version, VersionChange};
use visionflow_geometry::sort_by_key;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    pub history: History,
    pub may_change: bool,
}

enum Entry<'a> {
    Version(&'a Version),
    Session(&'a HistorySession),
}

impl Entry<'_> {
    fn seq(&self) -> i64 {
        match self {
            Self::Version(version) => version.seq,
            Self::Session(session) => session.to_seq,
        }
    }
}

#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let history = &props.history;
    let listed = &history.listed;
    let versions = listed.versions.iter().map(Entry::Version);
    let sessions = listed.sessions.iter().map(Entry::Session);
    let mut entries: Vec<Entry> = versions.chain(sessions).collect();
    // Stable: a version stands above the session that it names the end of.
    sort_by_key(&mut entries, |entry| std::cmp::Reverse(entry.seq()));
    if entries.is_empty() {
        return html! { <p class="history-empty">{ t!("history-empty") }</p> };
    }
    html! {
        <>
            <ul class="history-list" aria-label={t!("history-timeline")}>
                { for entries.iter().map(|entry| match entry {
                    Entry::Version(version) => html! { <VersionLine key={version.tag.clone()} history={history.clone()} version={(*version).clone()} may_change={props.may_change} /> },
                    Entry::Session(session) => session_line(history, session),
                }) }
            </ul>
            if listed.next.is_some() {
                <Button label={t!("history-more")} small=true onclick={history.read_more.reform(|_: MouseEvent| ())} />
            }
        </>
    }
}

/// The point that a press shows; the last one is now.
fn goes_to(history: &History, seq: i64) -> Callback<MouseEvent> {
    let head = history.listed.head;
    history
        .go
        .reform(move |_: MouseEvent| (seq < head).then_some(seq))
}

fn is_shown(history: &History, seq: i64) -> bool {
    history.at.unwrap_or(history.listed.head) == seq
}

fn session_line(history: &History, session: &HistorySession) -> Html {
    let names: Vec<String> = session.authors.iter().map(author).collect();
    let people = names.join(", ");
    let shown = is_shown(history, session.to_seq);
    html! {
        <li key={session.from_seq}>
            <button type="button" class="history-line" aria-current={shown.then_some("true")} onclick={goes_to(history, session.to_seq)}>
                { icon::USERS.html() }
                <span class="grow ellipsis">{ people }</span>
                <span class="history-when">{ t!("history-edits", n = session.edits) }{ " · " }{ time_words::ago(session.ended_at) }</span>
            </button>
        </li>
    }
}

fn author(author: &SessionAuthor) -> String {
    match (&author.name, author.user_id) {
        (Some(name), _) => name.clone(),
        (None, Some(_)) => t!("history-unknown-person"),
        (None, None) => t!("history-server"),
    }
}

#[derive(Properties, PartialEq)]
struct VersionLineProps {
    history: History,
    version: Version,
    may_change: bool,
}

#[component]
fn VersionLine(props: &VersionLineProps) -> Html {
    let toasts = use_toasts();
    let session = use_session();
    let renaming = use_state_eq(|| None::<String>);
    let (history, version) = (&props.history, &props.version);
    let path = format!(
        "/api/v1/images/{}/history/versions/{}",
        history.image_id,
        api_client::encode(&version.tag)
    );
    let is_mine = session.me().is_some_and(|me| me.id == version.created_by);
    if let Some(text) = (*renaming).clone() {
        let oninput = {
            let renaming = renaming.setter();
            Callback::from(move |text| renaming.set(Some(text)))
        };
        let rename = {
            let (renaming, refresh) = (renaming.clone(), history.refresh.clone());
            Callback::from(move |text: String| {
                let (renaming, refresh, toasts, path) = (
                    renaming.clone(),
                    refresh.clone(),
                    toasts.clone(),
                    path.clone(),
                );
                let change = VersionChange {
                    tag: text.trim().to_owned(),
                };
                yew::platform::spawn_local(async move {
                    match api_client::patch::<_, Version>(&path, &change).await {
                        Ok(_) => refresh.emit(()),
                        Err(error) => toasts.error(&error),
                    }
                    renaming.set(None);
                });
            })
        };
        return html! {
            <li class="history-row">
                <TextInput label={t!("history-rename", name = version.tag.clone())} value={text} {oninput} onenter={rename} />
                <IconButton label={t!("action-cancel")} icon={icon::X} class="small-icon" onclick={let renaming = renaming.setter(); move |_: MouseEvent| renaming.set(None)} />
            </li>
        };
    }
    let begin = {
        let (renaming, tag) = (renaming.setter(), version.tag.clone());
        Callback::from(move |_: MouseEvent| renaming.set(Some(tag.clone())))
    };
    let delete = {
        let refresh = history.refresh.clone();
        Callback::from(move |_: MouseEvent| {
            let (refresh, toasts, path) = (refresh.clone(), toasts.clone(), path.clone());
            yew::platform::spawn_local(async move {
                match api_client::delete(&path).await {
                    Ok(()) => refresh.emit(()),
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    let shown = is_shown(history, version.seq);
    let by = version
        .created_by_name
        .clone()
        .unwrap_or_else(|| t!("history-unknown-person"));
    html! {
        <li class="history-version">
            <button type="button" class="history-line" aria-current={shown.then_some("true")} title={t!("history-named-by", name = by)} onclick={goes_to(history, version.seq)}>
                { icon::BOOKMARK.html() }
                <strong class="grow ellipsis">{ &version.tag }</strong>
                <span class="history-when">{ time_words::ago(version.created_at) }</span>
            </button>
            if props.may_change && is_mine {
                <IconButton label={t!("history-rename", name = version.tag.clone())} icon={icon::PENCIL} tip="left" class="object-action" onclick={begin} />
                <IconButton label={t!("history-delete", name = version.tag.clone())} icon={icon::TRASH_2} tip="left" class="object-action" onclick={delete} />
            }
        </li>
    }
}
