//! The photograph's threads as a list.

use super::card::title;
use super::comment::name_of;
use super::{Comments, words};
use crate::commands::keymap::use_keymap;
use crate::commands::spec;
use crate::comments::Open;
use crate::components::avatar::color_of;
use crate::components::{Keys, SelectField};
use crate::pages::annotate::section::Section;
use crate::t;
use crate::time_words::ago;
use visionflow_api::CommentThread;
use yew::prelude::*;

#[component]
pub fn CommentsPanel() -> Html {
    use_keymap();
    let comments = use_context::<Option<Comments>>().flatten();
    let Some(comments) = comments else {
        return html! {};
    };
    let book = comments.desk.book.borrow();
    let shown = book.shown(&comments.desk.me);
    let resolved = book.resolved_count(&comments.desk.me);
    let open = match &book.open {
        Some(Open::Thread(id)) => Some(*id),
        _ => None,
    };
    if !book.is_loaded && shown.is_empty() {
        return html! {};
    }
    let shows_resolved = book.shows_resolved;
    drop(book);
    let options: Vec<(AttrValue, AttrValue)> = vec![
        ("open".into(), t!("comments-open").into()),
        ("all".into(), t!("comments-all", n = resolved as i64).into()),
    ];
    let onchange = {
        let comments = comments.clone();
        Callback::from(move |value: String| {
            comments
                .desk
                .change(|book| book.shows_resolved = value == "all");
        })
    };
    let extra = html! {
        if resolved > 0 || shows_resolved {
            <SelectField label={t!("comments-filter")} value={if shows_resolved { "all" } else { "open" }} {options} {onchange} />
        }
    };
    html! {
        <Section id="comments" title={t!("comments-title")} count={(!shown.is_empty()).then_some(shown.len())} {extra}>
            if shown.is_empty() {
                <p class="panel-note">
                    { t!("comments-empty") }
                    if comments.may_write {
                        if let Some(keys) = spec::TOOL_COMMENT.key() {
                            { " " }{ t!("comments-empty-how") }{ " " }<Keys {keys} />
                        }
                    }
                </p>
            } else {
                <ul class="thread-list" aria-label={t!("comments-title")}>
                    { for shown.iter().map(|thread| row(&comments, thread, open == Some(thread.id))) }
                </ul>
            }
        </Section>
    }
}

fn row(comments: &Comments, thread: &CommentThread, is_open: bool) -> Html {
    let id = thread.id;
    let onclick = {
        let comments = comments.clone();
        Callback::from(move |_: MouseEvent| comments.show(id))
    };
    let first = thread.comments.first();
    let text = first
        .map(|comment| words::plain(&comment.body))
        .unwrap_or_default();
    let name = first.map(name_of).unwrap_or_default();
    let waits = comments.desk.book.borrow().waits_in(thread);
    let replies = thread.comments.len().saturating_sub(1) as i64;
    let style = format!("--pin:{}", color_of(&thread.created_by.to_string()));
    let class = classes!(
        "thread-row",
        is_open.then_some("thread-row-open"),
        thread
            .resolved_at
            .is_some()
            .then_some("thread-row-resolved"),
    );
    let number = if thread.number == 0 {
        "…".to_owned()
    } else {
        thread.number.to_string()
    };
    html! {
        <li key={id.to_string()}>
            <button type="button" {class} aria-current={is_open.then_some("true")} {onclick}>
                <span class="thread-number" {style} title={title(thread)}>{ number }</span>
                <span class="thread-main">
                    <span class="thread-text ellipsis">{ text }</span>
                    <span class="thread-meta ellipsis">
                        { name }{ " · " }{ ago(thread.created_at) }
                        if replies > 0 { { " · " }{ t!("comment-replies", n = replies) } }
                        if thread.resolved_at.is_some() { { " · " }{ t!("comment-resolved") } }
                        if waits { { " · " }{ t!("comment-waiting") } }
                    </span>
                </span>
                if thread.unread > 0 { <span class="unread-dot" role="img" aria-label={t!("comment-unread", n = thread.unread)} /> }
            </button>
        </li>
    }
}
