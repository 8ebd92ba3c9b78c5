//! Ports for programs that the tests start.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below what the system gives out by itself: a port stays free while its program is killed and started
/// again, whatever other tests listen on.
const FIRST: u16 = 20_000;

/// A port that nobody listens on, each one once; tests of another process begin elsewhere.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let own = (std::process::id() % 10) as u16 * 1_000;
    loop {
        let port = FIRST + (own + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
