//! The one place that chooses who does the cryptography of TLS.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

/// TLS without a single trusted root: enough for a stand-in that breaks the handshake off, and loaded without reading the
/// machine's certificates.
pub fn without_roots() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}
