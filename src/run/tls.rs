//! The one place that chooses who does the cryptography of TLS, whom a client trusts, and what it shows of itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::certificate::{Certificate, Identity};
use crate::eval::{ErrorKind, Failure};

/// TLS without a single trusted root: enough for a stand-in that breaks the handshake off, and loaded without reading the
/// machine's certificates.
pub fn without_roots() -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

/// Who does the cryptography.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Whom a client trusts to say who a server is.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// Whom the machine trusts.
    Platform,
    /// These alone; none: nobody.
    Only(&'a [Certificate]),
    /// Whom the machine trusts, and these.
    PlatformAnd(&'a [Certificate]),
}

/// Whether a server has ever asked for a client certificate, over connections of one configuration. It tells a refusal from
/// other ends of a handshake: `handshake_failure` alone says nothing.
#[derive(Clone, Debug, Default)]
pub struct CertificateRequests(Arc<AtomicBool>);

impl CertificateRequests {
    pub fn were_made(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// How a client makes TLS connections: whom it trusts, and the certificate that it shows to a server that asks for one.
///
/// The identity is shown whatever authorities the server names, as OpenSSL does. Sessions are not resumed, so that a server
/// asks each time. Reading the machine's certificates takes some ten milliseconds: only [`Trust::Platform`] and
/// [`Trust::PlatformAnd`] do it.
///
/// # Errors
/// `certificate-invalid` when a CA certificate cannot be trusted as one, `tls` when the machine's cannot be read.
pub fn client_config(trust: Trust<'_>, identity: Option<&Identity>) -> Result<(ClientConfig, CertificateRequests), Failure> {
    let requests = CertificateRequests::default();
    let shown = identity.map(|identity| Arc::clone(identity.certified()));
    let resolver = ShownIdentity { shown, requests: requests.clone() };
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|_| Failure::new(ErrorKind::Tls, "TLS is not available"))?;
    let mut config =
        builder.dangerous().with_custom_certificate_verifier(verifier(trust)?).with_client_cert_resolver(Arc::new(resolver));
    config.resumption = Resumption::disabled();
    Ok((config, requests))
}

fn verifier(trust: Trust<'_>) -> Result<Arc<dyn ServerCertVerifier>, Failure> {
    let (trusted, verifier): (_, Arc<dyn ServerCertVerifier>) = match trust {
        Trust::Only([]) => return Ok(Arc::new(TrustsNobody)),
        Trust::Only(trusted) => (trusted, only(trusted)?),
        Trust::Platform => (&[][..], platform(&[])?),
        Trust::PlatformAnd(trusted) => (trusted, platform(trusted)?),
    };
    Ok(Arc::new(Verifier { trusted: trusted.to_vec(), verifier }))
}

/// The CA certificates that were given, if each can be one.
fn roots(trusted: &[Certificate]) -> Result<RootCertStore, Failure> {
    let mut roots = RootCertStore::empty();
    for certificate in trusted {
        roots.add(certificate.der().clone()).map_err(|_| not_an_authority(certificate))?;
    }
    Ok(roots)
}

fn only(trusted: &[Certificate]) -> Result<Arc<dyn ServerCertVerifier>, Failure> {
    let roots = roots(trusted)?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
    verifier.map(|verifier| verifier as Arc<dyn ServerCertVerifier>).map_err(|_| no_trust())
}

fn platform(trusted: &[Certificate]) -> Result<Arc<dyn ServerCertVerifier>, Failure> {
    use rustls_platform_verifier::Verifier;
    // Its library says of neither a given one nor the machine's what is wrong.
    roots(trusted)?;
    let ders = trusted.iter().map(|certificate| certificate.der().clone());
    match Verifier::new_with_extra_roots(ders, provider()) {
        Ok(verifier) => Ok(Arc::new(verifier)),
        Err(_) => Err(no_trust()),
    }
}

fn not_an_authority(certificate: &Certificate) -> Failure {
    let message = format!("the CA certificate `{}` cannot be used to verify a server", certificate.subject);
    Failure::new(ErrorKind::CertificateInvalid, message)
}

fn no_trust() -> Failure {
    Failure::new(ErrorKind::Tls, "the certificates that this machine trusts cannot be read")
}

/// Shows the identity to whoever asks, and remembers that somebody did.
#[derive(Debug)]
struct ShownIdentity {
    shown: Option<Arc<CertifiedKey>>,
    requests: CertificateRequests,
}

impl ResolvesClientCert for ShownIdentity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.requests.0.store(true, Ordering::Release);
        self.shown.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Verifies as its library does, and also trusts a server that shows the very certificate that was given as CA certificate:
/// people give a server's self-signed certificate there, and OpenSSL takes it.
#[derive(Debug)]
struct Verifier {
    trusted: Vec<Certificate>,
    verifier: Arc<dyn ServerCertVerifier>,
}

impl Verifier {
    /// The name and the time still have to be right.
    fn is_given(&self, shown: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> bool {
        let Some(given) = self.trusted.iter().find(|given| given.der() == shown) else { return false };
        let Ok(now) = i64::try_from(now.as_secs()) else { return false };
        let is_named = ParsedCertificate::try_from(shown).is_ok_and(|shown| verify_server_name(&shown, name).is_ok());
        is_named && (given.not_before..=given.not_after).contains(&now)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            Err(_) if self.is_given(end_entity, server_name, now) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// Without a single root the library makes no verifier.
#[derive(Debug)]
struct TrustsNobody;

impl ServerCertVerifier for TrustsNobody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}
