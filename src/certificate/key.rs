//! Private keys in the forms that files have them in.

use std::sync::Arc;

use der::asn1::ObjectIdentifier;
use der::{AnyRef, Decode, Sequence};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use rustls::sign::SigningKey;
use zeroize::Zeroizing;

use super::encryption::Algorithm;
use super::invalid::{Invalid, Problem};

/// A private key in DER. Nothing of it is shown, and it is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key {
    form: Form,
    der: Zeroizing<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Pkcs8,
    Pkcs1,
    Sec1,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "a private key as {:?}", self.form)
    }
}

/// PKCS #8 (RFC 5958 section 2): what tells the algorithm.
#[derive(Sequence)]
struct Pkcs8<'a> {
    version: u8,
    algorithm: Algorithm<'a>,
    key: AnyRef<'a>,
    #[asn1(optional = "true")]
    attributes: Option<AnyRef<'a>>,
    #[asn1(optional = "true")]
    public_key: Option<AnyRef<'a>>,
}

impl Key {
    pub(super) fn pkcs8(der: Vec<u8>) -> Key {
        Key { form: Form::Pkcs8, der: Zeroizing::new(der) }
    }

    /// RSA (RFC 8017 appendix A.1.2).
    pub(super) fn pkcs1(der: Vec<u8>) -> Key {
        Key { form: Form::Pkcs1, der: Zeroizing::new(der) }
    }

    /// EC (RFC 5915).
    pub(super) fn sec1(der: Vec<u8>) -> Key {
        Key { form: Form::Sec1, der: Zeroizing::new(der) }
    }

    /// The key as TLS uses it.
    pub(super) fn load(&self) -> Result<Arc<dyn SigningKey>, Invalid> {
        let der = self.der.to_vec();
        let der = match self.form {
            Form::Pkcs8 => PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der)),
            Form::Pkcs1 => PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der)),
            Form::Sec1 => PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(der)),
        };
        any_supported_type(&der).map_err(|_| self.unusable())
    }

    /// Why TLS cannot use the key, as far as its head tells.
    fn unusable(&self) -> Invalid {
        let algorithm = match self.form {
            Form::Pkcs8 => Pkcs8::from_der(&self.der).ok().map(|key| key.algorithm),
            Form::Pkcs1 | Form::Sec1 => None,
        };
        let name = algorithm.map(|algorithm| algorithm_name(algorithm.oid, algorithm.parameters));
        let why = match name {
            Some(name) if !["RSA", "EC P-256", "EC P-384", "Ed25519"].contains(&name.as_str()) => {
                format!("the private key is for {name}, which is not supported")
            }
            Some(name) => {
                format!("the private key ({name}) cannot be used: it is damaged, or too short or too long for TLS")
            }
            None if self.form == Form::Pkcs1 => {
                "the private key (RSA) cannot be used: it is damaged, or too short or too long for TLS".to_string()
            }
            None => "the private key cannot be used: it is damaged, or of a kind that is not supported".to_string(),
        };
        Invalid::new(Problem::Unsupported, why).help("RSA with 2048 bits or more, EC P-256 and P-384, and Ed25519 work")
    }
}

/// The name of a public key algorithm, with its curve: `RSA`, `EC P-256`, `Ed25519`; else its identifier.
pub(super) fn algorithm_name(oid: ObjectIdentifier, parameters: Option<AnyRef<'_>>) -> String {
    let name = match oid.to_string().as_str() {
        "1.2.840.113549.1.1.1" => "RSA",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.10040.4.1" => "DSA",
        "1.3.101.110" => "X25519",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.2.840.10045.2.1" => {
            let curve = parameters.and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
            return curve.map_or_else(|| "EC".to_string(), |curve| format!("EC {}", curve_name(curve)));
        }
        other => return other.to_string(),
    };
    name.to_string()
}

fn curve_name(oid: ObjectIdentifier) -> String {
    let name = match oid.to_string().as_str() {
        "1.2.840.10045.3.1.7" => "P-256",
        "1.3.132.0.34" => "P-384",
        "1.3.132.0.35" => "P-521",
        "1.3.132.0.33" => "P-224",
        "1.3.132.0.10" => "secp256k1",
        other => return other.to_string(),
    };
    name.to_string()
}
