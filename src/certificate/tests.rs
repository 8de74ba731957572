//! What is read, what is refused, and in which words.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p12_keystore::EncryptionAlgorithm;

use super::test_support::{ALGORITHMS, Made, NOW, pkcs12, read, root};
use super::{Given, Identity, Invalid, KeyState, Problem, authorities, identity, inspect};

fn subjects(identity: &Identity) -> Vec<&str> {
    identity.chain.iter().map(|certificate| certificate.subject.as_str()).collect()
}

fn refused(certificate: impl AsRef<[u8]>, password: &str) -> Invalid {
    read(certificate, password).expect_err("it should be refused")
}

fn problem(certificate: impl AsRef<[u8]>, password: &str) -> Problem {
    refused(certificate, password).problem
}

fn client() -> Made {
    root("root").issue("client", false)
}

#[test]
fn a_pem_text_holds_certificate_and_key_in_any_order() {
    let (root, other) = (root("root"), root("other"));
    for algorithm in ALGORITHMS {
        let client = root.issue_for("client", false, algorithm, (2025, 2027));
        let (certificate, key) = (&client.certificate, client.key.serialize_pem());
        let root = &root.certificate;
        for text in [
            format!("{certificate}{key}"),
            format!("{key}{certificate}"),
            format!("Bag Attributes\n    friendlyName: Zo\u{eb}\n{key}some text\n{certificate}\nthe end"),
            format!("{key}{certificate}").replace('\n', "\r\n"),
            format!("{key}{certificate}").replace('\n', "\\n"),
            format!("{key}{key}{certificate}{certificate}"),
        ] {
            assert_eq!(subjects(&read(&text, "not needed").unwrap()), ["CN=client"], "{text}");
            let encoded = STANDARD.encode(&text);
            assert_eq!(subjects(&read(encoded, "").unwrap()), ["CN=client"]);
        }
        let chain = read(format!("{root}{key}{certificate}"), "").unwrap();
        assert_eq!(subjects(&chain), ["CN=client", "CN=root"]);
        assert_eq!(problem(format!("{certificate}{}", other.key.serialize_pem()), ""), Problem::KeyDoesNotFit);
    }
}

#[test]
fn pkcs12_of_another_crate_is_read() {
    let root = root("root");
    let middle = root.issue("middle", true);
    let client = middle.issue("client", false);
    for algorithm in [
        EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
        EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc,
        EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc,
    ] {
        let file = pkcs12(&client, &[&middle, &root], "pä∂", algorithm);
        for given in [file.clone(), STANDARD.encode(&file).into_bytes(), URL_SAFE_NO_PAD.encode(&file).into_bytes()] {
            assert_eq!(subjects(&read(given, "pä∂").unwrap()), ["CN=client", "CN=middle", "CN=root"]);
        }
        assert_eq!(problem(&file, "wrong"), Problem::PasswordWrong);
        assert_eq!(problem(&file, ""), Problem::PasswordMissing);
        let cut = &file[..file.len() - 1];
        assert_eq!(problem(cut, "pä∂"), Problem::Unreadable);
        let open = pkcs12(&client, &[], "", algorithm);
        assert_eq!(subjects(&read(open, "").unwrap()), ["CN=client"]);
    }
}

#[test]
fn what_is_no_certificate_is_refused_without_being_shown() {
    for (given, expected) in [
        ("", Problem::Empty),
        (" \r\n\t", Problem::Empty),
        ("test-mtls_certificate", Problem::Unreadable),
        ("k-123 is my password", Problem::Unreadable),
        ("-----BEGIN CERTIFICATE-----\nk-123\n", Problem::Unreadable),
        ("-----BEGIN CERTIFICATE-----\nk-12\n-----END CERTIFICATE-----\n", Problem::Unreadable),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nazEyMw==\n-----END OPENSSH PRIVATE KEY-----\n", Problem::Unsupported),
        ("-----BEGIN PUBLIC KEY-----\nazEyMw==\n-----END PUBLIC KEY-----\n", Problem::CertificateMissing),
        ("\u{0}\u{1}", Problem::Unreadable),
    ] {
        let invalid = refused(given, "k-123");
        assert_eq!(invalid.problem, expected, "{given:?}: {invalid:?}");
        assert!(!invalid.to_string().contains("k-1"), "{invalid}");
    }
}

