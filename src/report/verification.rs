//! What a signed request was found to be, as people and programs read it.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::diagnostic::is_printable;
use crate::eval::json_web_token::{Age, PayloadCheck, PayloadMode, SignatureCheck, Verdict, Verification};

/// Longer names of claims stand out.
const MAX_NAME_WIDTH: usize = 20;

/// Over several lines; the verdict comes last.
pub fn verification_text(found: &Verification, max_age_seconds: i64) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<14}{value}");
    };
    if let Some(why) = &found.malformed {
        line("malformed", why);
    }
    if let Some(algorithm) = &found.algorithm {
        line("algorithm", &algorithm_words(algorithm));
    }
    line("signature", signature_words(found));
    if !found.claims.is_empty() {
        line("age", &age_words(found.age, max_age_seconds));
        line("payload hash", payload_words(found.payload));
    }
    if !found.claims.is_empty() {
        let vouched = found.signature == SignatureCheck::Holds;
        line(if vouched { "claims" } else { "claims, which nothing vouches for" }, "");
    }
    let width = found.claims.keys().map(|name| name.chars().count()).max().unwrap_or_default().min(MAX_NAME_WIDTH);
    for (name, value) in &found.claims {
        let value = value.as_str().map_or_else(|| value.to_string(), printable);
        let _ = writeln!(text, "  {:<width$}  {value}", printable(name));
    }
    let unchecked = match (found.verdict(), found.payload) {
        (Verdict::Ok, PayloadCheck::NotChecked) => ", as far as it was checked",
        _ => "",
    };
    let _ = writeln!(text, "{:<14}{}{unchecked}", "verdict", found.verdict().name());
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The same as JSON.
pub fn verification_json(found: &Verification, max_age_seconds: i64) -> Json {
    let (age, seconds) = match found.age {
        Age::Unknown => ("unknown", None),
        Age::Holds { seconds } => ("holds", Some(seconds)),
        Age::Stale { seconds } => ("stale", Some(seconds)),
        Age::Expired { since } => ("expired", Some(since)),
        Age::NotYetValid { until } => ("not_yet_valid", Some(until)),
    };
    let (payload, mode) = match found.payload {
        PayloadCheck::Matches(mode) => ("holds", Some(mode_name(mode))),
        PayloadCheck::Mismatch => ("mismatch", None),
        PayloadCheck::Missing => ("missing", None),
        PayloadCheck::NotChecked => ("not_checked", None),
    };
    let signature = match found.signature {
        SignatureCheck::Holds => "holds",
        SignatureCheck::Fails => "fails",
        SignatureCheck::NotChecked => "not_checked",
    };
    json!({
        "verdict": found.verdict().name(),
        "malformed": found.malformed,
        "algorithm": found.algorithm,
        "signature": signature,
        "age": {"verdict": age, "seconds": seconds, "max_age_seconds": max_age_seconds},
        "payload_hash": {"verdict": payload, "mode": mode},
        "claims": found.claims,
    })
}

/// On one line, without what would move a terminal's cursor or turn its text round.
fn printable(text: &str) -> String {
    text.chars().map(|character| if is_printable(character) { character } else { char::REPLACEMENT_CHARACTER }).collect()
}

fn mode_name(mode: PayloadMode) -> &'static str {
    match mode {
        PayloadMode::Raw => "raw",
        PayloadMode::Compact => "compact",
        PayloadMode::Query => "query",
        PayloadMode::Empty => "empty",
    }
}

fn algorithm_words(algorithm: &str) -> String {
    match algorithm {
        "HS256" => algorithm.to_string(),
        other => format!("`{}`, which is refused: only HS256 is taken", printable(other)),
    }
}

fn signature_words(found: &Verification) -> &'static str {
    match (found.signature, found.verdict()) {
        (SignatureCheck::Holds, _) => "holds",
        (SignatureCheck::Fails, _) => "does not hold: made with another secret, or changed since",
        (SignatureCheck::NotChecked, Verdict::BadAlgorithm) => "not checked: no algorithm is taken from the token",
        (SignatureCheck::NotChecked, _) => "not checked: the token cannot be read",
    }
}

fn age_words(age: Age, max_age_seconds: i64) -> String {
    match age {
        Age::Unknown => "does not hold: the token does not say when it was signed (`iat`)".to_string(),
        Age::Holds { seconds } if seconds < 0 => format!("holds: signed {} s ahead of this clock", seconds.unsigned_abs()),
        Age::Holds { seconds } => format!("holds: signed {seconds} s ago, at most {max_age_seconds} s"),
        Age::Stale { seconds } => format!("does not hold: signed {seconds} s ago, at most {max_age_seconds} s"),
        Age::Expired { since } => format!("does not hold: expired {since} s ago"),
        Age::NotYetValid { until } => format!("does not hold: valid in {until} s only"),
    }
}

fn payload_words(payload: PayloadCheck) -> &'static str {
    match payload {
        PayloadCheck::Matches(PayloadMode::Raw) => "holds: raw, the body byte for byte",
        PayloadCheck::Matches(PayloadMode::Compact) => {
            "holds: compact, the body as JSON without white space; receivers that hash the raw body refuse it"
        }
        PayloadCheck::Matches(PayloadMode::Query) => "holds: the query's parameters as a compact JSON object",
        PayloadCheck::Matches(PayloadMode::Empty) => {
            "holds: the empty text, for there is no query; receivers that hash the object `{}` refuse it"
        }
        PayloadCheck::Mismatch => "does not hold: neither the raw body (or the query) nor its compact JSON has this hash",
        PayloadCheck::Missing => "does not hold: the token has none, so nothing binds it to the request",
        PayloadCheck::NotChecked => "not checked: give the request's body or query",
    }
}
