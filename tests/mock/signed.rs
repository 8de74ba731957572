//! Signed requests, client certificates and bearer tokens that arrive.

use hookwright::certificate::Certificate;
use hookwright::eval::json_web_token::serialised;
use hookwright::mock::derive::{Facts, RowVerdict, Site, TokenStanding};
use hookwright::mock::{ReceivedRequest, throw_away_identity};

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
    assert_eq!(verdicts(&found), [("Authorization", Holds), ("age", Holds), ("payload hash", Holds)]);
    assert_eq!(token_of(&site, &request, now + 301), [Holds, Differs, Holds], "stale");
    assert_eq!(token_of(&site, &request, now - 3600), [Holds, Differs, Holds], "from the future");

    let mut replayed = request.clone();
    replayed.body = b"{\"note\":\"bye\",\"qty\":3}".to_vec();
    assert_eq!(token_of(&site, &replayed, now), [Holds, Holds, Differs]);
    let mut spaced = request.clone();
    spaced.body = b"{ \"note\": \"hi\", \"qty\": 3 }".to_vec();
    assert_eq!(token_of(&site, &spaced, now), [Holds, Holds, Holds], "the hash of its compact JSON");

    let mut unsigned = request.clone();
    let claims = header(&request, "authorization").split('.').nth(1).expect("claims").to_string();
    set(&mut unsigned, "authorization", &format!("Bearer eyJhbGciOiJub25lIn0.{claims}."));
    assert_eq!(token_of(&site, &unsigned, now)[0], Differs, "no algorithm is taken from the token");
    let mut forged = request.clone();
    let token = serialised(r#"{"alg":"HS256"}"#, format!("{{\"iat\":{now}}}").as_bytes(), b"another secret");
    set(&mut forged, "authorization", &format!("Bearer {token}"));
    assert_eq!(token_of(&site, &forged, now), [Differs, Holds, Differs]);

    for (value, shown) in [("Basic dXNlcjpwYXNz", "Basic ••••••••"), ("", "••••••••")] {
        set(&mut forged, "authorization", value);
        let found = rows(&site, &forged, &Facts { now, ..Facts::default() });
        assert_eq!((found.len(), found[0].verdict, found[0].got.as_deref()), (1, Differs, Some(shown)));
    }
    forged.headers.retain(|(name, _)| name != "authorization");
    assert_eq!(token_of(&site, &forged, now), [Differs], "missing");
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
    assert_eq!(token_of(&site, &request, now), [Holds, Holds, Holds]);
    request.target.push_str("&__case=a+caller");
    assert_eq!(token_of(&site, &request, now), [Holds, Holds, Holds], "the name of a case is no part of it");
    request.target = request.target.replace("14259999999", "14250000000");
    assert_eq!(token_of(&site, &request, now), [Holds, Holds, Differs]);
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
