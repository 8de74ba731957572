//! Mutual TLS, pure: the fields of the authentication resolved, and the identity that they give.

use crate::assumption::id;
use crate::certificate::{Certificate, Given, Identity, KeyState, authorities, identity, inspect};
use crate::plan::{MutualTls, Plan, ValueSource};
use crate::value::TaintedText;

use super::expression::{AuthScope, Evaluator, KnownParts};
use super::inputs::SecretPolicy;
use super::{Failure, Inputs, Record};

/// The fields of a mutual TLS authentication.
#[derive(Clone, Debug)]
pub struct CertificateFields {
    pub certificate: TaintedText,
    pub password: TaintedText,
    pub ca_certificate: Option<TaintedText>,
    /// Whether the certificate is a secret without a value, in whose place something made up is to stand.
    pub is_stand_in: bool,
}

/// Resolves the fields.
///
/// # Errors
/// When a secret has no value.
pub fn certificate_fields(
    tls: &MutualTls,
    plan: &Plan,
    inputs: &Inputs<'_>,
    record: &Record,
) -> Result<CertificateFields, Failure> {
    resolve(tls, plan, inputs, record, &KnownParts::default())
}

/// The same for fields that read parts of the request.
pub(super) fn resolve(
    tls: &MutualTls,
    plan: &Plan,
    inputs: &Inputs<'_>,
    record: &Record,
    parts: &KnownParts,
) -> Result<CertificateFields, Failure> {
    let scope = AuthScope::default();
    let mut evaluator = Evaluator::new(plan, inputs, record, parts);
    evaluator.authentication = Some(&scope);
    Ok(CertificateFields {
        certificate: evaluator.text(&tls.certificate)?,
        password: evaluator.text(&tls.password)?,
        ca_certificate: tls.ca_certificate.as_ref().map(|text| evaluator.text(text)).transpose()?,
        is_stand_in: is_stand_in(tls, inputs),
    })
}

fn is_stand_in(tls: &MutualTls, inputs: &Inputs<'_>) -> bool {
    let Some(ValueSource::Secret(name)) = tls.certificate.lone().map(|expression| &expression.source) else { return false };
    matches!(inputs.secrets, SecretPolicy::Placeholders { .. }) && inputs.given.secret(name).is_none()
}

impl CertificateFields {
    /// Reads the CA certificates; without any the list is empty.
    ///
    /// # Errors
    /// `certificate-invalid`.
    pub fn authorities(&self) -> Result<Vec<Certificate>, Failure> {
        let Some(text) = self.ca_certificate.as_ref().filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
        Ok(authorities(text.reveal().as_bytes())?)
    }

    /// Reads the client certificate and checks that it can be used at a time, in seconds since 1970.
    ///
    /// # Errors
    /// `certificate-invalid`.
    pub fn identity(&self, authorities: &[Certificate], now: i64) -> Result<Identity, Failure> {
        let (certificate, password) = (self.certificate.reveal().as_bytes(), self.password.reveal());
        Ok(identity(&Given { certificate, password, authorities, now })?)
    }

    /// The client certificate itself, whatever time it is: whether it may be used then is asked of the one that is shown.
    ///
    /// # Errors
    /// `certificate-invalid`: it cannot be read, or it is not certain which one it is.
    pub fn leaf(&self) -> Result<Certificate, Failure> {
        let (certificate, password) = (self.certificate.reveal().as_bytes(), self.password.reveal());
        // The clock adds to the problems alone, which are not looked at here.
        let mut inspection = inspect(&Given { certificate, password, authorities: &[], now: 0 })?;
        match (inspection.key, inspection.problems.drain(..).next()) {
            (KeyState::Several | KeyState::DoesNotFit, Some(problem)) => Err(problem.into()),
            _ => Ok(inspection.chain.swap_remove(0)),
        }
    }
}

/// Whether the CA certificates of an action are trusted besides those that are trusted anyway, and not in their place. To be
/// asked where a server is really verified with them.
pub fn adds_to_trust(plan: &Plan, record: &Record) -> bool {
    record.assume(&plan.assumptions, id::CA_CERTIFICATE_TRUST) == "added"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::ErrorKind;

    fn fields(certificate: &str, password: &str, ca_certificate: Option<&str>) -> CertificateFields {
        CertificateFields {
            certificate: TaintedText::secret(certificate),
            password: TaintedText::secret(password),
            ca_certificate: ca_certificate.map(TaintedText::plain),
            is_stand_in: false,
        }
    }

    #[test]
    fn what_cannot_be_used_is_certificate_invalid_without_its_text() {
        let fields = fields("k-12345", "p-12345", Some("c-12345"));
        for failure in [fields.identity(&[], 0).unwrap_err(), fields.authorities().unwrap_err()] {
            assert_eq!(failure.kind, ErrorKind::CertificateInvalid);
            assert!(!failure.message.contains("12345"), "{}", failure.message);
        }
        assert!(!format!("{fields:?}").contains("k-12345"));
    }

    #[test]
    fn an_empty_ca_certificate_is_none() {
        assert_eq!(fields("", "", Some("")).authorities(), Ok(Vec::new()));
        assert_eq!(fields("", "", None).authorities(), Ok(Vec::new()));
    }
}
