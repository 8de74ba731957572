//! Where requests may go, as a command line says it.

use url::{Host, Url};

use hookwright::plan::Plan;
use hookwright::spec::{Environment, Table, What, check_origin, request_texts};
use hookwright::suite::AllowedHosts;
use hookwright::value::json_text;

use super::Refusal;

/// `--base-url`: scheme, host and port, and nothing else.
pub fn base_url(written: &str) -> Result<String, Refusal> {
    const WANTED: &str = "write scheme, host and port alone, as in `http://127.0.0.1:8080`";
    let refused = |why: &str| Refusal(format!("`--base-url {written}` {why}; {WANTED}"));
    match check_origin(written).map_err(|wrong| wrong.what) {
        Err(What::Credentials) => Err(Refusal(format!("`--base-url` has {}; {WANTED}", What::Credentials.words()))),
        Err(what) => Err(refused(&format!("has {}", what.words()))),
        Ok(()) if !written.contains("://") => Err(refused("has no scheme")),
        Ok(()) => match Url::parse(written) {
            Ok(url) => Ok(url.origin().ascii_serialization()),
            Err(error) => Err(refused(&format!("is not a URL: {error}"))),
        },
    }
}

/// `--allow-host`: a host, perhaps with a port, or a URL.
pub fn host(written: &str) -> Result<&str, Refusal> {
    if written.contains('@') {
        return Err("`--allow-host` has a user name or a password; write a host as in `api.example.com`".into());
    }
    let url = if written.contains("://") { written.to_string() } else { format!("http://{written}") };
    let is_host = Url::parse(&url).is_ok_and(|url| match url.host() {
        Some(Host::Domain(name)) => !name.is_empty() && !name.contains('*'),
        Some(_) => true,
        None => false,
    });
    match is_host {
        true => Ok(written),
        false => Err(format!("`--allow-host {written}` is no host; write one as in `api.example.com`").into()),
    }
}

/// What a user has said of where requests go.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    pub spec: &'a Table,
    /// What the spec means: its action may stand in another file.
    pub plan: Option<&'a Plan>,
    /// `--given`.
    pub given: &'a [String],
    /// `--base-url`.
    pub base_url: Option<&'a str>,
    /// `--allow-host`.
    pub hosts: &'a [String],
    /// `--env`.
    pub environment: Option<&'a Environment>,
}

impl Named<'_> {
    /// Allows the hosts that the user has named: in the spec, on the command line, in the environment that was chosen.
    pub fn allow(&self, allowed: &mut AllowedHosts) -> Result<(), Refusal> {
        request_texts(self.spec).iter().for_each(|text| allowed.allow_named_in(text));
        let written = self.plan.and_then(|plan| plan.request.url.written_authority());
        written.iter().for_each(|host| allowed.allow_named_in(host));
        // A file may have been written by anybody, and a secret names no host.
        let values = self.given.iter().filter(|given| !given.starts_with('@') && !given.starts_with("secret."));
        values.filter_map(|given| given.split_once('=')).for_each(|(_, value)| allowed.allow_named_in(value));
        self.base_url.iter().for_each(|url| allowed.allow(url));
        for written in self.hosts {
            allowed.allow(host(written)?);
        }
        if let Some(environment) = self.environment {
            environment.hosts.iter().for_each(|(_, target)| allowed.allow(target));
            environment.global.values().for_each(|value| allowed.allow_named_in(&json_text(value)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_scheme_host_and_port() {
        for (written, base) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://Staging.example.com/", "https://staging.example.com"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(base_url(written).ok().as_deref(), Some(base));
        }
        for (written, why) in [
            ("127.0.0.1:8080", "no scheme"),
            ("ftp://a.example", "a scheme other than"),
            ("http://a.example/v1", "a path"),
            ("http://a.example?x=1", "a query"),
            ("http://a.example#x", "a fragment"),
            ("http://", "no host"),
            ("http://me:k-12345@a.example", "a password"),
        ] {
            let Err(Refusal(said)) = base_url(written) else { panic!("{written}") };
            assert!(said.contains(why) && !said.contains("k-12345"), "{said}");
        }
    }

    #[test]
    fn hosts() {
        for written in ["api.example.com", "127.0.0.1:80", "[::1]", "https://a.example"] {
            assert!(host(written).is_ok(), "{written}");
        }
        for written in ["", "*.example.com", "a b", "me@a.example", "me:k-12345@a.example", "https://me:k-12345@a b"] {
            let Err(Refusal(said)) = host(written) else { panic!("{written}") };
            assert!(!said.contains("k-12345"), "{said}");
        }
    }
}
