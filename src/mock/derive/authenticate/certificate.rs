//! The client certificate of mutual TLS.

use super::super::Prepared;
use super::super::report::{Part, Row, RowVerdict};
use super::{Facts, Mocked};
use crate::certificate::Certificate;
use crate::eval::{Failure, Inputs, Record, certificate_fields};
use crate::plan::MutualTls;

/// The certificate that a case gives.
#[derive(Clone, Debug)]
pub enum OwnCertificate {
    /// A secret without a value: any certificate is right.
    Any,
    One(Box<Certificate>),
    /// It cannot be read; why.
    Unusable(String),
}

impl OwnCertificate {
    fn of(action: &Mocked, prepared: &Prepared, tls: &MutualTls) -> OwnCertificate {
        let case = &prepared.case;
        let inputs = Inputs::of_case(case, &action.declared_secrets);
        let read = || -> Result<OwnCertificate, Failure> {
            let fields = certificate_fields(tls, &action.plan, &inputs, &Record::of(&case.given))?;
            if fields.is_stand_in {
                return Ok(OwnCertificate::Any);
            }
            Ok(OwnCertificate::One(Box::new(fields.leaf()?)))
        };
        read().unwrap_or_else(|failure| OwnCertificate::Unusable(failure.message))
    }
}

pub(super) fn row(action: &Mocked, prepared: &Prepared, tls: &MutualTls, facts: &Facts<'_>) -> Row {
    let row = Row::new(Part::ClientCertificate, "", RowVerdict::Differs);
    if !facts.is_encrypted {
        let row = Row { verdict: RowVerdict::Unchecked, ..row.expected("a client certificate") };
        return row.note("over plain HTTP no certificate is shown");
    }
    // Deriving keys from passwords takes its time, once.
    let own = prepared.certificate.get_or_init(|| OwnCertificate::of(action, prepared, tls));
    let row = row.expected(match own {
        OwnCertificate::One(own) => shown(own),
        OwnCertificate::Any | OwnCertificate::Unusable(_) => "a client certificate".to_string(),
    });
    let Some(got) = facts.client_certificate else { return row.note("none was shown in the handshake") };
    let row = row.got(shown(got));
    if facts.now > got.not_after {
        return row.note(format!("it expired {} s ago", facts.now.saturating_sub(got.not_after)));
    }
    if facts.now < got.not_before {
        return row.note(format!("it is valid in {} s only", got.not_before.saturating_sub(facts.now)));
    }
    match own {
        OwnCertificate::One(own) if own.fingerprint != got.fingerprint => row.note("it is another certificate"),
        OwnCertificate::Unusable(why) => Row { verdict: RowVerdict::Unchecked, ..row }.note(why),
        OwnCertificate::One(_) | OwnCertificate::Any => Row { verdict: RowVerdict::Holds, ..row },
    }
}

/// Subject and fingerprint.
fn shown(certificate: &Certificate) -> String {
    let (subject, fingerprint) = (&certificate.subject, &certificate.fingerprint);
    if subject.is_empty() { format!("SHA-256 {fingerprint}") } else { format!("{subject}, SHA-256 {fingerprint}") }
}
