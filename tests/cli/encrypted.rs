//! `send` to services that speak TLS: whom it trusts, and HTTP/2.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use rcgen::{CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::server::{read, reply};
use super::support::{PLAIN, Project, Said};

/// A certificate authority, and a server's certificate that it has signed.
struct Trust {
    authority: String,
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
}

impl Trust {
    fn for_host(host: &str) -> Trust {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate");
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![host.to_string()]).expect("parameters");
        let certificate = params.signed_by(&key, &authority).expect("a certificate");
        Trust { authority: authority.pem(), chain: vec![certificate.der().clone()], key: key.serialize_der() }
    }

    fn config(&self, protocols: &[&[u8]]) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
        let mut config = builder.with_no_client_auth().with_single_cert(self.chain.clone(), key).expect("a certificate");
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Arc::new(config)
    }
}

/// A server over TLS that speaks HTTP/1.1.
fn serve(config: Arc<ServerConfig>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(config.clone()).expect("a connection");
            let mut stream = StreamOwned::new(connection, stream.expect("a connection"));
            if read(&mut stream).is_some() {
                let _ = stream.write_all(&reply(200, "Content-Type: application/json\r\n", r#"{"answer":"over TLS"}"#));
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    address
}

/// A server over TLS that speaks HTTP/2 only.
fn serve_http2(config: Arc<ServerConfig>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("an option");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            let (stream, _) = listener.accept().await.expect("a connection");
            let stream = tokio_rustls::TlsAcceptor::from(config).accept(stream).await.expect("a handshake");
            let mut connection = h2::server::handshake(stream).await.expect("HTTP/2");
            while let Some(Ok((request, mut respond))) = connection.accept().await {
                let head = http::Response::builder().header("x-path", request.uri().path()).body(()).expect("a head");
                let mut body = respond.send_response(head, false).expect("sent");
                body.send_data(r#"{"answer":"over HTTP/2"}"#.into(), true).expect("sent");
            }
        });
    });
    address
}

fn send(address: SocketAddr, host: &str, variables: &[(&str, &str)]) -> Said {
    let project = Project::with(PLAIN);
    let url = format!("https://{host}:{}", address.port());
    project.run_with(&["send", "specs/a.toml", "--base-url", &url], variables)
}

#[test]
fn a_server_is_trusted_when_its_authority_is() {
    let trust = Trust::for_host("localhost");
    let address = serve(trust.config(&[b"http/1.1"]));
    send(address, "localhost", &[]).ends(1).says("tls: ").says("not trusted");
    let folder = tempfile::tempdir().expect("a folder");
    let authority = folder.path().join("authority.pem");
    std::fs::write(&authority, &trust.authority).expect("a file");
    let variables = [("SSL_CERT_FILE", authority.to_str().expect("UTF-8"))];
    send(address, "localhost", &variables).ends(0).says("over TLS");
    send(address, "127.0.0.1", &variables).ends(1).says("tls: ").says_not("SSL_CERT_FILE");
    std::fs::write(&authority, "not a certificate").expect("a file");
    let missing = [("SSL_CERT_FILE", "/nowhere/authority.pem")];
    for unusable in [&variables, &missing] {
        let why = "not trusted; the file that `SSL_CERT_FILE` names holds no certificate that can be read";
        send(address, "localhost", unusable).ends(1).says(why);
    }
}

#[test]
fn a_server_that_does_not_speak_tls() {
    let server = super::server::Server::saying("HTTP/1.1 400 X\r\n\r\n");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.expect("a connection").write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    send(address, "127.0.0.1", &[]).ends(1).says("tls: ");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn http2_where_the_server_offers_it() {
    let trust = Trust::for_host("localhost");
    let address = serve_http2(trust.config(&[b"h2"]));
    let folder = tempfile::tempdir().expect("a folder");
    let authority = folder.path().join("authority.pem");
    std::fs::write(&authority, &trust.authority).expect("a file");
    let said = send(address, "localhost", &[("SSL_CERT_FILE", authority.to_str().expect("UTF-8"))]);
    said.ends(0).says("over HTTP/2").says("x-path: /ping");
}
