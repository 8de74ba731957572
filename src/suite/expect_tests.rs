use serde_json::json;

use super::*;
use crate::case::Reply;
use crate::eval::{ErrorKind, Failure, TokenExchange};
use crate::source::FileId;

fn at(offset: usize) -> Span {
    Span::new(FileId(0), offset, offset + 1)
}

fn user(attribute: &str) -> AttributeName {
    AttributeName::new("user", attribute)
}

/// A request with a secret in a header and in its body, a reply, and an outcome.
fn exchange() -> Exchange {
    let mut authorization = TaintedText::plain("Bearer ");
    authorization.push(&TaintedText::secret("k-1234"));
    let mut body = TaintedText::plain("{\"title\":\"Broken TV\",\"key\":\"");
    body.push(&TaintedText::secret("k-1"));
    body.push_plain("\",\"n\":1.0,\"tags\":[\"a\",\"b\"]}");
    let request = Request {
        method: "POST".into(),
        url: TaintedText::plain("https://example.com/a?x=1"),
        headers: vec![
            ("Authorization".into(), authorization),
            ("X-Tag".into(), TaintedText::plain("a")),
            ("x-tag".into(), TaintedText::plain("7")),
        ],
        body: Some(body),
    };
    let outcome = Outcome {
        exit: "2xx".into(),
        success: Some(true),
        attributes: vec![
            (user("id"), json!(6).into()),
            (user("id"), json!(7).into()),
            (user("url"), Value::NULL),
            (user("token"), Value::secret("k-1")),
        ],
        unset: vec![user("rating")],
        directive: Some("say it".into()),
        log: vec!["no filter named `x`".into()],
    };
    let mut secret_values = SecretValues::default();
    secret_values.insert("k-1234");
    Exchange {
        request: Some(request),
        sent: true,
        reply: Some(Reply { status: 201, headers: vec![], delay_milliseconds: 0, body: vec![] }),
        outcome: Some(outcome),
        secret_values,
        ..Exchange::default()
    }
}

fn messages(expect: &Expect, exchange: &Exchange) -> Vec<String> {
    failures(expect, exchange).into_iter().map(|failed| failed.message).collect()
}

fn equal(json: Json) -> Matcher {
    Matcher::Equal(json)
}

fn request(expected: ExpectedRequest) -> Expect {
    Expect { request: Some(expected), ..Expect::default() }
}

#[test]
fn all_that_holds_is_silent() {
    let expect = Expect {
        success: Some((true, at(0))),
        exit: Some(("2xx".into(), at(0))),
        sent: Some((true, at(0))),
        attributes: vec![(user("id"), equal(json!(7.0)), at(0)), (user("token"), equal(json!("k-1")), at(0))],
        null: vec![(user("url"), at(0))],
        unset: vec![(user("rating"), at(0))],
        not_written: vec![(user("other"), at(0)), (user("rating"), at(0))],
        directive: Some(("say it".into(), at(0))),
        log: vec![("filter named".into(), at(0))],
        outcome_span: Some(at(0)),
        request: Some(ExpectedRequest {
            method: Some((equal(json!("POST")), at(0))),
            url: Some((Matcher::Contains("?x=".into()), at(0))),
            headers: vec![
                ("authorization".into(), equal(json!("Bearer k-1234")), at(0)),
                ("X-TAG".into(), equal(json!(7)), at(0)),
            ],
            no_headers: vec![("X-Debug".into(), at(0))],
            body: Some((Matcher::Subset(vec![("n".into(), equal(json!(1))), ("key".into(), equal(json!("k-1")))]), at(0))),
            sent: Some((true, at(0))),
        }),
        ..Expect::default()
    };
    assert_eq!(messages(&expect, &exchange()), [""; 0]);
}

#[test]
fn failed_outcomes_say_what_was_expected_and_what_came() {
    let expect = Expect {
        success: Some((false, at(1))),
        exit: Some(("5xx".into(), at(2))),
        sent: Some((false, at(3))),
        error: Some(("timeout".into(), at(4))),
        attributes: vec![
            (user("id"), equal(json!("7")), at(5)),
            (user("url"), equal(json!("x")), at(6)),
            (user("more"), Matcher::Any, at(7)),
            (user("token"), equal(json!("k-2")), at(8)),
        ],
        null: vec![(user("id"), at(9)), (user("more"), at(10))],
        unset: vec![(user("id"), at(11))],
        not_written: vec![(user("url"), at(12))],
        nothing_written: Some(at(13)),
        directive: Some(("ask it".into(), at(14))),
        log: vec![("timeout".into(), at(15))],
        outcome_span: Some(at(1)),
        ..Expect::default()
    };
    assert_eq!(
        messages(&expect, &exchange()),
        [
            "expected that no request is sent, but one was".to_string(),
            "expected the error `timeout`, got a reply with status 201".into(),
            "expected success false, got true".into(),
            "expected the exit `5xx`, got `2xx`".into(),
            "expected the directive `ask it`, got `say it`".into(),
            "expected the log to contain `timeout`, got `no filter named `x``".into(),
            "`user.id`: expected \"7\", got 7".into(),
            "`user.url`: expected \"x\", got null (empty)".into(),
            "`user.more`: expected any value, but it was not written".into(),
            "`user.token`: expected \"k-2\", got \"••••••••\"".into(),
            "`user.id`: expected null (empty), got 7".into(),
            "`user.more`: expected null (empty), but it was not written".into(),
            "expected `user.id` to be removed, but it was not".into(),
            "expected `user.url` not to be written, got null".into(),
            "expected no attribute to be written, got `user.id`, `user.id`, `user.url`, `user.token`".into(),
        ]
    );
}

