//! Real handshakes with the stand-in that demands a client certificate.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{CertificateParams, CustomExtension, DnType, KeyPair};
use rustls::{AlertDescription, ClientConfig};
use tokio::runtime::Builder;

use super::{Backend, TlsBackend, throw_away_identity};
use crate::case::{Answer, Reply};
use crate::certificate::{Identity, authorities};
use crate::eval::ErrorKind;
use crate::run::{CertificateRequests, Handshake, Trust, client_config};

fn get(config: ClientConfig, address: SocketAddr) -> Result<u16, reqwest::Error> {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let client = reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy().http1_only().build().unwrap();
    runtime.block_on(async { Ok(client.get(format!("https://{address}/a")).send().await?.status().as_u16()) })
}

struct Servers {
    plain: Backend,
    tls: TlsBackend,
}

impl Servers {
    fn start() -> Servers {
        let reply = Reply { status: 201, headers: Vec::new(), delay_milliseconds: 0, body: b"{}".to_vec() };
        let mut plain = Backend::start().unwrap();
        let behind = plain.prepare(&Answer::Reply(reply)).unwrap();
        Servers { plain, tls: TlsBackend::start(behind).unwrap() }
    }

    fn client(&self, identity: Option<&Identity>) -> (ClientConfig, CertificateRequests) {
        client_config(Trust::Only(&[self.tls.certificate().clone()]), identity).unwrap()
    }
}

fn alert(error: &reqwest::Error) -> Option<AlertDescription> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        let inner = error.downcast_ref::<std::io::Error>().and_then(|error| error.get_ref());
        let of_tls = inner.and_then(|error| error.downcast_ref::<rustls::Error>()).or(error.downcast_ref());
        if let Some(rustls::Error::AlertReceived(alert)) = of_tls {
            return Some(*alert);
        }
        cause = error.source();
    }
    None
}

#[test]
fn the_certificate_that_was_shown_is_remembered() {
    let mut servers = Servers::start();
    let identity = throw_away_identity().unwrap();
    let (config, requests) = servers.client(Some(&identity));
    assert_eq!(get(config, servers.tls.address()).unwrap(), 201);
    assert!(requests.were_made());
    assert_eq!(servers.tls.shown().as_ref(), Some(identity.certificate()));
    assert_eq!(servers.tls.shown(), None);
    let received = servers.plain.received().unwrap();
    assert_eq!((received.method.as_str(), received.target.as_str()), ("GET", "/a"));
}

#[test]
fn without_a_certificate_the_connection_is_refused() {
    let servers = Servers::start();
    let (config, requests) = servers.client(None);
    let error = get(config, servers.tls.address()).unwrap_err();
    let alert = alert(&error).expect("an alert");
    let failure = Handshake::of(None, &requests).refused_by_alert(alert).expect("a refusal");
    assert_eq!(failure.kind, ErrorKind::MtlsRefused);
    assert_eq!(failure.message, "the server demands a client certificate, and none was shown");
    assert_eq!(servers.tls.shown(), None);
}

#[test]
fn a_server_that_is_not_trusted_sees_no_certificate() {
    let servers = Servers::start();
    let identity = throw_away_identity().unwrap();
    for trusted in [&[][..], &[identity.certificate().clone()]] {
        let (config, _) = client_config(Trust::Only(trusted), Some(&identity)).unwrap();
        assert!(get(config, servers.tls.address()).unwrap_err().is_connect());
        assert_eq!(servers.tls.shown(), None);
    }
}

#[test]
fn connections_can_be_passed_to_another_server() {
    let servers = Servers::start();
    let mut other = Backend::start().unwrap();
    servers.tls.prepare(other.prepare(&Answer::Unspecified).unwrap());
    let identity = throw_away_identity().unwrap();
    let config = servers.client(Some(&identity)).0;
    assert_eq!(get(config, servers.tls.address()).unwrap(), 204);
    assert!(other.received().is_some());
}

#[test]
fn throw_away_identities_are_new_each_time_and_always_valid() {
    let (one, two) = (throw_away_identity().unwrap(), throw_away_identity().unwrap());
    assert_ne!(one.certificate().fingerprint, two.certificate().fingerprint);
    assert!(one.certificate().not_before < 200_000_000 && one.certificate().not_after > 60_000_000_000);
    assert!(!Arc::ptr_eq(one.certified(), two.certified()));
}

#[test]
fn whom_the_machine_trusts_does_not_include_the_stand_in() {
    let servers = Servers::start();
    let trusted = [servers.tls.certificate().clone()];
    let identity = throw_away_identity().unwrap();
    // A machine without any certificates is told apart from one that does not trust the server.
    let Ok((config, _)) = client_config(Trust::Platform, Some(&identity)) else { return };
    assert!(get(config, servers.tls.address()).unwrap_err().is_connect());
    let (config, _) = client_config(Trust::PlatformAnd(&trusted), Some(&identity)).unwrap();
    assert_eq!(get(config, servers.tls.address()).unwrap(), 201);
}

#[test]
fn a_ca_certificate_that_cannot_be_one_is_told_whomever_else_is_trusted() {
    let mut parameters = CertificateParams::default();
    // Name constraints that are no sequence (RFC 5280 section 4.2.1.10).
    parameters.custom_extensions.push(CustomExtension::from_oid_content(&[2, 5, 29, 30], vec![5, 0]));
    parameters.distinguished_name.push(DnType::CommonName, "odd");
    let odd = parameters.self_signed(&KeyPair::generate().unwrap()).unwrap();
    let odd = authorities(odd.der()).unwrap();
    for trust in [Trust::Only(&odd), Trust::PlatformAnd(&odd)] {
        let failure = client_config(trust, None).expect_err("no authority");
        assert_eq!(failure.kind, ErrorKind::CertificateInvalid);
        assert!(failure.message.contains("the CA certificate `CN=odd` cannot be used"), "{}", failure.message);
    }
}
