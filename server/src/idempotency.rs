//! `Idempotency-Key`: a creation repeated with its key answers as the first time, and creates
//! nothing twice.
//!
//! The key is claimed in the transaction that creates, so that a repeat which comes while the first
//! is still at work waits for it, and a creation that failed leaves no trace of its key.

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::{App, crypto};
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::request::Parts;
use serde::Serialize;

/// The request's key, if it has one, and where it was sent.
pub struct Idempotency {
    key: Option<String>,
    route: String,
}

impl Idempotency {
    /// The answer that was given to this key already. `None`: go on, and [`Idempotency::finish`].
    /// A key that came with another request is refused.
    pub async fn replay<B: Serialize>(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        body: &B,
    ) -> Result<Option<Response>> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        let body = serde_json::to_vec(body).map_err(Error::internal)?;
        let hash = crypto::sha256(&[self.route.as_bytes(), &body]);
        let Some(first) = tx.claim_idempotency_key(caller.user_id, key, &hash).await? else {
            return Ok(None);
        };
        if first.request_hash != hash {
            return Err(Error::refused(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "This Idempotency-Key came with another request before.",
            ));
        }
        let status = first.status.and_then(|status| u16::try_from(status).ok());
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        match (status, first.body) {
            (Some(status), Some(body)) => Ok(Some((status, axum::Json(body)).into_response())),
            _ => Err(Error::conflict(
                "The first request with this Idempotency-Key has no answer yet.",
            )),
        }
    }

    /// Keeps the answer with the key, commits, and responds.
    pub async fn finish<T: Serialize>(
        &self,
        mut tx: Tx,
        caller: &Caller,
        status: StatusCode,
        answer: &T,
    ) -> Result<Response> {
        let body = serde_json::to_value(answer).map_err(Error::internal)?;
        if let Some(key) = &self.key {
            tx.keep_idempotent_answer(caller.user_id, key, status.as_u16(), &body)
                .await?;
        }
        tx.commit().await?;
        Ok((status, axum::Json(body)).into_response())
    }
}

impl FromRequestParts<App> for Idempotency {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self> {
        let key = match parts.headers.get("idempotency-key") {
            None => None,
            Some(value) => {
                let text = value.to_str().unwrap_or_default().trim();
                if text.is_empty() || text.len() > 200 {
                    return Err(Error::malformed(
                        "An Idempotency-Key has 1 to 200 ASCII characters.",
                    ));
                }
                Some(text.to_owned())
            }
        };
        let route = format!("{} {}", parts.method, parts.uri.path());
        Ok(Self { key, route })
    }
}
