//! What waits to be sent, in its order, and what becomes of it with the server's answers.

use super::Book;
use crate::comments::overlay::lay_over;
use crate::comments::waiting::Waiting;
use uuid::Uuid;
use visionflow_api::{Comment, CommentPerson, CommentThread};

/// What the storage is to be told of something that joined what waits.
#[derive(Debug, PartialEq)]
pub struct Joined {
    pub kept: Waiting,
    /// What need not be sent any more.
    pub dropped: Vec<Waiting>,
}

/// What the server answers to something that was sent.
pub enum Sent {
    /// A thread that is begun.
    Thread(CommentThread),
    /// A comment as it now stands.
    Comment(Comment),
    /// A thread that is resolved or open again.
    Resolved(CommentThread),
    /// What was to be deleted is not there any more.
    Gone,
}

impl Sent {
    /// What is still to be sent, as `meant` last, of what was sent as `done`.
    pub fn rest(&self, done: &Waiting, meant: &Waiting) -> Option<Waiting> {
        let id = done.said.new_comment()?.id;
        let known = match self {
            Self::Thread(thread) => thread.comments.iter().find(|known| known.id == id),
            Self::Comment(comment) => Some(comment),
            Self::Resolved(_) | Self::Gone => None,
        };
        meant.rest(known?)
    }
}

impl Book {
    /// What an earlier visit left behind, before what was done since.
    pub fn restore(&mut self, left: impl IntoIterator<Item = Waiting>) {
        self.waiting.splice(..0, left);
    }

    /// Puts it behind all that waits, in place of what it overtakes. Other words for a comment that
    /// waits itself change that one, which keeps its place: what waits behind may be said to it.
    pub fn join(&mut self, mut new: Waiting) -> Joined {
        for waiting in &mut self.waiting {
            if waiting.reword(&new.said) {
                return Joined {
                    kept: waiting.clone(),
                    dropped: Vec::new(),
                };
            }
        }
        // The storage sorts by this, and the clock may have been set back.
        if let Some(last) = self.waiting.last() {
            new.at_ms = new.at_ms.max(last.at_ms + 1.0);
        }
        let is_overtaken =
            |waiting: &mut Waiting| waiting.is_open() && waiting.said.is_overtaken_by(&new.said);
        let dropped = self.waiting.extract_if(.., is_overtaken).collect();
        self.waiting.push(new.clone());
        Joined { kept: new, dropped }
    }

    /// What is to be sent next.
    pub fn next_to_send(&self) -> Option<&Waiting> {
        self.waiting.iter().find(|waiting| waiting.is_open())
    }

    /// All that waits, or was refused, about a comment or about a thread itself.
    pub fn waiting_about(&self, id: Uuid) -> impl Iterator<Item = &Waiting> {
        self.waiting
            .iter()
            .filter(move |waiting| waiting.id() == id)
    }

    /// Whether something in a thread is not sent yet.
    pub fn waits_in(&self, thread: &CommentThread) -> bool {
        let comments = thread.comments.iter().map(|comment| comment.id);
        let mut ids = comments.chain([thread.id]);
        ids.any(|id| self.waiting_about(id).any(Waiting::is_open))
    }

    /// Takes in that the server has done it, and says what is still to be sent of it.
    pub fn settle(&mut self, done: &Waiting, sent: Sent, me: &CommentPerson) -> Option<Waiting> {
        // Meanwhile it may have been changed, or taken back.
        let at = self.waiting.iter().position(|waiting| waiting.is(done));
        let rest = at.and_then(|at| sent.rest(done, &self.waiting.remove(at)));
        match sent {
            Sent::Thread(thread) => self.put(thread),
            Sent::Comment(comment) => {
                self.put_comment(comment);
            }
            Sent::Resolved(thread) => {
                if let Some(known) = self.thread_mut(thread.id) {
                    known.resolved_at = thread.resolved_at;
                    known.resolved_by = thread.resolved_by;
                }
            }
            Sent::Gone => lay_over(&mut self.threads, done, me),
        }
        if let Some(rest) = &rest {
            // What was sent was the first of all that is not refused.
            self.waiting.insert(0, rest.clone());
        }
        rest
    }

    /// Whether it waits still as it was sent. What was changed meanwhile is sent anew.
    pub fn waits_unchanged(&self, sent: &Waiting) -> bool {
        self.waiting.contains(sent)
    }

    /// Keeps it with the reason in its place.
    pub fn refuse(&mut self, refused: Waiting) {
        let known = self.waiting.iter_mut().find(|other| other.is(&refused));
        if let Some(known) = known {
            *known = refused;
        }
    }

    /// Takes away what waits.
    pub fn give_up(&mut self, waiting: &Waiting) {
        self.waiting.retain(|other| !other.is(waiting));
    }

    /// A new comment that waits, as the server has it already.
    pub fn arrived(&self, waiting: &Waiting) -> Option<&Comment> {
        self.comment(waiting.said.new_comment()?.id)
    }

    /// What the server has does not wait any more.
    pub(super) fn forget_sent(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let left = |waiting: Waiting| match self.arrived(&waiting) {
            Some(known) => waiting.rest(known),
            None => Some(waiting),
        };
        self.waiting = waiting.into_iter().filter_map(left).collect();
    }
}

#[cfg(test)]
mod tests;
