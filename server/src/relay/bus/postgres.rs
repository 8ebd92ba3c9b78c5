//! The bus over the database that is there anyway: `LISTEN` and `NOTIFY` on connections past any
//! pooler.
//!
//! Never in a transaction that writes: `NOTIFY` there holds a lock of the whole cluster through the
//! commit (measured: it takes two fifths of the throughput). What is said waits for no disk.

use super::packet::{Packer, Unpacker};
use super::{catch_up, heard, heart, next};
use crate::relay::hub::Hub;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use std::sync::Arc;
use std::time::Duration;

const CHANNEL: &str = "visionflow_bus";
/// A payload is text of less than 8,000 bytes, of which base64 makes three quarters.
const LONGEST: usize = 5_990;
/// The least time between two statements: what comes meanwhile is said together.
const REST: Duration = Duration::from_millis(15);
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(500);

pub(super) async fn run(hub: Arc<Hub>) {
    let listening = listen(hub.clone());
    let listening = tokio::spawn(hub.bus.stop.clone().run_until_cancelled_owned(listening));
    speak(&hub).await;
    let _ = listening.await;
}

async fn speak(hub: &Hub) {
    let mut beat = heart();
    let mut packer = Packer::new(hub.bus.node, LONGEST);
    while let Some(notices) = next(hub, &mut beat).await {
        let packets = packer.pack(&notices);
        let payloads = packets.iter().map(|packet| STANDARD_NO_PAD.encode(packet));
        let notified = notify(hub.store.system(), payloads.collect());
        match tokio::time::timeout(PATIENCE, notified).await {
            Ok(Ok(())) => tokio::time::sleep(REST).await,
            Ok(Err(sqlx::Error::PoolClosed)) => return,
            failed => {
                let error = format!("{failed:?}");
                tracing::warn!(error, "the other servers were not told");
                if hub.bus.stop.is_cancelled() {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn notify(pool: &PgPool, payloads: Vec<String>) -> sqlx::Result<()> {
    sqlx::query(
        "with quick as (select set_config('synchronous_commit', 'off', true))
         select pg_notify($1, payload) from quick, unnest($2::text[]) as payload",
    )
    .bind(CHANNEL)
    .bind(payloads)
    .execute(pool)
    .await?;
    Ok(())
}

/// Until stopped. After each loss of the connection what may have been missed is looked up.
async fn listen(hub: Arc<Hub>) {
    let mut lost = false;
    loop {
        match PgListener::connect_with(hub.store.system()).await {
            Ok(mut listener) => match listener.listen(CHANNEL).await {
                Ok(()) => {
                    if std::mem::replace(&mut lost, true) {
                        catch_up(&hub).await;
                    }
                    hear(&hub, listener).await;
                }
                Err(error) => tracing::warn!(%error, "not listening to the other servers"),
            },
            Err(error) => tracing::warn!(%error, "not listening to the other servers"),
        }
        lost = true;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Until the connection is lost.
async fn hear(hub: &Arc<Hub>, mut listener: PgListener) {
    let mut unpacker = Unpacker::new(hub.bus.node);
    loop {
        match listener.try_recv().await {
            Ok(Some(notice)) => {
                let packet = STANDARD_NO_PAD.decode(notice.payload());
                let heard = packet.ok().and_then(|packet| unpacker.take_in(&packet));
                if let Some((from, notices)) = heard {
                    heard::hear(hub, from, notices);
                }
            }
            Ok(None) => return,
            Err(error) => return tracing::warn!(%error, "not listening to the other servers"),
        }
    }
}
