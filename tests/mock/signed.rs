//! Signed requests, client certificates and bearer tokens that arrive.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hookwright::certificate::Certificate;
use hookwright::eval::json_web_token::{payload_hash, serialised};
use hookwright::mock::derive::{Facts, RowVerdict, Site, TokenStanding};
use hookwright::mock::{ReceivedRequest, throw_away_identity};
use serde_json::{Value as Json, json};

use super::authentication::{header, rows, sent, set, site, verdicts};
use super::derived::{received, spec};
use RowVerdict::{Differs, Holds, Unchecked};

fn token_of(site: &Site, request: &ReceivedRequest, now: i64) -> Vec<RowVerdict> {
    let rows = rows(site, request, &Facts { now, ..Facts::default() });
    assert!(rows.iter().all(|row| row.note.is_some()), "{rows:?}");
    rows.iter().map(|row| row.verdict).collect()
}

#[test]
fn signature_age_and_payload_hash_are_looked_at_one_by_one() {
    let site = site("vonage/guide/signed_request");
    let action = &site.actions[0];
    let request = sent(action, |_| ());
    let now = action.cases[0].case.now + 86_461;
    let found = rows(&site, &request, &Facts { now, ..Facts::default() });
    assert_eq!(verdicts(&found), [("Authorization", Holds), ("age", Holds), ("payload hash", Holds), ("claims", Holds)]);
    assert_eq!(token_of(&site, &request, now + 301), [Holds, Differs, Holds, Holds], "stale");
    assert_eq!(token_of(&site, &request, now - 3600), [Holds, Differs, Holds, Holds], "from the future");

    let mut replayed = request.clone();
    replayed.body = b"{\"note\":\"bye\",\"qty\":3}".to_vec();
    assert_eq!(token_of(&site, &replayed, now), [Holds, Holds, Differs, Holds]);
    let mut spaced = request.clone();
    spaced.body = b"{ \"note\": \"hi\", \"qty\": 3 }".to_vec();
    assert_eq!(token_of(&site, &spaced, now), [Holds, Holds, Holds, Holds], "the hash of its compact JSON");

    let mut unsigned = request.clone();
    let claims = header(&request, "authorization").split('.').nth(1).expect("claims").to_string();
    set(&mut unsigned, "authorization", &format!("Bearer eyJhbGciOiJub25lIn0.{claims}."));
    assert_eq!(token_of(&site, &unsigned, now)[0], Differs, "no algorithm is taken from the token");
    let mut forged = request.clone();
    let token = serialised(r#"{"alg":"HS256"}"#, format!("{{\"iat\":{now}}}").as_bytes(), b"another secret");
    set(&mut forged, "authorization", &format!("Bearer {token}"));
    assert_eq!(token_of(&site, &forged, now), [Differs, Holds, Differs, Differs]);

    for (value, shown) in [("Basic dXNlcjpwYXNz", "Basic ••••••••"), ("", "••••••••")] {
        set(&mut forged, "authorization", value);
        let found = rows(&site, &forged, &Facts { now, ..Facts::default() });
        assert_eq!((found.len(), found[0].verdict, found[0].got.as_deref()), (1, Differs, Some(shown)));
    }
    forged.headers.retain(|(name, _)| name != "authorization");
    assert_eq!(token_of(&site, &forged, now), [Differs], "missing");
}

#[test]
fn a_token_without_its_scheme_differs() {
    let site = site("vonage/guide/signed_request");
    let mut request = sent(&site.actions[0], |_| ());
    let now = site.actions[0].cases[0].case.now + 86_461;
    let token = header(&request, "authorization").strip_prefix("Bearer ").expect("the scheme").to_string();
    for (value, verdict) in
        [(token.clone(), Differs), (format!("bearer {token}"), Holds), (format!("Bearer{token}"), Differs)]
    {
        set(&mut request, "authorization", &value);
        assert_eq!(token_of(&site, &request, now)[0], verdict, "{value}");
    }
}

#[test]
fn claims_are_those_that_the_spec_fixes() {
    let site = site("vonage/guide/signed_request");
    let mut request = sent(&site.actions[0], |_| ());
    let now = site.actions[0].cases[0].case.now + 86_461;
    let application = "11111111-2222-4333-8444-555555555555";
    let own = json!({"iss": "Vonage", "api_key": "testkey1", "application_id": application});
    let without = |name: &str| {
        let mut claims = own.clone();
        claims.as_object_mut().expect("claims").remove(name);
        claims
    };
    let with = |name: &str, value: Json| {
        let mut claims = own.clone();
        claims[name] = value;
        claims
    };
    for (claims, verdict, note) in [
        (own.clone(), Holds, "`iss`, `api_key`, `application_id` are the spec's"),
        (with("more", json!(1)), Holds, "`iss`, `api_key`, `application_id` are the spec's"),
        (with("iss", json!("Nexmo")), Differs, "`iss` is another"),
        (with("api_key", json!(7)), Differs, "`api_key` is another"),
        (with("application_id", json!("x")), Differs, "`application_id` is another"),
        (without("iss"), Differs, "`iss` is missing"),
        (without("api_key"), Differs, "`api_key` is missing"),
        (json!({"iss": "Nexmo"}), Differs, "`iss` is another, `api_key` is missing, `application_id` is missing"),
    ] {
        let mut claims = claims;
        (claims["iat"], claims["payload_hash"]) = (json!(now), json!(payload_hash(&request.body)));
        let secret = b"dummy-signature-secret-for-tests-32b";
        let token = serialised(r#"{"alg":"HS256","typ":"JWT"}"#, claims.to_string().as_bytes(), secret);
        set(&mut request, "authorization", &format!("Bearer {token}"));
        let found = rows(&site, &request, &Facts { now, ..Facts::default() });
        let places = [("Authorization", Holds), ("age", Holds), ("payload hash", Holds), ("claims", verdict)];
        assert_eq!(verdicts(&found), places, "{claims}");
        assert_eq!(found[3].note.as_deref(), Some(note));
    }
}

#[test]
fn a_request_made_for_a_case_has_that_one_s_time() {
    let site = site("vonage/guide/signed_request");
    let request = sent(&site.actions[0], |case| case.now -= 86_461);
    let found = rows(&site, &request, &Facts { now: 4_000_000_000, ..Facts::default() });
    assert_eq!(found[1].verdict, Holds);
    assert!(found[1].note.as_deref().is_some_and(|note| note.contains("case's clock")), "{:?}", found[1]);
}

#[test]
fn the_query_is_signed_where_there_is_no_body() {
    let site = site("vonage/guide/signed_query");
    let mut request = sent(&site.actions[0], |_| ());
    let now = site.actions[0].cases[0].case.now + 86_461;
    assert_eq!(token_of(&site, &request, now), [Holds, Holds, Holds, Holds]);
    request.target.push_str("&__case=a+caller");
    assert_eq!(token_of(&site, &request, now), [Holds, Holds, Holds, Holds], "the name of a case is no part of it");
    request.target = request.target.replace("14259999999", "14250000000");
    assert_eq!(token_of(&site, &request, now), [Holds, Holds, Differs, Holds]);
}

const MUTUAL: &str = r#"
[action]
name = "Statement"
method = "GET"
url = "https://bank.example.com/statement"
[action.auth]
type = "mtls"
certificate = "{secret.certificate}"
password = "{secret.password}"
[[case]]
name = "one"
"#;

fn certificate_row(site: &Site, facts: &Facts<'_>) -> (RowVerdict, String) {
    let action = &site.actions[0];
    let request = action.cases[0].exchange.request.as_ref().expect("a request");
    let found = rows(site, &received(request, "/crm/user"), facts);
    assert_eq!(found.len(), 1);
    (found[0].verdict, found[0].note.clone().unwrap_or_default())
}

#[test]
fn a_client_certificate_is_demanded_and_looked_at() {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut parameters = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
    parameters.not_before = rcgen::date_time_ymd(2020, 1, 1);
    parameters.not_after = rcgen::date_time_ymd(2030, 1, 1);
    let made = parameters.self_signed(&key).expect("a certificate");
    let own = Certificate::from_der(made.der()).expect("a certificate");
    let other = throw_away_identity().expect("an identity");
    let written = format!("{}{}", made.pem(), key.serialize_pem());
    let given = format!("given.secret = {{ password = \"p-123\", certificate = '''{written}''' }}\n");
    let site_of = |given: &str| Site::new(vec![spec(&format!("{MUTUAL}{given}"))]);
    let site = site_of(&given);
    let now = 1_800_000_000;
    let shown = |certificate| Facts { now, is_encrypted: true, client_certificate: Some(certificate), ..Facts::default() };

    assert_eq!(certificate_row(&site, &shown(&own)).0, Holds);
    let (verdict, note) = certificate_row(&site, &shown(other.certificate()));
    assert_eq!((verdict, note.as_str()), (Differs, "it is another certificate"));
    let (verdict, note) = certificate_row(&site, &Facts { now: 1_900_000_000, ..shown(&own) });
    assert!(verdict == Differs && note.starts_with("it expired"), "{note}");
    let none = Facts { now, is_encrypted: true, ..Facts::default() };
    assert_eq!(certificate_row(&site, &none), (Differs, "none was shown in the handshake".to_string()));
    let plain = Facts { now, ..Facts::default() };
    assert_eq!(certificate_row(&site, &plain), (Unchecked, "over plain HTTP no certificate is shown".to_string()));
}

#[test]
fn a_certificate_made_after_the_case_s_time_is_told_from_another() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs().cast_signed();
    let made = |from: i64, to: i64| {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
        let day = |days: i64| UNIX_EPOCH + Duration::from_secs((now + days * 86_400).cast_unsigned());
        (parameters.not_before, parameters.not_after) = (day(from).into(), day(to).into());
        let made = parameters.self_signed(&key).expect("a certificate");
        (Certificate::from_der(made.der()).expect("a certificate"), format!("{}{}", made.pem(), key.serialize_pem()))
    };
    let (other, _) = made(-1, 30);
    for (from, to, own_verdict) in [(-1, 30, Holds), (10, 30, Differs), (-30, -10, Differs)] {
        let (own, written) = made(from, to);
        let given = format!("given.secret = {{ password = \"p-123\", certificate = '''{written}''' }}\n");
        let site = Site::new(vec![spec(&format!("{MUTUAL}{given}"))]);
        assert!(site.actions[0].cases[0].case.now < own.not_before, "newer than the case's clock");
        let shown = |shown| Facts { now, is_encrypted: true, client_certificate: Some(shown), ..Facts::default() };
        let (verdict, note) = certificate_row(&site, &shown(&other));
        assert_eq!((verdict, note.as_str()), (Differs, "it is another certificate"));
        let (verdict, note) = certificate_row(&site, &shown(&own));
        assert!(verdict == own_verdict && note != "it is another certificate", "{note}");
    }
}

#[test]
fn a_token_is_what_its_issuer_says_of_it() {
    let oauth = Site::new(vec![spec(
        r#"
[action]
name = "Orders"
method = "GET"
url = "https://shop.example.com/orders"
[action.auth]
type = "oauth2"
token_url = "https://shop.example.com/token"
client_id = "bot"
client_secret = "{secret.key}"
[[case]]
name = "one"
given.secret.key = "k-12345678"
"#,
    )]);
    let request = sent(&oauth.actions[0], |_| ());
    for (standing, verdict, note) in [
        (Some(TokenStanding::Valid), Holds, None),
        (Some(TokenStanding::Expired { since: 12 }), Differs, Some("it expired 12 s ago")),
        (Some(TokenStanding::NeverIssued), Differs, Some("it was never issued")),
        (None, Holds, None),
    ] {
        let found = rows(&oauth, &request, &Facts { token: standing, ..Facts::default() });
        assert_eq!((found.len(), found[0].verdict, found[0].note.as_deref()), (1, verdict, note), "{standing:?}");
        assert_eq!(found[0].got.as_deref(), Some("Bearer ••••••••"));
    }
}
