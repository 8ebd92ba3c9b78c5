//! One comment in the card of its thread, with what is not sent of it yet or was refused.

use super::Comments;
use super::compose::Compose;
use super::words;
use crate::comments::{Said, Waiting, mentioned};
use crate::components::{Avatar, Button, IconButton, Tone, icon};
use crate::t;
use crate::time_words::ago;
use uuid::Uuid;
use visionflow_api::Comment;
use yew::prelude::*;

pub fn said(
    comments: &Comments,
    comment: &Comment,
    editing: &UseStateHandle<Option<Uuid>>,
) -> Html {
    let id = comment.id;
    let name = name_of(comment);
    let waiting: Vec<Waiting> = {
        let book = comments.desk.book.borrow();
        book.waiting_about(id).cloned().collect()
    };
    let waits = waiting.iter().any(Waiting::is_open);
    let done = {
        let editing = editing.setter();
        Callback::from(move |()| editing.set(None))
    };
    let edit = {
        let (comments, done) = (comments.clone(), done.clone());
        Callback::from(move |body| {
            comments.edit(id, body);
            done.emit(());
        })
    };
    html! {
        <li key={id.to_string()} class={classes!("said", waits.then_some("said-waiting"))}>
            <Avatar name={name.clone()} id={comment.author.id.to_string()} />
            <div class="said-main">
                <div class="said-head">
                    <strong class="ellipsis">{ name }</strong>
                    <span class="said-time">{ ago(comment.created_at) }</span>
                    if comment.edited_at.is_some() && comment.deleted_at.is_none() { <span class="said-time">{ t!("comment-edited") }</span> }
                    <span class="push" />
                    if may_change(comments, comment, &waiting) { { actions(comments, id, editing) } }
                </div>
                if **editing == Some(id) {
                    <Compose comments={comments.clone()} label={t!("comment-edit")} body={comment.body.clone()} onsend={edit} oncancel={done} takes_focus=true may_cancel=true />
                } else if comment.deleted_at.is_some() {
                    <p class="said-gone">{ t!("comment-deleted") }</p>
                } else {
                    <p class="said-text">{ words::html(&comment.body, &comment.mentions) }</p>
                }
                if waits { { on_its_way() } }
                { for waiting.into_iter().map(|waiting| refused(comments, waiting)) }
            </div>
        </li>
    }
}

/// Authors change their words, also those that wait; what never got to the server is only discarded.
fn may_change(comments: &Comments, comment: &Comment, waiting: &[Waiting]) -> bool {
    let is_own = comment.author.id == comments.desk.me.id && comment.deleted_at.is_none();
    let is_refused = |waiting: &Waiting| !waiting.is_open() && waiting.said.new_comment().is_some();
    is_own && comments.may_write && !waiting.iter().any(is_refused)
}

fn actions(comments: &Comments, id: Uuid, editing: &UseStateHandle<Option<Uuid>>) -> Html {
    let edit = {
        let editing = editing.setter();
        Callback::from(move |_: MouseEvent| editing.set(Some(id)))
    };
    let take_back = {
        let comments = comments.clone();
        Callback::from(move |_: MouseEvent| comments.take_back(id))
    };
    html! {
        <>
            <IconButton label={t!("comment-edit")} icon={icon::PENCIL} tip="left" class="said-action" onclick={edit} />
            <IconButton label={t!("comment-delete")} icon={icon::TRASH_2} tip="left" class="said-action" onclick={take_back} />
        </>
    }
}

/// Says that the server does not have it yet.
pub fn on_its_way() -> Html {
    html! { <p class="said-state" role="status">{ icon::CLOUD_UPLOAD.html() }{ t!("comment-waiting") }</p> }
}

/// Says that the server will not take it. Other words for a comment stand below it, to be copied.
fn refused(comments: &Comments, waiting: Waiting) -> Html {
    let Some(why) = waiting.refused.clone() else {
        return Html::default();
    };
    let (why, words) = match &waiting.said {
        Said::Edit { body, .. } => (
            t!("comment-edit-refused", why = why),
            Some(words::html(body, &mentioned(body))),
        ),
        _ => (t!("comment-refused", why = why), None),
    };
    let discard = {
        let comments = comments.clone();
        Callback::from(move |_: MouseEvent| comments.discard(waiting.clone()))
    };
    html! {
        <>
            <div class="said-refused" role="alert">
                <span>{ why }</span>
                <Button label={t!("comment-discard")} small=true tone={Tone::Quiet} onclick={discard} />
            </div>
            if let Some(words) = words { <p class="said-text said-unsent">{ words }</p> }
        </>
    }
}

/// What somebody who spoke is called.
pub fn name_of(comment: &Comment) -> String {
    if comment.author.name.is_empty() {
        t!("someone")
    } else {
        comment.author.name.clone()
    }
}
