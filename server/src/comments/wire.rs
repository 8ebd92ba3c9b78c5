//! Rows of comments as the API shows them.

use super::{MOST_COMMENTS, found};
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::store::{CommentRow, PersonRow, ThreadRow, Tx};
use std::collections::HashMap;
use uuid::Uuid;
use visionflow_api::{Comment, CommentAnchor, CommentPerson, CommentThread};

/// Threads with their comments, of each at most `most`.
pub async fn threads(tx: &mut Tx, rows: &[ThreadRow], most: i64) -> Result<Vec<CommentThread>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let said = tx.comments_of(&ids, most).await?;
    let mut by_thread: HashMap<Uuid, Vec<Comment>> = HashMap::new();
    for comment in comments(tx, said).await? {
        by_thread
            .entry(comment.thread_id)
            .or_default()
            .push(comment);
    }
    let wire = rows.iter().map(|row| {
        let comments = by_thread.remove(&row.id).unwrap_or_default();
        thread(row, comments)
    });
    Ok(wire.collect())
}

pub async fn one_thread(tx: &mut Tx, caller: &Caller, id: Uuid) -> Result<CommentThread> {
    let row = found(tx, caller, id).await?;
    let mut threads = threads(tx, &[row], MOST_COMMENTS).await?;
    threads.pop().ok_or_else(Error::not_found)
}

pub async fn one_comment(tx: &mut Tx, id: Uuid) -> Result<Comment> {
    let row = tx.comment(id).await?.ok_or_else(Error::not_found)?;
    let mut comments = comments(tx, vec![row]).await?;
    comments.pop().ok_or_else(Error::not_found)
}

async fn comments(tx: &mut Tx, rows: Vec<CommentRow>) -> Result<Vec<Comment>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut mentions: HashMap<Uuid, Vec<CommentPerson>> = HashMap::new();
    for (comment, PersonRow { id, name }) in tx.mentions_of(&ids).await? {
        mentions
            .entry(comment)
            .or_default()
            .push(CommentPerson { id, name });
    }
    let wire = rows.into_iter().map(|row| Comment {
        id: row.id,
        thread_id: row.thread_id,
        author: CommentPerson {
            id: row.author_id,
            name: row.author_name,
        },
        body: row.body,
        mentions: mentions.remove(&row.id).unwrap_or_default(),
        created_at: row.created_at,
        edited_at: row.edited_at,
        deleted_at: row.deleted_at,
    });
    Ok(wire.collect())
}

fn thread(row: &ThreadRow, comments: Vec<Comment>) -> CommentThread {
    CommentThread {
        id: row.id,
        room_id: row.room_id,
        image_id: row.image_id,
        project_id: row.project_id,
        number: row.number,
        anchor: CommentAnchor {
            annotation_id: row.annotation_id,
            x: row.x,
            y: row.y,
            origin: row.origin_x.zip(row.origin_y).map(|(x, y)| [x, y]),
        },
        created_by: row.created_by,
        created_at: row.created_at,
        resolved_at: row.resolved_at,
        resolved_by: row.resolved_by,
        comments,
        comment_count: row.comment_count,
        unread: row.unread,
    }
}
