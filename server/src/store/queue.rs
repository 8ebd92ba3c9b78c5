//! Enqueueing: a job exists if and only if the transaction that wants it is committed.

use super::Tx;
use crate::error::Result;
use serde_json::Value;

/// How often a job is tried before it is given up.
const MAX_ATTEMPTS: i32 = 8;

impl Tx {
    /// Enqueues `task`; `payload` holds ids only. A waiting job with the same `key` is replaced.
    pub async fn enqueue_job(&mut self, task: &str, payload: &Value, key: &str) -> Result<()> {
        sqlx::query("select app.enqueue_job($1, $2::json, $3, $4)")
            .bind(task)
            .bind(payload)
            .bind(key)
            .bind(MAX_ATTEMPTS)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// Enqueues a task of minutes: of those with the same `queue` one runs at a time, the one with
    /// the lowest `urgency` first.
    pub async fn enqueue_slow_job(
        &mut self,
        task: &str,
        payload: &Value,
        key: &str,
        queue: &str,
        urgency: i32,
    ) -> Result<()> {
        sqlx::query("select app.enqueue_slow_job($1, $2::json, $3, $4, $5, $6)")
            .bind(task)
            .bind(payload)
            .bind(key)
            .bind(MAX_ATTEMPTS)
            .bind(queue)
            .bind(urgency)
            .execute(&mut **self)
            .await?;
        Ok(())
    }
}
