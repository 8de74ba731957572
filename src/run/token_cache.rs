//! Access tokens that are kept and used again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::eval::Failure;
use crate::eval::oauth2::{Token, TokenKey};

/// Tokens by what they were asked for: token URL, client id, client secret and scope. Shared by threads; of those that want
/// one token at once, one asks for it and the others wait for what comes of it.
#[derive(Debug, Default)]
pub struct TokenCache {
    slots: Mutex<HashMap<TokenKey, Arc<Slot>>>,
}

/// The place of one kind of token.
#[derive(Debug, Default)]
pub struct Slot {
    /// How often the endpoint has answered.
    answers: AtomicU64,
    latest: Mutex<Latest>,
}

/// The place, held by one thread: others wait until it is dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    slot: &'a Slot,
    /// How often the endpoint had answered before this thread waited.
    answers: u64,
    latest: MutexGuard<'a, Latest>,
}

#[derive(Debug, Default)]
enum Latest {
    #[default]
    None,
    Token(Kept),
    Failed(Failure),
}

#[derive(Debug)]
struct Kept {
    token: Token,
    /// Unix time; `None`: the endpoint did not say.
    expires_at_milliseconds: Option<u64>,
}

/// Where a token came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Cache,
    /// It was asked for: there was none.
    Endpoint,
    /// It was asked for: the one that was there was about to expire.
    Renewed,
    /// It was asked for: the one that was there had expired.
    RenewedLate,
}

/// The clock once a thread has its turn, and how long before its expiry a token counts as expired.
#[derive(Clone, Copy, Debug)]
pub struct Freshness {
    pub now_milliseconds: u64,
    /// At most this: a token that lives for less than ten times as long counts as expired in its last tenth, or in its last
    /// second, since servers count whole ones; but never before half of its life is over.
    pub margin_milliseconds: u64,
}

const SECOND: u64 = 1000;

impl TokenCache {
    /// Drops a token that the service refused, unless another has taken its place.
    pub fn forget(&self, key: &TokenKey, token: &Token) {
        let slot = self.slot(key);
        let mut latest = slot.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(&*latest, Latest::Token(kept) if kept.token == *token) {
            *latest = Latest::None;
        }
    }

    /// Where the tokens of a key are kept.
    pub fn slot(&self, key: &TokenKey) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry(key.clone()).or_default().clone()
    }
}

impl Slot {
    /// Waits while another thread has its turn, which may take as long as a token request: look at the clock behind this.
    pub fn turn(&self) -> Turn<'_> {
        let answers = self.answers.load(Ordering::Acquire);
        Turn { slot: self, answers, latest: self.latest.lock().unwrap_or_else(PoisonError::into_inner) }
    }
}

impl Turn<'_> {
    /// The kept token, or the one that `ask` gets.
    ///
    /// # Errors
    /// What `ask` failed with, now or while this thread waited for another that asked.
    pub fn token(
        mut self,
        freshness: Freshness,
        ask: impl FnOnce() -> Result<Token, Failure>,
    ) -> (Result<Token, Failure>, Origin) {
        let origin = match &*self.latest {
            Latest::Token(kept) if kept.is_fresh(freshness) => return (Ok(kept.token.clone()), Origin::Cache),
            Latest::Failed(failure) if self.slot.answers.load(Ordering::Acquire) != self.answers => {
                return (Err(failure.clone()), Origin::Endpoint);
            }
            Latest::Token(kept) if kept.has_expired(freshness) => Origin::RenewedLate,
            Latest::Token(_) => Origin::Renewed,
            _ => Origin::Endpoint,
        };
        let asked = ask();
        *self.latest = match &asked {
            Ok(token) => Latest::Token(Kept::new(token.clone(), freshness.now_milliseconds)),
            Err(failure) => Latest::Failed(failure.clone()),
        };
        self.slot.answers.fetch_add(1, Ordering::Release);
        (asked, origin)
    }
}

impl Kept {
    fn new(token: Token, now_milliseconds: u64) -> Kept {
        let lifetime = token.expires_in_seconds.map(|seconds| seconds.saturating_mul(1000));
        Kept { token, expires_at_milliseconds: lifetime.map(|lifetime| now_milliseconds.saturating_add(lifetime)) }
    }

    fn has_expired(&self, freshness: Freshness) -> bool {
        self.expires_at_milliseconds.is_some_and(|expires_at| freshness.now_milliseconds >= expires_at)
    }

