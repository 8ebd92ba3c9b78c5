//! The provider's own ES256 keys, kept in the database so that every server of it has them.

use crate::store::{SigningKey, Store};
use anyhow::{Context, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::{DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use serde_json::{Value, json};
use std::collections::HashMap;

/// All keys verify; the newest signs.
pub struct Keys {
    pub kid: String,
    pub signing: EncodingKey,
    pub verifying: HashMap<String, DecodingKey>,
    /// The public halves, `{"keys": […]}`.
    pub jwks: Value,
}

impl Keys {
    /// Loads them; makes the first.
    pub async fn load(store: &Store) -> anyhow::Result<Self> {
        let new = generate()?;
        let known = store
            .signing_keys(&new)
            .await
            .context("reading the signing keys")?;
        let newest = known.last().context("there is no signing key")?;
        let mut verifying = HashMap::new();
        let mut published = Vec::new();
        for key in &known {
            verifying.insert(
                key.kid.clone(),
                DecodingKey::from_ec_pem(key.public_pem.as_bytes())?,
            );
            published.push(public_jwk(key)?);
        }
        Ok(Self {
            kid: newest.kid.clone(),
            signing: EncodingKey::from_ec_pem(newest.private_pem.as_bytes())?,
            verifying,
            jwks: json!({ "keys": published }),
        })
    }
}

fn generate() -> anyhow::Result<SigningKey> {
    // A random scalar is a valid key, but for a chance of one in 2³²; then another is drawn.
    let secret = loop {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| anyhow!("no random bytes: {error}"))?;
        if let Ok(secret) = p256::SecretKey::from_slice(&bytes) {
            break secret;
        }
    };
    let private_pem = secret.to_pkcs8_pem(LineEnding::LF)?.to_string();
    let public_pem = secret.public_key().to_public_key_pem(LineEnding::LF)?;
    let kid = uuid::Uuid::now_v7().to_string();
    Ok(SigningKey {
        kid,
        private_pem,
        public_pem,
    })
}

fn public_jwk(key: &SigningKey) -> anyhow::Result<Value> {
    let public = p256::PublicKey::from_public_key_pem(&key.public_pem)?;
    let point = public.to_encoded_point(false);
    let coordinate = |bytes: Option<&p256::FieldBytes>| {
        bytes
            .map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
            .context("a public key without coordinates")
    };
    Ok(json!({
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "key_ops": ["verify"],
        "kid": key.kid, "x": coordinate(point.x())?, "y": coordinate(point.y())?, "ext": true,
    }))
}
