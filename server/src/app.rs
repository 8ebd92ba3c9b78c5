//! What every request handler and background task shares.

use crate::auth::Tokens;
use crate::caller::Caller;
use crate::config::Config;
use crate::error::Result;
use crate::jobs::Jobs;
use crate::objects::Objects;
use crate::relay::Relay;
use crate::store::Store;
use std::sync::Arc;

/// Cheap to clone: a handle.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    config: Config,
    store: Store,
    tokens: Tokens,
    objects: Objects,
    relay: Relay,
    jobs: Jobs,
    local: Option<Caller>,
}

/// The parts of an [`App`], in the order in which they are started.
pub struct Parts {
    pub config: Config,
    pub store: Store,
    pub tokens: Tokens,
    pub objects: Objects,
    pub relay: Relay,
    pub jobs: Jobs,
    /// Who calls rooms without a token, where that is allowed.
    pub local: Option<Caller>,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        let Parts {
            config,
            store,
            tokens,
            objects,
            relay,
            jobs,
            local,
        } = parts;
        Self(Arc::new(Inner {
            config,
            store,
            tokens,
            objects,
            relay,
            jobs,
            local,
        }))
    }

    pub fn config(&self) -> &Config {
        &self.0.config
    }

    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    pub fn objects(&self) -> &Objects {
        &self.0.objects
    }

    pub fn relay(&self) -> &Relay {
        &self.0.relay
    }

    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// The account of `--rooms-open`.
    pub fn local(&self) -> Option<&Caller> {
        self.0.local.as_ref()
    }

    /// Who holds this access token; 401 when it is forged, expired or for someone else.
    /// For sockets, which carry the token in the query; requests use the [`Caller`] extractor.
    pub async fn authenticate(&self, access_token: &str) -> Result<Caller> {
        self.0
            .tokens
            .authenticate(&self.0.store, access_token)
            .await
    }
}
