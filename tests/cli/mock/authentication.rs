//! Authentication at the mock, over real connections.

use std::time::Duration;

use serde_json::Value as Json;

use super::support::{Mock, Reply};
use crate::cli::support::{Project, TICKET};

const CASE: &str = "[[case]]\nname = \"opens\"\nreply = { status = 201, json = { data = { id = 5 } } }\n";

fn checks(mock: &Mock, reply: &Reply, part: &str) -> Vec<(String, String, String)> {
    let exchange = mock.exchange(reply);
    let text = |check: &Json, name: &str| check[name].as_str().unwrap_or_default().to_string();
    let checks = exchange["checks"].as_array().expect("checks").iter().filter(|check| check["part"] == part);
    checks.map(|check| (text(check, "place"), text(check, "verdict"), text(check, "note"))).collect()
}

#[test]
fn a_wrong_key_is_flagged_refused_when_strict_and_never_shown() {
    let project = Project::ticket(CASE);
    let body = r#"{"title":"Radio","age":3}"#;
    let send = |mock: &Mock, key: &str| {
        let headers = [("x-channel", "web"), ("content-type", "application/json"), ("authorization", key)];
        mock.request("POST", "/a/tickets?user=9", &headers, body)
    };
    let mut mock = Mock::start(&project, &[]);
    let well = send(&mock, "Bearer k-12345678");
    assert_eq!((well.status, well.header("x-hookwright-verdict")), (201, Some("matches")), "{}", mock.exchange(&well));
    let wrong = send(&mock, "Bearer k-87654321");
    assert_eq!((wrong.status, wrong.header("x-hookwright-verdict")), (201, Some("differs")));
    let shown = [mock.exchange(&well), mock.exchange(&wrong), mock.event("exchange"), mock.event("exchange")]
        .map(|json| json.to_string());
    assert!(shown.iter().all(|json| !json.contains("k-12345678") && !json.contains("k-87654321")), "{shown:#?}");
    assert!(shown[1].contains("Bearer ••••••••"));

    let strict = Mock::start(&project, &["--strict"]);
    let refused = send(&strict, "Bearer k-87654321");
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer realm=\"a\"")));
    assert_eq!(refused.json()["differs"][0]["part"], "authentication");
    assert!(!refused.text().contains("k-12345678"), "{}", refused.text());
    assert_eq!(send(&strict, "Bearer k-12345678").status, 201);
}

const ORDERS: &str = r#"
[action]
name = "Orders"
method = "GET"
url = "https://shop.example.com/orders"
[action.auth]
type = "oauth2"
token_url = "https://shop.example.com/oauth/token"
client_id = "bot 7"
client_secret = "{secret.key}"
scope = "orders.read orders.write"
[action.response.2xx]
action_success = "TRUE"
[defaults]
given.secret.key = "s&cret+12345678"
[[case]]
name = "an order"
reply.json = { id = 1 }
token_reply.json = { access_token = "tok-a-12345678", token_type = "Bearer", expires_in = 1 }
[[case]]
name = "no token"
token_reply = { status = 503, body = "later" }
[[case]]
name = "long"
token_reply.json = { access_token = "tok-b-12345678", token_type = "Bearer", expires_in = 600 }
"#;

/// `bot+7:s%26cret%2B12345678` in Base64.
const BASIC: &str = "Basic Ym90Kzc6cyUyNmNyZXQlMkIxMjM0NTY3OA==";
const GRANT: &str = "grant_type=client_credentials&scope=orders.write+orders.read";

fn ask(mock: &Mock, case: &str, basic: &str, body: &str) -> Reply {
    let headers =
        [("authorization", basic), ("content-type", "application/x-www-form-urlencoded"), ("x-hookwright-case", case)];
    mock.request("POST", "/a/oauth/token", &headers, body)
}

fn orders(mock: &Mock, token: &str) -> Reply {
    mock.request("GET", "/a/orders", &[("authorization", &format!("Bearer {token}"))], "")
}

