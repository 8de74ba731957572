//! Header authentication of requests that arrive: made anew of what arrived, never taken on trust, never a false alarm.

use hookwright::case::Case;
use hookwright::eval::{Inputs, planned_with};
use hookwright::mock::ReceivedRequest;
use hookwright::mock::derive::{Facts, Mocked, Row, RowVerdict, Site};
use proptest::prelude::*;

use super::derived::{own_specs, received, spec};

/// One action of the project's own.
pub fn site(id: &str) -> Site {
    let specs = own_specs();
    Site::new(specs.into_iter().filter(|spec| spec.id == id).collect())
}

/// The request of the first case at another time and with another id, as a platform would send it; `change` gives other values.
pub fn sent(action: &Mocked, change: impl FnOnce(&mut Case)) -> ReceivedRequest {
    let mut case = action.cases[0].case.clone();
    case.now += 86_461;
    case.uuid = "9f2b8a52-1111-4222-8333-444455556677".to_string();
    change(&mut case);
    let exchange = planned_with(&action.plan, &Inputs::of_case(&case, &action.declared_secrets));
    received(&exchange.request.expect("a request"), &format!("/{}", action.id))
}

/// What the first case says to it.
pub fn rows(site: &Site, request: &ReceivedRequest, facts: &Facts<'_>) -> Vec<Row> {
    let found = site.find(request).expect("the action");
    let recovered = found.action.recover(&found.arrived);
    found.action.authenticate(&found.action.cases[0], &recovered, &found.arrived, facts)
}

/// Places and verdicts.
pub fn verdicts(rows: &[Row]) -> Vec<(&str, RowVerdict)> {
    rows.iter().map(|row| (row.place.as_str(), row.verdict)).collect()
}

fn verdict_of(site: &Site, request: &ReceivedRequest, place: &str) -> Row {
    let rows = rows(site, request, &Facts::default());
    rows.into_iter().find(|row| row.place == place).unwrap_or_else(|| panic!("no row `{place}`"))
}

pub fn set(request: &mut ReceivedRequest, name: &str, value: &str) {
    let header = request.headers.iter_mut().find(|(known, _)| known == name).expect("the header");
    header.1 = value.to_string();
}

pub fn header<'r>(request: &'r ReceivedRequest, name: &str) -> &'r str {
    request.values(name).next().expect("the header")
}

use RowVerdict::{Differs, Holds, Unchecked};

#[test]
fn a_signature_is_made_anew_of_the_body_time_and_id_that_arrived() {
    let site = site("opendialog/refund_payment");
    let action = &site.actions[0];
    let request = sent(action, |_| ());
    let all = ["Authorization", "Idempotency-Key", "X-Timestamp", "X-Signature"];
    assert_eq!(verdicts(&rows(&site, &request, &Facts::default())), all.map(|name| (name, Holds)));

    let mut tampered = request.clone();
    tampered.body = String::from_utf8(tampered.body).expect("text").replace("1250", "9250").into_bytes();
    let row = verdict_of(&site, &tampered, "X-Signature");
    assert_eq!(row.verdict, Differs);
    assert!(row.note.as_deref().is_some_and(|note| note.contains("body")), "{row:?}");
    let mut spaced = request.clone();
    spaced.body.push(b' ');
    assert_eq!(verdict_of(&site, &spaced, "X-Signature").verdict, Differs, "byte for byte");
    let mut later = request.clone();
    set(&mut later, "x-timestamp", "1770091507");
    assert_eq!(verdict_of(&site, &later, "X-Signature").verdict, Differs);

    let other_key = sent(action, |case| {
        for secret in &mut case.given.secrets {
            secret.value = hookwright::value::TaintedText::secret("another-key-entirely");
        }
    });
    let found = rows(&site, &other_key, &Facts::default());
    assert_eq!(
        verdicts(&found),
        [("Authorization", Differs), ("Idempotency-Key", Holds), ("X-Timestamp", Holds), ("X-Signature", Differs)]
    );
    assert!(!format!("{found:?}").contains("another-key-entirely") && !format!("{found:?}").contains("payment-key"));

    let mut bare = request;
    bare.headers.retain(|(name, _)| name != "x-signature");
    let row = verdict_of(&site, &bare, "X-Signature");
    assert_eq!((row.verdict, row.note.as_deref()), (Differs, Some("it is missing")));
}

