//! Encryption under a password: PBES2 (RFC 8018), and the older schemes of PKCS #12 (RFC 7292 appendix C).

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{AnyRef, Decode, Sequence};
use hmac::digest::Digest;
use hmac::digest::block_api::BlockSizeUser;
use pkcs8::pkcs5::pbes2::{Kdf, PBES2_OID, Parameters};
use pkcs8::pkcs5::{self};
use sha1::Sha1;
use zeroize::Zeroizing;

use super::costs::Costs;
use super::invalid::{Invalid, Problem};

/// An algorithm and its parameters, in DER or BER.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct Algorithm<'a> {
    pub(super) oid: ObjectIdentifier,
    #[asn1(optional = "true")]
    pub(super) parameters: Option<AnyRef<'a>>,
}

/// `pkcs-12PbeParams` of RFC 7292 appendix C.
#[derive(Sequence)]
struct OlderParameters<'a> {
    salt: &'a OctetStringRef,
    iterations: u32,
}

const TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
const RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

/// What a derived key is for (RFC 7292 appendix B.3).
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    InitialVector = 2,
    Mac = 3,
}

/// What was encrypted.
pub(super) fn decrypt(
    algorithm: &Algorithm<'_>,
    encrypted: &[u8],
    password: &str,
    costs: &mut Costs,
) -> Result<Zeroizing<Vec<u8>>, Invalid> {
    match algorithm.oid {
        PBES2_OID => decrypt_pbes2(algorithm, encrypted, password, costs),
        TRIPLE_DES => older::<des::TdesEde3>(algorithm, 24, encrypted, password, costs),
        RC2_128 => older::<rc2::Rc2>(algorithm, 16, encrypted, password, costs),
        RC2_40 => older::<rc2::Rc2>(algorithm, 5, encrypted, password, costs),
        _ => Err(unsupported(algorithm.oid)),
    }
}

fn decrypt_pbes2(
    algorithm: &Algorithm<'_>,
    encrypted: &[u8],
    password: &str,
    costs: &mut Costs,
) -> Result<Zeroizing<Vec<u8>>, Invalid> {
    let parameters = algorithm.parameters.ok_or_else(damaged)?;
    let parameters = Parameters::try_from(parameters).map_err(|error| match error.kind() {
        der::ErrorKind::OidUnknown { oid } => unsupported(oid),
        _ => unsupported(algorithm.oid),
    })?;
    match &parameters.kdf {
        Kdf::Pbkdf2(derivation) => costs.spend(u64::from(derivation.iteration_count))?,
        Kdf::Scrypt(derivation) => costs.spend_on_scrypt(
            derivation.cost_parameter,
            derivation.block_size.into(),
            derivation.parallelization.into(),
        )?,
        _ => return Err(unsupported(parameters.kdf.oid())),
    }
    parameters.decrypt(password, encrypted).map(Zeroizing::new).map_err(|error| match error {
        pkcs5::Error::UnsupportedAlgorithm { oid } => unsupported(oid),
        pkcs5::Error::AlgorithmParametersInvalid { .. } => damaged(),
        _ => Invalid::password(password),
    })
}

fn older<C: BlockCipherDecrypt + KeyInit>(
    algorithm: &Algorithm<'_>,
    key_bytes: usize,
    encrypted: &[u8],
    password: &str,
    costs: &mut Costs,
) -> Result<Zeroizing<Vec<u8>>, Invalid> {
    const BLOCK_BYTES: usize = 8;
    let parameters = algorithm.parameters.ok_or_else(damaged)?;
    let parameters: OlderParameters<'_> = parameters.decode_as().map_err(|_| damaged())?;
    for password in spellings(password) {
        let derive = |purpose, bytes, costs: &mut Costs| {
            derive_key::<Sha1>(&password, parameters.salt.as_bytes(), purpose, parameters.iterations, bytes, costs)
        };
        let key = derive(Purpose::Key, key_bytes, costs)?;
        let vector = derive(Purpose::InitialVector, BLOCK_BYTES, costs)?;
        let cipher = cbc::Decryptor::<C>::new_from_slices(&key, &vector).map_err(|_| damaged())?;
        if let Ok(plain) = cipher.decrypt_padded_vec::<Pkcs7>(encrypted) {
            return Ok(Zeroizing::new(plain));
        }
    }
    Err(Invalid::password(password))
}

