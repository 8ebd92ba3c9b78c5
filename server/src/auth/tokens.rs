//! Access tokens: issued for own sessions, validated locally for every request.

use super::jwks::KeySet;
use super::keys::Keys;
use super::{ACCESS_TOKEN_SECS, AuthError, Passwords};
use crate::caller::Caller;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::store::{Account, Store};
use http::StatusCode;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};
use time::OffsetDateTime;
use uuid::Uuid;

/// Clocks of issuer and server may differ by so many seconds.
const LEEWAY_SECS: u64 = 10;
const AUDIENCE: &str = "authenticated";

/// Issues and validates tokens.
pub struct Tokens {
    issuer: Issuer,
    pub passwords: Passwords,
    /// External accounts that are known to have a row.
    provisioned: RwLock<HashSet<Uuid>>,
}

enum Issuer {
    Own(Keys),
    Secret(DecodingKey),
    KeySet(Arc<KeySet>),
}

/// What a valid token says. Unknown claims are ignored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub sub: Uuid,
    pub exp: i64,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub role: Option<String>,
    #[serde(default)]
    pub session_id: Option<Uuid>,
    #[serde(default)]
    pub tenant_id: Option<Uuid>,
    #[serde(default)]
    pub user_metadata: Value,
    #[serde(default)]
    pub app_metadata: Value,
}

impl Tokens {
    /// By the configuration: an external secret or key set, or own keys.
    pub async fn start(config: &Config, store: &Store) -> anyhow::Result<Self> {
        let issuer = match (&config.jwt_secret, &config.jwks_url) {
            (Some(secret), _) => {
                anyhow::ensure!(
                    secret.len() >= 32,
                    "--jwt-secret has to have 32 characters or more."
                );
                Issuer::Secret(DecodingKey::from_secret(secret.as_bytes()))
            }
            (None, Some(url)) => Issuer::KeySet(KeySet::start(url)?),
            (None, None) => Issuer::Own(Keys::load(store).await?),
        };
        Ok(Self {
            issuer,
            passwords: Passwords::new()?,
            provisioned: RwLock::default(),
        })
    }

    /// Own keys; 404 where an external issuer is configured and the provider is off.
    pub fn provider(&self) -> Result<&Keys, AuthError> {
        match &self.issuer {
            Issuer::Own(keys) => Ok(keys),
            Issuer::Secret(_) | Issuer::KeySet(_) => Err(AuthError::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "Accounts are kept by an external provider; sign in there.",
            )),
        }
    }

    /// An access token of a session, with the second at which it ends.
    pub fn issue(
        &self,
        account: &Account,
        session_id: Uuid,
        issuer: &str,
    ) -> Result<(String, i64), AuthError> {
        let keys = self.provider()?;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let expires_at = now + ACCESS_TOKEN_SECS;
        let claims = json!({
            "iss": issuer, "sub": account.id, "aud": AUDIENCE, "role": "authenticated",
            "iat": now, "exp": expires_at, "session_id": session_id,
            "email": account.email, "is_anonymous": false, "aal": "aal1",
            "app_metadata": { "provider": "email", "providers": ["email"] },
            "user_metadata": { "name": account.name },
        });
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(keys.kid.clone());
        let token =
            jsonwebtoken::encode(&header, &claims, &keys.signing).map_err(Error::internal)?;
        Ok((token, expires_at))
    }

    /// The claims of a token that is signed by the issuer, for us, and in force.
    pub async fn verify(&self, token: &str) -> Result<Claims> {
        let invalid = || Error::unauthenticated("The token is not valid.");
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        let kid = header.kid.as_deref();
        // The algorithm is the key's, never the token's to choose.
        let claims = match &self.issuer {
            Issuer::Own(keys) => {
                let key = kid
                    .and_then(|kid| keys.verifying.get(kid))
                    .ok_or_else(invalid)?;
                decode(token, key, Algorithm::ES256)
            }
            Issuer::Secret(key) => decode(token, key, Algorithm::HS256),
            Issuer::KeySet(set) => {
                let key = set.find(kid).await.ok_or_else(invalid)?;
                let algorithm = asymmetric(header.alg).ok_or_else(invalid)?;
                let key = DecodingKey::from_jwk(&key).map_err(|_| invalid())?;
                decode(token, &key, algorithm)
            }
        }?;
        if claims
            .role
            .as_deref()
            .is_some_and(|role| role != "authenticated")
        {
            return Err(invalid());
        }
        Ok(claims)
    }

    /// Who holds the token. An external issuer's account gets its row at first sight.
    pub async fn authenticate(&self, store: &Store, token: &str) -> Result<Caller> {
        let claims = self.verify(token).await?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let metadata = &claims.user_metadata;
        let name = text(&metadata["name"])
            .or_else(|| text(&metadata["full_name"]))
            .unwrap_or_default();
        let in_metadata = || Uuid::parse_str(claims.app_metadata["tenant_id"].as_str()?).ok();
        let caller = Caller {
            user_id: claims.sub,
            tenant: claims.tenant_id.or_else(in_metadata),
            email: claims.email,
            name,
            expires_at: claims.exp,
        };
        if !matches!(self.issuer, Issuer::Own(_)) {
            self.provision(store, &caller).await?;
        }
        Ok(caller)
    }

    async fn provision(&self, store: &Store, caller: &Caller) -> Result<()> {
        let known = self
            .provisioned
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&caller.user_id);
        if known {
            return Ok(());
        }
        store
            .ensure_external_account(caller.user_id, &caller.email, &caller.name)
            .await?;
        self.provisioned
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(caller.user_id);
        Ok(())
    }
}

/// What an external issuer may sign with. A shared secret is not among it: with a public key taken
/// for a secret, anyone could sign.
fn asymmetric(algorithm: Algorithm) -> Option<Algorithm> {
    matches!(
        algorithm,
        Algorithm::ES256 | Algorithm::RS256 | Algorithm::EdDSA
    )
    .then_some(algorithm)
}

fn decode(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Claims> {
    let mut validation = Validation::new(algorithm);
    validation.leeway = LEEWAY_SECS;
    validation.validate_nbf = true;
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "sub", "aud"]);
    match jsonwebtoken::decode::<Claims>(token, key, &validation) {
        Ok(data) => Ok(data.claims),
        Err(error) if *error.kind() == jsonwebtoken::errors::ErrorKind::ExpiredSignature => {
            Err(Error::unauthenticated("The token has expired."))
        }
        Err(_) => Err(Error::unauthenticated("The token is not valid.")),
    }
}
