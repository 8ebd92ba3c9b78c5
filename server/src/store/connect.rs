//! Pools, one for each role.

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::time::Duration;

/// The pools of one database.
pub struct Connections {
    pub app: PgPool,
    pub system: PgPool,
    pub queue: PgPool,
    pub queue_options: PgConnectOptions,
}

/// Whether a connection may be shared by PgBouncer in transaction mode, where a prepared
/// statement does not survive its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooled {
    Direct,
    TransactionMode,
}

/// A pool that connects when first used.
pub(crate) fn pool(options: PgConnectOptions, size: u32, pooled: Pooled) -> PgPool {
    let options = match pooled {
        Pooled::Direct => options,
        Pooled::TransactionMode => options.statement_cache_capacity(0),
    };
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(Duration::from_secs(300))
        .test_before_acquire(false)
        .connect_lazy_with(options)
}
