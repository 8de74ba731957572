//! From a spec to a client certificate that can be shown: how the value of a certificate secret gets there.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hookwright::dialect::compile;
use hookwright::eval::{CertificateFields, Failure, Inputs, Record, certificate_fields};
use hookwright::plan::Authentication;
use hookwright::source::Sources;
use hookwright::spec::Manifest;
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};

const ACTION: &str = r#"
[action]
name = "Ping"
method = "GET"
url = "https://ping.example.com/ping"
[action.auth]
type = "mtls"
certificate = "{secret.client}"
password = "{secret.word}"
ca_certificate = "{global.authority}"
[[case]]
name = "one"
[case.given.secret]
word = "s3cret-word"
"#;

/// A PKCS #12 file with the password of the action, and its certificate in PEM.
fn made() -> (Vec<u8>, String, String) {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, "client");
    let key = KeyPair::generate().expect("a key");
    let certificate = parameters.self_signed(&key).expect("a certificate");
    let chain = [Certificate::from_der(certificate.der()).expect("a certificate")];
    let private = PrivateKey::from_der(key.serialized_der()).expect("a key");
    let mut store = KeyStore::new();
    store.add_entry("client", KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("1", private, chain)));
    let file = store.writer("s3cret-word").write().expect("a file");
    (file, certificate.pem(), key.serialize_pem())
}

fn fields(secrets: &str, declared: &[&str]) -> Result<CertificateFields, Failure> {
    let sources = Sources::in_memory();
    sources.add("specs/action.toml", format!("{ACTION}{secrets}\n"));
    let spec = compile("specs/action.toml", &Manifest::default(), &sources).expect("a text that was added");
    let plan = spec.plan.as_ref().unwrap_or_else(|| panic!("{:?}", spec.diagnostics));
    let Authentication::MutualTls(tls) = &plan.authentication else { panic!("mutual TLS") };
    let declared: Vec<String> = declared.iter().map(|name| name.to_string()).collect();
    let inputs = Inputs::of_case(&spec.cases[0], &declared);
    certificate_fields(tls, plan, &inputs, &Record::default())
}

#[test]
fn the_value_of_a_certificate_secret_may_be_bytes_base64_or_text() {
    let (file, certificate, key) = made();
    let encoded = STANDARD.encode(&file);
    let pem = format!("{certificate}{key}");
    for value in [
        format!("{{ base64 = \"{encoded}\" }}"),
        format!("\"{encoded}\""),
        format!("'''\n{pem}'''"),
        format!("\"{}\"", STANDARD.encode(&pem)),
        format!("{{ base64 = \"{}\" }}", STANDARD.encode(&pem)),
    ] {
        let fields = fields(&format!("client = {value}"), &[]).expect("all is given");
        let identity = fields.identity(&[], 1_767_225_600).unwrap_or_else(|failure| panic!("{value}: {failure:?}"));
        assert_eq!(identity.certificate().subject, "CN=client");
        assert!(!fields.is_stand_in);
        let shown = format!("{fields:?} {identity:?}");
        assert!(!shown.contains(&encoded) && !shown.contains("s3cret-word"), "{shown}");
    }
}

#[test]
fn a_certificate_secret_without_a_value_is_told_apart() {
    let fields = fields("", &["client"]).expect("declared");
    assert!(fields.is_stand_in);
    assert!(fields.identity(&[], 0).is_err());
}

#[test]
fn ca_certificates_come_from_any_context() {
    let (_, certificate, _) = made();
    let ca = STANDARD.encode(format!("{certificate}{certificate}"));
    let fields = fields(&format!("client = \"x\"\n[case.given.global]\nauthority = \"{ca}\""), &[]).expect("all is given");
    let read = fields.authorities().expect("one, given twice");
    assert_eq!(read.iter().map(|read| read.subject.as_str()).collect::<Vec<_>>(), ["CN=client"]);
}
