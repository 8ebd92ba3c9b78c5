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

async fn speak(hub: &Arc<Hub>) {
    let mut beat = heart();
    let mut packer = Packer::new(hub.bus.node, LONGEST);
    while let Some(notices) = next(hub, &mut beat).await {
        let packets = packer.pack(&notices);
        let payloads: Vec<String> = packets
            .iter()
            .map(|packet| STANDARD_NO_PAD.encode(packet))
            .collect();
        // What could not be said is said again: presence has clocks, and the rest is only word of
        // what can be looked up, so that nothing is harmed by hearing it twice.
        while !notified(hub, &payloads).await {
            if hub.bus.stop.is_cancelled() || hub.store.system().is_closed() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        tokio::time::sleep(REST).await;
    }
}

async fn notified(hub: &Hub, payloads: &[String]) -> bool {
    let notified = notify(hub.store.system(), payloads);
    let failed = match tokio::time::timeout(PATIENCE, notified).await {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => error.to_string(),
        Err(late) => late.to_string(),
    };
    tracing::warn!(error = failed, "the other servers were not told");
    false
}

async fn notify(pool: &PgPool, payloads: &[String]) -> sqlx::Result<()> {
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