/// The password as PKCS #12 hashes it: UTF-16 with its end marked. Of the empty one two spellings are in use.
pub(super) fn spellings(password: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let mut marked: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
    marked.extend([0, 0]);
    let mut spellings = vec![Zeroizing::new(marked)];
    if password.is_empty() {
        spellings.push(Zeroizing::new(Vec::new()));
    }
    spellings
}

/// The key derivation of RFC 7292 appendix B.2; the letters are those of the RFC.
pub(super) fn derive_key<H: Digest + BlockSizeUser>(
    password: &[u8],
    salt: &[u8],
    purpose: Purpose,
    iterations: u32,
    bytes: usize,
    costs: &mut Costs,
) -> Result<Zeroizing<Vec<u8>>, Invalid> {
    let v = H::block_size();
    let d = vec![purpose as u8; v];
    let mut i = Zeroizing::new(repeated(salt, v));
    i.extend(repeated(password, v));
    let mut key = Zeroizing::new(Vec::with_capacity(bytes + v));
    while key.len() < bytes {
        costs.spend(u64::from(iterations).max(1))?;
        let mut a = H::new().chain_update(&d).chain_update(i.as_slice()).finalize();
        for _ in 1..iterations {
            a = H::digest(&a);
        }
        key.extend_from_slice(&a);
        let b: Vec<u8> = a.iter().copied().cycle().take(v).collect();
        i.chunks_exact_mut(v).for_each(|block| add_with_one(block, &b));
    }
    key.truncate(bytes);
    Ok(key)
}

/// As often as it takes to fill blocks of `v` bytes; nothing stays nothing.
fn repeated(bytes: &[u8], v: usize) -> Vec<u8> {
    bytes.iter().copied().cycle().take(bytes.len().div_ceil(v) * v).collect()
}

/// `block + other + 1`, as big-endian numbers of the same length.
fn add_with_one(block: &mut [u8], other: &[u8]) {
    let mut carry = 1_u16;
    for (byte, other) in block.iter_mut().zip(other).rev() {
        let sum = u16::from(*byte) + u16::from(*other) + carry;
        *byte = sum.to_be_bytes()[1];
        carry = sum >> 8;
    }
}

pub(super) fn damaged() -> Invalid {
    Invalid::unreadable("the certificate is damaged: what it says of its encryption cannot be read")
}

fn unsupported(oid: ObjectIdentifier) -> Invalid {
    let message = format!("the certificate is encrypted with `{}`, which is not supported", scheme_name(oid));
    Invalid::new(Problem::Unsupported, message).help(RECODE)
}

/// What to run for a key in an older form.
pub(super) const RECODE: &str =
    "`openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD.key -out NEW.key` writes a key in a form that can be read";

/// The names that people know the schemes by (RFC 8018 appendix A, RFC 7292 appendix C).
fn scheme_name(oid: ObjectIdentifier) -> String {
    let name = match oid.to_string().as_str() {
        "1.2.840.113549.1.5.1" => "pbeWithMD2AndDES-CBC",
        "1.2.840.113549.1.5.3" => "pbeWithMD5AndDES-CBC",
        "1.2.840.113549.1.5.4" => "pbeWithMD2AndRC2-CBC",
        "1.2.840.113549.1.5.6" => "pbeWithMD5AndRC2-CBC",
        "1.2.840.113549.1.5.10" => "pbeWithSHA1AndDES-CBC",
        "1.2.840.113549.1.5.11" => "pbeWithSHA1AndRC2-CBC",
        "1.2.840.113549.1.12.1.1" => "pbeWithSHAAnd128BitRC4",
        "1.2.840.113549.1.12.1.2" => "pbeWithSHAAnd40BitRC4",
        "1.2.840.113549.1.12.1.4" => "pbeWithSHAAnd2-KeyTripleDES-CBC",
        "1.3.14.3.2.7" => "DES-CBC",
        other => return other.to_string(),
    };
    name.to_string()
}

/// An encrypted private key (RFC 5958 section 3), opened: PKCS #8.
pub(super) fn open_key(bytes: &[u8], password: &str, costs: &mut Costs) -> Result<Zeroizing<Vec<u8>>, Invalid> {
    let unreadable = |_| Invalid::unreadable("the encrypted private key cannot be read: it is damaged");
    let key = EncryptedKey::from_ber(bytes).map_err(unreadable)?;
    decrypt(&key.algorithm, key.encrypted.as_bytes(), password, costs)
}

#[derive(Sequence)]
struct EncryptedKey<'a> {
    algorithm: Algorithm<'a>,
    encrypted: der::asn1::OctetString,
}
