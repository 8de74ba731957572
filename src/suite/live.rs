//! One action against a real service.
#![allow(clippy::disallowed_methods, reason = "real services are met in real time")]

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::action::{Action, Delivery, Presented, Wire, run_action};
use crate::eval::{ErrorKind, Exchange, Failure, Inputs, Record, Request};
use crate::plan::Plan;
use crate::run::{Connection, LiveClient, Sent, TokenCache, Trust};

/// Runs actions against real services. To be cloned for every thread that does: they share their connections.
#[derive(Clone)]
pub struct LiveWorker {
    client: LiveClient,
}

/// The clock, and a random id: what one real webhook request is made with.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Unix time in seconds.
    pub seconds: i64,
    /// Microseconds past `seconds`.
    pub microseconds: u32,
    /// A random UUID (RFC 9562, version 4).
    pub uuid: String,
}

impl Moment {
    /// Right now, with an id that no other moment has.
    pub fn now() -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment {
            seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            microseconds: since.subsec_micros(),
            uuid: uuid::Uuid::new_v4().to_string(),
        }
    }
}

/// What one exchange with a real service may use.
#[derive(Clone, Copy)]
pub struct Live<'a> {
    /// Shared by all workers of a run.
    pub tokens: &'a TokenCache,
    pub allowed: &'a AllowedHosts,
}

/// The hosts that requests may go to: those named in the spec, on the command line or in the chosen environment.
#[derive(Clone, Default)]
pub struct AllowedHosts {
    /// In lower case, each with the one port that it was named with; without one any will do.
    hosts: BTreeSet<(String, Option<u16>)>,
    /// Texts that name hosts: the spec's.
    texts: Vec<String>,
}

/// Without the texts: values for tests stand in a spec.
impl fmt::Debug for AllowedHosts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} and those in {} texts", self.hosts, self.texts.len())
    }
}

impl AllowedHosts {
    /// Allows a host, or the host of a URL: on the port that is written with it, if there is one, else on any.
    pub fn allow(&mut self, host_or_url: &str) {
        let url = if host_or_url.contains("://") { host_or_url.to_string() } else { format!("http://{host_or_url}") };
        if let Some(host) = url::Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_ascii_lowercase)) {
            self.hosts.insert((host, written_port(&url)));
        }
    }

    /// Allows every host that stands in a text as a whole word. One of a single label, which any word could be, must be all of
    /// the text or stand behind `//`.
    pub fn allow_named_in(&mut self, text: &str) {
        self.texts.push(text.to_ascii_lowercase());
    }

    fn knows(&self, host: &str, port: Option<u16>) -> bool {
        let is_named = |(known, on): &(String, Option<u16>)| known == host && (on.is_none() || *on == port);
        self.hosts.iter().any(is_named) || self.texts.iter().any(|text| names(text, host))
    }

    fn knows_on_another_port(&self, host: &str) -> bool {
        self.hosts.iter().any(|(known, _)| known == host)
    }
}

/// The port that stands in a URL. A parsed one does not tell that of its scheme from none.
fn written_port(url: &str) -> Option<u16> {
    let (_, behind) = url.split_once("://")?;
    let authority = behind.split(['/', '\\', '?', '#']).next()?;
    let (before, port) = authority.rsplit_once(':')?;
    // A colon within the brackets of an IPv6 address comes before no port.
    let is_inside = before.contains('[') && !before.contains(']');
    if is_inside { None } else { port.parse().ok() }
}

/// What a host is made of where it is written: RFC 3986 section 3.2.2, and letters of any language.
fn is_of_host(character: char) -> bool {
    character.is_alphanumeric() || "-._%".contains(character)
}

/// Whether the host stands in the text, and not as a part of another.
fn names(text: &str, host: &str) -> bool {
    let is_word = !host.contains(['.', ':']) && host != "localhost";
    let stands_there = text.match_indices(host).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + host.len()..]);
        let is_whole = !before.ends_with(is_of_host) && !after.starts_with(is_of_host);
        is_whole && (!is_word || before.ends_with("//") || text == host)
    });
    stands_there || (host.contains("xn--") && names_in_unicode(text, host))
}

/// A host whose name is not ASCII goes to the wire in another spelling (RFC 5891).
fn names_in_unicode(text: &str, host: &str) -> bool {
    let words = text.split(|c: char| !is_of_host(c)).filter(|word| !word.is_ascii());
    words.filter_map(|word| url::Url::parse(&format!("http://{word}")).ok()).any(|url| url.host_str() == Some(host))
}

impl LiveWorker {
    /// # Errors
    /// When the system gives no event queue or no thread.
    pub fn start() -> io::Result<LiveWorker> {
        Ok(LiveWorker { client: LiveClient::new()? })
    }

    /// Runs an action: token request if it needs one and none is kept, request, reply, outcome.
    ///
    /// # Errors
    /// When something breaks on our own side.
    pub fn exchange(&self, plan: &Plan, inputs: &Inputs<'_>, live: Live<'_>) -> Result<Exchange, String> {
        let record = Record::of(inputs.given);
        let mut wire = Network { client: &self.client, allowed: live.allowed, elapsed: Duration::ZERO };
        let mut exchange = run_action(Action { plan, inputs }, record, live.tokens, &mut wire)?;
        exchange.duration_milliseconds = wire.elapsed.as_secs_f64() * 1000.0;
        Ok(exchange)
    }
}

