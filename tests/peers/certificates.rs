//! What OpenSSL writes is read, in all the forms that people have.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hookwright::certificate::{Certificate, Given, Identity, Invalid, Problem, authorities, identity};
use jiff::Timestamp;

use super::workshop::Workshop;

fn now() -> i64 {
    Timestamp::now().as_second()
}

fn read(certificate: &[u8], password: &str) -> Result<Identity, Invalid> {
    identity(&Given { certificate, password, authorities: &[], now: now() })
}

fn names(identity: &Identity) -> Vec<&str> {
    identity.chain.iter().map(|certificate| certificate.subject.as_str()).collect()
}

fn problem(certificate: &[u8], password: &str) -> Problem {
    read(certificate, password).expect_err("it should be refused").problem
}

#[test]
#[ignore = "needs openssl: see .ci/run"]
fn every_pkcs12_that_openssl_writes_is_read() {
    let workshop = Workshop::new();
    let export = "pkcs12 -export -inkey client.key -in client.pem -certfile middle.pem -out out.p12 -passout pass:s3cret";
    for options in [
        "",
        "-legacy",
        "-keypbe NONE",
        "-certpbe NONE",
        "-keypbe NONE -certpbe NONE",
        "-nomac",
        "-name Zoë",
        "-macalg SHA1",
        "-macalg SHA512",
        "-iter 100000",
        "-keypbe AES-128-CBC -certpbe AES-192-CBC",
        "-legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-128",
        "-legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-RC2-40",
    ] {
        workshop.openssl(&format!("{export} {options}"));
        let file = workshop.read("out.p12");
        let found = read(&file, "s3cret").unwrap_or_else(|invalid| panic!("{options}: {invalid:?}"));
        assert_eq!(names(&found), ["CN=client,O=Peers", "CN=middle,O=Peers"], "{options}");
        let in_base64 = read(STANDARD.encode(&file).as_bytes(), "s3cret").expect("base64 of it");
        assert_eq!(in_base64.certificate().fingerprint, found.certificate().fingerprint);
        if options != "-keypbe NONE -certpbe NONE" {
            assert_eq!(problem(&file, "wrong"), Problem::PasswordWrong, "{options}");
            assert_eq!(problem(&file, ""), Problem::PasswordMissing, "{options}");
        }
    }
}

#[test]
#[ignore = "needs openssl: see .ci/run"]
fn empty_and_foreign_passwords_open_pkcs12() {
    let workshop = Workshop::new();
    for (password, options) in [("", ""), ("", "-legacy"), ("pä∂🦀", ""), ("pä∂🦀", "-legacy")] {
        let pass = format!("pass:{password}");
        let arguments = "pkcs12 -export -inkey client.key -in client.pem -out out.p12 -passout".split(' ');
        workshop.run(arguments.chain([pass.as_str()]).chain(options.split_whitespace()));
        let file = workshop.read("out.p12");
        read(&file, password).unwrap_or_else(|invalid| panic!("{password} {options}: {invalid:?}"));
        assert_eq!(problem(&file, "wrong"), Problem::PasswordWrong);
    }
}

#[test]
#[ignore = "needs openssl: see .ci/run"]
fn private_keys_are_read_in_every_form() {
    let workshop = Workshop::new();
    let mut forms =
        vec![("RSA", "rsa -traditional"), ("RSA", "pkey"), ("EC", "ec"), ("EC P-384", "ec"), ("ED25519", "pkey")];
    for scheme in [
        "-v2 aes-256-cbc",
        "-v2 aes-128-cbc -v2prf hmacWithSHA1",
        "-v2 aes-256-cbc -v2prf hmacWithSHA512",
        "-v2 des3",
        "-scrypt",
        "-v1 PBE-SHA1-3DES",
        "-v1 PBE-SHA1-RC2-128 -provider legacy -provider default",
    ] {
        forms.push(("RSA", Box::leak(format!("pkcs8 -topk8 -passout pass:s3cret {scheme}").into_boxed_str())));
    }
    for (algorithm, form) in forms {
        workshop.key("one", algorithm);
        workshop.issue("one", "root", "client", 30);
        workshop.openssl(&format!("{form} -in one.key -out written.key"));
        let texts = [("written.key", "one.pem"), ("one.pem", "written.key")];
        for (first, second) in texts {
            workshop.join("both.pem", &[first, second]);
            let text = workshop.text("both.pem");
            let about = format!("{algorithm} {form}");
            let found = read(text.as_bytes(), "s3cret").unwrap_or_else(|invalid| panic!("{about}: {invalid:?}"));
            assert_eq!(names(&found), ["CN=one,O=Peers"], "{about}");
            let windows = format!("Bag Attributes\r\n{}", text.replace('\n', "\r\n"));
            read(windows.as_bytes(), "s3cret").unwrap_or_else(|invalid| panic!("{about}, CRLF: {invalid:?}"));
            if form.contains("s3cret") {
                assert_eq!(problem(text.as_bytes(), "wrong"), Problem::PasswordWrong, "{about}");
                assert_eq!(problem(text.as_bytes(), ""), Problem::PasswordMissing, "{about}");
            }
        }
    }
}

