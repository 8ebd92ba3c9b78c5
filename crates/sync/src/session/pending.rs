//! Which edits are not yet known to be durable.

use std::collections::VecDeque;

/// Edits in the order they were made: those in flight, by the frame that carries them, and those
/// that no frame of this connection carries yet.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Frames of this connection, counted from 1 as the server counts them.
    frames: u64,
    /// The number of a frame and how many edits it carries.
    in_flight: VecDeque<(u64, usize)>,
    waiting: usize,
}

impl Pending {
    pub(super) fn edited(&mut self) {
        self.waiting += 1;
    }

    /// One more frame goes out, and others after it carry all that waited.
    pub(super) fn sent_some(&mut self) {
        self.frames += 1;
        self.in_flight.push_back((self.frames, 0));
    }

    /// One more frame goes out, and carries all that waited.
    pub(super) fn sent_all(&mut self) {
        self.frames += 1;
        let edits = std::mem::take(&mut self.waiting);
        self.in_flight.push_back((self.frames, edits));
    }

    /// The first `count` frames are durable; returns how many edits that settles.
    pub(super) fn acked(&mut self, count: u64) -> usize {
        let mut settled = 0;
        while let Some((frame, edits)) = self.in_flight.front() {
            if *frame > count {
                break;
            }
            settled += edits;
            self.in_flight.pop_front();
        }
        settled
    }

    /// What was in flight may be lost, and waits for the next connection's first frame.
    pub(super) fn connection_lost(&mut self) {
        self.waiting += self
            .in_flight
            .drain(..)
            .map(|(_, edits)| edits)
            .sum::<usize>();
        self.frames = 0;
    }

    pub(super) fn len(&self) -> usize {
        self.waiting + self.in_flight.iter().map(|(_, edits)| edits).sum::<usize>()
    }
}
