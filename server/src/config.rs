//! What the server is told on its command line or in its environment.

use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// `visionflow serve`.
#[derive(Clone, Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub struct Config {
    /// Where the workbench, the API and the sockets are served.
    #[arg(long, env = "VISIONFLOW_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The private Postgres cluster, the embedded S3's objects and generated passwords.
    #[arg(long, env = "VISIONFLOW_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// The built workbench (`index.html` and its files); without it only the API is served.
    #[arg(long, env = "VISIONFLOW_WEB_DIR")]
    pub web_dir: Option<PathBuf>,
    /// What browsers call this server, such as `https://annotate.example.org`.
    #[arg(long, env = "VISIONFLOW_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Postgres as the owner of the schema, directly; without it a private cluster is run.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The same database for requests; may lead through PgBouncer in transaction mode.
    /// User and password in it are replaced by those of the role `visionflow_app`.
    #[arg(long, env = "VISIONFLOW_APP_DATABASE_URL", hide_env_values = true)]
    pub app_database_url: Option<String>,
    /// NATS, over which several servers on one database tell each other of what happens in rooms:
    /// `nats://[user:password@|token@]host[:port]`, several with commas; `tls://…` to speak over TLS
    /// or not at all, with the system's authorities or those in the file that `SSL_CERT_FILE`
    /// names. Without it, over Postgres.
    #[arg(long, env = "VISIONFLOW_NATS_URL", hide_env_values = true)]
    pub nats_url: Option<String>,
    /// Directory with `initdb` and `postgres` for the private cluster.
    #[arg(long, env = "VISIONFLOW_POSTGRES_BIN_DIR")]
    pub postgres_bin_dir: Option<PathBuf>,

    /// An S3 API; without it objects are kept in the data directory and served by this process.
    #[arg(long, env = "S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,
    /// What browsers call the S3 endpoint, where that differs.
    #[arg(long, env = "S3_PUBLIC_ENDPOINT")]
    pub s3_public_endpoint: Option<String>,
    #[arg(long, env = "S3_BUCKET", default_value = "visionflow")]
    pub s3_bucket: String,
    #[arg(long, env = "S3_ACCESS_KEY_ID", hide_env_values = true)]
    pub s3_access_key: Option<String>,
    #[arg(long, env = "S3_SECRET_ACCESS_KEY", hide_env_values = true)]
    pub s3_secret_key: Option<String>,
    #[arg(long, env = "S3_REGION", default_value = "us-east-1")]
    pub s3_region: String,
    /// Where the embedded S3 listens; by default the port after `--listen`'s.
    #[arg(long, env = "VISIONFLOW_S3_LISTEN")]
    pub s3_listen: Option<SocketAddr>,

    /// An external issuer's HS256 secret (Supabase's `JWT_SECRET`); turns the embedded provider off.
    #[arg(
        long,
        env = "VISIONFLOW_JWT_SECRET",
        hide_env_values = true,
        conflicts_with = "jwks_url"
    )]
    pub jwt_secret: Option<String>,
    /// An external issuer's JSON Web Key Set; turns the embedded provider off.
    #[arg(long, env = "VISIONFLOW_JWKS_URL")]
    pub jwks_url: Option<String>,

    /// Believe the last entry of `X-Forwarded-For`: only behind a proxy of one's own that writes it.
    #[arg(long, env = "VISIONFLOW_TRUST_FORWARDED_FOR")]
    pub trust_forwarded_for: bool,

    /// How many snapshots of a live document are kept beside those that named versions are read from.
    #[arg(long, env = "VISIONFLOW_KEEP_SNAPSHOTS", default_value_t = 5,
        value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub keep_snapshots: u32,
    /// Drop the history of live documents that is older than so many days, but for what named
    /// versions show of it. Without this everything is kept.
    #[arg(long, env = "VISIONFLOW_KEEP_HISTORY_DAYS",
        value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub keep_history_days: Option<u32>,
    /// After so many milliseconds without an edit a live document is written as a snapshot and
    /// leaves memory, until somebody who has it open needs it again.
    #[arg(long, env = "VISIONFLOW_ROOM_REST_MS", default_value_t = 30_000,
        value_parser = clap::value_parser!(u32).range(10..=3_600_000))]
    pub room_rest_ms: u32,

    /// Leave the background jobs to processes of `visionflow work`.
    #[arg(long, env = "VISIONFLOW_NO_WORKERS")]
    pub no_workers: bool,
    /// This program, which runs models in processes of their own; only tests are another one.
    #[arg(long, env = "VISIONFLOW_PROGRAM", hide = true)]
    pub program: Option<PathBuf>,

    /// Accept rooms without sign-in (`/v1/…`, as one local account), for prototypes: on loopback only.
    #[arg(long, env = "VISIONFLOW_ROOMS_OPEN")]
    pub rooms_open: bool,

    /// Create the demo project and its accounts once.
    #[arg(long, env = "VISIONFLOW_DEMO")]
    pub demo: bool,
    #[arg(long, env = "VISIONFLOW_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

impl Config {
    /// What browsers call this server, without a slash at its end.
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    pub fn room_rest(&self) -> Duration {
        Duration::from_millis(self.room_rest_ms.into())
    }

    /// Whether browsers reach this server only from the same machine.
    pub fn is_development(&self) -> bool {
        let url = self.public_url().parse::<http::Uri>();
        url.is_ok_and(|url| url.scheme_str() == Some("http") && url.host().is_some_and(is_loopback))
    }
}

/// Whether the host of a URL is this machine.
pub fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}
