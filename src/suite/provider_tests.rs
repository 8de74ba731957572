use super::*;
use crate::case::test_support::{case, plan, span};
use crate::case::{Fault, Reply};
use crate::eval::Failure;

fn reply(status: u16, headers: &[(&str, &str)]) -> Exchange {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let reply = Reply { status, headers, delay_milliseconds: 0, body: Vec::new() };
    Exchange { sent: true, reply: Some(reply), ..Exchange::default() }
}

fn failed(kind: ErrorKind, sent: bool) -> Exchange {
    Exchange { sent, error: Some(Failure::new(kind, "why k-12345")), ..Exchange::default() }
}

fn unspecified() -> Case {
    Case { answer: Answer::Unspecified, ..case(200, &serde_json::Value::Null) }
}

fn recording(status: u16) -> Case {
    let answer = Answer::Reply(Reply { status, headers: Vec::new(), delay_milliseconds: 0, body: Vec::new() });
    Case { answer, ..unspecified() }
}

#[test]
fn what_is_made_to_fail_in_a_test_cannot_be_met() {
    let fault = Case { answer: Answer::Fault(Fault::ConnectionReset), ..unspecified() };
    let why = cannot_be_met(&fault, &failed(ErrorKind::ConnectionReset, true));
    assert_eq!(why.as_deref(), Some("the fault `connection-reset` stands in its reply's place"));
    let late = cannot_be_met(&recording(200), &failed(ErrorKind::Timeout, true));
    assert_eq!(late.as_deref(), Some("it is made to end with `timeout`"));
    let token = cannot_be_met(&recording(200), &failed(ErrorKind::TokenRequestFailed, false));
    assert_eq!(token.as_deref(), Some("it is made to end with `token-request-failed`"));
    assert_eq!(cannot_be_met(&recording(200), &failed(ErrorKind::InvalidHeader, false)), None);
    assert_eq!(cannot_be_met(&recording(500), &reply(500, &[])), None);
}

#[test]
fn an_error_that_nobody_expected_fails() {
    let mut live = failed(ErrorKind::ConnectionRefused, false);
    live.secret_values.insert("k-12345");
    let messages = |expect: Expect| -> Vec<String> {
        let case = Case { expect, ..recording(200) };
        reply_failures(&plan(), &case, &live).into_iter().map(|failed| failed.message).collect()
    };
    let unexpected = ["`connection-refused`: why ••••••••"];
    assert_eq!(messages(Expect::default()), unexpected);
    let error = |kind: &str| Some((kind.to_string(), span()));
    assert_eq!(messages(Expect { error: error("connection-refused"), ..Expect::default() }), [""; 0]);
    assert_eq!(messages(Expect { error: error("timeout"), ..Expect::default() }).len(), 1, "another one is expected");
    assert_eq!(messages(Expect { sent: Some((false, span())), ..Expect::default() }), [""; 0]);
}

#[test]
fn a_request_that_would_leave_fails_where_none_is_expected() {
    let silent = Expect { sent: Some((false, span())), ..Expect::default() };
    let told: Vec<String> = request_failures(&silent, &reply(200, &[])).into_iter().map(|failed| failed.message).collect();
    assert_eq!(told, ["expected that no request is sent, but one would be"]);
    assert_eq!(request_failures(&silent, &failed(ErrorKind::InvalidHeader, false)), []);
    assert_eq!(request_failures(&Expect { sent: Some((true, span())), ..silent }, &reply(200, &[])), []);
}

#[test]
fn what_may_do_better_next_time() {
    for kind in [ErrorKind::Timeout, ErrorKind::ConnectionRefused, ErrorKind::ConnectionReset] {
        assert!(is_transient(&recording(200), &failed(kind, true)), "{kind:?}");
    }
    for kind in [ErrorKind::Tls, ErrorKind::NetworkBlocked, ErrorKind::SecretMissing, ErrorKind::MalformedReply] {
        assert!(!is_transient(&recording(200), &failed(kind, true)), "{kind:?}");
    }
    for status in [429, 500, 503, 599] {
        assert!(is_transient(&recording(200), &reply(status, &[])), "{status}");
        assert!(is_transient(&unspecified(), &reply(status, &[])), "{status}");
        assert!(!is_transient(&recording(status), &reply(status, &[])), "{status}");
    }
    for status in [200, 301, 400, 404, 428] {
        assert!(!is_transient(&recording(201), &reply(status, &[])), "{status}");
    }
}

#[test]
fn pauses_grow_and_heed_the_service() {
    let pauses: Vec<u128> = (0..40).map(|again| pause(again, &failed(ErrorKind::Timeout, true)).as_millis()).collect();
    assert_eq!(pauses[..6], [200, 400, 800, 1600, 3200, 5000]);
    assert!(pauses[6..].iter().all(|pause| *pause == 5000));
    let asked = |value: &str| pause(0, &reply(429, &[("Retry-After", value)])).as_millis();
    assert_eq!(["0", "3", "99999999", "soon", "-1"].map(asked), [200, 3000, 60_000, 200, 200]);
}
