//! TLS: certificates that are made or given, HTTP/1.1 and HTTP/2, client certificates.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use hookwright::certificate::{Given, Identity, authorities, identity};
use hookwright::run::{Trust, client_config};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use reqwest::Version;

use super::support::Mock;
use crate::cli::support::Project;

fn pong() -> Project {
    Project::plain(
        "[[case]]\nname = \"pong\"\nreply.body = \"pong\"\n[[case]]\nname = \"reset\"\nreply.fault = \"connection-reset\"\n\
         [[case]]\nname = \"tls\"\nreply.fault = \"tls\"\n[[case]]\nname = \"empty\"\nreply.fault = \"empty\"\n",
    )
}

/// A client that trusts one CA.
fn client(authority: &[u8], identity: Option<&Identity>, protocols: &[&str]) -> reqwest::Client {
    let trusted = authorities(authority).expect("a certificate");
    let (mut tls, _) = client_config(Trust::Only(&trusted), identity).expect("TLS");
    tls.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().expect("a client")
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Version and body of a reply.
fn get(client: &reqwest::Client, url: &str, case: &str) -> reqwest::Result<(Version, String)> {
    runtime().block_on(async {
        let reply = client.get(url).header("X-Hookwright-Case", case).send().await?;
        Ok((reply.version(), reply.text().await?))
    })
}

/// A certificate for the loopback and its key, valid in the years given.
fn certificate(from: i32, until: i32) -> (String, String) {
    let mut params = CertificateParams::new(["localhost", "127.0.0.1"].map(str::to_string)).expect("names");
    (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
    let key = KeyPair::generate().expect("a key");
    (params.self_signed(&key).expect("a certificate").pem(), key.serialize_pem())
}

#[test]
fn a_made_certificate_is_trusted_by_its_file() {
    let mut mock = Mock::start(&pong(), &["--tls"]);
    let file = mock.ready["ca_file"].as_str().expect("a file").to_string();
    let authority = fs::read(&file).expect("the file");
    assert!(mock.url.starts_with("https://127.0.0.1:") && mock.ready["tls"] == true, "{}", mock.ready);
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("{}/a/ping", mock.url.replace("127.0.0.1", host));
        let (version, body) = get(&client(&authority, None, &["h2", "http/1.1"]), &url, "pong").expect("a reply");
        assert_eq!((version, body.as_str()), (Version::HTTP_2, "pong"));
        let (version, body) = get(&client(&authority, None, &["http/1.1"]), &url, "pong").expect("a reply");
        assert_eq!((version, body.as_str()), (Version::HTTP_11, "pong"));
    }
    assert!(mock.try_request("GET", "/a/ping", &[], "").is_err(), "nobody else is trusted");
    assert!(mock.event("refused")["message"].as_str().is_some_and(|why| why.contains("TLS handshake failed")));
    assert_eq!(mock.ends()["requests"], 4);
    assert!(!Path::new(&file).exists());
}

#[test]
fn the_ca_goes_where_it_is_wanted() {
    let project = pong();
    let mut mock = Mock::start(&project, &["--tls", "--ca-file", "ca.pem"]);
    assert!(mock.ready["ca_file"].as_str().is_some_and(|file| file.ends_with("/ca.pem")), "{}", mock.ready);
    mock.interrupt();
    mock.event("stopped");
    assert!(project.read("ca.pem").starts_with("-----BEGIN CERTIFICATE-----"));
}

#[test]
fn a_client_certificate_is_asked_for_and_told_of() {
    let mock = Mock::start(&pong(), &["--tls"]);
    let authority = fs::read(mock.ready["ca_file"].as_str().expect("a file")).expect("the file");
    let text = ["of", "one"].map(|_| certificate(2020, 2060)).map(|(certificate, key)| certificate + &key)[0].clone();
    let shown = identity(&Given { certificate: text.as_bytes(), password: "", authorities: &[], now: 1_800_000_000 });
    let shown = shown.expect("an identity");
    let with = client(&authority, Some(&shown), &["h2", "http/1.1"]);
    assert_eq!(get(&with, &format!("{}/a/ping", mock.url), "pong").expect("a reply").1, "pong");
    let exchange = runtime().block_on(async {
        let reply = with.get(format!("{}/__hookwright/requests/1", mock.url)).send().await.expect("a reply");
        reply.text().await.expect("a text")
    });
    let exchange: serde_json::Value = serde_json::from_str(&exchange).expect("JSON");
    assert_eq!(exchange["request"]["client_certificate"], shown.certificate().subject);
    assert_eq!((&exchange["request"]["scheme"], &exchange["request"]["version"]), (&"https".into(), &"HTTP/2.0".into()));
}

#[test]
fn faults_are_seen_through_tls_and_spare_other_requests_of_http2() {
    let mock = Mock::start(&pong(), &["--tls"]);
    let authority = fs::read(mock.ready["ca_file"].as_str().expect("a file")).expect("the file");
    let url = format!("{}/a/ping", mock.url);
    let one = client(&authority, None, &["http/1.1"]);
    for case in ["reset", "tls", "empty"] {
        let error = get(&one, &url, case).expect_err("no reply");
        assert!(error.is_request(), "{case}: {error:?}");
    }
    let error = get(&one, &url, "tls").expect_err("no reply");
    assert!(format!("{error:?}").contains("InvalidData") || format!("{error:?}").contains("Alert"), "{error:?}");
    let two = client(&authority, None, &["h2"]);
    runtime().block_on(async {
        let ask = |case: &str| two.get(&url).header("X-Hookwright-Case", case.to_string()).send();
        assert_eq!(ask("pong").await.expect("a reply").status(), 200);
        let (broken, whole) = tokio::join!(ask("reset"), ask("pong"));
        assert!(format!("{:?}", broken.expect_err("a reset")).contains("INTERNAL_ERROR"));
        assert_eq!(whole.expect("a reply").status(), 200);
    });
}

#[test]
fn a_given_certificate_is_shown() {
    let (text, key) = certificate(2020, 2060);
    let project = pong().file("cert.pem", &text).file("key.pem", &key);
    let mock = Mock::start(&project, &["--tls-certificate", "cert.pem", "--tls-key", "key.pem"]);
    assert_eq!(mock.ready["ca_file"], serde_json::Value::Null);
    let (_, body) = get(&client(text.as_bytes(), None, &[]), &format!("{}/a/ping", mock.url), "pong").expect("a reply");
    assert_eq!(body, "pong");
}

#[test]
fn an_expired_certificate_is_served_with_a_warning() {
    let (text, key) = certificate(2001, 2002);
    let project = pong().file("cert.pem", &text).file("key.pem", &key);
    let mut mock = Mock::start(&project, &["--tls-certificate", "cert.pem", "--tls-key", "key.pem"]);
    assert!(mock.event("warning")["message"].as_str().is_some_and(|why| why.contains("expired")));
    let error = get(&client(text.as_bytes(), None, &[]), &format!("{}/a/ping", mock.url), "pong").expect_err("refused");
    assert!(format!("{error:?}").contains("Expired"), "{error:?}");
}

#[test]
fn what_cannot_be_used_is_told() {
    let ((text, key), (_, other)) = (certificate(2020, 2060), certificate(2020, 2060));
    let project = pong().file("cert.pem", &text).file("key.pem", &key).file("other.pem", &other).file("none.pem", "x");
    let refusals = [
        (["cert.pem", "other.pem"], "does not fit"),
        (["cert.pem", "cert.pem"], "no private key"),
        (["none.pem", "key.pem"], "no certificate"),
        (["cert.pem", "gone.pem"], "`gone.pem` cannot be read"),
    ];
    for ([certificate, key], why) in refusals {
        let said = project.run(&["mock", "--listen", "127.0.0.1:0", "--tls-certificate", certificate, "--tls-key", key]);
        assert_eq!(said.code, 2, "{}", said.err);
        assert!(said.err.contains(why), "{why}: {}", said.err);
    }
    for wrong in [
        &["mock", "--tls-key", "key.pem"][..],
        &["mock", "--ca-file", "x"],
        &["mock", "--tls", "--tls-certificate", "a", "--tls-key", "b"],
    ] {
        assert_eq!(project.run(wrong).code, 2);
    }
}

#[test]
fn a_handshake_that_does_not_come_holds_up_nobody() {
    let mut mock = Mock::start(&pong(), &["--tls", "--read-timeout", "500ms"]);
    let authority = fs::read(mock.ready["ca_file"].as_str().expect("a file")).expect("the file");
    let mut silent = mock.connects();
    let begun = Instant::now();
    let (_, body) = get(&client(&authority, None, &[]), &format!("{}/a/ping", mock.url), "pong").expect("a reply");
    assert_eq!(body, "pong");
    assert_eq!(silent.read(&mut [0]).expect("an end"), 0);
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(mock.event("refused")["message"].as_str().is_some_and(|why| why.contains("took longer than 500ms")));
    // HTTP without TLS is told, too.
    let mut plain = mock.connects();
    plain.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").expect("written");
    assert!(mock.event("refused")["message"].as_str().is_some_and(|why| why.contains("TLS handshake failed")));
}

#[test]
fn http2_is_spoken_without_tls_by_who_knows_it() {
    let mock = Mock::start(&pong(), &[]);
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(client_config(Trust::Only(&[]), None).expect("TLS").0)
        .no_proxy()
        .http2_prior_knowledge()
        .build()
        .expect("a client");
    let (version, body) = get(&client, &format!("{}/a/ping", mock.url), "pong").expect("a reply");
    assert_eq!((version, body.as_str()), (Version::HTTP_2, "pong"));
}

#[test]
fn streams_that_are_opened_and_reset_at_once_end_the_connection() {
    let mut mock = Mock::start(&pong(), &[]);
    let address = mock.address();
    let was_ended = runtime().block_on(async {
        let stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        let (sender, connection) = h2::client::handshake(stream).await.expect("a handshake");
        let driver = tokio::spawn(connection);
        let mut sender = Some(sender);
        for _ in 0..20_000 {
            let request = http::Request::get("http://a/a/ping").body(()).expect("a request");
            let Ok(mut ready) = sender.take().expect("one").ready().await else { break };
            let Ok((_, mut stream)) = ready.send_request(request, false) else { break };
            // What is reset before it was written is never written.
            tokio::task::yield_now().await;
            stream.send_reset(h2::Reason::CANCEL);
            sender = Some(ready);
        }
        drop(sender);
        driver.await.expect("no panic").is_err()
    });
    assert!(was_ended);
    assert!(mock.event("refused")["message"].as_str().is_some_and(|why| why.contains("HTTP/2")));
    assert_eq!(mock.get("/a/ping").text(), "pong");
}
