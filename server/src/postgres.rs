//! The private Postgres cluster of the embedded default: made, started, watched and stopped here.
//!
//! People's data lives in it, so `fsync` and checksums are on. It listens on a socket in its own
//! directory only, with a random password. It is told to shut down when this process dies, however
//! it dies, and a leftover of a crash is dealt with at the next start.

mod account;
mod binaries;
mod process;

pub use binaries::Binaries;

use crate::crypto;
use account::Account;
use anyhow::{Context, bail};
use process::Process;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The superuser that initdb makes, and the owner of the schema.
const OWNER: &str = "visionflow";
/// A path of a Unix socket ends at 107 bytes.
const LONGEST_SOCKET_DIR: usize = 107 - "/.s.PGSQL.5432".len();

/// A running cluster.
pub struct Cluster {
    process: Process,
    options: PgConnectOptions,
    password: String,
    /// Held while this process lives, however it ends.
    _lock: fs::File,
}

/// How to run a cluster.
#[derive(Clone, Debug)]
pub struct ClusterConfig {
    /// The server's data directory; the cluster gets `postgres/` in it.
    pub data_dir: PathBuf,
    pub bin_dir: Option<PathBuf>,
    /// Trades safety for speed: for tests, whose data nobody misses.
    pub throwaway: bool,
}

impl Cluster {
    /// Starts the cluster of the data directory, making it first where there is none.
    /// Blocks until it answers; call it on a thread that may wait.
    pub async fn start(config: &ClusterConfig) -> anyhow::Result<Self> {
        fs::create_dir_all(&config.data_dir)
            .with_context(|| format!("making the data directory {}", config.data_dir.display()))?;
        let data_dir = config.data_dir.canonicalize()?;
        let lock = lock(&data_dir)?;
        let account = Account::choose()?;
        let binaries = Binaries::find(config.bin_dir.as_deref())?.reachable_by(&account)?;
        let home = account::home(&account, &data_dir)?;
        let cluster_dir = home.join("postgres");
        let password = password(&data_dir)?;
        if !cluster_dir.join("PG_VERSION").exists() {
            initialise(&binaries, &account, &cluster_dir, &password)?;
        }
        check_version(&binaries, &cluster_dir)?;
        let socket_dir = socket_dir(&account, &cluster_dir)?;
        let options = owner_options(&socket_dir, &password);
        process::stop_leftover(&binaries, &account, &cluster_dir)?;
        let settings = settings(&socket_dir, config.throwaway);
        let log = data_dir.join("postgres.log");
        let process = Process::spawn(&binaries, &account, &cluster_dir, &settings, &log)?;
        let cluster = Self {
            process,
            options,
            password,
            _lock: lock,
        };
        cluster.wait_until_ready(&log).await?;
        Ok(cluster)
    }

    /// How to reach a cluster that another process of ours runs on the data directory.
    pub fn running(data_dir: &Path) -> anyhow::Result<(PgConnectOptions, String)> {
        let data_dir = data_dir
            .canonicalize()
            .with_context(|| format!("the data directory {}", data_dir.display()))?;
        let account = Account::choose()?;
        let cluster_dir = account::home(&account, &data_dir)?.join("postgres");
        anyhow::ensure!(
            cluster_dir.join("postmaster.pid").exists(),
            "No server runs on {}: start it first.",
            data_dir.display()
        );
        let password = password(&data_dir)?;
        let options = owner_options(&socket_dir(&account, &cluster_dir)?, &password);
        Ok((options, password))
    }

    /// Connects to the database of that name as the owner.
    pub fn options(&self, database: &str) -> PgConnectOptions {
        self.options.clone().database(database)
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    /// Makes the database unless it exists.
    pub async fn ensure_database(&self, name: &str) -> anyhow::Result<()> {
        let mut connection = self.options.connect().await?;
        let known: bool =
            sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
                .bind(name)
                .fetch_one(&mut connection)
                .await?;
        if !known {
            let sql = format!("create database \"{name}\"");
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&mut connection)
                .await?;
        }
        connection.close().await?;
        Ok(())
    }

    /// Resolves when the cluster ends without having been asked to.
    pub async fn ended(&self) -> String {
        self.process.ended().await
    }

    /// Shuts down cleanly: connections end, everything is on disk.
    pub async fn stop(self) {
        self.process.stop().await;
    }

