//! When an access token ends, read from the token itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

#[derive(Deserialize)]
struct Claims {
    /// Seconds since the epoch.
    exp: f64,
}

/// The end of a JWT in ms since the epoch; `None` for a token that does not say.
///
/// The signature is the server's business.
pub fn expiry_ms(jwt: &str) -> Option<u64> {
    let payload = jwt.split('.').nth(1)?.trim_end_matches('=');
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Claims = serde_json::from_slice(&payload).ok()?;
    Some((claims.exp * 1000.0) as u64)
}
