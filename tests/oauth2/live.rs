//! Real requests to a server that counts them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use hookwright::run::TokenCache;
use hookwright::suite::LiveWorker;

use super::server::{Came, serve};
use super::{Client, Reader, client_of, status};

/// What a server has seen, and which of its tokens (numbered from 1) are good.
#[derive(Default)]
struct Seen {
    token_requests: AtomicUsize,
    reads: AtomicUsize,
    /// Tokens up to this one are revoked.
    revoked: AtomicUsize,
}

impl Seen {
    fn answer(&self, came: &Came) -> (u16, String) {
        if came.path == "/token" {
            let number = self.token_requests.fetch_add(1, Ordering::SeqCst) + 1;
            return (200, format!(r#"{{"access_token":"token-{number}","token_type":"Bearer","expires_in":3600}}"#));
        }
        self.reads.fetch_add(1, Ordering::SeqCst);
        let number = came.authorization.strip_prefix("Bearer token-").and_then(|number| number.parse().ok()).unwrap_or(0);
        if number > self.revoked.load(Ordering::SeqCst) { (200, "{}".into()) } else { (401, "{}".into()) }
    }

    fn counts(&self) -> (usize, usize) {
        (self.token_requests.load(Ordering::SeqCst), self.reads.load(Ordering::SeqCst))
    }

    fn revoke(&self, up_to: usize) {
        self.revoked.store(up_to, Ordering::SeqCst);
    }
}

/// A server, and an action that reads from it.
fn counting(assume: &str) -> (Arc<Seen>, Reader) {
    let seen = Arc::new(Seen::default());
    let base = serve({
        let seen = seen.clone();
        move |came| seen.answer(came)
    });
    let (api, token_url) = (format!("{base}/api"), format!("{base}/token"));
    let reader = Reader::of(&Client { assume, ..client_of(&api, &token_url) });
    (seen, reader)
}

/// One send on each of so many threads, all let off at once; what they got.
fn at_once(threads: usize, reader: &Reader, tokens: &TokenCache) -> Vec<Result<u16, String>> {
    let (worker, start) = (LiveWorker::start().expect("a worker"), Barrier::new(threads));
    let one = || {
        let worker = worker.clone();
        start.wait();
        status(&reader.send(&worker, tokens))
    };
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        started.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

#[test]
fn a_token_is_fetched_once_for_a_thousand_concurrent_sends() {
    let (seen, reader) = counting("");
    let started = Instant::now();
    let results = at_once(1000, &reader, &TokenCache::default());
    let wrong: Vec<_> = results.iter().filter(|result| **result != Ok(200)).collect();
    assert!(wrong.is_empty(), "{} of 1,000, such as {:?}", wrong.len(), wrong[0]);
    assert_eq!(seen.counts(), (1, 1000));
    println!("1,000 sends with one token: {} ms", started.elapsed().as_millis());
}

#[test]
fn a_revoked_token_is_replaced_once_for_all_who_met_it() {
    let (seen, reader) = counting("oauth_retry_after_401 = \"once\"");
    let tokens = TokenCache::default();
    let worker = LiveWorker::start().expect("a worker");
    assert_eq!(status(&reader.send(&worker, &tokens)), Ok(200));
    seen.revoke(1);
    assert!(at_once(100, &reader, &tokens).iter().all(|result| *result == Ok(200)));
    assert_eq!(seen.counts().0, 2);
}

#[test]
fn one_retry_with_a_fresh_token_and_no_more() {
    let (seen, reader) = counting("oauth_retry_after_401 = \"once\"");
    let (tokens, worker) = (TokenCache::default(), LiveWorker::start().expect("a worker"));
    let send = || status(&reader.send(&worker, &tokens));
    seen.revoke(1);
    assert_eq!((send(), seen.counts()), (Ok(401), (1, 1)), "a fresh token is not replaced");
    seen.revoke(usize::MAX);
    assert_eq!((send(), seen.counts()), (Ok(401), (2, 3)), "a kept one is, once");
    seen.revoke(2);
    assert_eq!((send(), seen.counts()), (Ok(200), (3, 5)));
    assert_eq!((send(), seen.counts()), (Ok(200), (3, 6)));
}

#[test]
fn a_401_is_the_reply_where_the_platform_does_not_retry() {
    let (seen, reader) = counting("");
    let (tokens, worker) = (TokenCache::default(), LiveWorker::start().expect("a worker"));
    let send = || status(&reader.send(&worker, &tokens));
    assert_eq!(send(), Ok(200));
    seen.revoke(1);
    assert_eq!([send(), send()], [Ok(401), Ok(401)]);
    assert_eq!(seen.counts(), (1, 3));
}

/// Whoever waited for a token judges it by the time when the wait is over.
#[test]
fn a_token_that_expired_during_the_wait_is_not_used() {
    let token_requests = Arc::new(AtomicUsize::new(0));
    let base = serve({
        let token_requests = token_requests.clone();
        move |came| match came.path.as_str() {
            "/token" if token_requests.fetch_add(1, Ordering::SeqCst) == 0 => {
                std::thread::sleep(Duration::from_millis(1200));
                (200, r#"{"access_token":"token","token_type":"Bearer","expires_in":1}"#.into())
            }
            "/token" => (200, r#"{"access_token":"token","token_type":"Bearer","expires_in":3600}"#.into()),
            _ => (200, "{}".into()),
        }
    });
    let reader = Reader::of(&client_of(&format!("{base}/api"), &format!("{base}/token")));
    assert_eq!(at_once(4, &reader, &TokenCache::default()), [Ok(200), Ok(200), Ok(200), Ok(200)]);
    assert_eq!(token_requests.load(Ordering::SeqCst), 2);
}

/// Whatever is set for the connection of an action holds for its token request too.
#[test]
fn the_token_request_has_the_same_connection_settings() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", silent.local_addr().expect("an address"));
    let reader = Reader::of(&Client { assume: "timeout = \"200ms\"", ..client_of(&base, &format!("{base}/token")) });
    let started = Instant::now();
    let exchange = reader.send(&LiveWorker::start().expect("a worker"), &TokenCache::default());
    assert_eq!(status(&exchange), Err("token-request-failed: the token request failed: no reply within 200 ms".into()));
    assert!(!exchange.sent && started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_token_endpoint_that_is_not_allowed_gets_no_credentials() {
    let (seen, _) = counting("");
    let base = serve(move |came| seen.answer(came));
    let reader = Reader::of(&client_of(&base, &format!("{}/token", base.replace("127.0.0.1", "localhost"))));
    let failure = status(&reader.send(&LiveWorker::start().expect("a worker"), &TokenCache::default()));
    assert!(failure.as_ref().is_err_and(|failure| failure.starts_with("network-blocked: ")), "{failure:?}");
}

/// Resident memory of this process in KiB.
#[cfg(target_os = "linux")]
fn resident_memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("the system's own words");
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line on memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[cfg(target_os = "linux")]
const IN_A_PROCESS_OF_ITS_OWN: &str = "HOOKWRIGHT_TEST_MEMORY";

/// Other tests use memory too, so this one starts the test program again for itself alone.
#[test]
#[cfg(target_os = "linux")]
fn a_thousand_sends_hold_memory_flat() {
    if std::env::var_os(IN_A_PROCESS_OF_ITS_OWN).is_some() {
        return send_a_thousand();
    }
    let program = std::env::current_exe().expect("this program");
    let name = "oauth2::live::a_thousand_sends_hold_memory_flat";
    let mut command = std::process::Command::new(program);
    let output = command.args(["--exact", name, "--nocapture"]).env(IN_A_PROCESS_OF_ITS_OWN, "1").output();
    let output = output.expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    println!("{}", said.lines().find(|line| line.contains("KiB")).unwrap_or_default());
}

/// Some with a kept token, some with a new one: both ways are used.
#[cfg(target_os = "linux")]
fn send_a_thousand() {
    const MARGIN_KIB: u64 = 2048;
    let (seen, reader) = counting("");
    let (mut tokens, worker) = (TokenCache::default(), LiveWorker::start().expect("a worker"));
    let mut after_a_hundred = 0;
    for count in 1..=1000 {
        assert_eq!(status(&reader.send(&worker, &tokens)), Ok(200));
        if count % 10 == 0 {
            tokens = TokenCache::default();
        }
        if count == 100 {
            after_a_hundred = resident_memory();
        }
    }
    let after_a_thousand = resident_memory();
    assert_eq!(seen.counts(), (100, 1000));
    println!("resident memory after 100 sends: {after_a_hundred} KiB, after 1,000: {after_a_thousand} KiB");
    assert!(after_a_thousand <= after_a_hundred + MARGIN_KIB, "{after_a_hundred} KiB became {after_a_thousand} KiB");
}
