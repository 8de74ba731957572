//! Keys and certificates, made anew for each test.

use p12_keystore::{Certificate as StoreCertificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256,
    PKCS_ECDSA_P384_SHA384, PKCS_ED25519, SignatureAlgorithm, date_time_ymd,
};

use super::{Given, Identity, Invalid, identity};

/// The first of January 2026.
pub(super) const NOW: i64 = 1_767_225_600;

pub(super) const ALGORITHMS: [&SignatureAlgorithm; 3] = [&PKCS_ECDSA_P256_SHA256, &PKCS_ECDSA_P384_SHA384, &PKCS_ED25519];

/// A certificate with its key, in PEM, and what it may issue.
pub(super) struct Made {
    pub(super) certificate: String,
    pub(super) key: KeyPair,
    parameters: CertificateParams,
}

impl Made {
    pub(super) fn der(&self) -> Vec<u8> {
        pem::parse(&self.certificate).unwrap().into_contents()
    }

    /// Certificate and key in one PEM text.
    pub(super) fn both(&self) -> String {
        format!("{}{}", self.certificate, self.key.serialize_pem())
    }

    pub(super) fn issue(&self, name: &str, is_authority: bool) -> Made {
        self.issue_for(name, is_authority, &PKCS_ECDSA_P256_SHA256, (2025, 2027))
    }

    /// The same certificate for another time.
    pub(super) fn renewed(&self, issuer: &Made, (from, to): (i32, i32)) -> String {
        let mut parameters = self.parameters.clone();
        (parameters.not_before, parameters.not_after) = (date_time_ymd(from, 3, 1), date_time_ymd(to, 3, 1));
        parameters.signed_by(&self.key, &Issuer::from_params(&issuer.parameters, &issuer.key)).unwrap().pem()
    }

    pub(super) fn issue_for(
        &self,
        name: &str,
        is_authority: bool,
        algorithm: &'static SignatureAlgorithm,
        (from, to): (i32, i32),
    ) -> Made {
        let mut parameters = parameters(name, is_authority);
        (parameters.not_before, parameters.not_after) = (date_time_ymd(from, 3, 1), date_time_ymd(to, 3, 1));
        let key = KeyPair::generate_for(algorithm).unwrap();
        let issuer = Issuer::from_params(&self.parameters, &self.key);
        let certificate = parameters.signed_by(&key, &issuer).unwrap().pem();
        Made { certificate, key, parameters }
    }
}

fn parameters(name: &str, is_authority: bool) -> CertificateParams {
    let mut parameters = CertificateParams::new(vec![format!("{name}.example")]).unwrap();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.use_authority_key_identifier_extension = true;
    match is_authority {
        true => parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
        false => parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth],
    }
    parameters
}

pub(super) fn root(name: &str) -> Made {
    let parameters = parameters(name, true);
    let key = KeyPair::generate().unwrap();
    Made { certificate: parameters.self_signed(&key).unwrap().pem(), key, parameters }
}

/// A PKCS #12 file as another crate writes it.
pub(super) fn pkcs12(
    leaf: &Made,
    others: &[&Made],
    password: &str,
    algorithm: p12_keystore::EncryptionAlgorithm,
) -> Vec<u8> {
    let certificate = |made: &Made| StoreCertificate::from_der(&made.der()).unwrap();
    let certificates = std::iter::once(leaf).chain(others.iter().copied()).map(certificate);
    let key = PrivateKey::from_der(leaf.key.serialized_der()).unwrap();
    let mut store = KeyStore::new();
    store.add_entry("Zoë", KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("1", key, certificates)));
    let writer = store.writer(password).encryption_algorithm(algorithm);
    writer.encryption_iterations(100).mac_iterations(100).write().unwrap()
}

pub(super) fn read(certificate: impl AsRef<[u8]>, password: &str) -> Result<Identity, Invalid> {
    identity(&Given { certificate: certificate.as_ref(), password, authorities: &[], now: NOW })
}
