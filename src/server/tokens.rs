//! The tokens that the mock has issued: of each a hash, for whom it is and when it expires.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::eval::oauth2::TokenKey;
use crate::mock::derive::TokenStanding;

/// The most tokens that are known; the oldest are forgotten first.
pub const MAX_TOKENS: usize = 10_000;

/// For whom a token is. Actions that agree in it share their tokens, whatever their secrets are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    token_url: String,
    client_id: String,
    /// In order.
    scope: Vec<String>,
}

impl Audience {
    pub fn of(key: &TokenKey) -> Audience {
        let scope = key.scope().map(|scope| scope.reveal().to_string()).unwrap_or_default();
        let mut scope: Vec<String> = scope.split_whitespace().map(str::to_string).collect();
        scope.sort();
        let (token_url, client_id) = (key.token_url().reveal().to_string(), key.client_id().reveal().to_string());
        Audience { token_url, client_id, scope }
    }
}

type Hash = [u8; 32];

/// One issue of a token.
struct Issue {
    audience: Audience,
    /// `None`: never.
    expires: Option<Instant>,
}

#[derive(Default)]
struct Issued {
    /// No token itself: what is not kept cannot be shown.
    by_hash: HashMap<Hash, Vec<Issue>>,
    /// The oldest first.
    order: VecDeque<Hash>,
}

/// The tokens that were issued.
#[derive(Default)]
pub struct Tokens(Mutex<Issued>);

impl Tokens {
    pub fn issue(&self, token: &str, audience: Audience, lifetime: Option<Duration>) {
        let expires = lifetime.and_then(|lifetime| Instant::now().checked_add(lifetime));
        let hash = hash(token);
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let issues = issued.by_hash.entry(hash).or_default();
        let is_new = issues.is_empty();
        issues.retain(|issue| issue.audience != audience);
        issues.push(Issue { audience, expires });
        if is_new {
            issued.order.push_back(hash);
        }
        while issued.order.len() > MAX_TOKENS {
            if let Some(oldest) = issued.order.pop_front() {
                issued.by_hash.remove(&oldest);
            }
        }
    }

    /// What is known of a token that is shown where those of some audiences are taken.
    pub fn standing(&self, token: &str, audiences: &[Audience]) -> TokenStanding {
        let issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(issues) = issued.by_hash.get(&hash(token)) else { return TokenStanding::NeverIssued };
        let now = Instant::now();
        let standings = issues.iter().filter(|issue| audiences.contains(&issue.audience)).map(|issue| match issue.expires {
            Some(expires) if expires <= now => TokenStanding::Expired { since: (now - expires).as_secs() },
            _ => TokenStanding::Valid,
        });
        let standings: Vec<TokenStanding> = standings.collect();
        let valid = standings.iter().find(|standing| **standing == TokenStanding::Valid);
        valid.or(standings.first()).copied().unwrap_or(TokenStanding::OfAnother)
    }

    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Issued::default();
    }
}

fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audience(client: &str) -> Audience {
        let (token_url, client_id) = ("https://a.example.com/token".to_string(), client.to_string());
        Audience { token_url, client_id, scope: Vec::new() }
    }

    #[test]
    fn a_token_is_valid_for_its_audience_until_it_expires() {
        let (tokens, bot) = (Tokens::default(), audience("bot"));
        tokens.issue("t-1", bot.clone(), Some(Duration::from_secs(60)));
        tokens.issue("t-2", bot.clone(), Some(Duration::ZERO));
        tokens.issue("t-3", bot.clone(), None);
        let standing = |token| tokens.standing(token, std::slice::from_ref(&bot));
        assert_eq!(standing("t-1"), TokenStanding::Valid);
        assert_eq!(standing("t-2"), TokenStanding::Expired { since: 0 });
        assert_eq!(standing("t-3"), TokenStanding::Valid);
        assert_eq!(standing("t-4"), TokenStanding::NeverIssued);
        assert_eq!(tokens.standing("t-1", &[audience("other")]), TokenStanding::OfAnother);
        tokens.issue("t-2", bot.clone(), Some(Duration::from_secs(60)));
        assert_eq!(standing("t-2"), TokenStanding::Valid, "issued again");
        tokens.clear();
        assert_eq!(standing("t-1"), TokenStanding::NeverIssued);
    }

    #[test]
    fn the_oldest_tokens_are_forgotten() {
        let (tokens, bot) = (Tokens::default(), audience("bot"));
        (0..=MAX_TOKENS).for_each(|number| tokens.issue(&number.to_string(), bot.clone(), None));
        let standing = |token: &str| tokens.standing(token, std::slice::from_ref(&bot));
        assert_eq!((standing("0"), standing("1")), (TokenStanding::NeverIssued, TokenStanding::Valid));
        assert_eq!(standing(&MAX_TOKENS.to_string()), TokenStanding::Valid);
    }
}
