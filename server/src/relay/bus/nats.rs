//! The bus over NATS, where `VISIONFLOW_NATS_URL` names one: less delay, and no load on the database.
//!
//! Of its protocol only what publishing and subscribing take, which are seven verbs of one line each
//! (docs.nats.io, “Client Protocol”): the client crate would turn features of half our dependencies
//! on. Sign-in is by user and password or by token; not over TLS.

use super::packet::{Packer, Unpacker};
use super::{catch_up, heard, heart, next};
use crate::relay::hub::Hub;
use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;

const SUBJECT: &str = "visionflow.bus";
/// Within the payload of a megabyte that servers take by default.
const LONGEST: usize = 512 << 10;
const LONGEST_LINE: u64 = 64 << 10;
/// The least time between two messages: what comes meanwhile is said together.
const REST: Duration = Duration::from_millis(3);
const PATIENCE: Duration = Duration::from_secs(5);
const PING_EVERY: Duration = Duration::from_secs(10);
/// A server that says nothing for so long, not even a pong, is gone.
const SILENCE: Duration = Duration::from_secs(25);
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// `nats://[user:password@|token@]host[:port]`, several with commas between them.
#[derive(Clone, Debug)]
pub(in crate::relay) struct Address(Vec<Server>);

#[derive(Clone, Debug, PartialEq)]
struct Server {
    host_and_port: String,
    user: Option<String>,
    password: Option<String>,
}

impl Address {
    pub fn parse(urls: &str) -> anyhow::Result<Self> {
        let servers = urls.split(',').map(|url| server(url.trim()));
        let servers = servers.collect::<anyhow::Result<_>>();
        Ok(Self(servers.context("reading VISIONFLOW_NATS_URL")?))
    }
}

fn server(url: &str) -> anyhow::Result<Server> {
    let rest = url
        .strip_prefix("nats://")
        .context("the address has to begin with nats:// (TLS is not spoken)")?;
    let rest = rest.trim_end_matches('/');
    let (account, host) = match rest.rsplit_once('@') {
        Some((account, host)) => (Some(account), host),
        None => (None, rest),
    };
    ensure!(!host.is_empty() && !host.contains('/'), "it names no host");
    let has_port = host
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let (user, password) = match account.map(|account| account.split_once(':')) {
        Some(Some((user, password))) => (Some(user.to_owned()), Some(password.to_owned())),
        Some(None) => (account.map(str::to_owned), None),
        None => (None, None),
    };
    Ok(Server {
        host_and_port: if has_port {
            host.to_owned()
        } else {
            format!("{host}:4222")
        },
        user,
        password,
    })
}

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
                let host = &server.host_and_port;
                tracing::warn!(%host, error = format!("{error:#}"), "NATS is not reached");
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

struct Connection {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
}

async fn connect(server: &Server) -> anyhow::Result<Connection> {
    let stream = TcpStream::connect(&server.host_and_port).await?;
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let info = line(&mut reader).await?;
    let info = info.strip_prefix("INFO ").context("it is no NATS server")?;
    let info: Value = serde_json::from_str(info).context("reading INFO")?;
    ensure!(
        info["tls_required"] != true,
        "it asks for TLS, which is not spoken"
    );
    let greeting = format!("CONNECT {}\r\nSUB {SUBJECT} 1\r\nPING\r\n", options(server));
    writer.write_all(greeting.as_bytes()).await?;
    loop {
        let line = line(&mut reader).await?;
        match line.as_str() {
            "PONG" => return Ok(Connection { reader, writer }),
            refusal if refusal.starts_with("-ERR") => bail!("{refusal}"),
            _ => {}
        }
    }
}

fn options(server: &Server) -> Value {
    let mut options = json!({
        "verbose": false, "pedantic": false, "echo": false, "protocol": 1,
        "lang": "rust", "version": env!("CARGO_PKG_VERSION"), "name": "visionflow",
    });
    match (&server.user, &server.password) {
        (Some(user), Some(password)) => {
            options["user"] = json!(user);
            options["pass"] = json!(password);
        }
        (Some(token), None) => options["auth_token"] = json!(token),
        _ => {}
    }
    options
}

/// A line without its end.
async fn line(reader: &mut BufReader<OwnedReadHalf>) -> anyhow::Result<String> {
    let mut line = String::new();
    let read = reader.take(LONGEST_LINE).read_line(&mut line).await?;
    ensure!(read > 0, "it hung up");
    ensure!(line.ends_with('\n'), "a line without an end");
    line.truncate(line.trim_end().len());
    Ok(line)
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
        let written = tokio::time::timeout(PATIENCE, writer.write_all(&bytes)).await;
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
async fn hear(
    hub: Arc<Hub>,
    mut reader: BufReader<OwnedReadHalf>,
    pings: mpsc::Sender<()>,
) -> anyhow::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: Option<(&str, Option<&str>, Option<&str>)>) {
        let expected = expected.map(|(host, user, password)| Server {
            host_and_port: host.to_owned(),
            user: user.map(str::to_owned),
            password: password.map(str::to_owned),
        });
        assert_eq!(server(url).ok(), expected, "{url}");
    }

    #[test]
    fn addresses() {
        check("nats://bus", Some(("bus:4222", None, None)));
        check("nats://bus:4333/", Some(("bus:4333", None, None)));
        check("nats://t0ken@bus", Some(("bus:4222", Some("t0ken"), None)));
        let with_password = Some(("[::1]:4222", Some("a"), Some("b:c")));
        check("nats://a:b:c@[::1]:4222", with_password);
        check("nats://", None);
        check("tls://bus", None);
        check("bus:4222", None);
        assert_eq!(Address::parse("nats://a, nats://b").unwrap().0.len(), 2);
        assert!(Address::parse("nats://a,b").is_err());
    }
}