struct Network<'a> {
    client: &'a LiveClient,
    allowed: &'a AllowedHosts,
    /// The time that all requests together have taken.
    elapsed: Duration,
}

impl Wire for Network<'_> {
    fn send(&mut self, delivery: Delivery<'_>) -> Result<Sent, String> {
        let Delivery { request, limits, presented, .. } = delivery;
        if let Err(failure) = is_allowed(request, self.allowed) {
            return Ok(Sent::not_sent(failure));
        }
        let plain = Connection::plain(limits.timeout_milliseconds);
        let connection = presented.map_or(plain, |presented| Connection {
            identity: presented.identity.as_ref(),
            trust: trust(presented),
            ..plain
        });
        let sent = self.client.send(request, &connection);
        self.elapsed += sent.elapsed;
        Ok(sent)
    }

    fn is_real(&self) -> bool {
        true
    }

    fn now_milliseconds(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }
}

fn trust(presented: &Presented) -> Trust<'_> {
    match presented.authorities.as_slice() {
        [] => Trust::Platform,
        authorities if presented.adds_to_trust => Trust::PlatformAnd(authorities),
        authorities => Trust::Only(authorities),
    }
}

fn is_allowed(request: &Request, allowed: &AllowedHosts) -> Result<(), Failure> {
    // A URL that cannot be read is refused with its own words by the client.
    let Ok(url) = url::Url::parse(request.url.reveal()) else { return Ok(()) };
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let port = url.port_or_known_default();
    if allowed.knows(&host, port) {
        return Ok(());
    }
    let host = match port {
        _ if request.url.carries_secret() => crate::value::MASK.to_string(),
        Some(port) if allowed.knows_on_another_port(&host) => format!("{host}:{port}"),
        _ => host,
    };
    let message = format!(
        "the host `{host}` is named neither in the spec nor on the command line nor in the chosen environment; \
         name it with `--allow-host`, or use `--base-url` or `--env`"
    );
    Err(Failure::new(ErrorKind::NetworkBlocked, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_as_a_whole() {
        let mut allowed = AllowedHosts::default();
        allowed.allow("https://Staging.example.com/x");
        allowed.allow("127.0.0.1");
        allowed.allow("[::1]");
        allowed.allow_named_in("url = \"https://API.example.com/tickets?from=bücher.example\"");
        for host in ["staging.example.com", "127.0.0.1", "[::1]", "api.example.com", "xn--bcher-kva.example"] {
            assert!(allowed.knows(host, Some(443)), "{host}");
        }
        for host in [
            "example.com",
            "pi.example.com",
            "api.example.co",
            "evil.example",
            "127.0.0.11",
            "cher.example",
            "xn--bcher-kva.example.com",
        ] {
            assert!(!allowed.knows(host, Some(443)), "{host}");
        }
    }

    #[test]
    fn a_host_with_a_port_is_allowed_on_that_port_alone() {
        let allowed = |named: &str, url: &str| {
            let mut hosts = AllowedHosts::default();
            hosts.allow(named);
            let request = Request {
                method: "GET".into(),
                url: crate::value::TaintedText::plain(url),
                headers: Vec::new(),
                body: None,
            };
            is_allowed(&request, &hosts).map_err(|failure| failure.message)
        };
        for (named, url) in [
            ("localhost:8080", "http://localhost:8080/x"),
            ("localhost:80", "http://localhost/x"),
            ("https://A.example:443", "https://a.example"),
            ("localhost", "http://localhost:9000"),
            ("https://a.example", "http://a.example:9000"),
            ("[::1]", "http://[::1]:9000"),
            ("[::1]:9000", "http://[::1]:9000"),
            ("a.example:", "http://a.example:9000"),
        ] {
            assert_eq!(allowed(named, url), Ok(()), "{named} {url}");
        }
        for (named, url) in [
            ("localhost:1", "http://localhost:9000/x"),
            ("localhost:80", "https://localhost/x"),
            ("localhost:80", "http://localhost:9000"),
            ("https://a.example:443", "https://a.example:8443"),
            ("[::1]:80", "http://[::1]:9000"),
        ] {
            assert!(allowed(named, url).is_err(), "{named} {url}");
        }
        let why = allowed("localhost:1", "http://localhost/x").expect_err("another port");
        assert!(why.starts_with("the host `localhost:80` is named neither in the spec"), "{why}");
        let why = allowed("a.example", "http://localhost:90/x").expect_err("another host");
        assert!(why.starts_with("the host `localhost` is named neither in the spec"), "{why}");
    }

    #[test]
    fn a_word_is_a_host_only_where_one_belongs() {
        let mut allowed = AllowedHosts::default();
        allowed.allow_named_in("http://backend:8080/post?from=other.example&at=localhost");
        allowed.allow_named_in("queue");
        allowed.allow_named_in("https://my_api.example.com/%41api.example.net");
        for host in ["backend", "other.example", "localhost", "queue", "my_api.example.com"] {
            assert!(allowed.knows(host, Some(443)), "{host}");
        }
        for host in ["post", "from", "http", "api.example.com", "41api.example.net", "api.example.net"] {
            assert!(!allowed.knows(host, Some(443)), "{host}");
        }
    }
}
