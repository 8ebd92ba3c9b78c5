//! What waits, laid over what the server has: it is shown at once as if it were done.

use super::waiting::{Said, Waiting};
use uuid::Uuid;
use visionflow_api::{
    Comment, CommentPerson, CommentThread, NewComment, NewCommentThread, mentions_in,
};

/// Does to the threads what waits to be done on the server. A new comment stands in its place also
/// where it was refused; a change that was refused is not done.
pub fn lay_over(threads: &mut Vec<CommentThread>, waiting: &Waiting, me: &CommentPerson) {
    let at = waiting.done_at();
    match &waiting.said {
        Said::Thread(new) => {
            if threads.iter().all(|thread| thread.id != new.id) {
                threads.push(new_thread(waiting, new, me));
            }
        }
        Said::Reply { thread_id, comment } => {
            if let Some(thread) = threads.iter_mut().find(|thread| thread.id == *thread_id)
                && thread.comments.iter().all(|known| known.id != comment.id)
            {
                let comment = new_comment(waiting, *thread_id, comment, me);
                thread.comments.push(comment);
            }
        }
        _ if !waiting.is_open() => {}
        Said::Edit { comment_id, body } => {
            if let Some(comment) = find(threads, *comment_id)
                && comment.deleted_at.is_none()
            {
                comment.body.clone_from(body);
                comment.mentions = mentioned(body);
                comment.edited_at = Some(at);
            }
        }
        Said::TakeBack { comment_id } => {
            if let Some(comment) = find(threads, *comment_id) {
                comment.body.clear();
                comment.mentions.clear();
                comment.deleted_at = Some(at);
            }
        }
        Said::Resolve {
            thread_id,
            resolved,
        } => {
            if let Some(thread) = threads.iter_mut().find(|thread| thread.id == *thread_id) {
                thread.resolved_at = resolved.then_some(at);
                thread.resolved_by = resolved.then_some(me.id);
            }
        }
        Said::DeleteThread { thread_id } => threads.retain(|thread| thread.id != *thread_id),
    }
}

fn find(threads: &mut [CommentThread], comment: Uuid) -> Option<&mut Comment> {
    let mut said = threads.iter_mut().flat_map(|thread| &mut thread.comments);
    said.find(|known| known.id == comment)
}

fn new_thread(waiting: &Waiting, new: &NewCommentThread, me: &CommentPerson) -> CommentThread {
    CommentThread {
        id: new.id,
        room_id: Uuid::nil(),
        image_id: Some(waiting.image_id),
        project_id: Uuid::nil(),
        number: 0,
        anchor: new.anchor,
        created_by: me.id,
        created_at: waiting.done_at(),
        resolved_at: None,
        resolved_by: None,
        comments: vec![new_comment(waiting, new.id, &new.comment, me)],
        comment_count: 1,
        unread: 0,
    }
}

fn new_comment(
    waiting: &Waiting,
    thread_id: Uuid,
    new: &NewComment,
    me: &CommentPerson,
) -> Comment {
    Comment {
        id: new.id,
        thread_id,
        author: me.clone(),
        body: new.body.clone(),
        mentions: mentioned(&new.body),
        created_at: waiting.done_at(),
        edited_at: None,
        deleted_at: None,
    }
}

/// Who is mentioned, by the names that stand in the text: the server says the true ones.
pub fn mentioned(body: &str) -> Vec<CommentPerson> {
    let mentions = mentions_in(body).map(|mention| CommentPerson {
        id: mention.user_id,
        name: mention.name,
    });
    mentions.collect()
}
