//! Other servers on the same database: what they append to a room that is open here is taken in,
//! also when word of it was lost.
//!
//! They tell each other at once (`bus`). Beside that, one query asks for the heads of all open rooms
//! every [`EVERY`].

use super::hub::Hub;
use crate::error::Result;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const EVERY: Duration = Duration::from_millis(500);

/// Until the server goes away.
pub(super) async fn run(hub: Arc<Hub>) {
    while hub.pause(EVERY).await {
        if let Err(error) = look(&hub).await {
            tracing::warn!(error = format!("{error:?}"), "heads of open rooms not read");
        }
    }
}

pub(super) async fn look(hub: &Hub) -> Result<()> {
    let rooms = hub.rooms();
    if rooms.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rooms.iter().map(|room| room.identity.room_id).collect();
    let heads = hub.store.room_seqs(&ids).await?;
    for room in rooms {
        if let Some(seq) = heads.get(&room.identity.room_id) {
            room.follow(*seq);
        }
    }
    Ok(())
}
