//! How fast one socket is read: far beyond what a person or a script needs, and no faster than the
//! others in the room can bear.
//!
//! What comes faster is not refused: the socket is not read for a moment, TCP holds its sender
//! back, and nothing is lost.

use std::time::Duration;
use tokio::time::Instant;
use visionflow_api::ClientControl;
use visionflow_sync::Frame;

/// Frames a second, in the long run.
const RATE: f64 = 500.0;
/// Frames at once, after a pause.
const BURST: f64 = 2500.0;

pub(super) struct Pace {
    /// What may still be read now; below zero: how much must be waited for.
    left: f64,
    at: Instant,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Self {
            left: BURST,
            at: now,
        }
    }

    /// Counts a frame; says how long to wait before it is looked at.
    pub fn wait_for(&mut self, frame: &Frame, now: Instant) -> Duration {
        self.left = (self.left + now.duration_since(self.at).as_secs_f64() * RATE).min(BURST);
        self.at = now;
        self.left -= cost(frame);
        Duration::from_secs_f64((-self.left / RATE).max(0.0))
    }
}

/// In frames that only have to be read and passed on.
fn cost(frame: &Frame) -> f64 {
    match frame {
        // Answered with as much as the whole document.
        Frame::SyncStep1(_) => 100.0,
        Frame::Control(json) => match serde_json::from_str(json) {
            // A signature is checked, and the database asked.
            Ok(ClientControl::Authenticate { .. }) => 100.0,
            _ => 5.0,
        },
        // Answered with everyone's state.
        Frame::AwarenessQuery => 20.0,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_read_at_once_and_a_flood_at_the_rate() {
        let start = Instant::now();
        let mut now = start;
        let mut pace = Pace::new(now);
        let frame = Frame::Update(vec![]);
        for _ in 0..BURST as usize {
            assert_eq!(pace.wait_for(&frame, now), Duration::ZERO);
        }
        for _ in 0..3000 {
            now += pace.wait_for(&frame, now);
        }
        let took = (now - start).as_secs_f64();
        assert!((5.9..6.1).contains(&took), "{took}");
        // A pause fills the bucket, and no more than that.
        now += Duration::from_mins(10);
        let dear = Frame::SyncStep1(vec![]);
        let at_once = (0..100).filter(|_| pace.wait_for(&dear, now).is_zero());
        assert_eq!(at_once.count(), 25);
    }
}
