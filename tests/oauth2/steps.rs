//! Runs that share one cache of tokens and a clock that moves, as the steps of a flow do.

use hookwright::case::{Answer, Case};
use hookwright::eval::{Exchange, Renewal};
use hookwright::report::transcript;
use hookwright::run::TokenCache;
use hookwright::suite::Worker;

use super::{Client, Reader, client_of};
use crate::support::json_reply;

const CLIENT: Client<'_> = Client {
    api: "https://api.example.com/x",
    token_url: "https://auth.example.com/token",
    id: "client",
    secret: "hush-hush",
    scope: "read",
    assume: "",
};

/// Steps in one conversation.
struct Steps {
    worker: Worker,
    tokens: TokenCache,
}

impl Steps {
    fn new() -> Steps {
        Steps { worker: Worker::start().expect("a worker"), tokens: TokenCache::default() }
    }

    fn step(&mut self, reader: &Reader, change: impl FnOnce(&mut Case)) -> Exchange {
        let mut case = reader.case();
        case.answer = Answer::Reply(json_reply(200, "{}"));
        change(&mut case);
        self.worker.exchange_keeping(reader.plan(), &case, &[], &self.tokens).expect("an exchange")
    }

    /// A step so long after the case's own time.
    fn later(&mut self, reader: &Reader, seconds: i64) -> Exchange {
        self.step(reader, |case| case.now += seconds)
    }
}

fn is_cached(exchange: &Exchange) -> bool {
    exchange.token.as_ref().expect("a token").cached
}

fn renewal(exchange: &Exchange) -> Option<Renewal> {
    exchange.token.as_ref().expect("a token").renewal
}

fn first_line(exchange: &Exchange) -> String {
    transcript(exchange).lines().next().unwrap_or_default().to_string()
}

fn assumed(exchange: &Exchange, name: &str) -> bool {
    exchange.assumptions.iter().any(|line| line.starts_with(&format!("{name}=")))
}

#[test]
fn a_token_serves_later_steps_until_it_is_about_to_expire() {
    let (mut steps, reader) = (Steps::new(), Reader::of(&CLIENT));
    let first = steps.later(&reader, 0);
    assert_eq!((is_cached(&first), first_line(&first).as_str()), (false, "token request"));
    let second = steps.later(&reader, 3569);
    assert!(is_cached(&second) && second.token.as_ref().is_some_and(|token| token.request.is_none()));
    assert_eq!(first_line(&second), "token: from the cache");
    assert_eq!(second.request, first.request, "the same token");
    assert!(!assumed(&second, "oauth_refresh_before") && assumed(&second, "oauth_client_auth"));
    let third = steps.later(&reader, 3570);
    assert_eq!((is_cached(&third), renewal(&third)), (false, Some(Renewal::AboutToExpire)));
    assert_eq!(first_line(&third), "token request: the cached token was about to expire");
    assert!(assumed(&third, "oauth_refresh_before"));
    let fourth = steps.later(&reader, 3570 + 3600);
    assert_eq!((is_cached(&fourth), renewal(&fourth)), (false, Some(Renewal::Expired)));
    assert_eq!(first_line(&fourth), "token request: the cached token had expired");
    assert!(!assumed(&fourth, "oauth_refresh_before"), "whatever was chosen, it had expired");
}

#[test]
fn how_close_to_its_expiry_a_token_is_renewed_can_be_chosen() {
    let reader = Reader::of(&Client { assume: "oauth_refresh_before = \"2m\"", ..CLIENT });
    let mut steps = Steps::new();
    let cached = [0, 3479, 3480].map(|seconds| is_cached(&steps.later(&reader, seconds)));
    assert_eq!(cached, [false, true, false]);
}

#[test]
fn a_cached_token_is_a_secret_too() {
    let (mut steps, reader) = (Steps::new(), Reader::of(&CLIENT));
    steps.later(&reader, 0);
    let echoed = steps.step(&reader, |case| case.answer = Answer::Reply(json_reply(200, r#"{"you":"test-token"}"#)));
    assert!(is_cached(&echoed));
    assert!(!transcript(&echoed).contains("test-token"), "{}", transcript(&echoed));
}

#[test]
fn another_client_secret_scope_or_endpoint_has_a_token_of_its_own() {
    let mut steps = Steps::new();
    assert!(!is_cached(&steps.later(&Reader::of(&CLIENT), 0)));
    let elsewhere = client_of(CLIENT.api, "https://auth.example.com/other");
    for other in [
        Client { id: "another", ..CLIENT },
        Client { secret: "other-one", ..CLIENT },
        Client { scope: "write", ..CLIENT },
        Client { scope: "", ..CLIENT },
        elsewhere,
    ] {
        assert!(!is_cached(&steps.later(&Reader::of(&other), 0)));
    }
    let other_action = Client { api: "https://api.example.com/y", scope: " read ", ..CLIENT };
    assert!(is_cached(&steps.later(&Reader::of(&other_action), 0)), "any action with the same credentials");
}

#[test]
fn a_failed_token_request_is_not_kept() {
    let (mut steps, reader) = (Steps::new(), Reader::of(&CLIENT));
    let refusal = Answer::Reply(json_reply(503, r#"{"error":"temporarily_unavailable"}"#));
    let failed = steps.step(&reader, |case| case.token_answer = Some(refusal));
    assert!(failed.error.is_some() && !failed.sent);
    let next = steps.later(&reader, 0);
    assert!(next.sent && !is_cached(&next) && renewal(&next).is_none());
}

#[test]
fn a_401_is_the_reply_unless_a_retry_is_chosen() {
    let refused = |case: &mut Case| case.answer = Answer::Reply(json_reply(401, "{}"));
    let (mut steps, reader) = (Steps::new(), Reader::of(&CLIENT));
    assert!(!assumed(&steps.step(&reader, refused), "oauth_retry_after_401"), "the token was fresh");
    let never = steps.step(&reader, refused);
    assert!(is_cached(&never) && assumed(&never, "oauth_retry_after_401"));
    assert!(is_cached(&steps.later(&reader, 0)), "the token is kept");
    let reader = Reader::of(&Client { assume: "oauth_retry_after_401 = \"once\"", ..CLIENT });
    let once = steps.step(&reader, refused);
    assert_eq!((is_cached(&once), renewal(&once)), (false, Some(Renewal::Refused)));
    assert_eq!(first_line(&once), "token request: the cached token was refused with 401");
}
