//! An external issuer's key set: fetched in the background, kept, and fetched again for a key that
//! is not in it.

use anyhow::{Context, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, RwLock};
use tokio::time::Instant;

/// The issuer may rotate its keys without telling.
const REFRESH: Duration = Duration::from_mins(10);
/// Tokens with made-up key ids must not make us hammer the issuer.
const PAUSE: Duration = Duration::from_secs(10);
const LARGEST_BODY: usize = 1 << 20;

pub struct KeySet {
    url: http::Uri,
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    keys: RwLock<JwkSet>,
    last_fetch: Mutex<Option<Instant>>,
}

impl KeySet {
    /// Starts fetching; until the first answer no token is valid.
    pub fn start(url: &str) -> anyhow::Result<Arc<Self>> {
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls_provider())
            .context("reading the system's certificates")?
            .https_or_http()
            .enable_http1()
            .build();
        let set = Arc::new(Self {
            url: url.parse().with_context(|| format!("--jwks-url {url}"))?,
            client: Client::builder(TokioExecutor::new()).build(connector),
            keys: RwLock::new(JwkSet { keys: Vec::new() }),
            last_fetch: Mutex::new(None),
        });
        let weak = Arc::downgrade(&set);
        tokio::spawn(async move {
            while let Some(set) = weak.upgrade() {
                set.fetch().await;
                drop(set);
                tokio::time::sleep(REFRESH).await;
            }
        });
        Ok(set)
    }

    /// The key of that id; without an id, the only one.
    pub async fn find(&self, kid: Option<&str>) -> Option<Jwk> {
        if let Some(key) = self.known(kid).await {
            return Some(key);
        }
        self.fetch().await;
        self.known(kid).await
    }

    async fn known(&self, kid: Option<&str>) -> Option<Jwk> {
        let keys = self.keys.read().await;
        match kid {
            Some(kid) => keys.find(kid).cloned(),
            None if keys.keys.len() == 1 => keys.keys.first().cloned(),
            None => None,
        }
    }

    /// One fetch at a time; callers that waited for it profit from it.
    async fn fetch(&self) {
        let mut last = self.last_fetch.lock().await;
        if last.is_some_and(|last| last.elapsed() < PAUSE) {
            return;
        }
        match tokio::time::timeout(Duration::from_secs(5), self.download()).await {
            Ok(Ok(keys)) => *self.keys.write().await = keys,
            Ok(Err(error)) => {
                tracing::warn!(url = %self.url, error = format!("{error:#}"), "no key set from the issuer");
            }
            Err(_) => tracing::warn!(url = %self.url, "the issuer does not answer"),
        }
        *last = Some(Instant::now());
    }

    async fn download(&self) -> anyhow::Result<JwkSet> {
        let response = self.client.get(self.url.clone()).await?;
        ensure!(
            response.status().is_success(),
            "the issuer answers {}",
            response.status()
        );
        let body = Limited::new(response.into_body(), LARGEST_BODY)
            .collect()
            .await
            .map_err(|error| anyhow::anyhow!("reading the key set: {error}"))?;
        // Keys of kinds unknown to us are skipped, not an error.
        let document: serde_json::Value = serde_json::from_slice(&body.to_bytes())?;
        let listed = document["keys"].as_array().context("no list of keys")?;
        let keys = listed
            .iter()
            .filter_map(|key| serde_json::from_value(key.clone()).ok())
            .collect();
        Ok(JwkSet { keys })
    }
}

fn rustls_provider() -> rustls::crypto::CryptoProvider {
    rustls::crypto::ring::default_provider()
}
