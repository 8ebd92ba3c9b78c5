//! Email addresses, and the network address of whoever asks.

use super::error::AuthError;
use crate::App;
use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// Trimmed and in lower case: the form in which addresses are kept and compared.
pub fn normalise_email(text: &str) -> Result<String, AuthError> {
    let email = text.trim().to_lowercase();
    let well_formed = email.len() <= 254
        && !email.contains(|c: char| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        });
    if well_formed {
        Ok(email)
    } else {
        Err(AuthError::invalid(
            "Unable to validate email address: invalid format",
        ))
    }
}

/// Where a request comes from, for throttling.
pub struct ClientAddress(pub String);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let forwarded = app
            .config()
            .trust_forwarded_for
            .then(|| parts.headers.get_all("x-forwarded-for").iter().next_back())
            .flatten()
            .and_then(|value| value.to_str().ok())
            // The last entry is the one that the trusted proxy wrote.
            .and_then(|value| value.rsplit(',').next()?.trim().parse().ok());
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        Ok(Self(forwarded.or(peer).map(subject).unwrap_or_default()))
    }
}

/// An IPv6 customer owns a /64: it counts as one address.
fn subject(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_normalised_or_refused() {
        let check = |input: &str, expected: Option<&str>| {
            assert_eq!(
                normalise_email(input).ok().as_deref(),
                expected,
                "{input:?}"
            );
        };
        check(" Ada@Example.ORG ", Some("ada@example.org"));
        check("ada@localhost", Some("ada@localhost"));
        check("ada", None);
        check("@example.org", None);
        check("ada@", None);
        check("a@b@c", None);
        check("a b@c.d", None);
        check("a\0@c.d", None);
        check(&format!("{}@c.d", "a".repeat(255)), None);
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let check = |input: &str, expected: &str| {
            assert_eq!(subject(input.parse().unwrap()), expected);
        };
        check("192.0.2.7", "192.0.2.7");
        check("::ffff:192.0.2.7", "192.0.2.7");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64");
    }
}
