//! Which requests go through the proxies that the environment names.

use crate::eval::{ErrorKind, Failure};

/// Whether a request goes through no proxy. What is on this machine is never asked for through another.
pub(super) fn is_direct(url: &reqwest::Url) -> bool {
    is_loopback(url) || !has_proxies()
}

fn is_loopback(url: &reqwest::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether the environment names a proxy for anything.
fn has_proxies() -> bool {
    const VARIABLES: [&str; 3] = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];
    !are_proxies_off() && VARIABLES.iter().any(|name| variable(name).is_some())
}

/// The library goes around a proxy whose URL it cannot use: people who name one do not want that.
pub(super) fn refuse_unusable_proxy(url: &reqwest::Url) -> Result<(), Failure> {
    let own = if url.scheme() == "https" { "HTTPS_PROXY" } else { "HTTP_PROXY" };
    let named = [own, "ALL_PROXY"].into_iter().find_map(|name| Some((name, variable(name)?)));
    let Some((name, proxy)) = named else { return Ok(()) };
    let proxy = proxy.to_string_lossy();
    let proxy = if proxy.contains("://") { proxy.into_owned() } else { format!("http://{proxy}") };
    match reqwest::Url::parse(&proxy) {
        Ok(proxy) if matches!(proxy.scheme(), "http" | "https") && proxy.has_host() => Ok(()),
        _ => {
            let message = format!("the environment variable `{name}` does not hold the URL of an HTTP proxy");
            Err(Failure::new(ErrorKind::InvalidUrl, message))
        }
    }
}

/// Whether `NO_PROXY` is `*`, which the library does not know: by the habit of curl, no host is asked for through a proxy.
fn are_proxies_off() -> bool {
    variable("NO_PROXY").is_some_and(|hosts| hosts.to_string_lossy().split(',').any(|host| host.trim() == "*"))
}

/// What a variable of the environment holds, named in upper or in lower case.
fn variable(name: &str) -> Option<std::ffi::OsString> {
    let held = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    held(name).or_else(|| held(&name.to_lowercase()))
}