#[test]
fn a_time_in_another_form_is_read_back() {
    let site = site("opendialog/queue_job");
    let request = sent(&site.actions[0], |_| ());
    let all = ["X-Date", "Content-MD5", "Authorization"];
    assert_eq!(verdicts(&rows(&site, &request, &Facts::default())), all.map(|name| (name, Holds)));
    let mut tampered = request.clone();
    tampered.body.push(b'\n');
    let found = rows(&site, &tampered, &Facts::default());
    assert_eq!(verdicts(&found), [("X-Date", Holds), ("Content-MD5", Differs), ("Authorization", Differs)]);
}

#[test]
fn a_url_may_be_signed_as_the_spec_s_or_as_the_mock_s_own() {
    let site = site("opendialog/guide/webhook_context");
    let request = sent(&site.actions[0], |_| ());
    let found = rows(&site, &request, &Facts::default());
    assert!(found.iter().all(|row| row.verdict == Holds), "{found:?}");
    for (target, url) in [
        ("echo?page=2", "http://127.0.0.1:8080/opendialog/guide/webhook_context/echo?page=2"),
        ("echo?page=2", "https://127.0.0.1:8080/opendialog/guide/webhook_context/echo?page=2"),
        ("echo?page=2&__case=x", "https://echo.example.com/echo?page=2"),
        ("echo?page=2&__case=x", "http://127.0.0.1:8080/opendialog/guide/webhook_context/echo?page=2&__case=x"),
    ] {
        let mut request = request.clone();
        request.headers.push(("host".into(), "127.0.0.1:8080".into()));
        request.target = format!("/opendialog/guide/webhook_context/{target}");
        set(&mut request, "x-seen-url", url);
        assert_eq!(verdict_of(&site, &request, "X-Seen-Url").verdict, Holds, "{url}");
        set(&mut request, "x-seen-url", &url.replace("page=2", "page=3"));
        assert_eq!(verdict_of(&site, &request, "X-Seen-Url").verdict, Differs, "{url}");
    }
}

fn signed_by(variables: &str, headers: &str) -> Site {
    Site::new(vec![spec(&format!(
        r#"
[action]
name = "Sign"
method = "POST"
url = "https://sign.example.com/"
body = '{{"a": "{{a}}"}}'
[action.auth]
type = "header"
[action.auth.variables]
{variables}
[action.auth.headers]
{headers}
[[case]]
name = "one"
given.user = {{ a = 1, hidden = "h" }}
given.secret.key = "a-key-for-tests"
"#
    ))])
}

const SIGNATURE: &str = r#"signature = "{_auth.signed | hmac sha256 @secret.key text | base64}""#;

#[test]
fn what_the_request_does_not_tell_is_no_false_alarm() {
    for (signed, unknown) in [
        ("{_auth.timestamp}.{_webhook.body}", "`_auth.timestamp`"),
        ("{_auth.uuid}.{_webhook.body}", "`_auth.uuid`"),
        ("{user.hidden}.{_webhook.body}", "`user.hidden`"),
        ("{_auth.timestamp_micro}", "`_auth.timestamp_micro`"),
    ] {
        let site = signed_by(&format!("signed = \"{signed}\"\n{SIGNATURE}"), "X-Signature = \"v1={_auth.signature}\"");
        let hide = |case: &mut Case| {
            case.microseconds = 7;
            let known = case.given.attributes.iter().find(|known| known.name.full() == "user.hidden").cloned();
            let known = known.expect("it is given");
            case.given.attributes.put(hookwright::case::GivenAttribute { value: "other".into(), ..known });
        };
        let mut request = sent(&site.actions[0], hide);
        let row = verdict_of(&site, &request, "X-Signature");
        assert_eq!(row.verdict, Unchecked, "{signed}");
        assert!(row.note.as_deref().is_some_and(|note| note.contains(unknown)), "{row:?}");
        set(&mut request, "x-signature", "v2=x");
        assert_eq!(verdict_of(&site, &request, "X-Signature").verdict, Differs, "what is written is known");
    }
}

