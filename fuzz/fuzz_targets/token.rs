//! Any text as a signed token. What follows the first NUL is the body that came with it.
#![no_main]

use hookwright::eval::json_web_token::{Check, Received, SignatureCheck, Verdict, serialised, verify};
use libfuzzer_sys::fuzz_target;

const SECRET: &[u8] = b"a-signature-secret-of-32-letters";

fuzz_target!(|text: &str| {
    let (token, body) = text.split_once('\0').unwrap_or((text, "{}"));
    let received = Received::Body(body.as_bytes());
    let check = Check { authorization: token, secret: SECRET, received, now: 1_767_225_600, max_age_seconds: 300 };
    assert_ne!(verify(&check).verdict(), Verdict::Ok, "{token}");
    let signed = serialised(r#"{"alg":"HS256"}"#, token.as_bytes(), SECRET);
    if signed.len() < 64 * 1024 {
        assert_eq!(verify(&Check { authorization: &signed, ..check }).signature, SignatureCheck::Holds);
    }
});
