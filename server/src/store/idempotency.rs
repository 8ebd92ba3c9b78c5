//! Answers kept with the keys of the creations that they answered.

use super::Tx;
use crate::error::Result;
use serde_json::Value;
use uuid::Uuid;

/// What is known of a key that came before.
#[derive(sqlx::FromRow)]
pub struct FirstAnswer {
    pub request_hash: Vec<u8>,
    pub status: Option<i16>,
    pub body: Option<Value>,
}

impl Tx {
    /// `None` where the key is new: it is now this transaction's. Waits for another transaction
    /// that has claimed it at this moment.
    pub async fn claim_idempotency_key(
        &mut self,
        user_id: Uuid,
        key: &str,
        request_hash: &[u8],
    ) -> Result<Option<FirstAnswer>> {
        let claimed = sqlx::query(
            "insert into idempotency_keys (user_id, key, request_hash) values ($1, $2, $3)
             on conflict do nothing",
        )
        .bind(user_id)
        .bind(key)
        .bind(request_hash)
        .execute(&mut **self)
        .await?;
        if claimed.rows_affected() == 1 {
            return Ok(None);
        }
        let first = sqlx::query_as(
            "select request_hash, status, body from idempotency_keys where user_id = $1 and key = $2",
        )
        .bind(user_id)
        .bind(key)
        .fetch_one(&mut **self)
        .await?;
        Ok(Some(first))
    }

    pub async fn keep_idempotent_answer(
        &mut self,
        user_id: Uuid,
        key: &str,
        status: u16,
        body: &Value,
    ) -> Result<()> {
        sqlx::query(
            "update idempotency_keys set status = $3, body = $4 where user_id = $1 and key = $2",
        )
        .bind(user_id)
        .bind(key)
        .bind(i16::try_from(status).unwrap_or(200))
        .bind(body)
        .execute(&mut **self)
        .await?;
        Ok(())
    }
}
