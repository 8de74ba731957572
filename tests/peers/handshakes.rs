//! Handshakes with servers that demand a client certificate: what they say, and that it is understood.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use hookwright::certificate::{Certificate, Given, Identity, authorities, identity};
use hookwright::eval::{ErrorKind, Failure, Request};
use hookwright::run::{Connection, LiveClient, Trust, client_config};
use hookwright::value::TaintedText;
use jiff::Timestamp;
use rustls::{ClientConnection, StreamOwned};

use super::servers::Server;
use super::workshop::Workshop;

/// Asks for `/` as `send` does, five times: the reply's status and body, or the failure that a refusal is.
fn ask(server: &Server, trusted: &[Certificate], shown: Option<&Identity>) -> Result<(u16, String), Failure> {
    const TIMES: usize = 5;
    let request = Request {
        method: "GET".to_string(),
        url: TaintedText::plain(format!("https://localhost:{}/", server.address.port())),
        headers: Vec::new(),
        body: None,
    };
    let connection = Connection { timeout_milliseconds: 10_000, identity: shown, trust: Trust::Only(trusted) };
    let client = LiveClient::new().expect("a client");
    let mut replies = (0..TIMES).map(|_| {
        let sent = client.send(&request, &connection);
        match (sent.reply, sent.failure) {
            (Some(reply), None) => Ok((reply.status, String::from_utf8_lossy(&reply.body).into_owned())),
            (_, failure) => Err(failure.expect("a reply or a failure")),
        }
    });
    let first = replies.next().expect("a reply");
    assert!(replies.all(|next| next.as_ref().err() == first.as_ref().err()), "not always the same as {first:?}");
    first
}

fn converse(server: &Server, config: rustls::ClientConfig) -> io::Result<String> {
    let name = "localhost".try_into().expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    let socket = TcpStream::connect(server.address)?;
    socket.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut stream = StreamOwned::new(connection, socket);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut reply = Vec::new();
    match stream.read_to_end(&mut reply) {
        Err(error) if reply.is_empty() => Err(error),
        _ => Ok(String::from_utf8_lossy(&reply).into_owned()),
    }
}

fn read(workshop: &Workshop, parts: &[&str]) -> Identity {
    workshop.join("identity.pem", parts);
    let text = workshop.read("identity.pem");
    let now = Timestamp::now().as_second();
    identity(&Given { certificate: &text, password: "", authorities: &[], now }).expect("an identity")
}

#[test]
#[ignore = "needs openssl and nginx: see .ci/run"]
fn nginx_and_openssl_refuse_in_the_same_words() {
    let workshop = Workshop::new();
    let trusted = authorities(&workshop.read("root.pem")).expect("a root");
    let complete = read(&workshop, &["client.key", "chain.pem"]);
    let alone = read(&workshop, &["client.key", "client.pem"]);
    workshop.key("stranger", "EC");
    workshop.openssl("req -x509 -new -key stranger.key -out stranger.pem -days 30 -subj /CN=stranger");
    let stranger = read(&workshop, &["stranger.key", "stranger.pem"]);
    let servers = [
        ("nginx", Server::nginx(&workshop)),
        ("openssl, TLS 1.3", Server::openssl(&workshop, "-tls1_3")),
        ("openssl, TLS 1.2", Server::openssl(&workshop, "-tls1_2")),
    ];
    let refused = |message: &str| Err(Failure::new(ErrorKind::MtlsRefused, message));
    for (name, server) in &servers {
        let (status, body) = ask(server, &trusted, Some(&complete)).unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
        assert_eq!(status, 200, "{name}: {body}");
        let missing = ask(server, &trusted, None);
        assert_eq!(missing, refused("the server demands a client certificate, and none was shown"), "{name}");
        let gap = ask(server, &trusted, Some(&alone));
        let expected = "the server refused the client certificate `CN=client,O=Peers`; it was sent without that of its issuer \
                        `CN=middle,O=Peers`, which the server may need";
        assert_eq!(gap, refused(expected), "{name}");
        let foreign = ask(server, &trusted, Some(&stranger));
        assert_eq!(foreign, refused("the server refused the client certificate `CN=stranger`"), "{name}");
    }
    let (_, body) = ask(&servers[0].1, &trusted, Some(&complete)).expect("a reply");
    assert_eq!(body, r#"{"subject":"CN=client,O=Peers"}"#);
}

#[test]
#[ignore = "needs openssl and nginx: see .ci/run"]
fn a_certificate_of_each_algorithm_is_shown() {
    let workshop = Workshop::new();
    let trusted = authorities(&workshop.read("root.pem")).expect("a root");
    let (nginx, openssl) = (Server::nginx(&workshop), Server::openssl(&workshop, ""));
    for algorithm in ["RSA", "EC", "EC P-384", "ED25519"] {
        workshop.key("one", algorithm);
        workshop.issue("one", "root", "client", 30);
        let shown = read(&workshop, &["one.key", "one.pem"]);
        for server in [&nginx, &openssl] {
            assert_eq!(ask(server, &trusted, Some(&shown)).expect("a reply").0, 200, "{algorithm}");
        }
    }
}

#[test]
#[ignore = "needs openssl and nginx: see .ci/run"]
fn a_server_is_trusted_by_its_root_or_by_itself() {
    let workshop = Workshop::new();
    let shown = read(&workshop, &["client.key", "chain.pem"]);
    let server = Server::openssl(&workshop, "");
    for (trusted, is_trusted) in [("root.pem", true), ("server.pem", true), ("client.pem", false)] {
        let trusted = authorities(&workshop.read(trusted)).expect("a certificate");
        let (config, _) = client_config(Trust::Only(&trusted), Some(&shown)).expect("a configuration");
        let reply = converse(&server, config);
        assert_eq!(reply.is_ok(), is_trusted, "{reply:?}");
    }
}