#[test]
fn a_token_is_issued_and_taken_until_it_expires() {
    let project = Project::with(ORDERS);
    let mut mock = Mock::start(&project, &[]);
    let note = |reply: &Reply| checks(&mock, reply, "authentication")[0].2.clone();
    let never = orders(&mock, "tok-a-12345678");
    assert_eq!((never.status, never.header("x-hookwright-verdict")), (200, Some("differs")));
    assert_eq!(note(&never), "it was never issued");

    let issued = ask(&mock, "an order", BASIC, GRANT);
    assert_eq!((issued.status, issued.header("x-hookwright-verdict")), (200, Some("matches")), "{}", mock.exchange(&issued));
    assert_eq!(issued.json()["access_token"], "tok-a-12345678");
    let taken = orders(&mock, "tok-a-12345678");
    assert_eq!(taken.header("x-hookwright-verdict"), Some("matches"), "{}", mock.exchange(&taken));
    std::thread::sleep(Duration::from_millis(1100));
    let expired = orders(&mock, "tok-a-12345678");
    assert_eq!(expired.header("x-hookwright-verdict"), Some("differs"));
    assert!(note(&expired).starts_with("it expired 0 s ago"), "{}", note(&expired));

    assert_eq!(ask(&mock, "no token", BASIC, GRANT).status, 503);
    assert_eq!(ask(&mock, "long", BASIC, GRANT).status, 200);
    assert_eq!(orders(&mock, "tok-b-12345678").header("x-hookwright-verdict"), Some("matches"));
    let all = mock.get("/__hookwright/requests").json();
    for item in all["requests"].as_array().expect("a list") {
        let whole = mock.get(&format!("/__hookwright/requests/{}", item["id"])).text();
        for secret in ["tok-a-12345678", "tok-b-12345678", "s&cret", "s%26cret", "Ym90Kzc6"] {
            assert!(!whole.contains(secret), "{secret}: {whole}");
        }
    }
    assert_eq!(mock.request("POST", "/__hookwright/reset", &[], "").status, 204);
    assert_eq!(orders(&mock, "tok-b-12345678").header("x-hookwright-verdict"), Some("differs"), "forgotten");
    assert!(!mock.running.says_within(Duration::from_millis(50)).contains("tok-b-12345678"));
}

