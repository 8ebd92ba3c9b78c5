//! The embedded identity provider, and the validation of access tokens.
//!
//! `/auth/v1` speaks the protocol of Supabase Auth as far as `@supabase/auth-js` uses it for email
//! and password, so that the public client works against it. Where an external issuer is
//! configured, the provider is off (404) and only validation remains.

mod address;
mod error;
mod extract;
mod jwks;
mod keys;
mod passwords;
mod reset;
mod settings;
mod signup;
mod throttle;
mod token;
mod tokens;
mod user;

pub use error::AuthError;
pub use passwords::Passwords;
pub use reset::issue_reset_link;
pub use tokens::{Claims, Tokens};

use crate::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A refresh token ends after so long without use.
const REFRESH_TOKEN_DAYS: i64 = 60;
/// Access tokens end after an hour: what a signed-out session can still do ends with them.
const ACCESS_TOKEN_SECS: i64 = 3600;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(signup::sign_up))
        .routes(routes!(token::token))
        .routes(routes!(token::log_out))
        .routes(routes!(user::get_user, user::update_user))
        .routes(routes!(reset::reset_password))
        .routes(routes!(settings::settings))
        .routes(routes!(settings::health))
        .routes(routes!(settings::jwks))
}
