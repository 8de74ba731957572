//! A stand-in that demands a client certificate: it ends TLS, remembers what it was shown, and passes the bytes on to a
//! stand-in without TLS.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StandardListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::any_certificate::{AnyCertificate, shown_certificate};
use crate::certificate::{Certificate, Given, Identity, authorities, identity};
use crate::run::{LONGEST_EXCHANGE, tls_provider};

/// How long to wait after a connection that could not be taken.
const BETWEEN_FAILURES: Duration = Duration::from_millis(20);

/// A listener for TLS 1.3 on the loopback, on a thread of its own, which ends when this is dropped.
///
/// Its certificate is made when it starts; so start it only where it is needed. It takes any client certificate whose key
/// the client has, and no connection without one: whether a certificate is valid in the time of its case was checked before.
pub struct TlsBackend {
    address: SocketAddr,
    certificate: Certificate,
    shared: Arc<Shared>,
    /// Dropped to end the thread.
    _running: oneshot::Sender<()>,
}

#[derive(Debug)]
struct Shared {
    behind: Mutex<SocketAddr>,
    shown: Mutex<Option<Certificate>>,
}

impl TlsBackend {
    /// Starts to listen; connections are passed on to the address.
    ///
    /// # Errors
    /// When no port can be bound, or no certificate can be made.
    pub fn start(behind: SocketAddr) -> io::Result<TlsBackend> {
        let (certificate, key) = server_certificate()?;
        let shared = Arc::new(Shared { behind: Mutex::new(behind), shown: Mutex::new(None) });
        let acceptor = TlsAcceptor::from(Arc::new(configuration(&certificate, key)?));
        let listener = StandardListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (running, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        thread::Builder::new().name("tls".to_string()).spawn(move || serve(listener, acceptor, served, stopped))?;
        Ok(TlsBackend { address, certificate, shared, _running: running })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate that a client has to trust, for `127.0.0.1` and `localhost`.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Passes the next connections on to the address, and forgets what was shown.
    pub fn prepare(&self, behind: SocketAddr) {
        *lock(&self.shared.behind) = behind;
        lock(&self.shared.shown).take();
    }

    /// Takes the client certificate that was shown last.
    pub fn shown(&self) -> Option<Certificate> {
        lock(&self.shared.shown).take()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A client certificate that nobody gave and nobody keeps: what stands in for the value of a certificate secret.
///
/// # Errors
/// When the system gives no randomness.
pub fn throw_away_identity() -> io::Result<Identity> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = named("throw-away client certificate");
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = parameters.self_signed(&key).map_err(io::Error::other)?;
    let text = [certificate.pem(), key.serialize_pem()].concat();
    // It is valid from 1975 to 4096.
    let given = Given { certificate: text.as_bytes(), password: "", authorities: &[], now: 0x7000_0000 };
    identity(&given).map_err(io::Error::other)
}

pub(crate) fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

fn server_certificate() -> io::Result<(Certificate, KeyPair)> {
    let names = ["localhost", "127.0.0.1"].map(str::to_string);
    let mut parameters = CertificateParams::new(names).map_err(io::Error::other)?;
    parameters.distinguished_name = named("stand-in");
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = parameters.self_signed(&key).map_err(io::Error::other)?;
    let read = authorities(certificate.der()).map_err(io::Error::other)?;
    let certificate = read.into_iter().next().ok_or(io::ErrorKind::InvalidData)?;
    Ok((certificate, key))
}

fn configuration(certificate: &Certificate, key: KeyPair) -> io::Result<ServerConfig> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let builder = ServerConfig::builder_with_provider(tls_provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(io::Error::other)?;
    let builder = builder.with_client_cert_verifier(Arc::new(AnyCertificate::demanded()));
    builder.with_single_cert(vec![certificate.der().clone()], key).map_err(io::Error::other)
}

fn serve(listener: StandardListener, acceptor: TlsAcceptor, shared: Arc<Shared>, mut stopped: oneshot::Receiver<()>) {
    let Ok(runtime) = Builder::new_current_thread().enable_io().enable_time().build() else { return };
    runtime.block_on(async {
        let Ok(listener) = TcpListener::from_std(listener) else { return };
        loop {
            tokio::select! {
                _ = &mut stopped => return,
                accepted = listener.accept() => {
                    let Ok((stream, _)) = accepted else {
                        // Without a file descriptor to spare it fails until another connection ends.
                        tokio::time::sleep(BETWEEN_FAILURES).await;
                        continue;
                    };
                    let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
                    // A client that goes away is no reason to stop serving; one that stays silent is sent away.
                    tokio::spawn(tokio::time::timeout(LONGEST_EXCHANGE, relay(stream, acceptor, shared)));
                }
            }
        }
    });
}

async fn relay(stream: TcpStream, acceptor: TlsAcceptor, shared: Arc<Shared>) -> io::Result<()> {
    let mut client = acceptor.accept(stream).await?;
    *lock(&shared.shown) = shown_certificate(client.get_ref().1);
    let behind = *lock(&shared.behind);
    let mut server = TcpStream::connect(behind).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
