//! `cargo xtask up`: VisionFlow on this machine with one command.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::places::{Places, default_data_dir};
use crate::shell::{command, run_quietly, say};
use crate::{args, server, setup, web};

/// A first start makes a database cluster and seeds the demo; nothing takes this long on a live machine.
const START_LIMIT: Duration = Duration::from_mins(3);

pub fn run(places: &Places, options: &args::Up) -> Result<()> {
    let data_dir = match &options.data_dir {
        Some(path) => std::path::absolute(path)?,
        None => default_data_dir()?,
    };
    if TcpStream::connect_timeout(&reachable(options.listen), Duration::from_millis(300)).is_ok() {
        bail!(
            "{} is in use: stop the other server, or choose another address with --listen",
            options.listen
        );
    }
    let postgres = match std::env::var_os("DATABASE_URL") {
        Some(_) => None,
        None => Some(setup::postgres::programs(places)?),
    };
    let web_dir = web::run(places, &args::Web::default())?;
    let binary = server::build(places, options.release)?;

    say(&format!(
        "Starting the server (data in {})",
        data_dir.display()
    ));
    let interrupted = listen_for_interrupt()?;
    let mut child = start(&binary, options, &data_dir, &web_dir, postgres.as_deref())?;
    if wait_until_ready(&mut child, options.listen, &interrupted)? {
        announce(options);
        wait_for_end(&mut child, &interrupted)
    } else {
        stop(&mut child)
    }
}

fn start(
    binary: &Path,
    options: &args::Up,
    data_dir: &Path,
    web: &Path,
    postgres: Option<&Path>,
) -> Result<Child> {
    let mut server = command(binary);
    server
        .arg("serve")
        .args(["--listen", &options.listen.to_string()]);
    server
        .arg("--data-dir")
        .arg(data_dir)
        .arg("--web-dir")
        .arg(web);
    if let Some(directory) = postgres {
        server.arg("--postgres-bin-dir").arg(directory);
    }
    if !options.no_demo {
        server.arg("--demo");
    }
    if std::env::var_os("RUST_LOG").is_none() {
        server.env("RUST_LOG", "warn");
    }
    // A group of its own: Ctrl-C reaches this program only, which then ends the server in order.
    server.process_group(0).stdin(Stdio::null());
    server
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))
}

fn listen_for_interrupt() -> Result<Receiver<()>> {
    let (sender, receiver) = channel();
    ctrlc::set_handler(move || {
        let _ = sender.send(());
    })?;
    Ok(receiver)
}

/// `false` when the person gave up waiting.
fn wait_until_ready(
    child: &mut Child,
    listen: SocketAddr,
    interrupted: &Receiver<()>,
) -> Result<bool> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            bail!("the server ended before it was ready ({status}); its last lines above say why");
        }
        if is_ready(reachable(listen)) {
            return Ok(true);
        }
        if begun.elapsed() > START_LIMIT {
            stop(child)?;
            bail!("the server was not ready after {} s", START_LIMIT.as_secs());
        }
        if interrupted.recv_timeout(Duration::from_millis(50)).is_ok() {
            return Ok(false);
        }
    }
}

fn is_ready(address: SocketAddr) -> bool {
    let answer = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(
            stream,
            "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut start = [0; 64];
        let read = stream.read(&mut start)?;
        Ok(String::from_utf8_lossy(&start[..read]).into_owned())
    };
    answer().is_ok_and(|text| text.starts_with("HTTP/1.1 200"))
}

fn announce(options: &args::Up) {
    println!();
    println!(
        "VisionFlow is ready at http://{}",
        reachable(options.listen)
    );
    if !options.no_demo {
        println!("The demo project's people:");
        for account in DEMO_ACCOUNTS {
            println!("  {account}");
        }
    }
    println!("Ctrl-C stops it.");
    let _ = std::io::stdout().flush();
}

/// As the server's demo seed makes them (`server/src/demo.rs`).
const DEMO_ACCOUNTS: [&str; 2] = [
    "ada@demo.visionflow.test / demo-password",
    "ben@demo.visionflow.test / demo-password",
];

fn wait_for_end(child: &mut Child, interrupted: &Receiver<()>) -> Result<()> {
    loop {
        match interrupted.recv_timeout(Duration::from_millis(200)) {
            Ok(()) => return stop(child),
            Err(RecvTimeoutError::Disconnected) => bail!("the signal handler is gone"),
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait()? {
                    bail!("the server ended by itself ({status})");
                }
            }
        }
    }
}

/// Asks the server to end and waits until it and its database have.
fn stop(child: &mut Child) -> Result<()> {
    say("Stopping");
    run_quietly(command("kill").args(["-TERM", &child.id().to_string()]))?;
    let status = child.wait()?;
    if !status.success() {
        bail!("the server did not end cleanly ({status})");
    }
    Ok(())
}

/// Where to reach a server that listens on all addresses.
fn reachable(listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() {
        SocketAddr::from(([127, 0, 0, 1], listen.port()))
    } else {
        listen
    }
}