#[test]
fn a_strict_token_endpoint_refuses_as_the_rfc_says() {
    let project = Project::with(ORDERS);
    let mock = Mock::start(&project, &["--strict"]);
    let wrong = "Basic Ym90Kzc6d3JvbmctMTIzNDU2Nzg=";
    let unencoded = "Basic Ym90IDc6cyZjcmV0KzEyMzQ1Njc4";
    for (basic, body, status, error) in [
        (wrong, GRANT, 401, "invalid_client"),
        (unencoded, GRANT, 401, "invalid_client"),
        ("Bearer x", GRANT, 401, "invalid_client"),
        (BASIC, "grant_type=client_credentials&scope=orders.read", 400, "invalid_scope"),
        (BASIC, "grant_type=client_credentials", 400, "invalid_scope"),
        (BASIC, "grant_type=password&scope=orders.read+orders.write", 400, "unsupported_grant_type"),
        (BASIC, "scope=orders.read+orders.write", 400, "invalid_request"),
        (BASIC, "grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
    ] {
        let refused = ask(&mock, "long", basic, body);
        assert_eq!((refused.status, refused.json()["error"].as_str()), (status, Some(error)), "{body}: {}", refused.text());
        assert_eq!(refused.header("www-authenticate").is_some(), status == 401, "{body}");
        assert_eq!(refused.header("cache-control"), Some("no-store"));
    }
    let get = mock.get("/a/oauth/token");
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
    assert_eq!(orders(&mock, "tok-b-12345678").status, 401, "none was issued");
    let challenge = orders(&mock, "x");
    assert_eq!(challenge.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    assert_eq!(mock.get("/a/orders").header("www-authenticate"), Some("Bearer"));
    assert_eq!(ask(&mock, "long", BASIC, GRANT).status, 200);
    assert_eq!(orders(&mock, "tok-b-12345678").status, 200);
}

#[test]
fn the_program_itself_is_taken_in_the_platform_s_own_order() {
    let project = Project::with(ORDERS);
    let mock = Mock::start(&project, &["--strict"]);
    let variables = [("HOOKWRIGHT_SECRET_KEY", "s&cret+12345678")];
    let send = ["send", "specs/a.toml", "--case", "an order", "--base-url", mock.url.as_str()];
    project.run_with(&send, &variables).ends(0).says("200");
    project.run_with(&send, &[("HOOKWRIGHT_SECRET_KEY", "wrong-12345678")]).ends(1).says("invalid_client");
}

#[test]
fn real_secrets_stand_in_the_place_of_the_cases_own() {
    let project = Project::ticket(CASE);
    let said = project.run(&["mock", "--listen", "127.0.0.1:0", "--real-secrets"]).ends(2);
    let said = said.says("the secret `api_key` has no value: looked at");
    said.says("HOOKWRIGHT_SECRET_API_KEY").says_not("k-12345678");

    let variables = [("HOOKWRIGHT_SECRET_API_KEY", "real-87654321")];
    let mut mock = Mock::start_with(&project, &["--real-secrets", "--strict"], &variables);
    let send = |key: &str| {
        let headers = [("x-channel", "web"), ("content-type", "application/json"), ("authorization", key)];
        mock.request("POST", "/a/tickets?user=7", &headers, r#"{"title":"TV","age":36}"#)
    };
    let (well, wrong) = (send("Bearer real-87654321"), send("Bearer k-12345678"));
    assert_eq!((well.status, wrong.status), (201, 401));
    let shown = [mock.ready.to_string(), mock.exchange(&well).to_string(), mock.exchange(&wrong).to_string(), wrong.text()];
    assert!(shown.iter().all(|text| !text.contains("real-87654321")), "{shown:#?}");
    assert!(!mock.running.says_within(Duration::from_millis(50)).contains("real-87654321"));
}

#[test]
fn the_cases_own_secrets_are_masked_beside_real_ones() {
    let project = Project::ticket(CASE);
    let mut mock = Mock::start_with(&project, &["--real-secrets"], &[("HOOKWRIGHT_SECRET_API_KEY", "real-87654321")]);
    let headers = [
        ("x-channel", "web"),
        ("content-type", "application/json"),
        ("authorization", "Bearer k-12345678"),
        ("x-other", "k-12345678, real-87654321"),
    ];
    let body = r#"{"title":"k-12345678","age":36,"note":"real-87654321"}"#;
    let reply = mock.request("POST", "/a/tickets?user=7&key=k-12345678", &headers, body);
    let exchange = mock.exchange(&reply);
    assert_eq!(exchange["spec"], "a");
    let shown = [exchange.to_string(), mock.get("/__hookwright/requests").text(), mock.event("exchange").to_string()];
    for text in &shown {
        assert!(!text.contains("k-12345678") && !text.contains("real-87654321"), "{text}");
    }
    assert!(shown[0].contains("••••••••"), "{}", shown[0]);
}

#[test]
fn an_hmac_is_told_from_one_with_another_body() {
    let spec = TICKET.replace(
        "[action.auth.headers]\nAuthorization = \"Bearer {secret.api_key}\"",
        "[action.auth.headers]\nX-Signature = \"{_webhook.body | hmac sha256 @secret.api_key text | base64}\"",
    );
    let project = Project::with(&format!("{spec}{CASE}"));
    let mock = Mock::start(&project, &["--strict"]);
    let send = |body: &str| {
        // Of `{"title":"Radio","age":3}` with `k-12345678`, as OpenSSL makes it.
        let signature = "r+6PmMWklG9hLER5i7oepsoLtivSFk7hm/gajDAsZaE=";
        let headers = [("x-channel", "web"), ("content-type", "application/json"), ("x-signature", signature)];
        mock.request("POST", "/a/tickets?user=9", &headers, body)
    };
    let well = send(r#"{"title":"Radio","age":3}"#);
    assert_eq!((well.status, well.header("x-hookwright-verdict")), (201, Some("matches")), "{}", well.text());
    let other = send(r#"{"title":"Radio","age":4}"#);
    assert_eq!((other.status, other.header("www-authenticate")), (401, Some("Header name=\"X-Signature\"")));
}