    async fn wait_until_ready(&self, log: &Path) -> anyhow::Result<()> {
        let deadline = Instant::now() + Duration::from_mins(2);
        loop {
            let failure = match self.options.connect().await {
                Ok(connection) => {
                    connection.close().await?;
                    return Ok(());
                }
                Err(error) => error,
            };
            if let Some(status) = self.process.exit_status() {
                bail!(
                    "The private Postgres cluster ended at its start ({status}); {} says why.",
                    log.display()
                );
            }
            if Instant::now() > deadline {
                return Err(failure).context("the private Postgres cluster does not answer");
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }
}

/// A second server on the directory would take the first one's cluster for a leftover.
fn lock(data_dir: &Path) -> anyhow::Result<fs::File> {
    let file = fs::File::create(data_dir.join("server.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => bail!(
            "Another server runs on {}: stop it first, or choose another --data-dir.",
            data_dir.display()
        ),
        Err(fs::TryLockError::Error(error)) => Err(error).context("locking the data directory"),
    }
}

fn owner_options(socket_dir: &Path, password: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket_dir)
        .port(5432)
        .username(OWNER)
        .password(password)
        .database("postgres")
}

/// The owner's password: made once, kept beside the cluster, readable by this account only.
fn password(data_dir: &Path) -> anyhow::Result<String> {
    let path = data_dir.join("postgres-password");
    match fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    }
    let password = crypto::random_token();
    let new = data_dir.join("postgres-password.new");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(password.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, &path)?;
    Ok(password)
}

/// initdb into a directory beside, renamed when complete: a crash leaves no half of a cluster.
fn initialise(
    binaries: &Binaries,
    account: &Account,
    cluster_dir: &Path,
    password: &str,
) -> anyhow::Result<()> {
    tracing::info!(directory = %cluster_dir.display(), "making a private Postgres cluster");
    let new = cluster_dir.with_extension("new");
    if new.exists() {
        fs::remove_dir_all(&new)?;
    }
    account.own_dir(&new)?;
    let password_file = cluster_dir.with_extension("pw");
    fs::write(&password_file, password)?;
    fs::set_permissions(&password_file, fs::Permissions::from_mode(0o600))?;
    account.own(&password_file)?;
    let mut command = account.command(&binaries.path("initdb"));
    command
        .arg("--pgdata")
        .arg(&new)
        .arg("--pwfile")
        .arg(&password_file)
        .args(["--username", OWNER, "--auth", "scram-sha-256"])
        .args([
            "--encoding",
            "UTF8",
            "--data-checksums",
            "--no-instructions",
        ]);
    if binaries.major >= 17 {
        command.args([
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ]);
    } else {
        command.arg("--locale=C.UTF-8");
    }
    let output = command.output().context("running initdb");
    fs::remove_file(&password_file)?;
    let output = output?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "initdb could not make a cluster in {}: {}",
            new.display(),
            said.trim()
        );
    }
    fs::rename(&new, cluster_dir)?;
    Ok(())
}

fn check_version(binaries: &Binaries, cluster_dir: &Path) -> anyhow::Result<()> {
    let made_by = fs::read_to_string(cluster_dir.join("PG_VERSION"))?;
    let made_by = made_by.trim();
    if made_by == binaries.major.to_string() {
        return Ok(());
    }
    bail!(
        "The data in {dir} was made by PostgreSQL {made_by}, the binaries in {bin} are version {now}. \
         Either start with --postgres-bin-dir pointing at version {made_by}, or move the data: run \
         version {made_by}'s pg_dump on the database visionflow, put {dir} aside, start this server \
         once, and load the dump with psql.",
        dir = cluster_dir.display(),
        bin = binaries.dir.display(),
        now = binaries.major,
    )
}

/// The cluster's own directory, which nobody else may enter; a short one where its path is too long.
fn socket_dir(account: &Account, cluster_dir: &Path) -> anyhow::Result<PathBuf> {
    if cluster_dir.as_os_str().len() <= LONGEST_SOCKET_DIR {
        return Ok(cluster_dir.to_owned());
    }
    let name = crypto::hex(&crypto::sha256(&[cluster_dir
        .as_os_str()
        .as_encoded_bytes()]));
    let dir = std::env::temp_dir().join(format!("visionflow-{}", &name[..16]));
    account.own_dir(&dir)?;
    Ok(dir)
}

fn settings(socket_dir: &Path, throwaway: bool) -> Vec<String> {
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        format!("unix_socket_directories={}", socket_dir.display()),
        "port=5432".to_owned(),
        "unix_socket_permissions=0700".to_owned(),
        "max_connections=120".to_owned(),
        "shared_buffers=128MB".to_owned(),
        "log_min_messages=warning".to_owned(),
        "password_encryption=scram-sha-256".to_owned(),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
    ];
    let safety: &[&str] = if throwaway {
        &[
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=500",
        ]
    } else {
        &["fsync=on", "synchronous_commit=on", "full_page_writes=on"]
    };
    settings.extend(safety.iter().map(|&setting| setting.to_owned()));
    settings
}
