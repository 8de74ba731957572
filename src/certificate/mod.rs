//! Client certificates for mutual TLS: from the bytes of a file, or the text of a secret, to an identity that was checked
//! before any connection is made. Pure: the time is passed in.
//!
//! # What can be read
//!
//! The platform takes P12, PFX, PEM, CER, CRT and KEY (OpenDialog documentation, "Mutual TLS (mTLS) Authentication"). The
//! content decides, not the name:
//!
//! - PKCS #12 (RFC 7292), in DER or BER, its contents plain or encrypted with PBES2 or with the older schemes of RFC 7292
//!   appendix C (triple DES, RC2), with a MAC or without one;
//! - PEM (RFC 7468) with certificates and one private key in any order, and with other text around them;
//! - private keys as PKCS #8, plain or encrypted, as PKCS #1 (RSA) and as SEC 1 (EC);
//! - a DER certificate, which has no key and so is no identity;
//! - base64 of any of these: a secret is a text.
//!
//! # What is checked
//!
//! That there is one private key which fits a certificate, that TLS can use it, that the certificate is valid now, and that
//! the chain has no gap. A gap is certain only where the file holds issuers and none of them is the one that is needed. A
//! certificate alone says nothing: its issuer may be a root, which need not be sent, or one that the server has. Then
//! [`Identity::missing_issuer`] names it, for the case that the server refuses.

mod chain;
mod contents;
mod costs;
mod details;
mod encryption;
mod identity;
mod invalid;
mod key;
mod pkcs12;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;

pub use details::{Certificate, fingerprint};
pub use identity::{Given, Identity, Inspection, KeyState, authorities, identity, inspect};
pub use invalid::{Invalid, Problem};

/// The longest certificate file, and the longest text of CA certificates.
pub const MAX_BYTES: usize = 1 << 20;

/// The most certificates that one file may hold.
pub const MAX_CERTIFICATES: usize = 1000;

/// The most rounds of a hash that deriving all keys of one file may take. OpenSSL writes 2,048 a key, careful people a
/// million; more would be a way to keep the program busy.
pub const MAX_DERIVATION_ROUNDS: u64 = 4_000_000;

/// The most memory that deriving a key with scrypt (RFC 7914) may take. OpenSSL takes 16 MiB.
pub const MAX_SCRYPT_BYTES: u64 = 64 << 20;
