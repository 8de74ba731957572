//! What a user should know of requests that really went out: where they went, and what protected them.

use hookwright::eval::{Exchange, Request, is_host_of};
use hookwright::plan::{Authentication, Plan};
use hookwright::spec::Environment;
use hookwright::value::TaintedText;
use url::{Host, Url};

/// The environment that was chosen, with its name.
pub type Chosen<'a> = Option<(&'a str, &'a Environment)>;

/// A line for each thing that the user may not have meant.
pub fn cautions(exchange: &Exchange, plan: &Plan, environment: Chosen<'_>) -> Vec<String> {
    let mut cautions = Vec::new();
    for request in sent(exchange) {
        let Ok(url) = Url::parse(request.url.reveal()) else { continue };
        let host = shown_host(&request.url, &url);
        if let Some((name, environment)) = environment
            && is_missed_by(environment, &url)
        {
            cautions.push(format!(
                "the environment `{name}` has no host in the place of {host}, so that is where requests went"
            ));
        }
        if url.scheme() == "http" && !is_loopback(&url) && carries_secret(request) {
            cautions.push(format!("a secret went to {host} unencrypted: the URL begins with `http://`"));
        }
        if url.scheme() == "http" && matches!(plan.authentication, Authentication::MutualTls(_)) {
            cautions.push(format!(
                "no client certificate was shown to {host}: the URL begins with `http://`, so there is no TLS"
            ));
        }
    }
    cautions
}

fn sent(exchange: &Exchange) -> impl Iterator<Item = &Request> {
    let token = exchange.token.iter().filter(|token| token.sent).filter_map(|token| token.request.as_ref());
    token.chain(exchange.request.iter().filter(|_| exchange.sent))
}

fn shown_host(written: &TaintedText, url: &Url) -> String {
    match url.host_str() {
        Some(host) if !written.carries_secret() => format!("`{host}`"),
        _ => "its host".to_string(),
    }
}

/// Whether the environment stands in for hosts, and has nothing to do with this one.
fn is_missed_by(environment: &Environment, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    !environment.hosts.is_empty()
        && !environment.hosts.iter().any(|(_, target)| is_host_of(target, url.as_str()))
        && !environment.global.values().any(|value| value.to_string().contains(host))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn carries_secret(request: &Request) -> bool {
    let headers = request.headers.iter().map(|(_, value)| value);
    headers.chain(&request.body).chain([&request.url]).any(TaintedText::carries_secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str) -> Request {
        let headers = vec![("Authorization".to_string(), TaintedText::secret("k-12345"))];
        Request { method: "GET".into(), url: TaintedText::plain(url), headers, body: None }
    }

    #[test]
    fn secrets_are_in_the_clear_without_tls_unless_they_stay_on_the_machine() {
        let in_the_clear = |url: &str| {
            let url = Url::parse(url).expect("a URL");
            url.scheme() == "http" && !is_loopback(&url) && carries_secret(&request(url.as_str()))
        };
        for url in ["http://a.example", "http://0.0.0.0:80", "http://10.0.0.1", "http://localhost.example"] {
            assert!(in_the_clear(url), "{url}");
        }
        for url in
            ["https://a.example", "http://127.0.0.2:80", "http://[::1]", "http://localhost:8080", "http://a.localhost"]
        {
            assert!(!in_the_clear(url), "{url}");
        }
    }

    #[test]
    fn an_environment_misses_hosts_that_it_does_not_name() {
        let mut environment = Environment::default();
        let misses = |environment: &Environment, url: &str| is_missed_by(environment, &Url::parse(url).expect("a URL"));
        assert!(!misses(&environment, "https://a.example"), "it is about values alone");
        environment.hosts.push(("a.example".into(), "b.example".into()));
        environment.global.insert("base".into(), "https://c.example/v1".into());
        assert!(misses(&environment, "https://a.example"));
        assert!(misses(&environment, "https://b.example:8443"));
        assert!(!misses(&environment, "https://b.example/x"));
        assert!(!misses(&environment, "https://c.example"));
    }
}