    fn is_fresh(&self, freshness: Freshness) -> bool {
        let Some(expires_at) = self.expires_at_milliseconds else { return true };
        let lifetime = self.token.expires_in_seconds.unwrap_or_default().saturating_mul(1000);
        let margin = freshness.margin_milliseconds.min((lifetime / 10).max(SECOND)).min(lifetime / 2);
        freshness.now_milliseconds < expires_at.saturating_sub(margin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::ErrorKind;
    use std::sync::Barrier;
    use std::sync::atomic::AtomicUsize;

    fn key(scope: &str) -> TokenKey {
        TokenKey::for_tests("https://auth.example.com/token", "id", "k-123456", scope)
    }

    fn token(text: &str, expires_in_seconds: Option<u64>) -> Result<Token, Failure> {
        Ok(Token::for_tests(text, expires_in_seconds))
    }

    fn at(seconds: u64) -> Freshness {
        Freshness { now_milliseconds: seconds * 1000, margin_milliseconds: 30_000 }
    }

    #[test]
    fn a_token_is_used_until_shortly_before_it_expires() {
        let cache = TokenCache::default();
        let ask = |seconds| cache.slot(&key("a")).turn().token(at(seconds), || token("t", Some(3600))).1;
        let origins = [0, 3569, 3570, 3570 + 3569, 3570 + 3600].map(ask);
        use Origin::{Cache, Endpoint, Renewed, RenewedLate};
        assert_eq!(origins, [Endpoint, Cache, Renewed, Cache, RenewedLate]);
    }

    #[test]
    fn a_short_token_is_used_for_most_of_its_life() {
        for (lifetime, until) in [(60, 54_000), (5, 4000), (2, 1000), (1, 500)] {
            let cache = TokenCache::default();
            let now = |milliseconds| Freshness { now_milliseconds: milliseconds, margin_milliseconds: 30_000 };
            let ask = |milliseconds| cache.slot(&key("a")).turn().token(now(milliseconds), || token("t", Some(lifetime))).1;
            assert_eq!([0, until - 1, until].map(ask), [Origin::Endpoint, Origin::Cache, Origin::Renewed], "{lifetime}");
        }
    }

    #[test]
    fn a_token_without_a_known_end_is_kept_and_one_of_no_length_is_not() {
        let cache = TokenCache::default();
        let forever = [0, 1_000_000].map(|seconds| cache.slot(&key("a")).turn().token(at(seconds), || token("t", None)).1);
        assert_eq!(forever, [Origin::Endpoint, Origin::Cache]);
        let never = [0, 0].map(|seconds| cache.slot(&key("b")).turn().token(at(seconds), || token("t", Some(0))).1);
        assert_eq!(never, [Origin::Endpoint, Origin::RenewedLate]);
    }

    #[test]
    fn another_scope_is_another_token_and_a_refused_one_is_forgotten() {
        let cache = TokenCache::default();
        let (first, _) = cache.slot(&key("a")).turn().token(at(0), || token("t", None));
        assert_eq!(cache.slot(&key("b")).turn().token(at(0), || token("u", None)).1, Origin::Endpoint);
        cache.forget(&key("a"), &Token::for_tests("another", None));
        assert_eq!(cache.slot(&key("a")).turn().token(at(0), || token("t", None)).1, Origin::Cache);
        cache.forget(&key("a"), &first.unwrap());
        assert_eq!(cache.slot(&key("a")).turn().token(at(0), || token("t", None)).1, Origin::Endpoint);
    }

    /// Starts all threads at once; each asks for the same token.
    fn together(answer: impl Fn() -> Result<Token, Failure> + Sync) -> (usize, Vec<Result<Token, Failure>>) {
        const THREADS: usize = 50;
        let (cache, asked, start) = (TokenCache::default(), AtomicUsize::new(0), Barrier::new(THREADS));
        let ask = || {
            asked.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(std::time::Duration::from_millis(200));
            answer()
        };
        let one = || {
            start.wait();
            cache.slot(&key("a")).turn().token(at(0), ask).0
        };
        let results = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(one)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        (asked.into_inner(), results)
    }

    #[test]
    fn one_asks_for_all() {
        let (asked, results) = together(|| token("t", Some(3600)));
        assert_eq!((asked, results.iter().filter(|result| result.is_ok()).count()), (1, 50));
    }

    #[test]
    fn those_who_waited_share_the_failure_and_the_next_asks_again() {
        let (asked, results) = together(|| Err(Failure::new(ErrorKind::TokenRequestFailed, "no")));
        assert_eq!((asked, results.iter().filter(|result| result.is_err()).count()), (1, 50));
        let cache = TokenCache::default();
        let fail = || Err(Failure::new(ErrorKind::TokenRequestFailed, "no"));
        assert!(cache.slot(&key("a")).turn().token(at(0), fail).0.is_err());
        assert!(cache.slot(&key("a")).turn().token(at(0), || token("t", None)).0.is_ok());
    }
}
