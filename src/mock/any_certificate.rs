//! A verifier of client certificates that takes any whose key the client has.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConnection, SignatureScheme};

use crate::certificate::{Certificate, authorities};
use crate::run::tls_provider;

/// Takes any client certificate whose key the client has: what is to be said of it is said afterwards, by whoever knows what
/// is expected.
#[derive(Debug)]
pub struct AnyCertificate {
    is_demanded: bool,
    algorithms: WebPkiSupportedAlgorithms,
}

impl AnyCertificate {
    /// Asks for a certificate, and takes no connection without one.
    pub fn demanded() -> AnyCertificate {
        AnyCertificate { is_demanded: true, algorithms: tls_provider().signature_verification_algorithms }
    }

    /// Asks for a certificate, and does without.
    pub fn asked_for() -> AnyCertificate {
        AnyCertificate { is_demanded: false, ..AnyCertificate::demanded() }
    }
}

/// The certificate that the client of a connection has shown.
pub fn shown_certificate(connection: &ServerConnection) -> Option<Certificate> {
    read(connection.peer_certificates()?.first()?)
}

fn read(der: &[u8]) -> Option<Certificate> {
    authorities(der).ok()?.into_iter().next()
}

fn unreadable() -> rustls::Error {
    rustls::Error::InvalidCertificate(rustls::CertificateError::BadEncoding)
}

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        self.is_demanded
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        read(end_entity).map(|_| ClientCertVerified::assertion()).ok_or_else(unreadable)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    /// With the bare key: certificates of version 1 are shown, too.
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let certificate = read(certificate).ok_or_else(unreadable)?;
        let key = SubjectPublicKeyInfoDer::from(certificate.public_key());
        verify_tls13_signature_with_raw_key(message, &key, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
