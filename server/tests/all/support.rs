//! `TestApp`: a real server on a real Postgres and a real S3, spoken to over HTTP.
//!
//! All integration tests are one binary: it links once, and its tests share one private Postgres
//! cluster, in which each gets a database of its own, copied from a migrated template.
//! Run them with `cargo test --test all` (one process; a runner with a process a test works too,
//! but starts a cluster for each).
//!
//! | variable | effect |
//! |---|---|
//! | `VISIONFLOW_POSTGRES_BIN_DIR` | the programs of the private cluster |
//! | `VISIONFLOW_TEST_DATABASE_URL` | this Postgres instead, as a superuser |
//! | `VISIONFLOW_TEST_PGBOUNCER` | requests go through this program (or `1`: the one on PATH) in transaction mode |
//! | `VISIONFLOW_TEST_S3_ENDPOINT`, `…_ACCESS_KEY_ID`, `…_SECRET_ACCESS_KEY` | this S3 instead of the embedded one |

#[path = "support/client.rs"]
mod client;
#[path = "support/cluster.rs"]
mod cluster;
#[path = "support/pgbouncer.rs"]
mod pgbouncer;
#[path = "support/ports.rs"]
mod ports;

pub use client::{Reply, User};
pub use cluster::Cluster;
pub use ports::free_port;

use clap::Parser;
use serde_json::json;
use sqlx::{ConnectOptions, PgConnection};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tracing::Level;
use uuid::Uuid;
use visionflow_server::App;
use visionflow_server::config::Config;
use visionflow_server::crypto;
use visionflow_server::serve::Server;
use visionflow_server::store::Database;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// A configuration as the command line makes it.
pub fn config(arguments: &[&str]) -> Config {
    Cli::parse_from([&["visionflow"], arguments].concat()).config
}

/// The password of a role, as the server derives it.
pub fn role_password(secret: &str, role: &str) -> String {
    crypto::hex(&crypto::sha256(&[
        b"visionflow role",
        role.as_bytes(),
        secret.as_bytes(),
    ]))
}

/// What servers complain of is shown with the test that fails: its runtime's threads write where it
/// does.
fn show_logs() {
    let logs = tracing_subscriber::fmt()
        .with_max_level(Level::WARN)
        .with_ansi(false)
        .with_test_writer();
    // The first test of the process did it for all.
    drop(logs.try_init());
}

/// For tests with `flavor = "multi_thread"`.
pub struct TestApp {
    server: Option<Server>,
    /// Such as `http://127.0.0.1:34567`.
    pub url: String,
    pub http: reqwest::Client,
    pub database: Database,
    parts: Option<Parts>,
}

struct Parts {
    config: Config,
    dir: TempDir,
}

/// Its connections to the shared Postgres end with the test.
impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            tokio::task::block_in_place(|| Handle::current().block_on(server.shutdown()));
        }
    }
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// With another configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let database = Cluster::shared().await.new_database().await;
        let dir = TempDir::new().unwrap();
        let mut config = config(&["--listen", "127.0.0.1:0", "--s3-listen", "127.0.0.1:0"]);
        config.data_dir = dir.path().to_owned();
        if let Ok(endpoint) = std::env::var("VISIONFLOW_TEST_S3_ENDPOINT") {
            config.s3_endpoint = Some(endpoint);
            config.s3_access_key = std::env::var("VISIONFLOW_TEST_S3_ACCESS_KEY_ID").ok();
            config.s3_secret_key = std::env::var("VISIONFLOW_TEST_S3_SECRET_ACCESS_KEY").ok();
            config.s3_bucket = format!("test-{}", Uuid::new_v4().simple());
        }
        config.program = Some(env!("CARGO_BIN_EXE_visionflow").into());
        change(&mut config);
        Self::on(config, database, dir).await
    }

    async fn on(config: Config, database: Database, dir: TempDir) -> Self {
        show_logs();
        let server = Server::start(config.clone(), &database).await.unwrap();
        Self {
            url: format!("http://{}", server.address()),
            server: Some(server),
            http: reqwest::Client::new(),
            database,
            parts: Some(Parts { config, dir }),
        }
    }

    /// Stops in order, as a signal would.
    pub async fn stop(mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
    }

    /// Stops and starts again on the same data, on another port.
    pub async fn restart(mut self) -> Self {
        let parts = self.parts.take().expect("it runs");
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
        Self::on(parts.config, self.database.clone(), parts.dir).await
    }

    pub fn app(&self) -> &App {
        self.server.as_ref().expect("it runs").app()
    }

    /// A connection as the owner of the schema, past every policy.
    pub async fn owner(&self) -> PgConnection {
        self.database.owner.connect().await.unwrap()
    }

    /// A connection as one of the server's roles.
    pub async fn role(&self, role: &str) -> PgConnection {
        let password = role_password(&self.database.secret, role);
        let options = self
            .database
            .owner
            .clone()
            .username(role)
            .password(&password);
        options.connect().await.unwrap()
    }

    /// A new account `{name}-…@example.org` with the password `correct horse`.
    pub async fn sign_up(&self, name: &str) -> User {
        let email = format!("{name}-{}@example.org", Uuid::new_v4().simple());
        let body = json!({ "email": email, "password": "correct horse", "data": { "name": name } });
        let reply = self.post("/auth/v1/signup", &body).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        User::of_session(&self.url, &self.http, &reply.body).await
    }

    /// A request without a token.
    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.http.get(format!("{}{path}", self.url))).await
    }

    /// A request without a token.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Reply {
        Reply::of(self.http.post(format!("{}{path}", self.url)).json(body)).await
    }
}
