//! What is done to threads and comments that the server has.

use super::Comments;
use super::outbox::{Said, Waiting};
use super::sync;
use crate::api_client::{self, ApiError};
use uuid::Uuid;
use visionflow_api::{
    Comment, CommentAnchor, CommentChange, CommentThread, CommentThreadChange, CommentsRead,
    NewComment, NewCommentThread,
};
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
        sync::say(&self.desk, Said::Thread(new));
        self.show(id);
    }

    pub(super) fn reply(&self, thread_id: Uuid, body: String) {
        let comment = new_comment(body);
        sync::say(&self.desk, Said::Reply { thread_id, comment });
    }

    pub(super) fn discard(&self, waiting: Waiting) {
        sync::discard(&self.desk, waiting);
    }

    pub(super) fn resolve(&self, thread: Uuid, resolved: bool) {
        self.ask(
            async move {
                let path = format!("/api/v1/comment_threads/{thread}");
                let change = CommentThreadChange { resolved };
                api_client::patch::<_, CommentThread>(&path, &change).await
            },
            |comments, mut thread| {
                let resolved = thread.resolved_at.is_some();
                thread.unread = 0;
                comments.desk.change(|book| {
                    book.put(thread);
                    if resolved {
                        book.open = None;
                    }
                });
            },
        );
    }

    pub(super) fn delete_thread(&self, thread: Uuid) {
        // The socket tells everybody, also us.
        self.ask(
            async move { api_client::delete(&format!("/api/v1/comment_threads/{thread}")).await },
            |_, ()| (),
        );
    }

    pub(super) fn edit(&self, comment: Uuid, body: String) {
        self.ask(
            async move {
                let change = CommentChange {
                    body,
                    mentions: Vec::new(),
                };
                let path = format!("/api/v1/comments/{comment}");
                api_client::patch::<_, Comment>(&path, &change).await
            },
            |comments, comment| {
                comments.desk.change(|book| book.put_comment(comment));
            },
        );
    }

    pub(super) fn take_back(&self, comment: Uuid) {
        self.ask(
            async move { api_client::delete(&format!("/api/v1/comments/{comment}")).await },
            |_, ()| (),
        );
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

    fn ask<T: 'static>(
        &self,
        asked: impl Future<Output = Result<T, ApiError>> + 'static,
        then: impl FnOnce(&Self, T) + 'static,
    ) {
        let this = self.clone();
        spawn_local(async move {
            match asked.await {
                Ok(answer) => then(&this, answer),
                Err(error) => this.desk.toasts.error(&error),
            }
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
