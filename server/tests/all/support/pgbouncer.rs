//! `PgBouncer` in transaction mode in front of the tests' Postgres.

use nix::unistd::{Uid, User};
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct PgBouncer {
    _child: Child,
    options: PgConnectOptions,
}

impl PgBouncer {
    /// `None` unless `VISIONFLOW_TEST_PGBOUNCER` asks for it.
    pub async fn start(dir: &Path, server: &PgConnectOptions, secret: &str) -> Option<Self> {
        let program = match std::env::var("VISIONFLOW_TEST_PGBOUNCER").ok()?.as_str() {
            "" | "0" => return None,
            "1" => "pgbouncer".to_owned(),
            path => path.to_owned(),
        };
        let port = super::free_port();
        let host = server.get_socket().map_or_else(
            || server.get_host().to_owned(),
            |socket| socket.display().to_string(),
        );
        let role = "visionflow_app";
        let password = super::role_password(secret, role);
        let (users, config) = (dir.join("users.txt"), dir.join("pgbouncer.ini"));
        fs::write(&users, format!("\"{role}\" \"{password}\"\n")).unwrap();
        // Where a database is taken away once it is idle, PgBouncer takes one away in use: it counts
        // clients, and none is counted while it signs in (its issue 288).
        let text = format!(
            "[databases]\n* = host={host} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\npool_mode = transaction\n\
             max_client_conn = 2000\ndefault_pool_size = 10\nserver_idle_timeout = 5\nautodb_idle_timeout = 0\n\
             ignore_startup_parameters = extra_float_digits,options\n",
            server.get_port(),
            users.display(),
        );
        fs::write(&config, text).unwrap();
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "INT", "--", &program])
            .arg(&config);
        if Uid::effective().is_root() {
            let user = User::from_name("postgres")
                .unwrap()
                .or(User::from_name("nobody").unwrap())
                .unwrap();
            for file in [&users, &config] {
                chown(file, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
                fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
            }
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        let log = fs::File::create(dir.join("pgbouncer.log")).unwrap();
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let child = spawn_from_a_lasting_thread(command);
        let options = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port)
            .username(role)
            .password(&password);
        wait_until_ready(&options.clone().database("postgres"), dir).await;
        Some(Self {
            _child: child,
            options,
        })
    }

    pub fn options(&self) -> PgConnectOptions {
        self.options.clone()
    }
}

/// The kernel sends the signal for a parent's death when the starting *thread* ends.
fn spawn_from_a_lasting_thread(mut command: Command) -> Child {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        sender.send(command.spawn().unwrap()).unwrap();
        loop {
            std::thread::park();
        }
    });
    receiver.recv().unwrap()
}

async fn wait_until_ready(options: &PgConnectOptions, dir: &Path) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let options = options.clone().statement_cache_capacity(0);
    while let Err(error) = options.connect().await {
        let refused = error.as_database_error().is_some();
        if refused || Instant::now() > deadline {
            // Only its socket has to answer; `postgres` itself may be closed to the role.
            assert!(
                refused,
                "{error}: {}",
                fs::read_to_string(dir.join("pgbouncer.log")).unwrap_or_default()
            );
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
