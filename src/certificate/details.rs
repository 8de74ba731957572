//! What a certificate says (RFC 5280).

use std::net::IpAddr;

use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, SubjectAltName, SubjectKeyIdentifier,
};

use super::invalid::Invalid;
use super::key::algorithm_name;

/// Purposes that a certificate may be limited to (RFC 5280 section 4.2.1.12).
const CLIENT_AUTHENTICATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const ANY_PURPOSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");

/// A certificate, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: CertificateDer<'static>,
    /// As RFC 4514 writes it: `CN=client,O=Example`.
    pub subject: String,
    pub issuer: String,
    /// Names and addresses besides the subject: `example.com`, `127.0.0.1`.
    pub alternative_names: Vec<String>,
    /// SHA-256 over the certificate, in hexadecimal with colons, as OpenSSL and browsers show it.
    pub fingerprint: String,
    /// Seconds since 1970.
    pub not_before: i64,
    pub not_after: i64,
    /// `RSA 2048`, `EC P-256`, `Ed25519`.
    pub key_algorithm: String,
    /// Whether it may issue others.
    pub is_authority: bool,
    /// Whether it may be shown by a client.
    pub is_for_clients: bool,
    pub(super) names: Names,
}

/// Who issued whom: names in DER, and the ids of keys where there are some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    subject: Vec<u8>,
    issuer: Vec<u8>,
    subject_key: Option<Vec<u8>>,
    issuer_key: Option<Vec<u8>>,
    public_key: Vec<u8>,
}

impl Certificate {
    /// Reads one certificate in DER.
    ///
    /// # Errors
    /// When it is none, or cut short.
    pub fn from_der(bytes: &[u8]) -> Result<Certificate, Invalid> {
        let unreadable = |_| Invalid::unreadable("a certificate cannot be read: it is damaged or cut short");
        let parsed = CertificateInner::<Raw>::from_der(bytes).map_err(unreadable)?;
        let content = parsed.tbs_certificate();
        let public_key = content.subject_public_key_info();
        let der = |result: der::Result<Vec<u8>>| result.map_err(unreadable);
        let names = Names {
            subject: der(content.subject().to_der())?,
            issuer: der(content.issuer().to_der())?,
            subject_key: extension::<SubjectKeyIdentifier>(&parsed).map(|id| id.0.into_bytes().into()),
            issuer_key: extension::<AuthorityKeyIdentifier>(&parsed)
                .and_then(|id| id.key_identifier)
                .map(|id: OctetString| id.into_bytes().into()),
            public_key: der(public_key.to_der())?,
        };
        let seconds = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        Ok(Certificate {
            der: CertificateDer::from(bytes.to_vec()),
            subject: shown(&content.subject().to_string()),
            issuer: shown(&content.issuer().to_string()),
            alternative_names: alternative_names(&parsed),
            fingerprint: fingerprint(bytes),
            not_before: seconds(content.validity().not_before),
            not_after: seconds(content.validity().not_after),
            key_algorithm: key_algorithm(public_key),
            is_authority: extension::<BasicConstraints>(&parsed).is_some_and(|constraints| constraints.ca),
            is_for_clients: extension::<ExtendedKeyUsage>(&parsed)
                .is_none_or(|usage| usage.0.iter().any(|use_| [CLIENT_AUTHENTICATION, ANY_PURPOSE].contains(use_))),
            names,
        })
    }

    /// The certificate as TLS takes it.
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// The public key in DER (SubjectPublicKeyInfo).
    pub fn public_key(&self) -> &[u8] {
        &self.names.public_key
    }

    pub fn is_self_issued(&self) -> bool {
        self.names.subject == self.names.issuer
    }

    /// Whether the names say that this one issued the other, and the ids of the keys do not say otherwise.
    pub(super) fn may_have_issued(&self, other: &Certificate) -> bool {
        let keys_agree = match (&self.names.subject_key, &other.names.issuer_key) {
            (Some(own), Some(issuer)) => own == issuer,
            _ => true,
        };
        self.names.subject == other.names.issuer && keys_agree
    }
}

/// SHA-256 over a certificate in DER, in hexadecimal with colons.
pub fn fingerprint(der: &[u8]) -> String {
    let pairs: Vec<String> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// A moment as messages write it.
pub(super) fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| "a time beyond year 9999".to_string(), |moment| moment.to_string())
}

/// Text of a certificate, which anybody may have written, in one line and without control characters.
fn shown(text: &str) -> String {
    const LONGEST: usize = 500;
    let visible = |character: char| if character.is_control() { '\u{fffd}' } else { character };
    let mut shown: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

fn extension<'a, T>(certificate: &'a CertificateInner<Raw>) -> Option<T>
where
    T: Decode<'a> + der::oid::AssociatedOid,
{
    let extensions = certificate.tbs_certificate().extensions()?;
    let found = extensions.iter().find(|extension| extension.extn_id == T::OID)?;
    T::from_der(found.extn_value.as_bytes()).ok()
}

fn alternative_names(certificate: &CertificateInner<Raw>) -> Vec<String> {
    let names = extension::<SubjectAltName>(certificate).map(|names| names.0).unwrap_or_default();
    let name = |name: &GeneralName| match name {
        GeneralName::DnsName(name) | GeneralName::Rfc822Name(name) | GeneralName::UniformResourceIdentifier(name) => {
            Some(shown(name.as_str()))
        }
        GeneralName::IpAddress(bytes) => address(bytes.as_bytes()).map(|address| address.to_string()),
        GeneralName::DirectoryName(name) => Some(shown(&name.to_string())),
        _ => None,
    };
    names.iter().filter_map(name).collect()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}

fn key_algorithm(public_key: &x509_cert::SubjectPublicKeyInfo) -> String {
    let parameters = public_key.algorithm.parameters.as_ref().map(der::AnyRef::from);
    let name = algorithm_name(public_key.algorithm.oid, parameters);
    match rsa_bits(public_key.subject_public_key.raw_bytes()).filter(|_| name == "RSA") {
        Some(bits) => format!("RSA {bits}"),
        None => name,
    }
}

/// The length of the modulus (RFC 8017 appendix A.1.1).
fn rsa_bits(public_key: &[u8]) -> Option<usize> {
    #[derive(der::Sequence)]
    struct RsaPublicKey<'a> {
        modulus: der::asn1::UintRef<'a>,
        exponent: der::asn1::UintRef<'a>,
    }
    let key = RsaPublicKey::from_der(public_key).ok()?;
    let bytes = key.modulus.as_bytes();
    let leading = bytes.first()?.leading_zeros();
    Some(bytes.len() * 8 - usize::try_from(leading).ok()?)
}
