//! What waits to be written to one socket: bounded, so that a slow reader costs nobody else.
//!
//! Presence never waits here, only that there is news of it ([`Batch::presence`]): the writer then
//! asks for the newest. Document updates do: when too many wait they are dropped together, and the
//! room later sends one diff in their place ([`Batch::resync_from`]).

use super::wire;
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use visionflow_api::{ServerControl, close};

/// More document bytes than this are replaced by one diff.
const MAX_DOCUMENT_BYTES: usize = 16 << 20;
const MAX_DOCUMENT_FRAMES: usize = 8192;
/// Who lets more answers than this pile up is not reading.
const MAX_CONTROLS: usize = 4096;

pub(super) struct Outbox {
    /// Whether its reader takes the document from here.
    documents: bool,
    queue: Mutex<Queue>,
    filled: Notify,
}

#[derive(Default)]
struct Queue {
    controls: VecDeque<Bytes>,
    documents: VecDeque<(i64, Bytes)>,
    document_bytes: usize,
    presence: Option<News>,
    ack: Option<u64>,
    pong: Option<Bytes>,
    close: Option<(u16, &'static str)>,
    /// Updates were dropped; only [`Outbox::resync`] ends it.
    documents_behind: bool,
    resync_asked: bool,
    /// An answer to what the reader had when it came lies among the documents, or was handed on.
    answer: Option<Answer>,
    /// The last room event that was handed to the writer, with all before it.
    sent_seq: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    Waits,
    Sent,
}

/// Everything that may be written now, in one flush.
#[derive(Default)]
pub(super) struct Batch {
    pub frames: Vec<Bytes>,
    /// Updates after this room event were dropped: ask the room for a diff. 0 where the reader has not
    /// been brought up to any: updates that are live say nothing of those before them.
    pub resync_from: Option<i64>,
    pub presence: Option<News>,
    /// The answer to the newest ping.
    pub pong: Option<Bytes>,
    pub close: Option<(u16, &'static str)>,
}

/// What there is to say about presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum News {
    /// Who has changed since the last frame.
    Changes,
    /// Everyone who is here: nothing is known yet, or it was asked for.
    Everyone,
}

impl Outbox {
    pub fn new(documents: bool) -> Self {
        Self {
            documents,
            queue: Mutex::default(),
            filled: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn control(&self, message: &ServerControl) {
        let mut queue = self.lock();
        if queue.controls.len() >= MAX_CONTROLS {
            queue
                .close
                .get_or_insert((close::PROTOCOL, "answers are not read"));
        } else {
            queue.controls.push_back(wire::control(message));
        }
        drop(queue);
        self.filled.notify_one();
    }

    /// The first `count` frames of this socket are durable; the greatest waiting count is sent.
    pub fn ack(&self, count: u64) {
        let mut queue = self.lock();
        queue.ack = queue.ack.max(Some(count));
        drop(queue);
        self.filled.notify_one();
    }

    /// Answers a ping; of many that wait only the newest is.
    pub fn pong(&self, bytes: Bytes) {
        self.lock().pong = Some(bytes);
        self.filled.notify_one();
    }

    /// A frame that brings its reader to room event `seq`.
    pub fn document(&self, seq: i64, frame: Bytes) {
        self.lay(seq, frame);
        self.wake();
    }

    /// The same, to be written when the writer wakes.
    pub fn lay(&self, seq: i64, frame: Bytes) {
        if !self.documents {
            return;
        }
        self.lock().lay(seq, frame);
    }

    /// Frames that bring a reader to room event `seq` from what it said that it has.
    pub fn answer(&self, seq: i64, frames: Vec<Bytes>) {
        if !self.documents {
            return;
        }
        let mut queue = self.lock();
        queue.answer = queue.answer.max(Some(Answer::Waits));
        for frame in frames {
            queue.lay(seq, frame);
        }
        drop(queue);
        self.filled.notify_one();
    }

    /// What was laid here is written now.
    pub fn wake(&self) {
        if self.documents {
            self.filled.notify_one();
        }
    }

    /// What stands for all updates dropped until room event `seq`.
    pub fn resync(&self, seq: i64, frames: Vec<Bytes>) {
        let mut queue = self.lock();
        queue.documents_behind = false;
        queue.answer = queue.answer.max(Some(Answer::Waits));
        queue.document_bytes += frames.iter().map(Bytes::len).sum::<usize>();
        queue
            .documents
            .extend(frames.into_iter().map(|frame| (seq, frame)));
        drop(queue);
        self.filled.notify_one();
    }

    /// The others have moved.
    pub fn presence(&self) {
        self.tell_of(News::Changes);
    }

    pub fn everyone(&self) {
        self.tell_of(News::Everyone);
    }

    fn tell_of(&self, news: News) {
        let mut queue = self.lock();
        queue.presence = queue.presence.max(Some(news));
        drop(queue);
        self.filled.notify_one();
    }

    /// Ends the socket once what waits is written; the first reason stands.
    pub fn close(&self, code: u16, reason: &'static str) {
        self.lock().close.get_or_insert((code, reason));
        self.filled.notify_one();
    }

    /// Waits until there is something to write.
    pub async fn next(&self) -> Batch {
        loop {
            if let Some(batch) = self.lock().take() {
                return batch;
            }
            self.filled.notified().await;
        }
    }
}

impl Queue {
    fn lay(&mut self, seq: i64, frame: Bytes) {
        if self.documents_behind {
            return;
        }
        let full = self.document_bytes + frame.len() > MAX_DOCUMENT_BYTES
            || self.documents.len() >= MAX_DOCUMENT_FRAMES;
        if full && !self.documents.is_empty() {
            self.documents.clear();
            self.document_bytes = 0;
            self.documents_behind = true;
            self.resync_asked = false;
            self.answer = self.answer.filter(|answer| *answer == Answer::Sent);
        } else {
            self.document_bytes += frame.len();
            self.documents.push_back((seq, frame));
        }
    }

    fn take(&mut self) -> Option<Batch> {
        let ready = !self.controls.is_empty()
            || !self.documents.is_empty()
            || self.presence.is_some()
            || self.ack.is_some()
            || self.pong.is_some()
            || self.close.is_some()
            || (self.documents_behind && !self.resync_asked);
        if !ready {
            return None;
        }
        let mut batch = Batch::default();
        batch.frames.extend(self.controls.drain(..));
        if let (Some((seq, _)), Some(answer)) = (self.documents.back(), &mut self.answer) {
            self.sent_seq = *seq;
            *answer = Answer::Sent;
        }
        batch
            .frames
            .extend(self.documents.drain(..).map(|(_, frame)| frame));
        self.document_bytes = 0;
        if let Some(count) = self.ack.take() {
            batch
                .frames
                .push(wire::control(&ServerControl::Ack { count }));
        }
        if self.documents_behind && !self.resync_asked {
            self.resync_asked = true;
            batch.resync_from = Some(self.sent_seq);
        }
        batch.presence = self.presence.take();
        batch.pong = self.pong.take();
        batch.close = self.close;
        Some(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(outbox: &Outbox) -> Batch {
        outbox.lock().take().unwrap_or_default()
    }

    #[test]
    fn a_slow_reader_is_resynced_from_where_it_was() {
        let outbox = Outbox::new(true);
        outbox.answer(1, vec![Bytes::from_static(b"one")]);
        assert_eq!(take(&outbox).frames.len(), 1);
        for seq in 2..5 {
            outbox.document(seq, Bytes::from(vec![0; 7 << 20]));
        }
        let batch = take(&outbox);
        assert!(batch.frames.is_empty());
        assert_eq!(batch.resync_from, Some(1));
        outbox.document(5, Bytes::from_static(b"skipped"));
        assert!(take(&outbox).frames.is_empty());
        outbox.resync(5, vec![Bytes::from_static(b"diff")]);
        outbox.document(6, Bytes::from_static(b"next"));
        assert_eq!(take(&outbox).frames, ["diff", "next"].map(Bytes::from));
    }

    #[test]
    fn who_never_got_an_answer_is_resynced_from_the_beginning() {
        let outbox = Outbox::new(true);
        outbox.document(0, Bytes::from_static(b"a question"));
        outbox.document(7, Bytes::from_static(b"live"));
        assert_eq!(take(&outbox).frames.len(), 2);
        outbox.document(8, Bytes::from_static(b"live"));
        outbox.answer(8, vec![Bytes::from(vec![0; 17 << 20])]);
        assert_eq!(take(&outbox).resync_from, Some(0));
    }

    #[test]
    fn news_of_presence_are_merged_and_told_once() {
        let outbox = Outbox::new(true);
        outbox.everyone();
        outbox.presence();
        let batch = take(&outbox);
        assert_eq!(batch.presence, Some(News::Everyone));
        assert!(batch.frames.is_empty());
        assert_eq!(take(&outbox).presence, None);
    }

    #[test]
    fn acknowledgements_are_merged_and_a_close_comes_last() {
        let outbox = Outbox::new(true);
        outbox.ack(2);
        outbox.ack(1);
        outbox.close(1001, "bye");
        outbox.close(4401, "later reasons do not matter");
        let batch = take(&outbox);
        assert_eq!(
            batch.frames,
            [wire::control(&ServerControl::Ack { count: 2 })]
        );
        assert_eq!(batch.close, Some((1001, "bye")));
    }
}
