//! `hookwright certificate` on files made here.

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, date_time_ymd};
use serde_json::json;

use super::support::Project;

/// A self-signed certificate and its key, in PEM.
fn pem(to: i32) -> (String, String) {
    let mut parameters = CertificateParams::new(vec!["client.example".to_string()]).expect("a name");
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, "client");
    (parameters.not_before, parameters.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(to, 1, 1));
    let key = KeyPair::generate().expect("a key");
    let certificate = parameters.self_signed(&key).expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}

fn pkcs12(certificate: &str, key: &str, password: &str) -> Vec<u8> {
    use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
    let bytes = |text: &str| pem::parse(text).expect("PEM").into_contents();
    let chain = [Certificate::from_der(&bytes(certificate)).expect("a certificate")];
    let key = PrivateKey::from_der(&bytes(key)).expect("a key");
    let mut store = KeyStore::new();
    store.add_entry("client", KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("1", key, chain)));
    store.writer(password).write().expect("a file")
}

#[test]
fn a_certificate_that_can_be_used() {
    let project = Project::new();
    let (certificate, key) = pem(4000);
    project.write("client.pem", format!("{key}{certificate}"));
    let said = project.run(&["certificate", "client.pem"]).ends(0);
    for line in [
        "subject      CN=client\n",
        "issuer       CN=client\n",
        "names        client.example\n",
        "fingerprint  SHA-256 ",
        "valid        2020-01-01T00:00:00Z to 4000-01-01T00:00:00Z, ",
        "key          EC P-256; the private key fits\n",
    ] {
        assert!(said.out.contains(line), "{line} in {}", said.out);
    }
    assert!(!said.out.contains("problem"), "{}", said.out);
    let json = project.run(&["certificate", "client.pem", "--format", "json"]).ends(0).json();
    assert_eq!(json["subject"], "CN=client");
    assert_eq!(json["names"], json!(["client.example"]));
    assert_eq!((&json["key"], &json["problems"], &json["missing_issuer"]), (&json!("fits"), &json!([]), &json!(null)));
    assert!(json["days_left"].as_i64().expect("a number") > 700_000);
    let key_line = key.lines().nth(1).expect("a line of the key");
    assert!(!said.out.contains(key_line) && !json.to_string().contains(key_line));
}

#[test]
fn what_is_wrong_is_exit_1_and_what_cannot_be_read_exit_2() {
    let project = Project::new();
    let (certificate, key) = pem(2021);
    project.write("expired.pem", format!("{key}{certificate}"));
    let expired = project.run(&["certificate", "expired.pem"]).ends(1);
    assert!(
        expired.out.contains("problem      the certificate `CN=client` expired on 2021-01-01T00:00:00Z\n"),
        "{}",
        expired.out
    );
    project.write("alone.cer", &certificate);
    let alone = project.run(&["certificate", "alone.cer", "--format", "json"]).ends(1).json();
    assert_eq!(alone["key"], "missing");
    assert_eq!(alone["problems"][0]["message"], "there is no private key, only a certificate");
    project.write("notes.txt", "k-12345678 is the password\n");
    let unreadable = project.run(&["certificate", "notes.txt"]).ends(2);
    assert!(unreadable.err.contains("`notes.txt`: the certificate has no form that is known"), "{}", unreadable.err);
    assert!(!unreadable.err.contains("k-12345678"));
    project.run(&["certificate", "missing.p12"]).ends(2);
    project.run(&["certificate", "."]).ends(2);
}

#[test]
fn a_password_comes_from_the_environment_and_is_never_asked_for_on_a_pipe() {
    let project = Project::new();
    let (certificate, key) = pem(4000);
    project.write("client.p12", pkcs12(&certificate, &key, "pä-12345678"));
    let missing = project.run(&["certificate", "client.p12"]).ends(2);
    assert!(missing.err.contains("`client.p12` needs a password: name the variable that holds it with `--password-env`"));
    let unset = project.run(&["certificate", "client.p12", "--password-env", "HOOKWRIGHT_NO_SUCH_VARIABLE"]).ends(2);
    assert!(unset.err.contains("the environment variable `HOOKWRIGHT_NO_SUCH_VARIABLE` is not set"), "{}", unset.err);
    for (password, code) in [("pä-12345678", 0), ("w-12345678", 2), ("", 2)] {
        let arguments = ["certificate", "client.p12", "--password-env", "CLIENT_PASSWORD"];
        let said = project.run_with(&arguments, &[("CLIENT_PASSWORD", password)]).ends(code);
        assert!(!said.out.contains("12345678") && !said.err.contains("12345678"), "{} {}", said.out, said.err);
    }
}
