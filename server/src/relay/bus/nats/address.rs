//! Where NATS is, as whom to sign in there, and whether only over TLS.

use anyhow::{Context, bail, ensure};
use std::fmt;

const USUAL_PORT: u16 = 4222;

/// `nats://[user:password@|token@]host[:port]`, several with commas between them; with `tls://`
/// nothing is said in plain text.
#[derive(Clone, Debug)]
pub(in crate::relay) struct Address(pub(super) Vec<Server>);

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Server {
    /// With `nats://` the server decides.
    pub tls_only: bool,
    /// A name, or an IP address without brackets.
    pub host: String,
    pub port: u16,
    pub user: Option<String>,
    pub password: Option<String>,
}

impl Address {
    pub fn parse(urls: &str) -> anyhow::Result<Self> {
        let servers = urls.split(',').map(|url| server(url.trim()));
        let servers = servers.collect::<anyhow::Result<_>>();
        Ok(Self(servers.context("reading VISIONFLOW_NATS_URL")?))
    }
}

/// Without the secrets.
impl fmt::Display for Server {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.host, self.port)
    }
}

fn server(url: &str) -> anyhow::Result<Server> {
    let (tls_only, rest) = match url.split_once("://") {
        Some(("nats", rest)) => (false, rest),
        Some(("tls", rest)) => (true, rest),
        _ => bail!("the address has to begin with nats:// or tls://"),
    };
    let rest = rest.trim_end_matches('/');
    let (account, place) = match rest.rsplit_once('@') {
        Some((account, place)) => (Some(account), place),
        None => (None, rest),
    };
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            (host, port.parse().context("reading its port")?)
        }
        _ => (place, USUAL_PORT),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    ensure!(!host.is_empty() && !host.contains('/'), "it names no host");
    let (user, password) = match account.map(|account| account.split_once(':')) {
        Some(Some((user, password))) => (Some(user.to_owned()), Some(password.to_owned())),
        Some(None) => (account.map(str::to_owned), None),
        None => (None, None),
    };
    Ok(Server {
        tls_only,
        host: host.to_owned(),
        port,
        user,
        password,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place, the user and the password.
    type Parts<'a> = (&'a str, u16, Option<&'a str>, Option<&'a str>);

    fn check(url: &str, tls_only: bool, expected: Option<Parts<'_>>) {
        let expected = expected.map(|(host, port, user, password)| Server {
            tls_only,
            host: host.to_owned(),
            port,
            user: user.map(str::to_owned),
            password: password.map(str::to_owned),
        });
        assert_eq!(server(url).ok(), expected, "{url}");
    }

    #[test]
    fn addresses() {
        for (scheme, tls_only) in [("nats", false), ("tls", true)] {
            let check = |rest: &str, expected| {
                check(&format!("{scheme}://{rest}"), tls_only, expected);
            };
            check("bus", Some(("bus", 4222, None, None)));
            check("bus:4333/", Some(("bus", 4333, None, None)));
            check("t0ken@bus", Some(("bus", 4222, Some("t0ken"), None)));
            let with_password = Some(("::1", 4333, Some("a"), Some("b:c")));
            check("a:b:c@[::1]:4333", with_password);
            check("[::1]", Some(("::1", 4222, None, None)));
            check("", None);
            check(":4222", None);
            check("bus:port", None);
        }
        check("ws://bus", false, None);
        check("bus:4222", false, None);
        assert_eq!(Address::parse("nats://a, tls://b").unwrap().0.len(), 2);
        assert!(Address::parse("nats://a,b").is_err());
    }

    #[test]
    fn secrets_are_not_written_to_the_log() {
        let server = server("tls://user:password@bus:4333").unwrap();
        assert_eq!(server.to_string(), "bus:4333");
    }
}
