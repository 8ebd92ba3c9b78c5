//! The bus over NATS, where `VISIONFLOW_NATS_URL` names one: less delay, and no load on the database.
//!
//! Of its protocol only what publishing and subscribing take, which are seven verbs of one line each
//! (docs.nats.io, “Client Protocol”): the client crate would turn features of half our dependencies
//! on. Sign-in is by user and password or by token; TLS begins after the server's first line, as it
//! does by default (not with `handshake_first`), and shows no certificate of ours.

mod address;
mod connection;
mod tls;

pub(in crate::relay) use address::Address;

use super::packet::{Packer, Unpacker};
use super::{catch_up, heard, heart, next};
use crate::relay::hub::Hub;
use anyhow::{Context, bail, ensure};
use connection::{Connection, Reader, connect, line, send};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

const SUBJECT: &str = "visionflow.bus";
/// Within the payload of a megabyte that servers take by default.
const LONGEST: usize = 512 << 10;
/// The least time between two messages: what comes meanwhile is said together.
const REST: Duration = Duration::from_millis(3);
const PATIENCE: Duration = Duration::from_secs(5);
const PING_EVERY: Duration = Duration::from_secs(10);
/// A server that says nothing for so long, not even a pong, is gone.
const SILENCE: Duration = Duration::from_secs(25);
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

pub(super) async fn run(hub: Arc<Hub>, address: Address) {
    let (outgoing, packets) = mpsc::channel(4);
    let connected = Arc::new(AtomicBool::new(false));
    let speaking = speak(hub.clone(), outgoing, connected.clone());
    // The connection outlives the last word, which `speak` hands over before it ends.
    tokio::join!(
        speaking,
        stay_connected(&hub, &address, packets, &connected)
    );
}

async fn speak(hub: Arc<Hub>, outgoing: mpsc::Sender<Vec<Vec<u8>>>, connected: Arc<AtomicBool>) {
    let mut beat = heart();
    let mut packer = Packer::new(hub.bus.node, LONGEST);
    while let Some(notices) = next(&hub, &mut beat).await {
        let packets = packer.pack(&notices);
        // Without a connection nobody hears it; what matters is looked up after the next one.
        if connected.load(Ordering::Relaxed) {
            let sent = outgoing.send_timeout(packets, PATIENCE).await;
            if sent.is_err() {
                tracing::warn!("NATS takes nothing; the other servers were not told");
            }
        }
        tokio::time::sleep(REST).await;
    }
}

async fn stay_connected(
    hub: &Arc<Hub>,
    address: &Address,
    mut packets: mpsc::Receiver<Vec<Vec<u8>>>,
    connected: &AtomicBool,
) {
    let (mut first, mut pause) = (true, PAUSES.0);
    for server in address.0.iter().cycle() {
        let connection = tokio::time::timeout(PATIENCE, connect(server)).await;
        match connection.unwrap_or_else(|_| Err(anyhow::anyhow!("it does not answer"))) {
            Ok(connection) => {
                connected.store(true, Ordering::Relaxed);
                pause = PAUSES.0;
                if !std::mem::take(&mut first) {
                    catch_up(hub).await;
                }
                let ended = carry(hub, connection, &mut packets).await;
                connected.store(false, Ordering::Relaxed);
                match ended {
                    Ok(()) => return,
                    Err(error) => tracing::warn!(error = format!("{error:#}"), "NATS was lost"),
                }
            }
            Err(error) => {
                tracing::warn!(host = %server, error = format!("{error:#}"), "NATS is not reached");
                first = false;
            }
        }
        if hub.bus.stop.is_cancelled() {
            return;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// Until the last word is said, or with an error until the connection is lost.
async fn carry(
    hub: &Arc<Hub>,
    connection: Connection,
    packets: &mut mpsc::Receiver<Vec<Vec<u8>>>,
) -> anyhow::Result<()> {
    let Connection { reader, mut writer } = connection;
    // A message that is half read must not be forgotten with its future: reading is a task.
    let (pings, mut pinged) = mpsc::channel::<()>(16);
    let mut hearing = tokio::spawn(hear(hub.clone(), reader, pings));
    let mut ping = tokio::time::interval(PING_EVERY);
    let ended = loop {
        let mut bytes = Vec::new();
        tokio::select! {
            lost = &mut hearing => break lost.context("reading")?,
            Some(()) = pinged.recv() => bytes.extend(b"PONG\r\n"),
            _ = ping.tick() => bytes.extend(b"PING\r\n"),
            message = packets.recv() => match message {
                Some(packets) => packets.iter().for_each(|packet| publish(packet, &mut bytes)),
                None => break Ok(()),
            },
        }
        let written = tokio::time::timeout(PATIENCE, send(&mut writer, &bytes)).await;
        match written.context("it takes nothing") {
            Ok(Ok(())) => {}
            Ok(Err(error)) => break Err(error.into()),
            Err(error) => break Err(error),
        }
    };
    hearing.abort();
    ended
}

fn publish(packet: &[u8], out: &mut Vec<u8>) {
    out.extend(format!("PUB {SUBJECT} {}\r\n", packet.len()).bytes());
    out.extend(packet);
    out.extend(b"\r\n");
}

/// Until the connection is lost.
async fn hear(hub: Arc<Hub>, mut reader: Reader, pings: mpsc::Sender<()>) -> anyhow::Result<()> {
    let mut unpacker = Unpacker::new(hub.bus.node);
    loop {
        let line = tokio::time::timeout(SILENCE, line(&mut reader)).await;
        let line = line.context("it has fallen silent")??;
        if line.starts_with("MSG ") {
            let length: usize = line.rsplit(' ').next().unwrap_or_default().parse()?;
            ensure!(length <= 2 * LONGEST, "a message of {length} bytes");
            let mut payload = vec![0; length + 2];
            reader.read_exact(&mut payload).await?;
            if let Some((from, notices)) = unpacker.take_in(&payload[..length]) {
                heard::hear(&hub, from, notices);
            }
        } else if line == "PING" {
            pings.send(()).await?;
        } else if line.starts_with("-ERR") {
            bail!("{line}");
        }
    }
}
