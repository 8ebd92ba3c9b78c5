//! The Postgres that all tests of the process share.

use super::pgbouncer::PgBouncer;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;
use visionflow_server::postgres::{Cluster as Private, ClusterConfig};
use visionflow_server::serve::Server;
use visionflow_server::store::{AppAccess, Database};

static SHARED: OnceCell<Cluster> = OnceCell::const_new();
static COUNTER: AtomicU32 = AtomicU32::new(0);

pub struct Cluster {
    /// As a superuser, to the database `postgres`.
    pub admin: PgConnectOptions,
    secret: String,
    template: String,
    pgbouncer: Option<PgBouncer>,
    /// Ends with the process, at the latest.
    _private: Option<Private>,
}

impl Cluster {
    pub async fn shared() -> &'static Self {
        SHARED.get_or_init(Self::start).await
    }

    async fn start() -> Self {
        let dir = scratch_dir();
        let given = std::env::var("VISIONFLOW_TEST_DATABASE_URL");
        let (admin, secret, private) = if let Ok(url) = given {
            (url.parse().unwrap(), url, None)
        } else {
            let config = ClusterConfig {
                data_dir: dir.clone(),
                bin_dir: std::env::var_os("VISIONFLOW_POSTGRES_BIN_DIR").map(PathBuf::from),
                throwaway: true,
            };
            let private = Private::start(&config).await.unwrap();
            let admin = private.options("postgres");
            (admin, private.password().to_owned(), Some(private))
        };
        let template = format!("vf_template_{}", std::process::id());
        execute(&admin, &format!("create database {template}")).await;
        let mut cluster = Self {
            admin,
            secret,
            template,
            pgbouncer: None,
            _private: private,
        };
        cluster.prepare_template().await;
        cluster.pgbouncer = PgBouncer::start(&dir, &cluster.admin, &cluster.secret).await;
        cluster
    }

    /// A server runs once on it: then it has every table, those of the queue too.
    async fn prepare_template(&self) {
        let dir = tempfile::TempDir::new().unwrap();
        let mut config = super::config(&["--listen", "127.0.0.1:0", "--s3-listen", "127.0.0.1:0"]);
        config.data_dir = dir.path().to_owned();
        let server = Server::start(config, &self.database(&self.template))
            .await
            .unwrap();
        server.shutdown().await;
    }

    /// A migrated, empty database.
    pub async fn new_database(&self) -> Database {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("vf_test_{}_{number}", std::process::id());
        execute(
            &self.admin,
            &format!("create database {name} template {}", self.template),
        )
        .await;
        // Rights on a database are not copied with it.
        for sql in [
            format!("revoke all on database {name} from public"),
            format!(
                "grant connect on database {name} to visionflow_app, visionflow_system, visionflow_queue"
            ),
            format!("grant create on database {name} to visionflow_queue"),
        ] {
            execute(&self.admin, &sql).await;
        }
        self.database(&name)
    }

    fn database(&self, name: &str) -> Database {
        Database {
            owner: self.admin.clone().database(name),
            secret: self.secret.clone(),
            app: self.pgbouncer.as_ref().map(|pgbouncer| AppAccess {
                options: pgbouncer.options().database(name),
                password: None,
            }),
        }
    }
}

async fn execute(options: &PgConnectOptions, sql: &str) {
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.unwrap();
}

/// A directory for this process that the database's account can enter; those of earlier processes
/// are removed.
fn scratch_dir() -> PathBuf {
    let parent = std::env::temp_dir();
    for entry in fs::read_dir(&parent).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let pid = name
            .strip_prefix("visionflow-tests-")
            .and_then(|pid| pid.parse::<u32>().ok());
        if pid.is_some_and(|pid| {
            Path::new("/proc/self").exists() && !Path::new(&format!("/proc/{pid}")).exists()
        }) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let dir = parent.join(format!("visionflow-tests-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    dir
}
