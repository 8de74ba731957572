//! What the mock answers.

use super::support::Mock;
use crate::cli::support::Project;

#[test]
fn a_request_is_answered_and_logged_and_the_mock_ends_when_it_is_told_to() {
    let project = Project::plain("[[case]]\nname = \"pong\"\nreply.json = { answer = \"pong\" }\n");
    let mut mock = Mock::start(&project, &[]);
    assert_eq!(mock.ready["actions"][0]["url"], format!("{}/a/ping", mock.url));
    let reply = mock.get("/a/ping");
    assert_eq!((reply.status, reply.header("x-hookwright-verdict")), (200, Some("matches")));
    assert_eq!(reply.json(), serde_json::json!({"answer": "pong"}));
    let exchange = mock.exchange(&reply);
    assert_eq!((&exchange["spec"], &exchange["case"]), (&"a".into(), &"pong".into()));
    assert_eq!(mock.event("exchange")["id"], exchange["id"]);
    #[cfg(unix)]
    assert_eq!(mock.ends()["requests"], 1);
}
