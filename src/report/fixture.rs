//! An exchange with something in every place, for the tests of this module.

use serde_json::json;

use crate::case::Reply;
use crate::eval::{Exchange, Outcome, Request, SecretValues};
use crate::plan::AttributeName;
use crate::value::{TaintedText, Value};

pub fn user(name: &str) -> AttributeName {
    AttributeName::new("user", name)
}

/// A POST with the secret `k-1234` in a header and its body, which the reply, an attribute and a log line echo.
pub fn exchange() -> Exchange {
    let mut authorization = TaintedText::plain("Bearer ");
    authorization.push(&TaintedText::secret("k-1234"));
    let mut body = TaintedText::plain("{\"title\":\"Broken TV\",\"key\":\"");
    body.push(&TaintedText::secret("k-1234"));
    body.push_plain("\"}");
    let reply = Reply {
        status: 201,
        headers: vec![("Content-Type".into(), "application/json".into()), ("X-Echo".into(), "k-1234".into())],
        delay_milliseconds: 150,
        body: br#"{"data":{"id":7,"url":null,"you":"k-1234"}}"#.to_vec(),
    };
    let outcome = Outcome {
        exit: "2xx".into(),
        success: Some(true),
        attributes: vec![
            (user("ticket_id"), json!(7).into()),
            (user("ticket_url"), Value::NULL),
            (user("token"), json!("k-1234").into()),
            (user("tags"), json!(["a", "b"]).into()),
            (user("since"), Value::timestamp(1_767_225_600)),
            (user("action_success"), json!(true).into()),
        ],
        unset: vec![user("rating")],
        directive: None,
        log: vec!["no filter named `k-1234`".into()],
    };
    let mut secret_values = SecretValues::default();
    secret_values.insert("k-1234");
    let url = TaintedText::plain("https://helpdesk.example.com/api/v2/tickets?user=42");
    let headers =
        vec![("Content-Type".into(), TaintedText::plain("application/json")), ("Authorization".into(), authorization)];
    Exchange {
        request: Some(Request { method: "POST".into(), url, headers, body: Some(body) }),
        sent: true,
        reply: Some(reply),
        outcome: Some(outcome),
        variables: vec![("user.id".into(), json!(42).into()), ("secret.api_key".into(), Value::secret("k-1234"))],
        duration_milliseconds: 1.44,
        assumptions: vec!["hmac_function_encoding=hex".into(), "url_space=%20".into()],
        secret_values,
        ..Exchange::default()
    }
}
