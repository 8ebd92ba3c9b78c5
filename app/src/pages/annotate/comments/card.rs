//! The open thread beside its pin: what was said, who writes, and the field to answer in.

use super::Comments;
use super::compose::Compose;
use super::outbox::Waiting;
use super::words;
use crate::components::{Avatar, Button, IconButton, Tone, icon};
use crate::t;
use crate::time_words::ago;
use uuid::Uuid;
use visionflow_api::{Comment, CommentAnchor, CommentThread};
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
    html! {
        <>
            { head(comments, thread, is_waiting, &close) }
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

fn said(comments: &Comments, comment: &Comment, editing: &UseStateHandle<Option<Uuid>>) -> Html {
    let id = comment.id;
    let name = name_of(comment);
    let waiting = comments.desk.book.borrow().waiting_as(id).cloned();
    let is_own = comment.author.id == comments.desk.me.id && comment.deleted_at.is_none();
    let set = |value: Option<Uuid>| {
        let editing = editing.setter();
        Callback::from(move |()| editing.set(value))
    };
    let take_back = {
        let comments = comments.clone();
        Callback::from(move |_: MouseEvent| comments.take_back(id))
    };
    let edit = {
        let (comments, done) = (comments.clone(), set(None));
        Callback::from(move |body| {
            comments.edit(id, body);
            done.emit(());
        })
    };
    html! {
        <li key={id.to_string()} class={classes!("said", waiting.is_some().then_some("said-waiting"))}>
            <Avatar name={name.clone()} id={comment.author.id.to_string()} />
            <div class="said-main">
                <div class="said-head">
                    <strong class="ellipsis">{ name }</strong>
                    <span class="said-time">{ ago(comment.created_at) }</span>
                    if comment.edited_at.is_some() && comment.deleted_at.is_none() { <span class="said-time">{ t!("comment-edited") }</span> }
                    <span class="push" />
                    if is_own && waiting.is_none() && comments.may_write {
                        <IconButton label={t!("comment-edit")} icon={icon::PENCIL} tip="left" class="said-action" onclick={set(Some(id)).reform(|_| ())} />
                        <IconButton label={t!("comment-delete")} icon={icon::TRASH_2} tip="left" class="said-action" onclick={take_back} />
                    }
                </div>
                if **editing == Some(id) {
                    <Compose comments={comments.clone()} label={t!("comment-edit")} body={comment.body.clone()} onsend={edit} oncancel={set(None)} takes_focus=true may_cancel=true />
                } else if comment.deleted_at.is_some() {
                    <p class="said-gone">{ t!("comment-deleted") }</p>
                } else {
                    <p class="said-text">{ words::html(&comment.body, &comment.mentions) }</p>
                }
                if let Some(waiting) = waiting { { waits(comments, waiting) } }
            </div>
        </li>
    }
}

/// Says that the server does not have it yet, or will not take it.
fn waits(comments: &Comments, waiting: Waiting) -> Html {
    let Some(why) = waiting.refused.clone() else {
        return html! { <p class="said-state" role="status">{ icon::CLOUD_UPLOAD.html() }{ t!("comment-waiting") }</p> };
    };
    let discard = {
        let comments = comments.clone();
        Callback::from(move |_: MouseEvent| comments.discard(waiting.clone()))
    };
    html! {
        <div class="said-refused" role="alert">
            <span>{ t!("comment-refused", why = why) }</span>
            <Button label={t!("comment-discard")} small=true tone={Tone::Quiet} onclick={discard} />
        </div>
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

/// What somebody who spoke is called.
pub fn name_of(comment: &Comment) -> String {
    if comment.author.name.is_empty() {
        t!("someone")
    } else {
        comment.author.name.clone()
    }
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
