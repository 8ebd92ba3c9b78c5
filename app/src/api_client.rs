//! The HTTP API: JSON calls with a bearer token that is renewed before it ends.
//!
//! Every failure is an [`ApiError`] that can say itself in words; pages show the words.

mod auth;
mod error;
mod transfer;

pub use auth::{
    access_token, current_session, has_session, on_session_change, sign_in, sign_out, sign_up,
};
pub use error::ApiError;
pub use transfer::put_blob;

use gloo::net::http::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use visionflow_api::{Page, Problem};

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    read(send(Method::GET, path, None, None).await?).await
}

/// An answer that is not JSON.
pub async fn get_bytes(path: &str) -> Result<Vec<u8>, ApiError> {
    let response = send(Method::GET, path, None, None).await?;
    let bytes = response.binary().await;
    bytes.map_err(|e| ApiError::Unreadable(e.to_string()))
}

/// A creation: carries an idempotency key, so that a repeat after a lost answer creates nothing twice.
pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, ApiError> {
    let key = Uuid::new_v4().to_string();
    read(send(Method::POST, path, Some(json(body)?), Some(&key)).await?).await
}

/// A creation under a key of the caller's, who may send it again after a reload.
pub async fn post_as<B: Serialize, T: DeserializeOwned>(
    path: &str,
    body: &B,
    key: &str,
) -> Result<T, ApiError> {
    read(send(Method::POST, path, Some(json(body)?), Some(key)).await?).await
}

/// An action with a body, which may be repeated, and whose answer is of no interest.
pub async fn post_unkeyed<B: Serialize>(path: &str, body: &B) -> Result<(), ApiError> {
    send(Method::POST, path, Some(json(body)?), None)
        .await
        .map(drop)
}

/// An action whose answer is of no interest.
pub async fn post_empty(path: &str) -> Result<(), ApiError> {
    send(Method::POST, path, Some("{}".to_owned()), None)
        .await
        .map(drop)
}

pub async fn patch<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, ApiError> {
    read(send(Method::PATCH, path, Some(json(body)?), None).await?).await
}

pub async fn put<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, ApiError> {
    read(send(Method::PUT, path, Some(json(body)?), None).await?).await
}

pub async fn delete(path: &str) -> Result<(), ApiError> {
    send(Method::DELETE, path, None, None).await.map(drop)
}

/// A call without a session: what a link's holder or a newcomer may ask.
pub async fn get_public<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    read(send_as(Method::GET, path, None, None, None).await?).await
}

pub async fn post_public<B: Serialize>(path: &str, body: &B) -> Result<(), ApiError> {
    send_as(Method::POST, path, Some(json(body)?), None, None)
        .await
        .map(drop)
}

/// All pages of a list, one after the other; for lists that stay short (members, invitations).
pub async fn get_all<T: DeserializeOwned>(path: &str) -> Result<Vec<T>, ApiError> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let after = cursor
            .map(|c| format!("&cursor={}", encode(&c)))
            .unwrap_or_default();
        let page: Page<T> = get(&format!("{path}{joint}limit=200{after}")).await?;
        items.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(items);
        }
    }
}

/// A value as part of a path or query.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

fn json<B: Serialize>(body: &B) -> Result<String, ApiError> {
    serde_json::to_string(body).map_err(|e| ApiError::Unreadable(e.to_string()))
}

/// Sends with the session's token; once more with a renewed one where the server finds it ended.
async fn send(
    method: Method,
    path: &str,
    body: Option<String>,
    key: Option<&str>,
) -> Result<Response, ApiError> {
    let token = auth::access_token().await?;
    match send_as(method.clone(), path, body.clone(), key, Some(&token)).await {
        Err(ApiError::Problem(problem)) if problem.status == 401 => {
            let token = auth::renewed_after(&token).await?;
            send_as(method, path, body, key, Some(&token)).await
        }
        other => other,
    }
}

async fn send_as(
    method: Method,
    path: &str,
    body: Option<String>,
    key: Option<&str>,
    token: Option<&str>,
) -> Result<Response, ApiError> {
    let mut request = RequestBuilder::new(path)
        .method(method)
        .header("accept", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let sent = match body {
        Some(body) => {
            let request = request
                .header("content-type", "application/json")
                .body(body);
            request
                .map_err(|e| ApiError::Unreadable(e.to_string()))?
                .send()
                .await
        }
        None => request.send().await,
    };
    let response = sent.map_err(|_| ApiError::Offline)?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    Err(ApiError::Problem(read_problem(status, &text)))
}

/// A problem document, or what can be made of an answer that is none (a proxy's page).
fn read_problem(status: u16, text: &str) -> Problem {
    #[derive(serde::Deserialize)]
    struct Loose {
        code: Option<String>,
        error_code: Option<String>,
        title: Option<String>,
        detail: Option<String>,
        msg: Option<String>,
        request_id: Option<String>,
    }
    let loose: Option<Loose> = serde_json::from_str(text).ok();
    let (code, title, detail, request_id) = loose.map_or((None, None, None, None), |l| {
        (
            l.error_code.or(l.code),
            l.title,
            l.detail.or(l.msg),
            l.request_id,
        )
    });
    Problem {
        status,
        code: code.unwrap_or_default(),
        title: title.unwrap_or_default(),
        detail: detail.unwrap_or_default(),
        request_id: request_id.unwrap_or_default(),
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, ApiError> {
    let text = response.text().await.map_err(|_| ApiError::Offline)?;
    serde_json::from_str(&text).map_err(|e| ApiError::Unreadable(e.to_string()))
}