#[test]
#[ignore = "needs openssl: see .ci/run"]
fn what_cannot_be_opened_names_the_command_that_helps() {
    let workshop = Workshop::new();
    workshop.key("one", "RSA");
    workshop.issue("one", "root", "client", 30);
    for form in [
        "rsa -traditional -aes128 -passout pass:s3cret",
        "pkcs8 -topk8 -v1 PBE-MD5-DES -passout pass:s3cret -provider legacy -provider default",
    ] {
        workshop.openssl(&format!("{form} -in one.key -out written.key"));
        workshop.join("both.pem", &["one.pem", "written.key"]);
        let invalid = read(&workshop.read("both.pem"), "s3cret").expect_err("it should be refused");
        assert_eq!(invalid.problem, Problem::Unsupported, "{form}");
        assert!(invalid.to_string().contains("openssl pkcs8 -topk8"), "{invalid}");
    }
    for (algorithm, says) in [("EC P-521", "P-521"), ("RSA 1024", "too short"), ("ED448", "Ed448")] {
        workshop.key("other", algorithm);
        workshop.issue("other", "root", "client", 30);
        workshop.join("both.pem", &["other.pem", "other.key"]);
        let invalid = read(&workshop.read("both.pem"), "").expect_err("it should be refused");
        assert_eq!(invalid.problem, Problem::Unsupported);
        assert!(invalid.message.contains(says), "{algorithm}: {invalid}");
    }
}

#[test]
#[ignore = "needs openssl: see .ci/run"]
fn chains_and_lives_are_checked() {
    let workshop = Workshop::new();
    workshop.join("complete.pem", &["client.key", "middle.pem", "root.pem", "client.pem"]);
    let complete = read(&workshop.read("complete.pem"), "").expect("a complete chain");
    assert_eq!(names(&complete), ["CN=client,O=Peers", "CN=middle,O=Peers", "CN=root,O=Peers"]);
    workshop.join("gap.pem", &["client.key", "client.pem", "root.pem"]);
    let gap = read(&workshop.read("gap.pem"), "").expect_err("a gap");
    assert_eq!(gap.problem, Problem::ChainIncomplete);
    assert!(gap.message.contains("`CN=middle,O=Peers`"), "{gap}");
    workshop.join("foreign.pem", &["server.key", "client.pem"]);
    assert_eq!(problem(&workshop.read("foreign.pem"), ""), Problem::KeyDoesNotFit);
    workshop.key("old", "EC");
    workshop.issue("old", "middle", "client", -1);
    workshop.join("old-both.pem", &["old.pem", "old.key"]);
    let expired = read(&workshop.read("old-both.pem"), "").expect_err("expired");
    assert_eq!(expired.problem, Problem::Expired);
    workshop.openssl("x509 -in client.pem -outform DER -out client.cer");
    assert_eq!(problem(&workshop.read("client.cer"), ""), Problem::KeyMissing);
    workshop.openssl("crl2pkcs7 -nocrl -certfile chain.pem -outform DER -out chain.p7b");
    assert_eq!(problem(&workshop.read("chain.p7b"), ""), Problem::Unsupported);
}

#[test]
#[ignore = "needs openssl: see .ci/run"]
fn fingerprints_and_names_are_those_that_openssl_shows() {
    let workshop = Workshop::new();
    let certificates = authorities(&workshop.read("server-chain.pem")).expect("two certificates");
    workshop.openssl("x509 -in server.pem -noout -fingerprint -sha256 -out shown");
    let shown = workshop.text("shown");
    let server: &Certificate = &certificates[0];
    assert!(shown.trim().ends_with(&format!("={}", server.fingerprint)), "{shown}");
    assert_eq!(server.alternative_names, ["localhost", "127.0.0.1"]);
    assert_eq!((server.is_for_clients, certificates[1].is_authority), (false, true));
}
