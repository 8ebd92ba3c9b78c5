//! What is done to threads and comments. All but reading is shown at once and waits to be sent.

use super::Comments;
use super::send;
use crate::api_client;
use crate::comments::{Said, Waiting};
use uuid::Uuid;
use visionflow_api::{CommentAnchor, CommentThread, CommentsRead, NewComment, NewCommentThread};
use yew::platform::spawn_local;

impl Comments {
    /// Begins a thread, and opens it.
    pub(super) fn begin(&self, anchor: CommentAnchor, body: String) {
        let new = NewCommentThread {
            id: Uuid::now_v7(),
            anchor,
            comment: new_comment(body),
        };
        let id = new.id;
        send::say(&self.desk, Said::Thread(new));
        self.show(id);
    }

    pub(super) fn reply(&self, thread_id: Uuid, body: String) {
        let comment = new_comment(body);
        send::say(&self.desk, Said::Reply { thread_id, comment });
    }

    pub(super) fn discard(&self, waiting: Waiting) {
        send::discard(&self.desk, waiting);
    }

    /// Resolves a thread, which then closes, or opens it again.
    pub(super) fn resolve(&self, thread_id: Uuid, resolved: bool) {
        let said = Said::Resolve {
            thread_id,
            resolved,
        };
        send::say(&self.desk, said);
        if resolved {
            self.close();
        }
    }

    pub(super) fn delete_thread(&self, thread_id: Uuid) {
        send::say(&self.desk, Said::DeleteThread { thread_id });
        self.close();
    }

    pub(super) fn edit(&self, comment_id: Uuid, body: String) {
        send::say(&self.desk, Said::Edit { comment_id, body });
    }

    pub(super) fn take_back(&self, comment_id: Uuid) {
        send::say(&self.desk, Said::TakeBack { comment_id });
    }

    /// The person has seen everything in an open thread.
    pub(super) fn mark_read(&self, thread: &CommentThread) {
        let Some(last) = thread.comments.last() else {
            return;
        };
        let (id, until) = (
            thread.id,
            CommentsRead {
                comment_id: last.id,
            },
        );
        self.desk.change(|book| book.mark_read(id));
        spawn_local(async move {
            // Read once more with the next visit.
            let path = format!("/api/v1/comment_threads/{id}/read");
            let _ = api_client::post_unkeyed(&path, &until).await;
        });
    }
}

fn new_comment(body: String) -> NewComment {
    NewComment {
        id: Uuid::now_v7(),
        body,
        mentions: Vec::new(),
    }
}
