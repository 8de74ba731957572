//! No input makes the reader panic or keeps it busy.
#![allow(clippy::disallowed_methods, reason = "how long a refusal takes is what is tested")]

use std::time::{Duration, Instant};

use der::asn1::OctetString;
use der::{Encode, Sequence};
use p12_keystore::EncryptionAlgorithm;
use pkcs8::pkcs5::pbes2::{Kdf, Parameters};
use proptest::prelude::*;

use super::test_support::{pkcs12, read, root};
use super::{Problem, authorities};

/// Far more than any file takes, and far less than a hang.
const LONG: Duration = Duration::from_secs(20);

/// Files of every form, made once.
fn samples() -> &'static [Vec<u8>] {
    static SAMPLES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    SAMPLES.get_or_init(|| {
        let root = root("root");
        let client = root.issue("client", false);
        vec![
            pkcs12(&client, &[&root], "pass", EncryptionAlgorithm::PbeWithHmacSha256AndAes256),
            pkcs12(&client, &[&root], "pass", EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc),
            format!("{}{}", client.both(), root.certificate).into_bytes(),
            client.der(),
            client.key.serialized_der().to_vec(),
        ]
    })
}

fn try_all(bytes: &[u8]) {
    let started = Instant::now();
    let _ = read(bytes, "pass");
    let _ = authorities(bytes);
    assert!(started.elapsed() < LONG, "{} bytes took {:?}", bytes.len(), started.elapsed());
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&bytes, "pass").is_err());
        let mut sequence = vec![0x30, 0x82, 0x01, 0x00];
        sequence.extend(&bytes);
        prop_assert!(read(&sequence, "pass").is_err());
    }

    #[test]
    fn arbitrary_text_is_refused(text in "\\PC*|[A-Za-z0-9+/=\n]{0,300}|(-----BEGIN [A-Z ]{0,20}-----\n?[A-Za-z0-9+/=\n:,]{0,90}){0,4}") {
        prop_assert!(read(&text, "pass").is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn damaged_files_never_panic(
        sample in 0..5_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = samples()[sample].clone();
        for (index, byte) in &changes {
            let at = index.index(bytes.len());
            bytes[at] = *byte;
        }
        if cut {
            bytes.truncate(length.index(bytes.len()));
        }
        try_all(&bytes);
    }
}

#[derive(Sequence)]
struct EncryptedKey {
    algorithm: Algorithm,
    encrypted: OctetString,
}

#[derive(Sequence)]
struct Algorithm {
    oid: der::asn1::ObjectIdentifier,
    parameters: der::Any,
}

/// An encrypted key that wants the work which `change` sets.
fn costly(mut parameters: Parameters, change: impl FnOnce(&mut Kdf)) -> Vec<u8> {
    change(&mut parameters.kdf);
    let parameters = der::Any::encode_from(&parameters).unwrap();
    let algorithm = Algorithm { oid: pkcs8::pkcs5::pbes2::PBES2_OID, parameters };
    EncryptedKey { algorithm, encrypted: OctetString::new(vec![0; 64]).unwrap() }.to_der().unwrap()
}

#[test]
fn a_file_that_wants_endless_work_is_refused_at_once() {
    let pbkdf2 = || Parameters::generate_pbkdf2_sha256_aes256cbc(1000, b"salt-and-salt", [0; 16]).unwrap();
    let scrypt = || {
        let cost = pkcs8::pkcs5::scrypt::Params::new(4, 8, 1).unwrap();
        Parameters::generate_scrypt_aes256cbc(cost, b"salt-and-salt", [0; 16]).unwrap()
    };
    let rounds = |count: u32| {
        costly(pbkdf2(), |kdf| {
            if let Kdf::Pbkdf2(kdf) = kdf {
                kdf.iteration_count = count
            }
        })
    };
    let memory = |n: u64, r: u16, p: u16| {
        costly(scrypt(), |kdf| {
            if let Kdf::Scrypt(kdf) = kdf {
                (kdf.cost_parameter, kdf.block_size, kdf.parallelization) = (n, r, p);
            }
        })
    };
    for file in
        [rounds(5_000_000), rounds(99_000_000), memory(1 << 20, 8, 1), memory(1 << 14, u16::MAX, 1), memory(2, 8, u16::MAX)]
    {
        let started = Instant::now();
        let invalid = read(&file, "pass").unwrap_err();
        assert_eq!(invalid.problem, Problem::TooCostly, "{invalid}");
        assert!(started.elapsed() < Duration::from_secs(1));
    }
    assert_eq!(read(rounds(1000), "pass").unwrap_err().problem, Problem::PasswordWrong);
}

/// A PKCS #12 file whose MAC wants 2^31 - 1 rounds: the integer at its end, and the lengths of what holds it, are replaced.
fn endless_mac() -> Vec<u8> {
    const MAC_BYTES: usize = 64;
    let mut file = samples()[0].clone();
    let mac = file.len() - MAC_BYTES;
    assert_eq!((file[mac], usize::from(file[mac + 1]) + 2), (0x30, MAC_BYTES), "the MAC's sequence");
    assert!(file.ends_with(&[2, 1, 100]), "its rounds");
    file.truncate(file.len() - 3);
    file.extend([2, 4, 0x7f, 0xff, 0xff, 0xff]);
    file[mac + 1] += 3;
    let length = u16::from_be_bytes([file[2], file[3]]) + 3;
    file[2..4].copy_from_slice(&length.to_be_bytes());
    file
}

#[test]
fn a_mac_that_wants_endless_work_is_refused_at_once() {
    let started = Instant::now();
    assert_eq!(read(endless_mac(), "pass").unwrap_err().problem, Problem::TooCostly);
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    assert_eq!(read(vec![b'A'; 2 << 20], "pass").unwrap_err().problem, Problem::TooLarge);
    let mut binary = vec![0x30, 0x84];
    binary.resize(super::MAX_BYTES + 1, 0);
    assert_eq!(read(binary, "pass").unwrap_err().problem, Problem::TooLarge);
}
