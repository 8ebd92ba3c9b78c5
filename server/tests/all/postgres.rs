//! The private cluster: made once, kept, and dealt with after a crash.

use sqlx::{ConnectOptions, Connection};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tempfile::TempDir;
use visionflow_server::postgres::{Cluster, ClusterConfig};

fn config(dir: &TempDir) -> ClusterConfig {
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    ClusterConfig {
        data_dir: dir.path().join("data"),
        bin_dir: std::env::var_os("VISIONFLOW_POSTGRES_BIN_DIR").map(PathBuf::from),
        throwaway: false,
    }
}

async fn databases(cluster: &Cluster) -> Vec<String> {
    let mut connection = cluster.options("postgres").connect().await.unwrap();
    let names =
        sqlx::query_scalar("select datname::text from pg_database where datname like 'kept%'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    connection.close().await.unwrap();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn data_is_kept_over_stops_and_crashes_and_never_opened_by_another_version() {
    let dir = TempDir::new().unwrap();
    let config = config(&dir);
    let first = Cluster::start(&config).await.unwrap();
    first.ensure_database("kept").await.unwrap();
    first.ensure_database("kept").await.unwrap();
    let secret = config.data_dir.join("postgres-password");
    assert_eq!(
        fs::metadata(&secret).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let mut connection = first.options("postgres").connect().await.unwrap();
    let settings: Vec<String> = sqlx::query_scalar(
        "select setting from pg_settings where name in ('data_checksums', 'fsync', 'listen_addresses') order by name",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert_eq!(settings, ["on", "on", ""]);
    let wrong = first.options("postgres").password("wrong").connect().await;
    assert!(wrong.is_err());
    connection.close().await.unwrap();
    let refused = Cluster::start(&config)
        .await
        .err()
        .expect("it is refused")
        .to_string();
    assert!(refused.starts_with("Another server runs on"), "{refused}");
    // Told to stop, but not waited for, as when the server is killed.
    drop(first);
    let second = Cluster::start(&config).await.unwrap();
    assert_eq!(databases(&second).await, ["kept"]);
    let (running, _) = Cluster::running(&config.data_dir).unwrap();
    running.connect().await.unwrap().close().await.unwrap();
    second.stop().await;
    assert!(Cluster::running(&config.data_dir).is_err());
    let third = Cluster::start(&config).await.unwrap();
    assert_eq!(databases(&third).await, ["kept"]);
    third.stop().await;
    let version = config.data_dir.join("postgres/PG_VERSION");
    let made_by = fs::read_to_string(&version).unwrap();
    fs::write(&version, "9\n").unwrap();
    let refused = Cluster::start(&config)
        .await
        .err()
        .expect("it is refused")
        .to_string();
    assert!(refused.contains("was made by PostgreSQL 9"), "{refused}");
    assert!(
        refused.contains(&format!("version {}", made_by.trim())),
        "{refused}"
    );
}