#[test]
fn a_value_that_is_sent_counts_for_what_is_made_of_it_and_proves_nothing_itself() {
    let variables =
        format!("nonce = \"{{_auth.uuid | md5 | base64}}\"\nsigned = \"{{_auth.nonce}}.{{_webhook.body}}\"\n{SIGNATURE}");
    // The signature stands first, and must not be taken for a value that is sent.
    let site = signed_by(&variables, "X-Signature = \"{_auth.signature}\"\nX-Nonce = \"{_auth.nonce}\"");
    let mut request = sent(&site.actions[0], |_| ());
    let verdicts_of = |request: &ReceivedRequest| {
        let rows = rows(&site, request, &Facts::default());
        rows.iter().map(|row| row.verdict).collect::<Vec<_>>()
    };
    assert_eq!(verdicts_of(&request), [Holds, Unchecked]);
    set(&mut request, "x-nonce", "AAAA");
    assert_eq!(verdicts_of(&request), [Differs, Unchecked]);
}

#[test]
fn time_and_signature_may_share_a_header() {
    let variables = format!("signed = \"{{_auth.timestamp}}.{{_webhook.body}}\"\n{SIGNATURE}");
    let site = signed_by(&variables, "Signature = \"t={_auth.timestamp},v1={_auth.signature}\"");
    let request = sent(&site.actions[0], |_| ());
    assert_eq!(verdict_of(&site, &request, "Signature").verdict, Holds);
    let mut tampered = request.clone();
    tampered.body = b"{\"a\":2}".to_vec();
    assert_eq!(verdict_of(&site, &tampered, "Signature").verdict, Differs);
    let mut stale = request.clone();
    let (_, signature) = header(&request, "signature").split_once(',').expect("two parts");
    let value = format!("t=1,{signature}");
    set(&mut stale, "signature", &value);
    assert_eq!(verdict_of(&site, &stale, "Signature").verdict, Differs);
}

#[test]
fn a_credential_that_nobody_expects_is_not_shown() {
    let site = signed_by("signed = \"{_webhook.body}\"", "Authorization = \"HMAC {_auth.signed}\"");
    let mut request = sent(&site.actions[0], |_| ());
    assert_eq!(verdict_of(&site, &request, "Authorization").verdict, Holds);
    set(&mut request, "authorization", "Bearer k-87654321");
    let row = verdict_of(&site, &request, "Authorization");
    assert_eq!((row.verdict, row.got.as_deref()), (Differs, Some("Bearer ••••••••")));
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,40}", "[-+:,.=0-9TZ{}_a-f ]{0,60}", Just("t=,v1=".to_string()), Just("Bearer a.b.c".to_string())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_request_makes_it_panic(
        values in prop::collection::vec(texts(), 5),
        body in prop::collection::vec(any::<u8>(), 0..40),
        target in "[-_/?&=%.a-z0-9\\PC]{0,40}",
        now in any::<i64>(),
    ) {
        let variables = format!(
            "date = '{{_auth.timestamp | format_date \"Ymd\" \"UTC\"}}'\na = \"{{_auth.b}}\"\nb = \"{{_auth.a}}\"\n\
             signed = \"{{_auth.date}}.{{_webhook.body}}.{{_webhook.url}}\"\n{SIGNATURE}"
        );
        let headers = "A = \"t={_auth.timestamp},v1={_auth.signature}\"\nB = \"{_auth.date}\"\nC = \"{_auth.a}{_auth.uuid}\"\n\
                       D = \"{_auth.timestamp_micro}\"\nE = \"{_auth.uuid}\"";
        let site = signed_by(&variables, headers);
        let names = ["a", "b", "c", "d", "e"].map(str::to_string);
        let request = ReceivedRequest {
            method: "POST".into(),
            target: format!("/crm/user/?{target}"),
            headers: names.into_iter().zip(values).collect(),
            body,
        };
        prop_assert!(site.find(&request).is_some());
        let rows = rows(&site, &request, &Facts { now, ..Facts::default() });
        prop_assert_eq!(rows.len(), 5);
        prop_assert!(rows[0].verdict != Holds, "nobody guesses a signature: {:?}", rows[0]);
    }
}
