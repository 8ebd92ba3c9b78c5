//! Who has which room open, told to the database for the lists that show it (`store::people`).
//!
//! What has changed is told at most once a second, and that the rest is still true every
//! [`RENEWED_EVERY`]: a server that is killed is thus forgotten by itself.

use super::hub::Hub;
use crate::error::Result;
use crate::store::RENEWED_EVERY;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

const EVERY: Duration = Duration::from_secs(1);

/// A room and somebody in it.
type Place = (Uuid, Uuid);

/// Until the server goes away; then nobody is here any more.
pub(super) async fn run(hub: Arc<Hub>) {
    let mut told = Told::default();
    while hub.pause(EVERY).await {
        if let Err(error) = told.renew(&hub).await {
            tracing::warn!(error = format!("{error:?}"), "who is where was not told");
            told = Told::default();
        }
    }
    if let Err(error) = hub.store.people_gone(hub.bus.node()).await {
        tracing::warn!(
            error = format!("{error:?}"),
            "that nobody is here was not told"
        );
    }
}

/// What the database has been told.
#[derive(Default)]
struct Told {
    places: HashSet<Place>,
    /// `None`: nothing yet, or the database did not answer.
    at: Option<Instant>,
}

impl Told {
    async fn renew(&mut self, hub: &Hub) -> Result<()> {
        let node = hub.bus.node();
        if self.at.is_none() {
            // After an error it is not known what has been written.
            hub.store.people_gone(node).await?;
            self.at = Some(Instant::now());
        } else if !hub.take_people_changed() {
            if self.at.is_some_and(|at| at.elapsed() >= RENEWED_EVERY) {
                self.at = Some(Instant::now());
                // The table forgets when Postgres crashes.
                if !self.places.is_empty() && hub.store.people_stay(node).await? < self.places.len()
                {
                    *self = Self::default();
                }
            }
            return Ok(());
        }
        let now: HashSet<Place> = hub
            .members(|_| true)
            .iter()
            .map(|member| (member.room.room_id, member.user_id))
            .collect();
        let came: Vec<Place> = now.difference(&self.places).copied().collect();
        if !came.is_empty() {
            hub.store.people_came(node, &came).await?;
        }
        let left: Vec<Place> = self.places.difference(&now).copied().collect();
        if !left.is_empty() {
            hub.store.people_left(node, &left).await?;
        }
        self.places = now;
        Ok(())
    }
}
