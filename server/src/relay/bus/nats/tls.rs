//! TLS to a NATS server: the certificate has to be its host's, from an authority that this system
//! trusts.

use anyhow::{Context, ensure};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub(super) async fn begin(stream: TcpStream, host: &str) -> anyhow::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned())
        .with_context(|| format!("{host} cannot be in a certificate"))?;
    // Read for every connection: authorities may change while we run.
    let roots = tokio::task::spawn_blocking(roots).await??;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    Ok(connector.connect(name, stream).await?)
}

/// The system's, or those in the file that `SSL_CERT_FILE` names.
fn roots() -> anyhow::Result<RootCertStore> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (taken, _) = roots.add_parsable_certificates(found.certs);
    let errors: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
    let errors = errors.join("; ");
    ensure!(taken > 0, "the system's authorities are not found {errors}");
    Ok(roots)
}
