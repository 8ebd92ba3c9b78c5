//! The open thread beside its pin: what was said, who writes, and the field to answer in.

use super::Comments;
use super::comment::{on_its_way, said};
use super::compose::Compose;
use crate::comments::Waiting;
use crate::components::{IconButton, icon};
use crate::t;
use uuid::Uuid;
use visionflow_api::{CommentAnchor, CommentThread};
use yew::prelude::*;

/// That this person writes is told so often.
const TYPING_EVERY_MS: f64 = 2_000.0;

#[derive(Properties, PartialEq)]
pub struct ThreadCardProps {
    pub comments: Comments,
    pub thread: CommentThread,
    pub is_orphan: bool,
}

#[component]
pub fn ThreadCard(props: &ThreadCardProps) -> Html {
    let (comments, thread) = (&props.comments, &props.thread);
    let editing = use_state_eq(|| None::<Uuid>);
    let end = use_node_ref();
    {
        let (comments, end) = (comments.clone(), end.clone());
        let key = (thread.id, thread.comments.len(), thread.unread > 0);
        let thread = thread.clone();
        use_effect_with(key, move |_| {
            if thread.unread > 0 {
                comments.mark_read(&thread);
            }
            if let Some(list) = end.cast::<web_sys::Element>() {
                list.set_scroll_top(list.scroll_height());
            }
        });
    }
    let typing = {
        let (comments, id) = (comments.clone(), thread.id);
        let told = use_mut_ref(|| 0.0);
        Callback::from(move |()| {
            let now = js_sys::Date::now();
            if now - *told.borrow() >= TYPING_EVERY_MS {
                *told.borrow_mut() = now;
                comments.desk.engine.tell_typing(id);
            }
        })
    };
    let reply = {
        let (comments, id) = (comments.clone(), thread.id);
        Callback::from(move |body| comments.reply(id, body))
    };
    let close = {
        let comments = comments.clone();
        Callback::from(move |()| comments.close())
    };
    // A thread that waits itself has nobody to answer.
    let is_waiting = thread.number == 0;
    let waits_itself = {
        let book = comments.desk.book.borrow();
        book.waiting_about(thread.id).any(Waiting::is_open)
    };
    html! {
        <>
            { head(comments, thread, is_waiting, &close) }
            if waits_itself { <div class="thread-note">{ on_its_way() }</div> }
            if props.is_orphan { <p class="thread-note">{ t!("comment-orphan") }</p> }
            <ol ref={end} class="thread-said" aria-label={t!("comment-said")}>
                { for thread.comments.iter().map(|comment| said(comments, comment, &editing)) }
            </ol>
            { writers(comments, thread.id) }
            if comments.may_write && !is_waiting {
                <Compose key={thread.id.to_string()} comments={comments.clone()} label={t!("comment-reply")} onsend={reply} oncancel={close} ontyping={typing} thread={Some(thread.id)} takes_focus=true />
            }
        </>
    }
}

fn head(
    comments: &Comments,
    thread: &CommentThread,
    is_waiting: bool,
    close: &Callback<()>,
) -> Html {
    let resolved = thread.resolved_at.is_some();
    let id = thread.id;
    let resolve = {
        let comments = comments.clone();
        Callback::from(move |_: MouseEvent| comments.resolve(id, !resolved))
    };
    let delete = {
        let comments = comments.clone();
        Callback::from(move |_: MouseEvent| comments.delete_thread(id))
    };
    let may_delete = comments.is_admin || thread.created_by == comments.desk.me.id;
    let title = title(thread);
    html! {
        <header class="thread-head">
            <h3>{ title }</h3>
            if resolved { <span class="chip chip-quiet">{ icon::CHECK.html() }{ t!("comment-resolved") }</span> }
            <span class="push" />
            if comments.may_write && !is_waiting {
                if resolved {
                    <IconButton label={t!("comment-reopen")} icon={icon::ROTATE_CCW} tip="left" class="small-icon" onclick={resolve} />
                } else {
                    <IconButton label={t!("comment-resolve")} icon={icon::CHECK} tip="left" class="small-icon" onclick={resolve} />
                }
                if may_delete {
                    <IconButton label={t!("comment-delete-thread")} icon={icon::TRASH_2} tip="left" class="small-icon" onclick={delete} />
                }
            }
            <IconButton label={t!("action-close")} icon={icon::X} tip="left" class="small-icon" onclick={close.reform(|_| ())} />
        </header>
    }
}

/// What a thread is called.
pub fn title(thread: &CommentThread) -> String {
    if thread.number == 0 {
        t!("comment-thread-waiting")
    } else {
        t!("comment-thread", n = thread.number)
    }
}

/// “Ana is typing…”
fn writers(comments: &Comments, thread: Uuid) -> Html {
    let book = comments.desk.book.borrow();
    let names: Vec<String> = book
        .typing_in(thread, js_sys::Date::now())
        .into_iter()
        .map(|person| {
            if person.name.is_empty() {
                t!("someone")
            } else {
                person.name.clone()
            }
        })
        .collect();
    let words = match names.as_slice() {
        [] => String::new(),
        [one] => t!("comment-typing-one", name = one.clone()),
        [one, other] => t!(
            "comment-typing-two",
            one = one.clone(),
            other = other.clone()
        ),
        more => t!("comment-typing-many", n = more.len() as i64),
    };
    html! { <p class="thread-typing" role="status">{ words }</p> }
}

#[derive(Properties, PartialEq)]
pub struct DraftCardProps {
    pub comments: Comments,
    pub anchor: CommentAnchor,
}

/// A thread that is to be begun: nothing is saved before it is sent.
#[component]
pub fn DraftCard(props: &DraftCardProps) -> Html {
    let comments = &props.comments;
    let begin = {
        let (comments, anchor) = (comments.clone(), props.anchor);
        Callback::from(move |body| comments.begin(anchor, body))
    };
    let close = {
        let comments = comments.clone();
        Callback::from(move |()| comments.close())
    };
    html! {
        <Compose comments={comments.clone()} label={t!("comment-new")} onsend={begin} oncancel={close} takes_focus=true may_cancel=true />
    }
}
