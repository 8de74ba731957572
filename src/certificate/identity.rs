//! From what a file holds to an identity that TLS can show.

use std::sync::Arc;

use rustls::sign::{CertifiedKey, SigningKey};

use super::chain::Chain;
use super::contents::{self, Contents};
use super::details::{Certificate, moment};
use super::invalid::{Invalid, Problem};

/// What a client certificate is read from.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The bytes of a file, or the text of a secret: see the head of [the module](super).
    pub certificate: &'a [u8],
    /// Empty: none. Ignored where nothing is encrypted.
    pub password: &'a str,
    /// CA certificates that were given besides: they complete a chain.
    pub authorities: &'a [Certificate],
    /// Seconds since 1970.
    pub now: i64,
}

/// A client certificate with its key, checked. Debug shows the subject.
#[derive(Clone)]
pub struct Identity {
    certified: Arc<CertifiedKey>,
    /// The certificate, and the ones that are sent after it.
    pub chain: Vec<Certificate>,
    /// The issuer that is not there, when it is not known whether the server has it.
    pub missing_issuer: Option<String>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the identity of {}", self.certificate().subject)
    }
}

impl Identity {
    /// The certificate itself, without those of its issuers.
    pub fn certificate(&self) -> &Certificate {
        &self.chain[0]
    }

    /// Chain and key as TLS takes them.
    pub fn certified(&self) -> &Arc<CertifiedKey> {
        &self.certified
    }
}

/// How the private key of a file and its certificate go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    Fits,
    DoesNotFit,
    Missing,
    Several,
    Unusable,
}

/// What a file holds, with all that is wrong with it. No key is in it.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The certificate of the key (else the first one that issued no other) and its chain.
    pub chain: Vec<Certificate>,
    /// Certificates that belong to nothing.
    pub strays: Vec<Certificate>,
    pub key: KeyState,
    /// Why it cannot be used as a client certificate, the gravest first. Empty: it can.
    pub problems: Vec<Invalid>,
    pub missing_issuer: Option<String>,
}

/// Reads a client certificate and checks that it can be used now.
///
/// # Errors
/// The gravest thing that is wrong with it.
pub fn identity(given: &Given<'_>) -> Result<Identity, Invalid> {
    let contents = contents::read(given.certificate, given.password)?;
    let (inspection, key) = examine(&contents, given)?;
    match (inspection.problems.into_iter().next(), key) {
        (None, Some(key)) => {
            let ders = inspection.chain.iter().map(|certificate| certificate.der().clone()).collect();
            let certified = Arc::new(CertifiedKey::new(ders, key));
            Ok(Identity { certified, chain: inspection.chain, missing_issuer: inspection.missing_issuer })
        }
        (Some(problem), _) => Err(problem),
        (None, None) => Err(key_missing()),
    }
}

/// Reads a certificate file to show it.
///
/// # Errors
/// When no certificate is to be had from it.
pub fn inspect(given: &Given<'_>) -> Result<Inspection, Invalid> {
    let contents = contents::read(given.certificate, given.password)?;
    examine(&contents, given).map(|(inspection, _)| inspection)
}

/// Reads CA certificates: base64 of PEM, as the platform has them, or plain PEM or DER.
///
/// # Errors
/// When there is none, or one of them cannot be read.
pub fn authorities(text: &[u8]) -> Result<Vec<Certificate>, Invalid> {
    let unreadable = |why: String| {
        Invalid::new(Problem::AuthorityUnreadable, format!("the CA certificate cannot be read: {why}"))
            .help("it is to be one or more certificates in PEM, or base64 of that")
    };
    let contents = contents::read(text, "").map_err(|invalid| match invalid.problem {
        Problem::Empty => unreadable("the value is empty".to_string()),
        _ => unreadable(invalid.message),
    })?;
    match contents.certificates.is_empty() {
        true => Err(unreadable("it holds no certificate".to_string())),
        false => Ok(contents.certificates),
    }
}

type Examined = (Inspection, Option<Arc<dyn SigningKey>>);

