//! What a token was found to be, in words.

use super::verification::{Age, PayloadCheck, PayloadMode, SignatureCheck, Verdict, Verification};
use crate::diagnostic::is_printable;

/// On one line, without what would move a terminal's cursor or turn its text round.
pub fn printable(text: &str) -> String {
    text.chars().map(|character| if is_printable(character) { character } else { char::REPLACEMENT_CHARACTER }).collect()
}

impl Verification {
    /// `None` where the token names none.
    pub fn algorithm_words(&self) -> Option<String> {
        self.algorithm.as_ref().map(|algorithm| match algorithm.as_str() {
            "HS256" => algorithm.clone(),
            other => format!("`{}`, which is refused: only HS256 is taken", printable(other)),
        })
    }

    pub fn signature_words(&self) -> &'static str {
        match (self.signature, self.verdict()) {
            (SignatureCheck::Holds, _) => "holds",
            (SignatureCheck::Fails, _) => "does not hold: made with another secret, or changed since",
            (SignatureCheck::NotChecked, Verdict::BadAlgorithm) => "not checked: no algorithm is taken from the token",
            (SignatureCheck::NotChecked, _) => "not checked: the token cannot be read",
        }
    }

    pub fn age_words(&self, max_age_seconds: i64) -> String {
        match self.age {
            Age::Unknown => "does not hold: the token does not say when it was signed (`iat`)".to_string(),
            Age::Holds { seconds } if seconds < 0 => {
                format!("holds: signed {} s ahead of this clock", seconds.unsigned_abs())
            }
            Age::Holds { seconds } => format!("holds: signed {seconds} s ago, at most {max_age_seconds} s"),
            Age::Stale { seconds } => format!("does not hold: signed {seconds} s ago, at most {max_age_seconds} s"),
            Age::Expired { since } => format!("does not hold: expired {since} s ago"),
            Age::NotYetValid { until } => format!("does not hold: valid in {until} s only"),
        }
    }

    pub fn payload_words(&self) -> &'static str {
        match self.payload {
            PayloadCheck::Matches(PayloadMode::Raw) => "holds: raw, the body byte for byte",
            PayloadCheck::Matches(PayloadMode::Compact) => {
                "holds: compact, the body as JSON without white space; receivers that hash the raw body refuse it"
            }
            PayloadCheck::Matches(PayloadMode::Query) => "holds: the query's parameters as a compact JSON object",
            PayloadCheck::Matches(PayloadMode::Empty) => {
                "holds: the empty text, for there is no query; receivers that hash the object `{}` refuse it"
            }
            PayloadCheck::Mismatch => {
                "does not hold: neither the raw body (or the query) nor its compact JSON has this hash"
            }
            PayloadCheck::Missing => "does not hold: the token has none, so nothing binds it to the request",
            PayloadCheck::NotChecked => "not checked: give the request's body or query",
        }
    }
}
