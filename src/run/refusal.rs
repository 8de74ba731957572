//! A server that refuses a client certificate, or wants one: one failure in one wording, however the server says it.
//!
//! Some break the handshake off with an alert (OpenSSL); some end it, and answer the request with a page of their own
//! (nginx, which has the codes 495 and 496 for it and sends 400).

use rustls::AlertDescription;

use super::tls::CertificateRequests;
use crate::certificate::Identity;
use crate::eval::{ErrorKind, Failure};

/// What is known of the client's side when a server refuses.
#[derive(Clone, Copy, Debug)]
pub struct Handshake<'a> {
    /// The identity that is shown to a server that asks.
    pub identity: Option<&'a Identity>,
    /// Whether the server asked for one.
    pub certificate_requested: bool,
}

impl<'a> Handshake<'a> {
    /// To be made when the handshake is over.
    pub fn of(identity: Option<&'a Identity>, requests: &CertificateRequests) -> Handshake<'a> {
        Handshake { identity, certificate_requested: requests.were_made() }
    }

    /// The failure when an alert (RFC 8446 section 6.2) is about the client certificate; `None` when it is about something
    /// else.
    pub fn refused_by_alert(&self, alert: AlertDescription) -> Option<Failure> {
        use AlertDescription::*;
        let is_refusal = match alert {
            CertificateRequired | NoCertificate => true,
            BadCertificate
            | UnsupportedCertificate
            | CertificateRevoked
            | CertificateExpired
            | CertificateUnknown
            | UnknownCA
            | AccessDenied
            | BadCertificateHashValue
            | CertificateUnobtainable => self.certificate_requested,
            // Said of ciphers, too; and of the signature that proves the key.
            HandshakeFailure | DecryptError | IllegalParameter => self.certificate_requested,
            _ => false,
        };
        is_refusal.then(|| self.refused())
    }

    /// The failure when a reply is the server's own page about the client certificate; `None` when it is the reply to the
    /// request. Only what nginx writes is certain: others answer 403, as an application may.
    pub fn refused_by_reply(&self, status: u16, body: &[u8]) -> Option<Failure> {
        const LONGEST_PAGE: usize = 4096;
        const PAGES: [&str; 2] = ["400 No required SSL certificate was sent", "400 The SSL certificate error"];
        let is_own_code = matches!(status, 495 | 496);
        let page = String::from_utf8_lossy(&body[..body.len().min(LONGEST_PAGE)]);
        let is_page = status == 400 && PAGES.iter().any(|title| page.contains(&format!("<title>{title}</title>")));
        (self.certificate_requested && (is_own_code || is_page)).then(|| self.refused())
    }

    /// Whether a refusal may be why a connection broke before any reply, without an alert. Over TLS 1.3 the client has sent
    /// its request before the server looks at its certificate, so that an alert may be lost in the reset. To be sure, make a
    /// handshake alone and listen: there the alert arrives.
    pub fn may_be_refusal(&self, failure: &Failure) -> bool {
        failure.kind == ErrorKind::ConnectionReset && self.certificate_requested
    }

    /// The one wording.
    pub fn refused(&self) -> Failure {
        let Some(identity) = self.identity else {
            return Failure::new(ErrorKind::MtlsRefused, "the server demands a client certificate, and none was shown");
        };
        let mut message = format!("the server refused the client certificate `{}`", identity.certificate().subject);
        if let Some(issuer) = &identity.missing_issuer {
            let hint = format!("; it was sent without that of its issuer `{issuer}`, which the server may need");
            message.push_str(&hint);
        }
        Failure::new(ErrorKind::MtlsRefused, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Handshake<'_> = Handshake { identity: None, certificate_requested: true };
    const NOT_ASKED: Handshake<'_> = Handshake { identity: None, certificate_requested: false };

    fn nginx(title: &str) -> String {
        format!(
            "<html>\r\n<head><title>400 {title}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n\
             <center>{title}</center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
        )
    }

    #[test]
    fn alerts_and_pages_are_one_failure_in_one_wording() {
        let by_alert = ASKED.refused_by_alert(AlertDescription::CertificateRequired);
        let expected = Failure::new(ErrorKind::MtlsRefused, "the server demands a client certificate, and none was shown");
        assert_eq!(by_alert.as_ref(), Some(&expected));
        for alert in [
            AlertDescription::BadCertificate,
            AlertDescription::UnknownCA,
            AlertDescription::HandshakeFailure,
            AlertDescription::CertificateExpired,
            AlertDescription::AccessDenied,
        ] {
            assert_eq!(ASKED.refused_by_alert(alert), by_alert, "{alert:?}");
        }
        for title in ["No required SSL certificate was sent", "The SSL certificate error"] {
            assert_eq!(ASKED.refused_by_reply(400, nginx(title).as_bytes()), by_alert);
        }
        assert_eq!(ASKED.refused_by_reply(496, b""), by_alert);
    }

    #[test]
    fn what_is_not_about_the_client_certificate_is_left_alone() {
        assert_eq!(NOT_ASKED.refused_by_alert(AlertDescription::HandshakeFailure), None);
        assert_eq!(NOT_ASKED.refused_by_alert(AlertDescription::UnknownCA), None);
        assert_eq!(ASKED.refused_by_alert(AlertDescription::ProtocolVersion), None);
        assert_eq!(ASKED.refused_by_alert(AlertDescription::UnrecognisedName), None);
        let page = nginx("No required SSL certificate was sent");
        assert_eq!(NOT_ASKED.refused_by_reply(400, page.as_bytes()), None);
        assert_eq!(ASKED.refused_by_reply(200, page.as_bytes()), None);
        assert_eq!(ASKED.refused_by_reply(400, br#"{"error":"No required SSL certificate was sent"}"#), None);
        assert_eq!(ASKED.refused_by_reply(403, b"Forbidden"), None);
    }

    #[test]
    fn a_broken_connection_may_hide_a_refusal() {
        let broken = Failure::new(ErrorKind::ConnectionReset, "");
        assert!(ASKED.may_be_refusal(&broken));
        assert!(!NOT_ASKED.may_be_refusal(&broken));
        assert!(!ASKED.may_be_refusal(&Failure::new(ErrorKind::Timeout, "")));
    }
}