#[test]
fn a_key_or_a_certificate_alone_is_not_enough() {
    let client = client();
    assert_eq!(problem(&client.certificate, ""), Problem::KeyMissing);
    assert_eq!(problem(client.der(), ""), Problem::KeyMissing);
    assert_eq!(problem(client.key.serialize_pem(), ""), Problem::CertificateMissing);
    assert_eq!(problem(client.key.serialized_der(), ""), Problem::CertificateMissing);
    let two = format!("{}{}", client.both(), root("other").key.serialize_pem());
    assert_eq!(problem(two, ""), Problem::SeveralKeys);
}

#[test]
fn a_certificate_has_its_time() {
    let root = root("root");
    let made = |years| root.issue_for("client", false, ALGORITHMS[0], years).both();
    let expired = refused(made((2024, 2025)), "");
    assert_eq!(expired.to_string(), "the certificate `CN=client` expired on 2025-03-01T00:00:00Z");
    let early = refused(made((2026, 2027)), "");
    assert_eq!(early.to_string(), "the certificate `CN=client` is not valid before 2026-03-01T00:00:00Z");
    let at = |now| {
        let text = made((2024, 2025));
        identity(&Given { certificate: text.as_bytes(), password: "", authorities: &[], now }).is_ok()
    };
    let (from, to) = (1_709_251_200, 1_740_787_200);
    assert_eq!([at(from - 1), at(from), at(to), at(to + 1)], [false, true, true, false]);
}

#[test]
fn every_certificate_that_is_sent_has_its_time() {
    let root = root("root");
    let middle = root.issue("middle", true);
    let client = middle.issue("client", false);
    let old = middle.renewed(&root, (2023, 2025));
    let with = |others: &[&str]| read(format!("{}{}", client.both(), others.concat()), "").map_err(|why| why.to_string());
    let expired = with(&[&old]).expect_err("an old issuer");
    assert_eq!(expired, "the certificate `CN=middle` expired on 2025-03-01T00:00:00Z");
    for files in [[&*old, &*middle.certificate], [&*middle.certificate, &*old]] {
        assert_eq!(with(&files).expect("the newer one").chain[1].der().as_ref(), middle.der());
    }
    let old_root = root.renewed(&root, (2023, 2025));
    assert!(with(&[&middle.certificate, &old_root]).is_ok(), "the server has a root of its own");
}

#[test]
fn keys_are_not_collected_without_end() {
    let client = client();
    let others = |count: usize| (0..count).map(|_| root("other").key.serialize_pem()).collect::<String>();
    assert_eq!(problem(format!("{}{}", client.both(), others(15)), ""), Problem::SeveralKeys);
    assert_eq!(problem(format!("{}{}", client.both(), others(16)), ""), Problem::TooLarge);
    let same = client.key.serialize_pem().repeat(100);
    assert!(read(format!("{}{same}", client.both()), "").is_ok());
}

#[test]
fn a_chain_with_a_gap_is_refused_and_a_lone_certificate_is_not() {
    let root = root("root");
    let middle = root.issue("middle", true);
    let client = middle.issue("client", false);
    let gap = refused(format!("{}{}", client.both(), root.certificate), "");
    assert_eq!(gap.problem, Problem::ChainIncomplete);
    let expected = "the chain is incomplete: the certificate of `CN=middle`, which issued `CN=client`, is not among those \
                    that came with it; add the issuer's certificate to the file";
    assert_eq!(gap.to_string(), expected);
    let alone = read(client.both(), "").unwrap();
    assert_eq!(alone.missing_issuer.as_deref(), Some("CN=middle"));
    let without_root = read(format!("{}{}", client.both(), middle.certificate), "").unwrap();
    assert_eq!(subjects(&without_root), ["CN=client", "CN=middle"]);
}

#[test]
fn given_authorities_complete_the_chain_without_the_root() {
    let root = root("root");
    let middle = root.issue("middle", true);
    let client = middle.issue("client", false);
    let given = authorities(format!("{}{}", root.certificate, middle.certificate).as_bytes()).unwrap();
    let text = client.both();
    let found = identity(&Given { certificate: text.as_bytes(), password: "", authorities: &given, now: NOW }).unwrap();
    assert_eq!((subjects(&found), found.missing_issuer.clone()), (vec!["CN=client", "CN=middle"], None));
}

#[test]
fn a_root_that_is_given_besides_closes_no_gap() {
    let root = root("root");
    let middle = root.issue("middle", true);
    let client = middle.issue("client", false);
    let with = |file: &str, given: &str| {
        let authorities = authorities(given.as_bytes()).unwrap();
        identity(&Given { certificate: file.as_bytes(), password: "", authorities: &authorities, now: NOW })
    };
    let gap = format!("{}{}", client.both(), root.certificate);
    assert_eq!(with(&gap, &root.certificate).unwrap_err().problem, Problem::ChainIncomplete);
    assert!(with(&gap, &middle.certificate).is_ok());
    // What is given alone may be there to know the server by.
    assert!(with(&client.both(), &root.certificate).is_ok());
}

