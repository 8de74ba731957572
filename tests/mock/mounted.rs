//! What is mounted on somebody's own server, over real connections.

use hookwright::mock::{Mounted, mount};
use serde_json::Value as Json;
use wiremock::MockServer;

use super::derived::spec;

const ORDERS: &str = r#"
[action]
name = "Orders"
method = "GET"
url = "https://shop.example.com/orders"
[action.auth]
type = "oauth2"
token_url = "https://shop.example.com/token"
client_id = "bot"
client_secret = "{secret.key}"
[defaults]
given.secret.key = "k-12345678"
[[case]]
name = "own"
token_reply.json = { access_token = "tok-a-12345678", token_type = "Bearer", expires_in = 1 }
[[case]]
name = "later"
token_reply = { status = 503, body = "later" }
[[case]]
name = "broken"
token_reply.fault = "connection-reset"
[[case]]
name = "said nothing"
"#;

async fn mounted(text: &str) -> (MockServer, Mounted) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = MockServer::start().await;
    let mounted = mount(&server, [spec(text)]).await.expect("mounted");
    (server, mounted)
}

async fn ask(server: &MockServer, case: Option<&str>) -> reqwest::Result<reqwest::Response> {
    let request = reqwest::Client::new().post(format!("{}/crm/user/token", server.uri()));
    let request = case.into_iter().fold(request, |request, case| request.header("X-Hookwright-Case", case));
    let content_type = ("content-type", "application/x-www-form-urlencoded");
    request.header(content_type.0, content_type.1).body("grant_type=client_credentials").send().await
}

#[tokio::test]
async fn tokens_are_those_of_the_case() {
    let (server, _) = mounted(ORDERS).await;
    for (case, status, token) in
        [(None, 200, Some("tok-a-12345678")), (Some("own"), 200, Some("tok-a-12345678")), (Some("later"), 503, None)]
    {
        let reply = ask(&server, case).await.expect("a reply");
        assert_eq!(reply.status(), status, "{case:?}");
        let text = reply.text().await.expect("a body");
        let said: Json = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(said["access_token"].as_str(), token, "{case:?}: {text}");
    }
    let other = ask(&server, Some("said nothing")).await.expect("a reply").text().await.expect("a body");
    let other: Json = serde_json::from_str(&other).expect("JSON");
    assert!(other["access_token"].as_str().is_some_and(|token| token != "tok-a-12345678"), "{other}");
    assert!(ask(&server, Some("broken")).await.is_err(), "the connection breaks");
}

#[tokio::test]
async fn a_case_that_is_not_there_is_a_bad_request() {
    let (server, mounted) = mounted(ORDERS).await;
    let request = reqwest::Client::new().get(format!("{}/crm/user/orders", server.uri()));
    let reply = request.header("X-Hookwright-Case", "owm").send().await.expect("a reply");
    assert_eq!(reply.status(), 400);
    let said: Json = serde_json::from_str(&reply.text().await.expect("a body")).expect("JSON");
    assert_eq!((said["differs"][0]["got"].as_str(), said["spec"].as_str()), (Some("owm"), Some("crm/user")));
    let differences = mounted.differences();
    assert!(differences.len() == 1 && differences[0].ends_with("got owm, there is no such case"), "{differences:?}");
    assert_eq!(mounted.requests("crm/user", "own"), 0, "no case has answered");
}
