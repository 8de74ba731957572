//! The mock's side of TLS: its certificate, made or given, and what is spoken.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::ResolvesServerCert;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::TlsAcceptor;

use crate::certificate::{Given, Invalid, Problem, identity, inspect};
use crate::mock::{AnyCertificate, certificate_name};
use crate::run::tls_provider;

/// How long a certificate that was made is valid: Apple's systems take no more than 398 days
/// (support.apple.com/en-us/102028).
const DAYS_VALID: i32 = 397;

/// What ALPN offers (RFC 7301), the dearest first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// The mock's side of TLS.
#[derive(Clone)]
pub struct Encryption {
    config: Arc<ServerConfig>,
    /// The CA certificate that clients have to trust, in PEM, where it was made.
    authority: Option<String>,
    /// What is odd about a certificate that was given.
    warning: Option<String>,
}

impl fmt::Debug for Encryption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Encryption").field("is_generated", &self.authority.is_some()).finish_non_exhaustive()
    }
}

impl Encryption {
    /// With a certificate of a CA of its own, for `localhost`, the loopback addresses and the one that is listened on. The
    /// CA's key is forgotten, so that nobody can issue anything else with it.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn generated(listen: IpAddr) -> io::Result<Encryption> {
        let (authority, certified) = generate(listen).map_err(io::Error::other)?;
        let config = configuration(Arc::new(certified)).map_err(io::Error::other)?;
        Ok(Encryption { config, authority: Some(authority), warning: None })
    }

    /// With a certificate, its chain and its key in PEM; `now` in seconds since 1970. One that is out of its time is taken:
    /// how a client refuses it may be what is tried out.
    ///
    /// # Errors
    /// When they cannot be read, or do not go together.
    pub fn given(certificate: &[u8], key: &[u8], now: i64) -> Result<Encryption, Invalid> {
        let text = zeroize::Zeroizing::new([certificate, b"\n", key].concat());
        let given = Given { certificate: &text, password: "", authorities: &[], now };
        let (identity, warning) = match identity(&given) {
            Err(invalid) if matches!(invalid.problem, Problem::Expired | Problem::NotYetValid) => {
                let found = inspect(&given)?;
                let begin = found.chain.iter().map(|certificate| certificate.not_before).max().unwrap_or(now);
                (identity(&Given { now: begin, ..given })?, Some(invalid.message))
            }
            identity => (identity?, None),
        };
        let unusable = |error: rustls::Error| Invalid::new(Problem::Unsupported, format!("TLS cannot use it: {error}"));
        let config = configuration(Arc::clone(identity.certified())).map_err(unusable)?;
        Ok(Encryption { config, authority: None, warning })
    }

    /// The CA certificate that clients have to trust, in PEM, where it was made.
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// What is odd about a certificate that was given.
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}

/// TLS 1.2 and 1.3. A client certificate is asked for and not demanded: each action has its own rules.
fn configuration(certified: Arc<CertifiedKey>) -> Result<Arc<ServerConfig>, rustls::Error> {
    let resolver: Arc<dyn ResolvesServerCert> = Arc::new(SingleCertAndKey::from(certified));
    let builder = ServerConfig::builder_with_provider(tls_provider())
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?;
    let builder = builder.with_client_cert_verifier(Arc::new(AnyCertificate::asked_for()));
    let mut config = builder.with_cert_resolver(resolver);
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
    Ok(Arc::new(config))
}

/// The CA certificate in PEM, and what the server shows.
fn generate(listen: IpAddr) -> Result<(String, CertifiedKey), Box<dyn std::error::Error + Send + Sync>> {
    let mut names = vec!["localhost".to_string(), "127.0.0.1".to_string(), "::1".to_string()];
    let listen = listen.to_string();
    if !names.contains(&listen) {
        names.push(listen);
    }
    let mut authority = CertificateParams::default();
    authority.distinguished_name = certificate_name("Hookwright mock CA");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let mut server = CertificateParams::new(names)?;
    server.distinguished_name = certificate_name("Hookwright mock");
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    for parameters in [&mut authority, &mut server] {
        let (begin, end) = validity();
        parameters.not_before =
            date_time_ymd(begin.year().into(), begin.month().cast_unsigned(), begin.day().cast_unsigned());
        parameters.not_after = date_time_ymd(end.year().into(), end.month().cast_unsigned(), end.day().cast_unsigned());
    }
    let authority_key = KeyPair::generate()?;
    let authority_certificate = authority.self_signed(&authority_key)?;
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &Issuer::from_params(&authority, &authority_key))?;
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let certified = CertifiedKey::from_der(vec![certificate.der().clone()], der, &tls_provider())?;
    Ok((authority_certificate.pem(), certified))
}

/// From yesterday, for clocks that differ.
fn validity() -> (Date, Date) {
    let now = Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH);
    let begin = now.to_zoned(TimeZone::UTC).date().saturating_sub(1.day());
    (begin, begin.saturating_add(DAYS_VALID.days()))
}
