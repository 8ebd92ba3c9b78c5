//! Comments as the API's two spellings use them: what may be said, who is told of it.
//!
//! Every function works in the caller's transaction and answers with its [`News`], to be told once
//! the transaction is committed.

mod check;
mod wire;

pub use wire::{one_comment, one_thread, threads};

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::relay::Audience;
use crate::store::{CommentRoom, CommentRow, NewNotification, NewThreadRow, ThreadRow, Tx};
use uuid::Uuid;
use visionflow_api::{CommentChange, NewComment, NewCommentThread, ProjectRole, ServerControl};

/// The most threads of one photograph.
const MOST_THREADS: i32 = 2000;
/// The most comments of one thread.
pub const MOST_COMMENTS: i64 = 200;

/// What is to be told, and to whom, once it is durable.
#[derive(Default)]
#[must_use]
pub struct News(Vec<(Audience, ServerControl)>);

impl News {
    pub fn tell(self, app: &App) {
        for (audience, message) in self.0 {
            app.relay().tell(audience, &message);
        }
    }

    fn room(room_id: Uuid, message: ServerControl) -> Self {
        Self(vec![(Audience::Room(room_id), message)])
    }

    fn notified(&mut self, people: impl IntoIterator<Item = Uuid>) {
        let told = people.into_iter();
        self.0
            .extend(told.map(|id| (Audience::User(id), ServerControl::Notified)));
    }
}

/// Begins a thread. One that the caller has begun already under this id stays as it is.
pub async fn begin(
    tx: &mut Tx,
    caller: &Caller,
    room: CommentRoom,
    new: &NewCommentThread,
) -> Result<News> {
    check::body(&new.comment.body)?;
    let number = tx.next_thread_number(room.room_id).await?;
    if let Some(thread) = tx.thread(caller.user_id, new.id).await? {
        return if thread.created_by == caller.user_id && thread.room_id == room.room_id {
            Ok(News::default())
        } else {
            Err(taken())
        };
    }
    let origin = check::anchor(tx, &room, &new.anchor).await?;
    if number > MOST_THREADS {
        return Err(Error::invalid(format!(
            "A photograph has at most {MOST_THREADS} threads of comments."
        )));
    }
    let row = NewThreadRow {
        id: new.id,
        room,
        number,
        annotation_id: new.anchor.annotation_id,
        x: new.anchor.x,
        y: new.anchor.y,
        origin,
        created_by: caller.user_id,
    };
    if !tx.insert_thread(&row).await? {
        return Err(taken());
    }
    let thread = found(tx, caller, new.id).await?;
    let people = say(tx, caller, &thread, &new.comment).await?;
    let mut told = one_thread(tx, caller, new.id).await?;
    told.unread = 0;
    let thread = Box::new(told);
    let mut news = News::room(room.room_id, ServerControl::CommentThreadCreated { thread });
    news.notified(people);
    Ok(news)
}

/// Says something in a thread. What the caller has said already under this id stays as it is.
pub async fn reply(
    tx: &mut Tx,
    caller: &Caller,
    thread: &ThreadRow,
    new: &NewComment,
) -> Result<News> {
    check::body(&new.body)?;
    if !tx.lock_thread(thread.id).await? {
        return Err(Error::not_found());
    }
    if let Some(comment) = tx.comment(new.id).await? {
        return if comment.author_id == caller.user_id && comment.thread_id == thread.id {
            Ok(News::default())
        } else {
            Err(taken())
        };
    }
    let thread = found(tx, caller, thread.id).await?;
    if thread.comment_count >= MOST_COMMENTS {
        return Err(Error::invalid(format!(
            "A thread has at most {MOST_COMMENTS} comments; begin another one."
        )));
    }
    let people = say(tx, caller, &thread, new).await?;
    let comment = Box::new(one_comment(tx, new.id).await?);
    let mut news = News::room(thread.room_id, ServerControl::CommentCreated { comment });
    news.notified(people);
    Ok(news)
}

/// Writes a comment, counts the thread as read by its author, and writes down who is to be told;
/// these people.
async fn say(
    tx: &mut Tx,
    caller: &Caller,
    thread: &ThreadRow,
    new: &NewComment,
) -> Result<Vec<Uuid>> {
    let body = new.body.trim();
    let mentions = check::mentions(tx, thread.project_id, body, &new.mentions).await?;
    if !tx
        .insert_comment(thread, new.id, caller.user_id, body)
        .await?
    {
        return Err(taken());
    }
    tx.set_mentions(thread.workspace_id, new.id, &mentions)
        .await?;
    let comment = tx.comment(new.id).await?.ok_or_else(Error::not_found)?;
    tx.mark_read(thread, caller.user_id, comment.created_at)
        .await?;
    let mentioned: Vec<Uuid> = but(mentions, caller.user_id);
    notify(tx, caller, thread, new.id, "mention", &mentioned).await?;
    let mut others = tx.others_in_thread(thread.id, caller.user_id).await?;
    others.retain(|id| !mentioned.contains(id));
    notify(tx, caller, thread, new.id, "reply", &others).await?;
    Ok([mentioned, others].concat())
}

