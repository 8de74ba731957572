//! What is signed, and what is found out about tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::*;

const SECRET: &[u8] = b"dummy-signature-secret-for-tests-32b";
const NOW: i64 = 1_735_689_600;

fn claims(payload: &[u8]) -> Claims<'_> {
    Claims {
        issued_at: NOW,
        token_id: "0f0e0d0c-0b0a-4908-8706-050403020100",
        issuer: "Issuer",
        payload,
        api_key: Some("testkey1"),
        application_id: None,
    }
}

fn found(token: &str, received: Received<'_>, later: i64) -> Verification {
    verify(&Check {
        authorization: token,
        secret: SECRET,
        received,
        now: NOW + later,
        max_age_seconds: DEFAULT_MAX_AGE_SECONDS,
    })
}

fn verdict_of(claims: serde_json::Value, now: i64) -> Verdict {
    let token = serialised(HEADER, claims.to_string().as_bytes(), SECRET);
    found(&token, Received::Unknown, now - NOW).verdict()
}

#[test]
fn claims_stand_in_their_order() {
    let token = sign(&claims(b"{}"), SECRET);
    let said = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).expect("a payload");
    insta::assert_snapshot!(
        String::from_utf8_lossy(&said),
        @r#"{"iat":1735689600,"jti":"0f0e0d0c-0b0a-4908-8706-050403020100","iss":"Issuer","payload_hash":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","api_key":"testkey1"}"#
    );
    assert_eq!(found(&format!("Bearer {token}"), Received::Query(&[]), 0).verdict(), Verdict::Ok);
}

#[test]
fn raw_and_compact_are_told_apart() {
    let pretty = "{ \"note\": \"h\\u00e9\\/\",\r\n \"qty\": 3.0, \"big\": 12345678901234567890 }".as_bytes();
    let payload_of = |payload: &str| {
        let token = sign(&claims(payload.as_bytes()), SECRET);
        found(&token, Received::Body(pretty), 0).payload
    };
    let raw = std::str::from_utf8(pretty).expect("text");
    assert_eq!(payload_of(raw), PayloadCheck::Matches(PayloadMode::Raw));
    for compact in [
        r#"{"note":"h\u00e9\/","qty":3.0,"big":12345678901234567890}"#,
        r#"{"note":"hé/","qty":3,"big":12345678901234567890}"#,
    ] {
        assert_eq!(payload_of(compact), PayloadCheck::Matches(PayloadMode::Compact), "{compact}");
    }
    assert_eq!(payload_of("{}"), PayloadCheck::Mismatch);
    let empty = sign(&claims(b"{}"), SECRET);
    assert_eq!(found(&empty, Received::Body(b""), 0).payload, PayloadCheck::Matches(PayloadMode::Compact));
}

#[test]
fn compact_json_is_what_serialisers_write() {
    for (written, expected) in [
        (" { \"b\" : [ 1 , 2.50, -0.0, 1e3, 1.5e-7 ] , \"a\" : null } ", r#"{"b":[1,2.5,0,1000,1.5e-7],"a":null}"#),
        (r#""A\/\u00e9\n\" ""#, r#""A/é\n\" ""#),
        (r#"{"a":1,"a":2}"#, r#"{"a":1,"a":2}"#),
        ("true", "true"),
    ] {
        assert_eq!(compact(written.as_bytes()).as_deref(), Some(expected));
    }
    for none in ["", "{", "a=1", "<a/>", "{} {}"] {
        assert_eq!(compact(none.as_bytes()), None);
        assert_eq!(of_body(none.as_bytes()), none.as_bytes());
    }
}

#[test]
fn a_query_is_an_object_in_its_order() {
    let rows =
        |rows: &[(&str, &str)]| of_query(&rows.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect::<Vec<_>>());
    assert_eq!(rows(&[]), "{}");
    assert_eq!(rows(&[("z", "1"), ("a", "ö \"")]), r#"{"z":"1","a":"ö \""}"#);
    assert_eq!(rows(&[("z", "1"), ("a", "2"), ("z", "3")]), r#"{"z":"3","a":"2"}"#);
}

#[test]
fn ages_have_two_ends() {
    assert_eq!(verdict_of(json!({"iat": NOW}), NOW), Verdict::Ok);
    assert_eq!(verdict_of(json!({"iat": NOW}), NOW + 300), Verdict::Ok);
    assert_eq!(verdict_of(json!({"iat": NOW}), NOW + 301), Verdict::Stale);
    assert_eq!(verdict_of(json!({"iat": NOW}), NOW - CLOCK_SKEW_SECONDS), Verdict::Ok);
    assert_eq!(verdict_of(json!({"iat": NOW}), NOW - CLOCK_SKEW_SECONDS - 1), Verdict::NotYetValid);
    assert_eq!(verdict_of(json!({"iat": NOW, "nbf": NOW + 60}), NOW), Verdict::NotYetValid);
    assert_eq!(verdict_of(json!({"iat": NOW, "exp": NOW + 60}), NOW + 59), Verdict::Ok);
    assert_eq!(verdict_of(json!({"iat": NOW, "exp": NOW + 60}), NOW + 60), Verdict::Expired);
    assert_eq!(verdict_of(json!({"iat": NOW as f64 + 0.5}), NOW), Verdict::Ok);
    assert_eq!(verdict_of(json!({}), NOW), Verdict::AgeUnknown);
    assert_eq!(verdict_of(json!({"iat": "today"}), NOW), Verdict::Malformed);
    assert_eq!(verdict_of(json!({"iat": i64::MIN, "exp": u64::MAX}), NOW), Verdict::Stale);
    assert_eq!(verdict_of(json!({"iat": 1e300}), NOW), Verdict::NotYetValid);
}

#[test]
fn no_other_algorithm_is_taken() {
    let payload = json!({"iat": NOW}).to_string();
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"RS256"}"#, r#"{"alg":"HS512"}"#, r#"{"alg":"hs256"}"#, r#"{"alg":""}"#] {
        let token = serialised(header, payload.as_bytes(), SECRET);
        assert_eq!(found(&token, Received::Unknown, 0).verdict(), Verdict::BadAlgorithm, "{header}");
    }
    let unsigned = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(&payload));
    assert_eq!(found(&unsigned, Received::Unknown, 0).verdict(), Verdict::BadAlgorithm);
    let stripped = serialised(HEADER, payload.as_bytes(), SECRET);
    let stripped = &stripped[..=stripped.rfind('.').expect("a dot")];
    assert_eq!(found(stripped, Received::Unknown, 0).verdict(), Verdict::BadSignature);
}

#[test]
fn what_cannot_be_read_says_why() {
    let good = serialised(HEADER, b"{}", SECRET);
    let told: Vec<String> = [
        String::new(),
        "Basic dTpw".to_string(),
        "Bearer".to_string(),
        "a.b".to_string(),
        "a.b.c.d".to_string(),
        format!("{good}="),
        format!("={good}"),
        format!("{}.e30.x", URL_SAFE_NO_PAD.encode("{}")),
        format!("{}.e30.x", URL_SAFE_NO_PAD.encode("[1]")),
        serialised(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, b"{}", SECRET),
        serialised(HEADER, b"text", SECRET),
        serialised(HEADER, br#"{"iat":1,"payload_hash":7}"#, SECRET),
        "x".repeat(MAX_TOKEN_BYTES + 1),
    ]
    .iter()
    .map(|token| {
        let found = found(token, Received::Body(b""), 0);
        let shown: String = token.chars().take(24).collect();
        format!("{shown:26}{:22}{}", found.verdict().name(), found.malformed.unwrap_or_default())
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}