#[test]
fn an_issuer_of_the_same_name_with_another_key_is_not_the_issuer() {
    let (first, second) = (root("root"), root("root"));
    let client = first.issue("client", false);
    let text = format!("{}{}", client.both(), second.certificate);
    assert_eq!(problem(text, ""), Problem::ChainIncomplete);
    let text = format!("{}{}{}", client.both(), second.certificate, first.certificate);
    assert_eq!(read(text, "").unwrap().chain[1].der().as_ref(), first.der());
}

#[test]
fn authorities_are_base64_of_pem_or_plain() {
    let (one, two) = (root("one"), root("two"));
    let text = format!("{}{}", one.certificate, two.certificate);
    for given in
        [text.clone().into_bytes(), STANDARD.encode(&text).into_bytes(), one.der(), STANDARD.encode(one.der()).into_bytes()]
    {
        let found = authorities(&given).unwrap();
        assert_eq!(found[0].subject, "CN=one");
    }
    assert_eq!(authorities(text.as_bytes()).unwrap().len(), 2);
    for given in ["", "not base64!", "bm8gUEVN", &one.key.serialize_pem()] {
        let invalid = authorities(given.as_bytes()).unwrap_err();
        assert_eq!(invalid.problem, Problem::AuthorityUnreadable, "{given}");
        assert!(invalid.message.starts_with("the CA certificate cannot be read: "), "{invalid}");
    }
}

#[test]
fn an_inspection_shows_all_that_is_wrong() {
    let root = root("root");
    let expired = root.issue_for("client", false, ALGORITHMS[0], (2024, 2025));
    let given = Given { certificate: expired.certificate.as_bytes(), password: "", authorities: &[], now: NOW };
    let found = inspect(&given).unwrap();
    assert_eq!(found.key, KeyState::Missing);
    let problems: Vec<Problem> = found.problems.iter().map(|invalid| invalid.problem).collect();
    assert_eq!(problems, [Problem::KeyMissing, Problem::Expired]);
    let certificate = &found.chain[0];
    assert_eq!(certificate.alternative_names, ["client.example"]);
    assert_eq!((certificate.is_authority, certificate.is_for_clients), (false, true));
    assert_eq!(certificate.key_algorithm, "EC P-256");
    assert_eq!(certificate.fingerprint.len(), 95);
}

#[test]
fn debug_output_holds_no_key() {
    let client = client();
    let found = read(client.both(), "").unwrap();
    assert_eq!(format!("{found:?}"), "the identity of CN=client");
    let key = super::key::Key::pkcs8(client.key.serialized_der().to_vec());
    assert_eq!(format!("{key:?}"), "a private key as Pkcs8");
}

/// The outer sequences of a DER text in the form of indefinite length (X.690 section 8.1.3.6), and its octet strings there in
/// pieces, as Firefox and NSS write PKCS #12.
fn as_ber(der: &[u8], depth: usize) -> Vec<u8> {
    use der::{Encode, Header, Reader, SliceReader};
    let mut reader = SliceReader::new(der).unwrap();
    let mut ber = Vec::new();
    while !reader.is_finished() {
        let header = Header::peek(&reader).unwrap();
        let whole = reader.tlv_bytes().unwrap();
        let content = &whole[usize::try_from(header.encoded_len().unwrap()).unwrap()..];
        let is_open = header.tag().is_constructed() && depth > 0;
        if is_open {
            ber.extend([whole[0], 0x80]);
            ber.extend(as_ber(content, depth - 1));
            ber.extend([0, 0]);
        } else if header.tag() == der::Tag::OctetString && depth > 0 && content.len() > 100 {
            ber.extend([0x24, 0x80]);
            for piece in content.chunks(content.len() / 2 + 1) {
                ber.extend(der::asn1::OctetStringRef::new(piece).unwrap().to_der().unwrap());
            }
            ber.extend([0, 0]);
        } else {
            ber.extend(whole);
        }
    }
    ber
}

#[test]
fn pkcs12_in_ber_is_read() {
    let client = client();
    let file = pkcs12(&client, &[], "word", EncryptionAlgorithm::PbeWithHmacSha256AndAes256);
    let ber = as_ber(&file, 4);
    assert_ne!(ber, file);
    assert_eq!(subjects(&read(&ber, "word").unwrap()), ["CN=client"]);
    assert_eq!(problem(&ber, "wrong"), Problem::PasswordWrong);
}
