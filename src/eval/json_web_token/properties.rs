//! No text makes verification panic, and nothing but the signed request holds.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_verified_without_a_panic(
        token in prop_oneof![any::<String>(), "[A-Za-z0-9_.= -]{0,60}", "(Bearer )?eyJhbGciOiJIUzI1NiJ9\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,43}"],
        secret in proptest::collection::vec(any::<u8>(), 0..100),
        body in proptest::collection::vec(any::<u8>(), 0..100),
        now in any::<i64>(),
        max_age_seconds in any::<i64>(),
    ) {
        let received = Received::Body(&body);
        let found = verify(&Check { authorization: &token, secret: &secret, received, now, max_age_seconds });
        prop_assert_ne!(found.verdict(), Verdict::Ok);
    }

    #[test]
    fn any_signed_claims_are_verified_without_a_panic(claims in json(), times in proptest::option::of(any::<f64>()), now in any::<i64>()) {
        let mut claims = claims;
        if let (Json::Object(object), Some(time)) = (&mut claims, times) {
            object.insert("iat".to_string(), time.into());
            object.insert("exp".to_string(), time.into());
        }
        let token = serialised(HEADER, claims.to_string().as_bytes(), b"secret");
        let check = Check { authorization: &token, secret: b"secret", received: Received::Unknown, now, max_age_seconds: 300 };
        prop_assert_eq!(verify(&check).signature, SignatureCheck::Holds);
    }

    #[test]
    fn what_is_signed_holds_and_nothing_else_does(
        secret in proptest::collection::vec(any::<u8>(), 1..64),
        document in json(),
        now in 0..4_000_000_000_i64,
        at in any::<proptest::sample::Index>(),
    ) {
        let body = serde_json::to_vec_pretty(&document).unwrap_or_default();
        let payload = of_body(&body);
        let claims = Claims { issued_at: now, token_id: "1", issuer: "i", payload: &payload, api_key: None, application_id: None };
        let token = sign(&claims, &secret);
        let check = Check { authorization: &token, secret: &secret, received: Received::Body(&body), now, max_age_seconds: 300 };
        prop_assert_eq!(verify(&check).verdict(), Verdict::Ok);
        let other = [&body[..], b" x"].concat();
        prop_assert_eq!(verify(&Check { received: Received::Body(&other), ..check }).verdict(), Verdict::PayloadHashMismatch);
        let mut longer = secret.clone();
        longer.push(1);
        prop_assert_eq!(verify(&Check { secret: &longer, ..check }).verdict(), Verdict::BadSignature);
        // One character changed.
        let at = at.index(token.len());
        let changed = format!("{}{}{}", &token[..at], if &token[at..=at] == "A" { "B" } else { "A" }, &token[at + 1..]);
        prop_assert_ne!(verify(&Check { authorization: &changed, ..check }).verdict(), Verdict::Ok);
    }

    #[test]
    fn compact_json_says_the_same(document in json()) {
        let pretty = serde_json::to_vec_pretty(&document).unwrap_or_default();
        prop_assert_eq!(compact(&pretty), Some(document.to_string()));
    }

    #[test]
    fn any_bytes_are_compact_json_or_none(bytes in prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..60), "[\\[\\]{}\",:0-9eE.+ \\\\u-]{0,30}".prop_map(String::into_bytes),
    ]) {
        if let Some(text) = compact(&bytes) {
            prop_assert_eq!(compact(text.as_bytes()), Some(text));
        }
    }
}
