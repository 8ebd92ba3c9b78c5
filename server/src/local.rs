//! `visionflow serve --rooms-open`: rooms without sign-in, for prototypes on one's own machine.
//!
//! Requests to `/v1/…` that carry no token act as one local account with a workspace of its own.
//! The server listens on loopback only, and that is not enough: any page that a browser shows can
//! call an address of its machine. So a request without a token has to name this machine as its
//! host (another name that resolves here would be a page's own) and, where a browser says which
//! page it comes from, that page has to be this machine's too.

use crate::App;
use crate::caller::Caller;
use crate::config::{Config, is_loopback};
use crate::error::{Error, Result};
use crate::store::Store;
use anyhow::{bail, ensure};
use http::{HeaderMap, Uri, header};
use std::net::SocketAddr;
use uuid::Uuid;

/// The account's id, the same everywhere.
const ACCOUNT: Uuid = Uuid::from_u128(0x0198_c0de_7e57_7000_8000_6c6f_6361_6c00);
const EMAIL: &str = "rooms@local.invalid";
const NAME: &str = "Local";

/// Refuses a server that others could reach.
pub fn check(config: &Config, address: SocketAddr) -> anyhow::Result<()> {
    ensure!(
        !config.rooms_open || address.ip().is_loopback(),
        "--rooms-open lets everyone in who reaches the server: it is for loopback only, and {address} is not. \
         Listen on 127.0.0.1, or leave --rooms-open out."
    );
    Ok(())
}

/// The local account, made at the first start; `None` where rooms are not open.
pub async fn account(config: &Config, store: &Store) -> anyhow::Result<Option<Caller>> {
    if !config.rooms_open {
        return Ok(None);
    }
    if store.account(ACCOUNT).await?.is_none() {
        let workspace = format!("{NAME} workspace");
        let made = store
            .create_account(ACCOUNT, EMAIL, NAME, None, &workspace)
            .await?;
        // Two servers may start on one database.
        if made.is_none() && store.account(ACCOUNT).await?.is_none() {
            bail!("an account with the address {EMAIL} exists already; --rooms-open needs it");
        }
    }
    Ok(Some(Caller {
        user_id: ACCOUNT,
        tenant: None,
        email: EMAIL.to_owned(),
        name: NAME.to_owned(),
        expires_at: i64::MAX,
    }))
}

/// Whoever calls a room's path without a token; `None` where a token is needed.
pub fn caller(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<Option<Caller>> {
    let Some(caller) = app.local() else {
        return Ok(None);
    };
    if headers.contains_key(header::AUTHORIZATION) || !uri.path().starts_with("/v1/") {
        return Ok(None);
    }
    if is_of_this_machine(headers, uri) {
        return Ok(Some(caller.clone()));
    }
    Err(Error::forbidden(
        "Without a token rooms are open to this machine only: call them as localhost, and from a page of localhost.",
    ))
}

fn is_of_this_machine(headers: &HeaderMap, uri: &Uri) -> bool {
    let host = match headers.get(header::HOST) {
        Some(host) => host.to_str().ok().and_then(|host| host.parse().ok()),
        None => uri.authority().cloned(),
    };
    let origin = headers.get(header::ORIGIN).map(|origin| {
        let origin = origin.to_str().ok()?.parse::<Uri>().ok()?;
        origin.authority().cloned()
    });
    let local = |authority: Option<http::uri::Authority>| {
        authority.is_some_and(|authority| is_loopback(authority.host()))
    };
    local(host) && origin.is_none_or(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_its_own_pages_need_no_token() {
        let check = |host: &str, origin: Option<&str>, expected: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            let uri = Uri::from_static("/v1/rooms");
            assert_eq!(
                is_of_this_machine(&headers, &uri),
                expected,
                "{host} {origin:?}"
            );
        };
        check("127.0.0.1:8080", None, true);
        check("localhost:8080", Some("http://localhost:5173"), true);
        check("[::1]:8080", Some("http://127.0.0.1:5173"), true);
        check("127.0.0.1:8080", Some("https://evil.example"), false);
        check("127.0.0.1:8080", Some("null"), false);
        check(
            "127.0.0.1:8080",
            Some("https://localhost.evil.example"),
            false,
        );
        check("rebound.evil.example:8080", None, false);
        check("rebound.evil.example", Some("http://localhost"), false);
    }
}
