//! Password hashes: argon2id, on threads that may block, a few at a time.

use super::error::AuthError;
use crate::error::Error;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use http::StatusCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Each hash takes 19 MiB and some 20 ms of a core: more at once than cores would only wait.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// Verified against where there is no account, so that the answer takes as long.
    decoy: Arc<str>,
}

impl Passwords {
    pub fn new() -> anyhow::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self {
            permits: Arc::new(Semaphore::new(cores.max(2))),
            decoy: hash(&crate::crypto::random_token())?.into(),
        })
    }

    /// Checks the rule (8 to 128 characters) and hashes.
    pub async fn hash(&self, password: &str) -> Result<String, AuthError> {
        if !(8..=128).contains(&password.chars().count()) {
            return Err(AuthError::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "weak_password",
                "A password has 8 to 128 characters.",
            ));
        }
        let password = password.to_owned();
        Ok(self.run(move || hash(&password)).await??)
    }

    /// Whether the password is right; never for `None`, which takes as long.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, AuthError> {
        // Longer ones cannot be right and would only cost time.
        let password = password.chars().take(129).collect::<String>();
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        let right = self
            .run(move || {
                PasswordHash::new(&hash).is_ok_and(|hash| {
                    Argon2::default()
                        .verify_password(password.as_bytes(), &hash)
                        .is_ok()
                })
            })
            .await?;
        Ok(right && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let waiting = tokio::time::timeout(Duration::from_secs(10), self.permits.acquire()).await;
        let Ok(Ok(_permit)) = waiting else {
            return Err(Error::unavailable(
                "Many people sign in right now; try again in a moment.",
            ));
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(Error::internal)
    }
}

fn hash(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::internal(anyhow::anyhow!("hashing a password: {error}")))
}
