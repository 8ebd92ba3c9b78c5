//! What is known of the photograph's comments: what the server has, and what waits to be sent.

mod queue;

pub use queue::{Joined, Sent};

use super::overlay::lay_over;
use super::waiting::Waiting;
use uuid::Uuid;
use visionflow_api::{Comment, CommentAnchor, CommentPerson, CommentThread, ServerControl};

/// For so long somebody is shown to write after they were last heard of.
pub const TYPING_MS: f64 = 4_000.0;

#[derive(Default)]
pub struct Book {
    pub version: u32,
    /// The server's list has been here.
    pub is_loaded: bool,
    /// By number.
    threads: Vec<CommentThread>,
    /// Of this photograph, the oldest first.
    waiting: Vec<Waiting>,
    typing: Vec<Typing>,
    /// How often the person was notified.
    pub news: u32,
    pub open: Option<Open>,
    pub shows_resolved: bool,
}

/// What the card shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Open {
    Thread(Uuid),
    /// A thread that is to be begun here.
    Draft(CommentAnchor),
}

struct Typing {
    thread: Uuid,
    person: CommentPerson,
    until: f64,
}

impl Book {
    pub fn thread(&self, id: Uuid) -> Option<&CommentThread> {
        self.threads.iter().find(|thread| thread.id == id)
    }

    fn thread_mut(&mut self, id: Uuid) -> Option<&mut CommentThread> {
        self.threads.iter_mut().find(|thread| thread.id == id)
    }

    /// Everything, as it is once nothing waits any more.
    pub fn all(&self, me: &CommentPerson) -> Vec<CommentThread> {
        let mut all = self.threads.clone();
        for waiting in &self.waiting {
            lay_over(&mut all, waiting, me);
        }
        all
    }

    /// What is listed and pinned.
    pub fn shown(&self, me: &CommentPerson) -> Vec<CommentThread> {
        let mut all = self.all(me);
        let open = match &self.open {
            Some(Open::Thread(id)) => Some(*id),
            _ => None,
        };
        all.retain(|thread| {
            self.shows_resolved || thread.resolved_at.is_none() || Some(thread.id) == open
        });
        all
    }

    pub fn resolved_count(&self, me: &CommentPerson) -> usize {
        let all = self.all(me);
        let resolved = all.iter().filter(|thread| thread.resolved_at.is_some());
        resolved.count()
    }

    /// Shows a thread also where it is resolved.
    pub fn reveal(&mut self, id: Uuid) {
        if self
            .thread(id)
            .is_some_and(|thread| thread.resolved_at.is_some())
        {
            self.shows_resolved = true;
        }
    }

    /// The open thread's neighbour among those that are shown, around the end.
    pub fn next(&self, backwards: bool, me: &CommentPerson) -> Option<Uuid> {
        let shown: Vec<Uuid> = self
            .all(me)
            .iter()
            .filter(|thread| self.shows_resolved || thread.resolved_at.is_none())
            .map(|thread| thread.id)
            .collect();
        let at = match self.open {
            Some(Open::Thread(id)) => shown.iter().position(|other| *other == id),
            _ => None,
        };
        let count = shown.len();
        let next = match (at, backwards) {
            (None, false) => 0,
            (None, true) => count.checked_sub(1)?,
            (Some(at), false) => (at + 1) % count,
            (Some(at), true) => (at + count - 1) % count,
        };
        shown.get(next).copied()
    }

    /// The server's list, in place of what was known before.
    pub fn load(&mut self, threads: Vec<CommentThread>) {
        self.threads = threads;
        self.is_loaded = true;
        self.forget_sent();
    }

    pub fn put(&mut self, thread: CommentThread) {
        self.threads.retain(|known| known.id != thread.id);
        let at = self
            .threads
            .partition_point(|known| known.number < thread.number);
        self.threads.insert(at, thread);
        self.forget_sent();
    }

    pub fn put_comment(&mut self, comment: Comment) -> bool {
        let Some(thread) = self.thread_mut(comment.thread_id) else {
            return false;
        };
        let known = thread
            .comments
            .iter_mut()
            .find(|known| known.id == comment.id);
        let is_new = known.is_none();
        if let Some(known) = known {
            *known = comment;
        } else {
            thread.comments.push(comment);
            thread.comment_count += 1;
        }
        self.forget_sent();
        is_new
    }

    pub fn mark_read(&mut self, id: Uuid) {
        if let Some(thread) = self.thread_mut(id) {
            thread.unread = 0;
        }
    }

    fn remove(&mut self, id: Uuid) {
        self.threads.retain(|thread| thread.id != id);
        if self.open == Some(Open::Thread(id)) {
            self.open = None;
        }
    }

    /// A comment that the server has.
    pub fn comment(&self, id: Uuid) -> Option<&Comment> {
        let mut said = self.threads.iter().flat_map(|thread| &thread.comments);
        said.find(|known| known.id == id)
    }

    /// Takes in what the socket told.
    pub fn hear(&mut self, told: &ServerControl, me: Uuid, now: f64) {
        match told {
            ServerControl::CommentThreadCreated { thread } => {
                let mut thread = (**thread).clone();
                if self.thread(thread.id).is_none() {
                    thread.unread = i64::from(thread.created_by != me);
                    self.put(thread);
                }
            }
            ServerControl::CommentThreadChanged {
                thread_id,
                resolved_at,
                resolved_by,
            } => {
                if let Some(thread) = self.thread_mut(*thread_id) {
                    (thread.resolved_at, thread.resolved_by) = (*resolved_at, *resolved_by);
                }
            }
            ServerControl::CommentThreadDeleted { thread_id } => self.remove(*thread_id),
            ServerControl::CommentCreated { comment } => {
                let (id, author) = (comment.thread_id, comment.author.id);
                self.typing
                    .retain(|typing| (typing.thread, typing.person.id) != (id, author));
                if self.put_comment((**comment).clone())
                    && author != me
                    && let Some(thread) = self.thread_mut(id)
                {
                    thread.unread += 1;
                }
            }
            ServerControl::CommentChanged { comment } => {
                self.put_comment((**comment).clone());
            }
            ServerControl::Typing {
                thread_id,
                user_id,
                name,
            } if *user_id != me => {
                let person = CommentPerson {
                    id: *user_id,
                    name: name.clone(),
                };
                self.typing
                    .retain(|typing| (typing.thread, typing.person.id) != (*thread_id, *user_id));
                self.typing.push(Typing {
                    thread: *thread_id,
                    person,
                    until: now + TYPING_MS,
                });
            }
            ServerControl::Notified => self.news += 1,
            _ => {}
        }
    }

    /// Who writes in a thread now.
    pub fn typing_in(&self, thread: Uuid, now: f64) -> Vec<&CommentPerson> {
        let typing = self.typing.iter();
        let typing = typing.filter(|typing| typing.thread == thread && typing.until > now);
        typing.map(|typing| &typing.person).collect()
    }
}
