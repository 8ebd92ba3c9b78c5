//! Pools, one for each role, of a database that is migrated and checked first.

use super::{migrate, roles};
use anyhow::Context;
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgPool};
use std::time::Duration;

/// Where the database is.
#[derive(Clone)]
pub struct Database {
    /// As the owner of the schema, directly.
    pub owner: PgConnectOptions,
    /// The owner's password, from which those of the other roles derive: whoever knows it may set
    /// them anyway, and several servers on one database agree on them without talking.
    pub secret: String,
    /// For requests, where that is another way; PgBouncer in transaction mode, as a rule.
    pub app: Option<AppAccess>,
}

/// Another way to the same database, for requests.
#[derive(Clone)]
pub struct AppAccess {
    pub options: PgConnectOptions,
    /// The password that the operator chose for `visionflow_app`, if any.
    pub password: Option<String>,
}

/// The pools of one database.
pub struct Connections {
    pub(super) owner: PgPool,
    pub(super) app: PgPool,
    /// The same role, for the relay and for jobs: what has to become durable, and what readers wait
    /// for, never stands in line behind the requests that wait. Always direct.
    pub(super) service: PgPool,
    /// Whether statements of `app` and `service` are prepared once for a connection's life: not where
    /// requests go through a pooler, where the next transaction may have another connection.
    pub(super) keep_statements: bool,
    pub(super) system: PgPool,
    pub(super) queue: PgPool,
    pub(super) queue_options: PgConnectOptions,
}

impl Connections {
    /// Migrates the database, checks that every table is guarded, and opens the pools.
    pub async fn open(database: &Database) -> anyhow::Result<Self> {
        // Migrations are long statements that take long: not worth a line in the log.
        let owner = pool(database.owner.clone().disable_statement_logging(), 2);
        migrate::run(&owner).await?;
        migrate::check(&owner).await?;
        let role = |name: &str| roles::options(&database.owner, name, &database.secret);
        let (mut app, system, queue) = (
            role("visionflow_app"),
            role("visionflow_system"),
            role("visionflow_queue"),
        );
        let mut app_password = roles::password(&database.secret, "visionflow_app");
        let chosen = database
            .app
            .as_ref()
            .and_then(|access| access.password.clone());
        if let Some(chosen) = chosen {
            app = app.password(&chosen);
            app_password = chosen;
        }
        roles::ensure(&owner, "visionflow_app", &app, &app_password).await?;
        for (name, options) in [("visionflow_system", &system), ("visionflow_queue", &queue)] {
            let password = roles::password(&database.secret, name);
            roles::ensure(&owner, name, options, &password).await?;
        }
        // Past the pooler, whose connections the requests may all have taken.
        let service = pool(app.clone(), 10);
        if let Some(access) = &database.app {
            app = access
                .options
                .clone()
                .username("visionflow_app")
                .password(&app_password)
                .statement_cache_capacity(0);
        }
        let app = pool(app, 20);
        app.acquire()
            .await
            .context("connecting to the database as visionflow_app")?;
        Ok(Self {
            owner,
            app,
            service,
            keep_statements: database.app.is_none(),
            system: pool(system, 10),
            queue: pool(queue.clone(), 10),
            queue_options: queue,
        })
    }
}

/// A connection that has lain for longer is asked whether it lives before it is used.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// A pool that connects when first used.
fn pool(options: PgConnectOptions, size: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(Duration::from_mins(5))
        // A connection answers before it comes back, and need not do so again when it goes out.
        .test_before_acquire(false)
        .before_acquire(|connection, lain| {
            Box::pin(async move {
                if lain.idle_for >= TRUSTED_FOR {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        // A batch of edits makes buffers large, and a connection would keep them for its life.
        .after_release(|connection, _| {
            connection.shrink_buffers();
            Box::pin(async { Ok(true) })
        })
        .connect_lazy_with(options.application_name("visionflow"))
}