/// Changes the caller's own words; who is mentioned only now is told.
pub async fn edit(
    tx: &mut Tx,
    caller: &Caller,
    comment: &CommentRow,
    change: &CommentChange,
) -> Result<News> {
    let thread = own(tx, caller, comment).await?;
    check::body(&change.body)?;
    let body = change.body.trim();
    let before = tx.mentions_of(&[comment.id]).await?;
    let mentions = check::mentions(tx, thread.project_id, body, &change.mentions).await?;
    if body == comment.body && before.len() == mentions.len() {
        return Ok(News::default());
    }
    tx.edit_comment(comment.id, body).await?;
    tx.set_mentions(thread.workspace_id, comment.id, &mentions)
        .await?;
    let mut mentioned = but(mentions, caller.user_id);
    mentioned.retain(|id| !before.iter().any(|(_, person)| person.id == *id));
    notify(tx, caller, &thread, comment.id, "mention", &mentioned).await?;
    let comment = Box::new(one_comment(tx, comment.id).await?);
    let mut news = News::room(thread.room_id, ServerControl::CommentChanged { comment });
    news.notified(mentioned);
    Ok(news)
}

/// Takes the caller's own words back; with the last ones of a thread goes the thread.
pub async fn take_back(tx: &mut Tx, caller: &Caller, comment: &CommentRow) -> Result<News> {
    let thread = own(tx, caller, comment).await?;
    let left = tx.take_comment_back(comment).await?;
    tx.set_mentions(thread.workspace_id, comment.id, &[])
        .await?;
    if left == 0 {
        return remove(tx, &thread).await;
    }
    let comment = Box::new(one_comment(tx, comment.id).await?);
    Ok(News::room(
        thread.room_id,
        ServerControl::CommentChanged { comment },
    ))
}

/// Resolves a thread, or opens it again.
pub async fn resolve(
    tx: &mut Tx,
    caller: &Caller,
    thread: &ThreadRow,
    resolved: bool,
) -> Result<News> {
    caller.require_any_role(tx, thread.project_id).await?;
    let changed = tx
        .set_thread_resolved(thread.id, resolved, caller.user_id)
        .await?;
    if !changed {
        return Ok(News::default());
    }
    let thread = found(tx, caller, thread.id).await?;
    let message = ServerControl::CommentThreadChanged {
        thread_id: thread.id,
        resolved_at: thread.resolved_at,
        resolved_by: thread.resolved_by,
    };
    Ok(News::room(thread.room_id, message))
}

/// Deletes a thread with all that was said in it; for who began it, and for admins.
pub async fn delete(tx: &mut Tx, caller: &Caller, thread: &ThreadRow) -> Result<News> {
    if thread.created_by == caller.user_id {
        caller.require_any_role(tx, thread.project_id).await?;
    } else {
        let admins = [ProjectRole::Admin];
        caller.require_role(tx, thread.project_id, &admins).await?;
    }
    remove(tx, thread).await
}

async fn remove(tx: &mut Tx, thread: &ThreadRow) -> Result<News> {
    tx.delete_thread(thread.id).await?;
    let thread_id = thread.id;
    Ok(News::room(
        thread.room_id,
        ServerControl::CommentThreadDeleted { thread_id },
    ))
}

/// The caller has seen the thread up to this comment.
pub async fn read(
    tx: &mut Tx,
    caller: &Caller,
    thread: &ThreadRow,
    comment_id: Uuid,
) -> Result<News> {
    let comment = tx.comment(comment_id).await?;
    let comment = comment.filter(|comment| comment.thread_id == thread.id);
    let comment = comment.ok_or_else(Error::not_found)?;
    let (me, until) = (caller.user_id, comment.created_at);
    tx.mark_read(thread, me, until).await?;
    let mut news = News::default();
    if tx.read_notifications_of(me, thread.id, until).await? {
        news.notified([me]);
    }
    Ok(news)
}

/// A thread that the caller may see; 404 otherwise.
pub async fn found(tx: &mut Tx, caller: &Caller, id: Uuid) -> Result<ThreadRow> {
    let thread = tx.thread(caller.user_id, id).await?;
    thread.ok_or_else(Error::not_found)
}

/// The thread of a comment that the caller wrote and has not taken back.
async fn own(tx: &mut Tx, caller: &Caller, comment: &CommentRow) -> Result<ThreadRow> {
    let thread = found(tx, caller, comment.thread_id).await?;
    caller.require_any_role(tx, thread.project_id).await?;
    if comment.author_id != caller.user_id {
        return Err(Error::forbidden(
            "Only its author may change or delete a comment.",
        ));
    }
    if comment.deleted_at.is_some() || !tx.lock_thread(thread.id).await? {
        return Err(Error::not_found());
    }
    Ok(thread)
}

async fn notify(
    tx: &mut Tx,
    caller: &Caller,
    thread: &ThreadRow,
    comment_id: Uuid,
    kind: &'static str,
    people: &[Uuid],
) -> Result<()> {
    for &user_id in people {
        tx.notify(&NewNotification {
            workspace_id: thread.workspace_id,
            user_id,
            kind,
            actor_id: caller.user_id,
            thread_id: thread.id,
            comment_id,
        })
        .await?;
    }
    Ok(())
}

fn but(mut people: Vec<Uuid>, one: Uuid) -> Vec<Uuid> {
    people.retain(|id| *id != one);
    people
}

fn taken() -> Error {
    Error::conflict("The id is already taken.")
}
