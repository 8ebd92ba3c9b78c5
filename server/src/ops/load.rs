//! The few figures that say how busy the server is: as metrics, and as one small JSON object.

use crate::App;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Seconds over which a rate is taken.
const WINDOW_SECS: u64 = 10;

/// `GET /metrics?format=json`.
#[derive(Debug, Serialize)]
pub struct Load {
    /// Open sockets of this process.
    connected_clients: usize,
    /// Rooms in its memory.
    rooms_active: usize,
    /// Updates passed on to others, over the last ten seconds.
    ops_broadcast_per_sec: f64,
    /// Exports and rendered pictures that wait or run, of everyone; absent while the database is away.
    #[serde(skip_serializing_if = "Option::is_none")]
    export_jobs_pending: Option<i64>,
    /// How long the last exports took from their order to their end, on average; absent without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    export_time_ms: Option<f64>,
}

impl Load {
    pub async fn of(app: &App) -> Self {
        let relay = app.relay();
        let exports = app.store().export_load().await;
        let (pending, time_ms) = match exports {
            Ok((pending, time_ms)) => (Some(pending), time_ms),
            Err(error) => {
                tracing::warn!(error = format!("{error:?}"), "exports not counted");
                (None, None)
            }
        };
        Self {
            connected_clients: relay.clients(),
            rooms_active: relay.rooms(),
            ops_broadcast_per_sec: relay.ops_per_sec(),
            export_jobs_pending: pending,
            export_time_ms: time_ms,
        }
    }

    /// As gauges of these names.
    pub fn publish(&self) {
        metrics::gauge!("connected_clients").set(self.connected_clients as f64);
        metrics::gauge!("rooms_active").set(self.rooms_active as f64);
        metrics::gauge!("ops_broadcast_per_sec").set(self.ops_broadcast_per_sec);
        if let Some(pending) = self.export_jobs_pending {
            metrics::gauge!("export_jobs_pending").set(pending as f64);
        }
        if let Some(time_ms) = self.export_time_ms {
            metrics::gauge!("export_time_ms").set(time_ms);
        }
    }
}

/// How often something happens.
pub struct Rate {
    started: Instant,
    /// Seconds since the start, and how often it happened in each.
    seconds: Mutex<VecDeque<(u64, u64)>>,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            seconds: Mutex::default(),
        }
    }
}

impl Rate {
    pub fn count(&self) {
        self.count_at(self.started.elapsed().as_secs());
    }

    pub fn per_sec(&self) -> f64 {
        self.per_sec_at(self.started.elapsed().as_secs())
    }

    fn count_at(&self, now: u64) {
        let mut seconds = self.seconds.lock().unwrap_or_else(PoisonError::into_inner);
        match seconds.back_mut() {
            Some((second, count)) if *second == now => *count += 1,
            _ => {
                seconds.push_back((now, 1));
                seconds.retain(|(second, _)| second + WINDOW_SECS >= now);
            }
        }
    }

    /// Over the whole seconds before `now`; the current one is not over.
    fn per_sec_at(&self, now: u64) -> f64 {
        let seconds = self.seconds.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = seconds
            .iter()
            .filter(|(second, _)| *second < now && second + WINDOW_SECS >= now);
        counted.map(|(_, count)| *count).sum::<u64>() as f64 / WINDOW_SECS as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_of_the_last_ten_seconds() {
        let rate = Rate::default();
        for now in 0..20 {
            for _ in 0..now {
                rate.count_at(now);
            }
        }
        let check = |now: u64, expected: f64| {
            assert!((rate.per_sec_at(now) - expected).abs() < 1e-9, "{now}");
        };
        check(20, 14.5);
        check(25, 8.5);
        check(40, 0.0);
    }
}
