//! A client certificate as people and programs read it.

use std::fmt::Write;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::certificate::{Certificate, Inspection, KeyState};

const DAY: i64 = 24 * 60 * 60;

/// From here on it is time for a new one.
const SOON_IN_DAYS: i64 = 30;

/// Over several lines; what is wrong comes last.
pub fn certificate_text(found: &Inspection, now: i64) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<12} {value}");
    };
    for (index, certificate) in found.chain.iter().enumerate() {
        if index == 0 {
            line("subject", &certificate.subject);
            line("issuer", &certificate.issuer);
            line("names", &or_none(certificate.alternative_names.join(", ")));
            line("fingerprint", &format!("SHA-256 {}", certificate.fingerprint));
            line("valid", &validity(certificate, now));
            line("key", &format!("{}; {}", certificate.key_algorithm, key_words(&found.key)));
        } else {
            line(if index == 1 { "chain" } else { "" }, &format!("{}, {}", certificate.subject, validity(certificate, now)));
        }
    }
    if let Some(issuer) = &found.missing_issuer {
        line(if found.chain.len() == 1 { "chain" } else { "" }, &format!("{issuer}, not in the file"));
    }
    for stray in &found.strays {
        line("besides", &stray.subject);
    }
    for note in notes(found, now) {
        line("note", &note);
    }
    for problem in &found.problems {
        line("problem", &problem.message);
        if let Some(help) = &problem.help {
            line("help", help);
        }
    }
    text
}

/// The same as JSON.
pub fn certificate_json(file: &str, found: &Inspection, now: i64) -> Json {
    let mut json = found.chain.first().map_or_else(|| json!({}), |leaf| one(leaf, now));
    let problems: Vec<Json> =
        found.problems.iter().map(|problem| json!({"message": problem.message, "help": problem.help})).collect();
    if let Some(object) = json.as_object_mut() {
        object.shift_insert(0, "file".to_string(), file.into());
        object.insert("key".to_string(), key_name(&found.key).into());
        object.insert("chain".to_string(), found.chain.iter().skip(1).map(|issuer| one(issuer, now)).collect());
        object.insert("missing_issuer".to_string(), found.missing_issuer.clone().into());
        object.insert("besides".to_string(), found.strays.iter().map(|stray| one(stray, now)).collect());
        object.insert("notes".to_string(), notes(found, now).into());
        object.insert("problems".to_string(), problems.into());
    }
    json
}

fn one(certificate: &Certificate, now: i64) -> Json {
    json!({
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "names": certificate.alternative_names,
        "fingerprint": certificate.fingerprint,
        "not_before": moment(certificate.not_before),
        "not_after": moment(certificate.not_after),
        "days_left": days_left(certificate, now),
        "key_algorithm": certificate.key_algorithm,
    })
}

fn or_none(text: String) -> String {
    if text.is_empty() { "none".to_string() } else { text }
}

fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| "never".to_string(), |moment| moment.to_string())
}

/// Whole days; less than none when it is over.
fn days_left(certificate: &Certificate, now: i64) -> i64 {
    certificate.not_after.saturating_sub(now).div_euclid(DAY)
}

fn validity(certificate: &Certificate, now: i64) -> String {
    let (from, to) = (moment(certificate.not_before), moment(certificate.not_after));
    let left = match days_left(certificate, now) {
        _ if now > certificate.not_after => "expired".to_string(),
        _ if now < certificate.not_before => "not yet valid".to_string(),
        1 => "1 day left".to_string(),
        days => format!("{days} days left"),
    };
    format!("{from} to {to}, {left}")
}

fn key_words(key: &KeyState) -> &'static str {
    match key {
        KeyState::Fits => "the private key fits",
        KeyState::DoesNotFit => "the private key does not fit",
        KeyState::Missing => "no private key",
        KeyState::Several => "several private keys",
        KeyState::Unusable => "the private key cannot be used",
    }
}

fn key_name(key: &KeyState) -> &'static str {
    match key {
        KeyState::Fits => "fits",
        KeyState::DoesNotFit => "does-not-fit",
        KeyState::Missing => "missing",
        KeyState::Several => "several",
        KeyState::Unusable => "unusable",
    }
}

/// What is worth knowing and need not be wrong.
fn notes(found: &Inspection, now: i64) -> Vec<String> {
    let mut notes = Vec::new();
    let Some((leaf, issuers)) = found.chain.split_first() else { return notes };
    let days = days_left(leaf, now);
    if (0..SOON_IN_DAYS).contains(&days) {
        notes.push("it is time for a new certificate".to_string());
    }
    if !leaf.is_for_clients {
        notes.push("its extended key usage does not name client authentication: servers refuse it".to_string());
    }
    for issuer in issuers.iter().filter(|issuer| issuer.not_after < now) {
        notes.push(format!("the issuer's certificate `{}` has expired: servers may refuse the chain", issuer.subject));
    }
    if let Some(issuer) = &found.missing_issuer {
        notes.push(format!("if `{issuer}` is not a root that the server has, its certificate belongs into the file"));
    }
    notes
}
