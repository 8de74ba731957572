//! Replies that have no body, whatever the case says (RFC 9110, sections 6.4.1 and 9.3.2).

use std::time::Duration;

use hookwright::run::{Trust, client_config};
use tokio::runtime::Builder;

use super::support::Mock;
use crate::cli::support::Project;

fn project() -> Project {
    Project::plain(
        "[[case]]\nname = \"pong\"\nreply.body = \"pong\"\n\
         [[case]]\nname = \"none\"\nreply.status = 204\nreply.body = \"none\"\n\
         [[case]]\nname = \"same\"\nreply.status = 304\nreply.body = \"same\"\n",
    )
}

/// Status, `Content-Length` and body.
type Got = (u16, Option<String>, String);

fn ask(client: &reqwest::Client, method: &str, url: &str, case: &str) -> Got {
    let method = method.parse().expect("a method");
    let request = client.request(method, url).header("x-hookwright-case", case).timeout(Duration::from_secs(20));
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let response = request.send().await.unwrap_or_else(|error| panic!("{url} {case}: {error:?}"));
        let length = response.headers().get("content-length").map(|value| value.to_str().expect("a text").to_string());
        let status = response.status().as_u16();
        (status, length, response.text().await.unwrap_or_else(|error| panic!("{url} {case}: {error:?}")))
    })
}

fn client(is_http2: bool) -> reqwest::Client {
    let tls = client_config(Trust::Only(&[]), None).expect("TLS").0;
    // Each runtime has its own connections.
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().pool_max_idle_per_host(0);
    let builder = if is_http2 { builder.http2_prior_knowledge() } else { builder };
    builder.build().expect("a client")
}

#[test]
fn head_and_statuses_without_content_have_no_body() {
    let mock = Mock::start(&project(), &[]);
    let url = format!("{}/a/ping", mock.url);
    for is_http2 in [false, true] {
        let client = client(is_http2);
        let length = Some("4".to_string());
        assert_eq!(ask(&client, "GET", &url, "pong"), (200, length.clone(), "pong".to_string()));
        assert_eq!(ask(&client, "HEAD", &url, "pong"), (200, length, String::new()));
        for (case, status) in [("none", 204), ("same", 304)] {
            for method in ["GET", "HEAD"] {
                let (got, length, body) = ask(&client, method, &url, case);
                assert_eq!((got, body.as_str()), (status, ""), "{method} {case}");
                assert!(status == 304 || length.is_none(), "{method} {case}: {length:?}");
            }
        }
        // Pages of the mock itself, and what is not there.
        for target in ["/__hookwright/status", "/__hookwright/nothing", "/nothing"] {
            let (_, length, body) = ask(&client, "HEAD", &format!("{}{target}", mock.url), "pong");
            assert_eq!(body, "", "{target}");
            assert!(target != "/nothing" || length.is_some_and(|length| length != "0"), "{target}");
        }
    }
}

#[test]
fn the_log_says_what_was_sent() {
    let mock = Mock::start(&project(), &[]);
    for (method, case, bytes) in [("GET", "pong", 4), ("HEAD", "pong", 0), ("GET", "none", 0), ("GET", "same", 0)] {
        let reply = mock.request(method, "/a/ping", &[("X-Hookwright-Case", case)], "");
        let exchange = mock.exchange(&reply);
        assert_eq!(exchange["reply_bytes"], bytes, "{method} {case}");
        assert_eq!(exchange["reply"]["body"].as_str().map(str::len), Some(bytes), "{method} {case}");
    }
}