fn examine(contents: &Contents, given: &Given<'_>) -> Result<Examined, Invalid> {
    let (key, mut problems) = match usable_key(contents) {
        Ok(key) => (Some(key), Vec::new()),
        Err(problem) => (None, vec![problem]),
    };
    let fitting = key.as_ref().and_then(|key| certificate_of(key.as_ref(), contents));
    let Some(leaf) = fitting.or_else(|| last_issued(contents)) else { return Err(certificate_missing(contents)) };
    if key.is_some() && fitting.is_none() {
        problems.push(key_does_not_fit(leaf));
    }
    let chain = Chain::of(leaf, &contents.certificates, given.authorities);
    problems.extend(gap(&chain));
    // Servers refuse a chain with a certificate that is out of its time; a root they have themselves.
    let mut sent = chain.certificates.iter().filter(|one| *one == leaf || !one.is_self_issued());
    problems.extend(sent.find_map(|certificate| out_of_time(certificate, given.now)));
    let state = match problems.first().map(|invalid| invalid.problem) {
        Some(Problem::KeyMissing) => KeyState::Missing,
        Some(Problem::SeveralKeys) => KeyState::Several,
        Some(Problem::KeyDoesNotFit) => KeyState::DoesNotFit,
        _ if key.is_none() => KeyState::Unusable,
        _ => KeyState::Fits,
    };
    let Chain { certificates: chain, strays, missing_issuer } = chain;
    Ok((Inspection { chain, strays, key: state, problems, missing_issuer }, key))
}

fn usable_key(contents: &Contents) -> Result<Arc<dyn SigningKey>, Invalid> {
    match contents.keys.as_slice() {
        [] => Err(key_missing()),
        [key] => key.load(),
        keys => {
            let message = format!("there are {} private keys: it is not clear which one to use", keys.len());
            Err(Invalid::new(Problem::SeveralKeys, message))
        }
    }
}

fn certificate_missing(contents: &Contents) -> Invalid {
    let found = if contents.keys.is_empty() { "" } else { ", only a private key" };
    Invalid::new(Problem::CertificateMissing, format!("there is no certificate{found}"))
        .help("put certificate and private key into one PEM or PKCS #12 file")
}

fn key_missing() -> Invalid {
    Invalid::new(Problem::KeyMissing, "there is no private key, only a certificate")
        .help("put certificate and private key into one PEM or PKCS #12 file")
}

fn key_does_not_fit(leaf: &Certificate) -> Invalid {
    let message = format!("the private key does not fit the certificate `{}`", leaf.subject);
    Invalid::new(Problem::KeyDoesNotFit, message)
}

/// The certificate with the public half of the key. The ids that PKCS #12 gives play no part: they may be wrong or absent.
fn certificate_of<'a>(key: &dyn SigningKey, contents: &'a Contents) -> Option<&'a Certificate> {
    let public_key = key.public_key()?;
    let fitting = |certificate: &&Certificate| certificate.public_key() == public_key.as_ref();
    // Of a renewed one the newer.
    contents.certificates.iter().filter(fitting).max_by_key(|certificate| certificate.not_after)
}

/// The first certificate that issued none of the others.
fn last_issued(contents: &Contents) -> Option<&Certificate> {
    let all = &contents.certificates;
    let issued_another = |one: &Certificate| all.iter().any(|other| other != one && one.may_have_issued(other));
    all.iter().find(|one| !issued_another(one)).or(all.first())
}

fn gap(chain: &Chain) -> Option<Invalid> {
    let missing = chain.missing_issuer.as_ref().filter(|_| chain.has_gap())?;
    let last = chain.certificates.last()?;
    let message = format!(
        "the chain is incomplete: the certificate of `{missing}`, which issued `{}`, is not among those that came with it",
        last.subject
    );
    Some(Invalid::new(Problem::ChainIncomplete, message).help("add the issuer's certificate to the file"))
}

fn out_of_time(certificate: &Certificate, now: i64) -> Option<Invalid> {
    let Certificate { subject, not_before, not_after, .. } = certificate;
    if now > *not_after {
        let message = format!("the certificate `{subject}` expired on {}", moment(*not_after));
        return Some(Invalid::new(Problem::Expired, message));
    }
    let message = || format!("the certificate `{subject}` is not valid before {}", moment(*not_before));
    (now < *not_before).then(|| Invalid::new(Problem::NotYetValid, message()))
}
