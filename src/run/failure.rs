//! What went wrong, from the libraries' errors to a user's words. No message holds the URL or a header: they carry secrets.

use std::error::Error;
use std::ffi::OsString;
use std::io;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::eval::{ErrorKind, Failure};

/// The failure that the library's error stands for: the first cause in the chain that says something.
pub(super) fn from_library(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(failure) = from_cause(error) {
            return failure;
        }
        cause = error.source();
    }
    if error.is_timeout() { timed_out_really() } else { reset("the connection broke before the reply was complete") }
}

/// The failure when no connection was made because of a name or a proxy; `None` when it was something else. A library's words
/// are compared, for its types are not to be had.
pub(super) fn connecting(error: &reqwest::Error, has_proxy: bool) -> Option<Failure> {
    const TUNNEL: &str = "tunnel error: ";
    let mut said = Vec::new();
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        said.push(error.to_string());
        cause = error.source();
    }
    let is_unresolved = said.iter().any(|words| words == "dns error");
    let tunnel = said.iter().find_map(|words| words.strip_prefix(TUNNEL));
    let message = match tunnel {
        None if !is_unresolved => return None,
        None if has_proxy => "the name of the server, or of the proxy that the environment names, cannot be resolved",
        None => "the name of the server cannot be resolved",
        Some("failed to create underlying connection") if is_unresolved => "the name of the proxy cannot be resolved",
        Some("failed to create underlying connection") => "no connection to the proxy could be made",
        Some("proxy authorization required") => "the proxy demands a user name and a password (it answered 407)",
        Some("unsuccessful") => "the proxy refused to connect to the server",
        Some(_) => "the proxy did not answer as an HTTP proxy does",
    };
    Some(Failure::new(ErrorKind::ConnectionRefused, message))
}

/// The TLS alert behind an error, if a server sent one.
pub(super) fn alert_behind(error: &(dyn Error + 'static)) -> Option<rustls::AlertDescription> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(rustls::Error::AlertReceived(alert)) = error.downcast_ref() {
            return Some(*alert);
        }
        // An input-output error may wrap another error, and its source is then that one's source.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(alert) = inner.and_then(|inner| alert_behind(inner)) {
            return Some(alert);
        }
        cause = error.source();
    }
    None
}

/// No reply within the time that the platform waits.
pub(super) fn no_reply_within(timeout_milliseconds: u64) -> Failure {
    Failure::new(ErrorKind::Timeout, format!("no reply within {}", spoken(timeout_milliseconds)))
}

/// The guard of real time stepped in.
pub(super) fn stuck(guard: Duration) -> Failure {
    let guard = u64::try_from(guard.as_millis()).unwrap_or(u64::MAX);
    Failure::new(ErrorKind::Timeout, format!("the exchange was not over after {} of real time", spoken(guard)))
}

pub(super) fn too_large(limit: u64) -> Failure {
    let limit = match limit {
        _ if limit >= 1 << 20 && limit.is_multiple_of(1 << 20) => format!("{} MiB", limit >> 20),
        _ if limit >= 1 << 10 && limit.is_multiple_of(1 << 10) => format!("{} KiB", limit >> 10),
        _ => format!("{limit} bytes"),
    };
    Failure::new(ErrorKind::ReplyTooLarge, format!("the reply is larger than {limit}"))
}

fn from_cause(error: &(dyn Error + 'static)) -> Option<Failure> {
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return from_http(error);
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(from_tls(error));
    }
    error.downcast_ref::<io::Error>().and_then(from_io)
}

fn from_http(error: &hyper::Error) -> Option<Failure> {
    if error.is_parse_too_large() {
        return Some(Failure::new(ErrorKind::ReplyTooLarge, "the reply's headers are too many or too large"));
    }
    if error.is_parse() {
        return Some(malformed());
    }
    if error.is_timeout() {
        return Some(timed_out_really());
    }
    error.is_incomplete_message().then(closed_early)
}

fn from_io(error: &io::Error) -> Option<Failure> {
    // An input-output error may wrap another error, and its source is then that one's source.
    if let Some(failure) = error.get_ref().and_then(|inner| from_cause(inner)) {
        return Some(failure);
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            Some(Failure::new(ErrorKind::ConnectionRefused, "the connection was refused: nothing listens there"))
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            Some(reset("the connection was reset before the reply was complete"))
        }
        io::ErrorKind::UnexpectedEof => Some(closed_early()),
        io::ErrorKind::TimedOut => Some(timed_out_really()),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Some(malformed()),
        _ => None,
    }
}

fn from_tls(error: &rustls::Error) -> Failure {
    let reason = match error {
        rustls::Error::AlertReceived(alert) => format!("the server broke it off with the alert {alert:?}"),
        rustls::Error::InvalidCertificate(_) => format!("the server's certificate is not trusted{}", unread_authorities()),
        _ => "the server does not speak TLS as the client does".to_string(),
    };
    Failure::new(ErrorKind::Tls, format!("the TLS handshake failed: {reason}"))
}

/// What to say of a file of authorities that holds none: reading it has failed in silence, and nobody is trusted.
fn unread_authorities() -> &'static str {
    let holds_some = |file: OsString| CertificateDer::pem_file_iter(file).is_ok_and(|mut held| held.any(|one| one.is_ok()));
    match std::env::var_os("SSL_CERT_FILE") {
        Some(file) if !holds_some(file.clone()) => {
            "; the file that `SSL_CERT_FILE` names holds no certificate that can be read"
        }
        _ => "",
    }
}

fn closed_early() -> Failure {
    reset("the connection was closed before the reply was complete")
}

fn reset(message: &str) -> Failure {
    Failure::new(ErrorKind::ConnectionReset, message)
}

fn malformed() -> Failure {
    Failure::new(ErrorKind::MalformedReply, "what came back is not HTTP")
}

fn timed_out_really() -> Failure {
    Failure::new(ErrorKind::Timeout, "the connection timed out")
}

/// A duration as people write it: `150 ms`, `2.5 s`, `30 s`.
fn spoken(milliseconds: u64) -> String {
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        _ if milliseconds.is_multiple_of(1000) => format!("{} s", milliseconds / 1000),
        _ => {
            let fraction = format!("{:03}", milliseconds % 1000);
            format!("{}.{} s", milliseconds / 1000, fraction.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_people_write_them() {
        assert_eq!(spoken(0), "0 ms");
        assert_eq!(spoken(150), "150 ms");
        assert_eq!(spoken(2500), "2.5 s");
        assert_eq!(spoken(1001), "1.001 s");
        assert_eq!(spoken(30_000), "30 s");
        assert_eq!(no_reply_within(30_000).message, "no reply within 30 s");
    }

    #[test]
    fn limits_as_people_write_them() {
        assert_eq!(too_large(16 << 20).message, "the reply is larger than 16 MiB");
        assert_eq!(too_large(2 << 10).message, "the reply is larger than 2 KiB");
        assert_eq!(too_large(1000).message, "the reply is larger than 1000 bytes");
    }
}
