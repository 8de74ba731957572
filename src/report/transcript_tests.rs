use proptest::prelude::*;

use super::*;
use crate::case::{Fault, Reply};
use crate::eval::{ErrorKind, Failure, Outcome, Renewal, Request, SecretValues, TokenExchange};
use crate::report::fixture::exchange;
use crate::suite::snapshot::{Comparison, Owner, Policy, Store};
use crate::value::{MASK, TaintedText};

#[test]
fn a_whole_transcript() {
    let expected = "\
request
  POST https://helpdesk.example.com/api/v2/tickets?user=42
  Content-Type: application/json
  Authorization: Bearer ••••••••

  {\"title\":\"Broken TV\",\"key\":\"••••••••\"}

reply
  201 after 150ms
  Content-Type: application/json
  X-Echo: ••••••••

  {\"data\":{\"id\":7,\"url\":null,\"you\":\"••••••••\"}}

outcome
  exit: 2xx
  success: true
  user.ticket_id = 7 (int)
  user.ticket_url = null (empty)
  user.token = \"••••••••\" (string)
  user.tags = [\"a\",\"b\"] (string[])
  user.since = 1767225600 (timestamp)
  user.action_success = true (boolean)
  unset: user.rating
  log: no filter named `••••••••`

masked: request.headers.Authorization, request.body, reply.headers.X-Echo, reply.body, outcome.attributes.user.token, outcome.log

assumptions: hmac_function_encoding=hex, url_space=%20
";
    assert_eq!(transcript(&exchange()), expected);
}

#[test]
fn the_part_on_requests_is_all_that_was_sent_and_nothing_that_came() {
    let mut whole = exchange();
    let expected = "\
request
  POST https://helpdesk.example.com/api/v2/tickets?user=42
  Content-Type: application/json
  Authorization: Bearer ••••••••

  {\"title\":\"Broken TV\",\"key\":\"••••••••\"}

masked: request.headers.Authorization, request.body
";
    assert_eq!(request_part(&transcript(&whole)), expected);
    let reply = Reply { body: b"request\nx".to_vec(), ..whole.reply.clone().expect("a reply") };
    let request =
        Request { body: Some(TaintedText::plain("reply\n\nrequest")), ..whole.request.clone().expect("a request") };
    let token = TokenExchange { request: Some(request), reply: Some(reply), sent: true, ..TokenExchange::default() };
    whole.token = Some(token);
    let part = request_part(&transcript(&whole));
    let request = expected.split("\n\nmasked").next().unwrap_or_default();
    assert!(part.starts_with("token request\n  POST ") && part.contains(request), "{part}");
    let masked = "\n\nmasked: token.request.headers.Authorization, request.headers.Authorization, request.body\n";
    assert!(part.ends_with(masked), "{part}");
    assert!(part.contains("\n\n  reply\n\n  request\n") && !part.contains("201") && !part.contains("  x\n"), "{part}");
    assert_eq!(request_part(""), "\n");
}

#[test]
fn a_token_request_says_why_the_kept_token_did_not_serve() {
    let titled = |sent, renewal| {
        let token = TokenExchange { request: exchange().request, sent, renewal, ..TokenExchange::default() };
        let text = transcript(&Exchange { token: Some(token), ..Exchange::default() });
        text.lines().next().unwrap_or_default().to_string()
    };
    assert_eq!(titled(true, None), "token request");
    assert_eq!(titled(false, None), "token request (not sent)");
    assert_eq!(titled(true, Some(Renewal::AboutToExpire)), "token request: the cached token was about to expire");
    assert_eq!(titled(true, Some(Renewal::Expired)), "token request: the cached token had expired");
    assert_eq!(titled(true, Some(Renewal::Refused)), "token request: the cached token was refused with 401");
}

#[test]
fn faults_errors_and_tokens() {
    let mut exchange = exchange();
    (exchange.reply, exchange.fault, exchange.sent) = (None, Some(Fault::Timeout), false);
    exchange.error = Some(Failure::new(ErrorKind::Timeout, "no reply came\nin 30 s"));
    exchange.outcome = Some(Outcome { exit: "error".into(), directive: Some("a\nb".into()), ..Outcome::default() });
    exchange.token = Some(TokenExchange { cached: true, ..TokenExchange::default() });
    let request = exchange.request.as_mut().expect("a request");
    request.body = Some(TaintedText::default());
    request.headers.clear();
    exchange.assumptions.clear();
    let expected = "\
token: from the cache

request (not sent)
  POST https://helpdesk.example.com/api/v2/tickets?user=42

  (empty)

fault: timeout

error
  timeout: \"no reply came\\nin 30 s\"

outcome
  exit: error
  directive: \"a\\nb\"
";
    assert_eq!(transcript(&exchange), expected);
}

#[test]
fn the_steps_of_a_flow() {
    let plain = |status| Exchange {
        sent: true,
        reply: Some(Reply { status, headers: vec![], delay_milliseconds: 0, body: vec![] }),
        ..Exchange::default()
    };
    let step = |number, advance_milliseconds, did| Step { number, advance_milliseconds, set: Vec::new(), did };
    let ran = |status, taken: Option<&str>| Did::Ran {
        action: "crm/a".into(),
        spec: "specs/crm/a.toml".into(),
        taken: taken.map(str::to_string),
        exchange: Box::new(plain(status)),
    };
    let name = AttributeName::new("user", "key");
    let mut secrets = SecretValues::default();
    secrets.insert("k-1234");
    let run = FlowRun {
        steps: vec![
            Step { set: vec![(name.clone(), Value::from("is k-1234"))], ..step(1, 0, Did::Set) },
            step(2, 0, ran(200, None)),
            step(3, 5_400_000, ran(201, Some("it's \"so\""))),
            step(4, 0, Did::Skipped { action: Some("b".into()), why: "it waits".into() }),
            step(5, 1_500, Did::Lost { action: "c".into(), why: "no k-1234".into() }),
        ],
        state: vec![(name, Value::from("k-1234"))],
        secrets,
        ..FlowRun::default()
    };
    let expected = "\
step 1: set
  user.key = \"is ••••••••\" (string)

step 2: crm/a

reply
  200

step 3, 90m later: crm/a, case \"it's \\\"so\\\"\"

reply
  201

step 4: b (skipped)
  it waits

step 5, 1500ms later: c (not run)
  no ••••••••

state after the last step
  user.key = \"••••••••\" (string)
";
    assert_eq!(flow_transcript(&run), expected);
}

#[test]
fn bodies_are_exact_or_say_how_they_are_shown() {
    let long = format!("{{\"a\":\"{}\",\"b\":[1,2.5]}}", "x".repeat(100));
    assert_eq!(body_lines(&long)[..2], ["(JSON; sent on one line)", "{"]);
    assert_eq!(body_lines(&long).len(), 8);
    let spaced = long.replace(':', ": ");
    assert_eq!(body_lines(&spaced), [spaced.as_str()], "spaces would be lost");
    let floats = long.replace("2.5", "2.50");
    assert_eq!(body_lines(&floats), [floats.as_str()], "a digit would be lost");
    assert_eq!(body_lines("<a>\n\n\t<b/>\n</a>"), ["<a>", "", "\t<b/>", "</a>"]);
    assert_eq!(body_lines("a\r\nb"), ["(as a JSON string)", "\"a\\r\\nb\""]);
    assert_eq!(body_lines("a\n"), ["(as a JSON string)", "\"a\\n\""]);
    assert_eq!(body_lines("(a)"), ["(as a JSON string)", "\"(a)\""]);
    assert_eq!(body_lines("a\u{202e}b\u{9b}"), ["(as a JSON string)", "\"a\\u202eb\\u009b\""]);
    assert_eq!(base64_lines(b"\xff\x00"), ["(not UTF-8; in Base64)", "/wA="]);
    let huge = body_lines(&"é".repeat(LONGEST_BODY));
    assert!(huge[0].starts_with("(the first 4096 of 524288 bytes; sha256 of all: ") && huge.len() == 2);
}

/// What a reader of the transcript does to get the exact body back.
fn read_back(lines: &[String]) -> String {
    match lines[0].as_str() {
        "(JSON; sent on one line)" => serde_json::from_str::<Json>(&lines[1..].join("\n")).expect("JSON").to_string(),
        "(as a JSON string)" => serde_json::from_str(&lines[1]).expect("a JSON string"),
        _ => lines.join("\n"),
    }
}

fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("1".to_string()),
        Just("1.0".to_string()),
        Just("1e3".to_string()),
        Just("null".to_string()),
        Just("123456789012345678901234567890".to_string()),
        "\"[a-zé\u{202e} ]{0,40}\"",
        Just("\"\\u0041\\/\"".to_string()),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let space = prop_oneof![4 => Just(""), 1 => Just(" "), 1 => Just("\n")];
        (proptest::collection::vec(("[a-c]{1,2}", inner.clone()), 0..5), space, any::<bool>()).prop_map(
            |(entries, space, list)| {
                let entries =
                    entries.into_iter().map(|(key, value)| if list { value } else { format!("\"{key}\":{space}{value}") });
                let inside = entries.collect::<Vec<_>>().join(&format!(",{space}"));
                if list { format!("[{inside}]") } else { format!("{{{inside}}}") }
            },
        )
    })
}

proptest! {
    #[test]
    fn the_exact_body_can_be_told(body in prop_oneof![json_text(), "\\PC{1,200}", "[a\r\n\t (\u{85}]{1,20}"]) {
        prop_assert_eq!(read_back(&body_lines(&body)), body);
    }

    #[test]
    fn a_transcript_is_always_the_same_as_its_snapshot(
        body in proptest::collection::vec(any::<u8>(), 0..60), text in "(\\PC|[\r\n\t]){0,30}",
    ) {
        let mut exchange = exchange();
        exchange.reply = Some(Reply { status: 200, headers: vec![("X".into(), text.clone())], delay_milliseconds: 0, body });
        exchange.outcome = Some(Outcome { exit: text.clone(), log: vec![text.clone()], ..Outcome::default() });
        exchange.error = Some(Failure::new(ErrorKind::Tls, text));
        let first = transcript(&exchange);
        prop_assert!(first.lines().all(|line| line.is_empty() || line.starts_with("  ") || !line.starts_with(' ')));
        prop_assert!(first.chars().all(|character| is_printable(character) || matches!(character, '\n' | '\t')));
        let root = tempfile::tempdir().expect("a folder");
        let store = Store::new(root.path(), "snapshots", Policy::Approve);
        let owner = Owner { id: "a", slug: "b", spec: "a.toml", case: "b" };
        prop_assert_eq!(store.settle(&owner, &first), Ok(Comparison::New));
        prop_assert_eq!(store.settle(&owner, &first), Ok(Comparison::Same));
        prop_assert_eq!(first.contains(MASK), true);
    }

    #[test]
    fn no_reply_gives_a_secret_away(before in "[a-z\"{]{0,9}", after in "[a-z\"}]{0,9}") {
        let mut exchange = exchange();
        let body = format!("{before}k-1234{after}").into_bytes();
        exchange.reply = Some(Reply { status: 200, headers: vec![], delay_milliseconds: 0, body });
        prop_assert!(!transcript(&exchange).contains("k-1234"));
    }
}