#[test]
fn failed_requests_print_masks_and_name_the_path() {
    let expect = request(ExpectedRequest {
        method: Some((equal(json!("GET")), at(0))),
        url: Some((equal(json!("https://example.com/")), at(0))),
        headers: vec![
            ("Authorization".into(), equal(json!("Bearer k-9999")), at(0)),
            ("X-Tag".into(), equal(json!("b")), at(0)),
            ("X-More".into(), Matcher::Any, at(0)),
        ],
        no_headers: vec![("AUTHORIZATION".into(), at(0))],
        body: Some((
            Matcher::Subset(vec![
                ("title".into(), equal(json!("Broken"))),
                ("key".into(), equal(json!("x"))),
                ("tags".into(), equal(json!(["a"]))),
            ]),
            at(0),
        )),
        sent: Some((false, at(0))),
    });
    assert_eq!(
        messages(&expect, &exchange()),
        [
            "expected that no request is sent, but one was",
            "request method: expected `GET`, got `POST`",
            "request url: expected `https://example.com/`, got `https://example.com/a?x=1`",
            "request header `Authorization`: expected `Bearer k-9999`, got `Bearer ••••••••`",
            "request header `X-Tag`: expected `b`, got `a` and `7`",
            "request header `X-More`: expected any value, got no such header",
            "expected no header `AUTHORIZATION` in the request, got `Bearer ••••••••`",
            "request body at `title`: expected \"Broken\", got \"Broken TV\"",
            "request body at `key`: expected \"x\", got \"••••••••\"",
            "request body at `tags`: expected [\"a\"], got [\"a\",\"b\"]",
        ]
    );
}

fn body_messages(rule: Matcher, body: Option<&str>) -> Vec<String> {
    let mut exchange = exchange();
    if let Some(request) = &mut exchange.request {
        request.body = body.map(TaintedText::plain);
    }
    messages(&request(ExpectedRequest { body: Some((rule, at(0))), ..ExpectedRequest::default() }), &exchange)
}

#[test]
fn texts_are_compared_as_json_when_both_are_else_exactly() {
    let none: [&str; 0] = [];
    assert_eq!(body_messages(equal(json!("{ \"b\": 1, \"a\": [1.0] }")), Some("{\"a\":[1],\"b\":1}")), none);
    assert_eq!(
        body_messages(equal(json!("{\"a\":1}")), Some("{\"a\":1,\"b\":2}")),
        ["request body at `b`: expected nothing, got 2"]
    );
    assert_eq!(body_messages(equal(json!("a=1")), Some("a=1")), none);
    assert_eq!(body_messages(equal(json!("a=1")), Some("a=2")), ["request body: expected `a=1`, got `a=2`"]);
    assert_eq!(body_messages(equal(json!("")), None), none);
    assert_eq!(body_messages(equal(json!("x")), None), ["request body: expected `x`, got no body"]);
    assert_eq!(body_messages(Matcher::Subset(vec![]), Some("<a/>")), ["request body: expected JSON, got `<a/>`"]);
    assert_eq!(body_messages(Matcher::Contains("\"a\":".into()), Some("{\"a\":1}")), none);
    assert_eq!(body_messages(equal(json!([1])), Some("[1,2]")), ["request body: expected [1], got [1,2]"]);
}

#[test]
fn without_a_reply_only_the_request_can_be_expected() {
    let mut exchange = exchange();
    (exchange.outcome, exchange.reply) = (None, None);
    let expect = Expect { success: Some((true, at(0))), outcome_span: Some(at(3)), ..Expect::default() };
    let failed = failures(&expect, &exchange);
    assert_eq!(failed, [Failed { message: "expected an outcome, but the case gives no reply".into(), span: at(3) }]);
    assert_eq!(failures(&Expect { sent: Some((true, at(0))), ..Expect::default() }, &exchange), []);
}

#[test]
fn a_request_that_could_not_be_built_says_why() {
    let exchange = Exchange { error: Some(Failure::new(ErrorKind::InvalidUrl, "no host")), ..Exchange::default() };
    let mut expect = request(ExpectedRequest { url: Some((Matcher::Any, at(0))), ..ExpectedRequest::default() });
    expect.sent = Some((true, at(0)));
    assert_eq!(
        messages(&expect, &exchange),
        [
            "expected a request, but none was sent: `invalid-url`, no host",
            "expected a request, but it could not be built: `invalid-url`, no host",
        ]
    );
    assert_eq!(messages(&Expect { error: Some(("invalid-url".into(), at(0))), ..Expect::default() }, &exchange), [""; 0]);
}

#[test]
fn a_cached_token_needs_no_token_request() {
    let mut exchange = exchange();
    exchange.token = Some(TokenExchange { cached: true, ..TokenExchange::default() });
    let expect = |expected| Expect { token_request: Some(expected), ..Expect::default() };
    let unsent = ExpectedRequest { sent: Some((false, at(0))), ..ExpectedRequest::default() };
    assert_eq!(messages(&expect(unsent.clone()), &exchange), [""; 0]);
    let url = ExpectedRequest { url: Some((Matcher::Any, at(0))), ..ExpectedRequest::default() };
    assert_eq!(messages(&expect(url), &exchange), ["expected a token request, but none was sent: the cached token served"]);
    let asked = TokenExchange { request: exchange.request.clone(), sent: true, ..TokenExchange::default() };
    exchange.token = Some(asked.clone());
    assert_eq!(messages(&expect(unsent.clone()), &exchange), ["expected that no token request is sent, but one was"]);
    exchange.token = Some(TokenExchange { sent: false, ..asked });
    assert_eq!(messages(&expect(unsent), &exchange), [""; 0], "nobody listened");
}
