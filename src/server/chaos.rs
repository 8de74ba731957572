//! What goes wrong on purpose: replies that are not the case's, by chance or because too many were asked for.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::served::ReadyReply;
use crate::case::Fault;

/// A share of the requests that is answered with something else. Which ones, and with what, follows from the seed and from
/// how many requests came before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chaos {
    /// From 0 to 1.
    pub share: f64,
    pub seed: u64,
}

/// What a reply turns into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disturbance {
    InternalError,
    /// With how many seconds to wait (RFC 9110, section 10.2.3).
    Unavailable(u64),
    ConnectionReset,
    Empty,
    Malformed,
    /// The case's reply, but late.
    Delay(Duration),
    /// More requests than the limit (RFC 6585, section 4), with how many seconds to wait.
    RateLimited(u64),
}

/// The longest delay, and the longest time that a 503 asks for.
const MAX_SECONDS: u64 = 5;

impl Chaos {
    /// What becomes of the reply to a request: the n-th since the start, or since all was reset.
    pub fn disturbance(self, number: u64) -> Option<Disturbance> {
        let hash = Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(number.to_be_bytes()).finalize();
        let part = |index: usize| hash[index * 8..].iter().take(8).fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        // 53 bits fit into a float.
        let chance = (part(0) >> 11) as f64 / (1u64 << 53) as f64;
        if chance >= self.share {
            return None;
        }
        let seconds = 1 + part(2) % MAX_SECONDS;
        Some(match part(1) % 6 {
            0 => Disturbance::InternalError,
            1 => Disturbance::Unavailable(seconds),
            2 => Disturbance::ConnectionReset,
            3 => Disturbance::Empty,
            4 => Disturbance::Malformed,
            _ => Disturbance::Delay(Duration::from_secs(seconds)),
        })
    }
}

impl Disturbance {
    pub fn name(self) -> &'static str {
        match self {
            Disturbance::InternalError => "internal-error",
            Disturbance::Unavailable(_) => "unavailable",
            Disturbance::ConnectionReset => "connection-reset",
            Disturbance::Empty => "empty",
            Disturbance::Malformed => "malformed",
            Disturbance::Delay(_) => "delay",
            Disturbance::RateLimited(_) => "rate-limited",
        }
    }

    /// What is answered in the case's place; `None`: the case answers.
    pub fn answer(self) -> Option<Result<ReadyReply, Fault>> {
        let reply = |status, why: &str| ReadyReply::json(status, &json!({"error": why}));
        Some(match self {
            Disturbance::InternalError => Ok(reply(StatusCode::INTERNAL_SERVER_ERROR, "chaos")),
            Disturbance::Unavailable(seconds) => Ok(later(reply(StatusCode::SERVICE_UNAVAILABLE, "chaos"), seconds)),
            Disturbance::RateLimited(seconds) => {
                let why = "more requests than `--rate-limit` allows";
                Ok(later(reply(StatusCode::TOO_MANY_REQUESTS, why), seconds))
            }
            Disturbance::ConnectionReset => Err(Fault::ConnectionReset),
            Disturbance::Empty => Err(Fault::Empty),
            Disturbance::Malformed => Err(Fault::Malformed),
            Disturbance::Delay(_) => return None,
        })
    }

    pub fn delay(self) -> Duration {
        match self {
            Disturbance::Delay(delay) => delay,
            _ => Duration::ZERO,
        }
    }
}

/// A reply that says when to come again.
fn later(mut reply: ReadyReply, seconds: u64) -> ReadyReply {
    reply.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_and_the_number_decide() {
        let of = |share, seed| (0..2000).map(|number| Chaos { share, seed }.disturbance(number)).collect::<Vec<_>>();
        assert_eq!(of(0.1, 7), of(0.1, 7));
        assert_ne!(of(0.1, 7), of(0.1, 8));
        let share = of(0.1, 7).iter().flatten().count();
        assert!((150..250).contains(&share), "{share} of 2000");
        assert!(of(0.0, 7).iter().all(Option::is_none));
        assert!(of(1.0, 7).iter().all(Option::is_some));
        // Who is disturbed at a tenth is so at a half, with the same.
        assert!(of(0.1, 7).iter().zip(of(0.5, 7)).all(|(few, many)| few.is_none() || *few == many));
    }

    #[test]
    fn everything_comes_up() {
        let all = (0..200).filter_map(|number| Chaos { share: 1.0, seed: 1 }.disturbance(number));
        let names: std::collections::BTreeSet<&str> = all.map(Disturbance::name).collect();
        let known = ["connection-reset", "delay", "empty", "internal-error", "malformed", "unavailable"];
        assert_eq!(names.into_iter().collect::<Vec<_>>(), known);
    }
}
