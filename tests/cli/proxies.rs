//! What `send` says when nothing could be connected to, through a proxy or without one.

use super::server::Server;
use super::support::{PLAIN, Project, Said};

fn send(url: &str, variables: &[(&str, &str)]) -> Said {
    let project = Project::with(&PLAIN.replace("https://ping.example.com", url));
    project.run_with(&["send", "specs/a.toml", "--format", "json"], variables).ends(1)
}

/// The error's kind and message.
fn error(said: &Said) -> (String, String) {
    let json = said.json();
    assert_eq!(json["sent"], false, "{json:#}");
    let text = |key: &str| json["error"][key].as_str().unwrap_or_default().to_string();
    (text("kind"), text("message"))
}

fn refused(message: &str) -> (String, String) {
    ("connection-refused".into(), message.into())
}

#[test]
fn a_name_that_cannot_be_resolved_is_said() {
    for url in ["http://name.invalid", "https://name.invalid"] {
        assert_eq!(error(&send(url, &[])), refused("the name of the server cannot be resolved"));
    }
    let through = [("HTTPS_PROXY", "http://proxy.invalid:3128")];
    assert_eq!(error(&send("https://name.invalid", &through)), refused("the name of the proxy cannot be resolved"));
}

#[test]
fn a_proxy_that_does_not_connect_is_named() {
    for (reply, message) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            "the proxy demands a user name and a password (it answered 407)",
        ),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", "the proxy refused to connect to the server"),
        ("220 mail.example.com ESMTP\r\n\r\n", "the proxy refused to connect to the server"),
        ("", "the proxy did not answer as an HTTP proxy does"),
    ] {
        let proxy = Server::saying(reply);
        assert_eq!(error(&send("https://name.invalid", &[("HTTPS_PROXY", &proxy.url())])), refused(message));
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_not_gone_around() {
    for proxy in ["socks5://127.0.0.1:1080", "http://", "http://[::1", "file:///proxy"] {
        let (kind, message) = error(&send("http://name.invalid", &[("ALL_PROXY", proxy)]));
        assert_eq!(kind, "invalid-url");
        assert_eq!(message, "the environment variable `ALL_PROXY` does not hold the URL of an HTTP proxy");
    }
}

#[test]
fn proxies_are_switched_off_for_all_hosts() {
    let proxy = Server::json(200, "{}");
    for off in [("NO_PROXY", "*"), ("no_proxy", "example.com, *")] {
        let said = send("http://name.invalid", &[("HTTP_PROXY", &proxy.url()), off]);
        assert_eq!(error(&said), refused("the name of the server cannot be resolved"));
    }
    assert_eq!(proxy.requests().len(), 0);
}
