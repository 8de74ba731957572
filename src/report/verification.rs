//! What a signed request was found to be, as people and programs read it.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::eval::json_web_token::{Age, PayloadCheck, PayloadMode, SignatureCheck, Verdict, Verification, printable};

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
    if let Some(algorithm) = found.algorithm_words() {
        line("algorithm", &algorithm);
    }
    line("signature", found.signature_words());
    if !found.claims.is_empty() {
        line("age", &found.age_words(max_age_seconds));
        line("payload hash", found.payload_words());
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

fn mode_name(mode: PayloadMode) -> &'static str {
    match mode {
        PayloadMode::Raw => "raw",
        PayloadMode::Compact => "compact",
        PayloadMode::Query => "query",
        PayloadMode::Empty => "empty",
    }
}
