use super::*;
use crate::assumption::Assumptions;
use crate::dialect::opendialog::DIALECT;
use crate::value::{Json, MASK};
use base64::Engine;
use proptest::prelude::*;

fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply { status, headers: Vec::new(), delay_milliseconds: 0, body: body.into() }
}

fn read(status: u16, body: impl Into<Vec<u8>>, record: &Record) -> Result<Token, Failure> {
    token(&reply(status, body), &Assumptions::defaults(DIALECT.assumptions), record)
}

/// What is said of a reply that gives no token.
fn refused(status: u16, body: impl Into<Vec<u8>>) -> String {
    let record = Record::default();
    record.secrets.borrow_mut().insert("hush-hush");
    let failure = read(status, body, &record).expect_err("no token");
    assert_eq!(failure.kind, ErrorKind::TokenRequestFailed);
    failure.message
}

fn lifetime(text: &str) -> Option<u64> {
    let body = format!(r#"{{"access_token":"t0ken","token_type":"bearer","expires_in":{text}}}"#);
    read(200, body, &Record::default()).expect("a token").expires_in_seconds
}

#[test]
fn the_servers_words_are_told() {
    assert_eq!(
        refused(401, r#"{"error":"invalid_client","error_description":"no such client","error_uri":"https://a.example/e"}"#),
        "the token endpoint answered 401 with the error `invalid_client`: no such client (see https://a.example/e)"
    );
    assert_eq!(
        refused(200, r#"{"error":"nope","access_token":"t"}"#),
        "the token endpoint answered 200 with the error `nope`"
    );
    assert_eq!(
        refused(400, r#"{"error":"a","error_description":7,"error_uri":[]}"#),
        "the token endpoint answered 400 with the error `a`"
    );
}

#[test]
fn words_hide_nothing_and_give_no_secret_away() {
    assert_eq!(
        refused(400, r#"{"error":"a\nb","error_description":"\u001b[2Jhush-hush \u202eKunde ungültig"}"#),
        format!("the token endpoint answered 400 with the error `a\\nb`: \\u{{1b}}[2J{MASK} \\u{{202e}}Kunde ungültig")
    );
    let long = refused(400, format!(r#"{{"error":"a","error_description":"{}"}}"#, "x".repeat(100_000)));
    assert!(long.chars().count() < 400 && long.ends_with("x…"), "{long}");
}

#[test]
fn replies_that_are_no_token() {
    for (status, body, message) in [
        (200, "", "answered 200 with an empty body"),
        (401, " \r\n", "answered 401 with an empty body"),
        (502, "<html>t0ken-1</html>", "answered 502 with a body that is not JSON"),
        (200, r#"{"access_token":"t0ken-1""#, "answered 200 with a body that is not JSON"),
        (200, r#"[{"access_token":"t0ken-1"}]"#, "answered 200 with JSON that is no object"),
        (200, r#""t0ken-1""#, "answered 200 with JSON that is no object"),
        (200, "null", "answered 200 with JSON that is no object"),
        (302, r#"{"access_token":"t0ken-1"}"#, "answered 302, which is no reply to a token request"),
        (500, r#"{"access_token":"t0ken-1"}"#, "answered 500 without an `error`"),
        (400, r#"{"error":{"message":"t0ken-1"}}"#, "answered 400 with an `error` that is no text"),
        (200, r#"{"token_type":"bearer"}"#, "reply has no `access_token`"),
        (200, r#"{"access_token":null}"#, "reply has no `access_token`"),
        (200, r#"{"access_token":" "}"#, "the `access_token` is empty"),
        (200, r#"{"access_token":["t0ken-1"]}"#, "the `access_token` is no text"),
        (200, r#"{"access_token":12345}"#, "the `access_token` is no text"),
        (200, r#"{"access_token":"t0ken-1\r\nX: y"}"#, "characters other than visible ASCII"),
        (200, r#"{"access_token":"t0ken-1\u0000"}"#, "characters other than visible ASCII"),
        (200, r#"{"access_token":"t0ken-é"}"#, "characters other than visible ASCII"),
        (200, r#"{"access_token":"t0ken-1","token_type":["bearer"]}"#, "`token_type` is no text"),
        (200, r#"{"access_token":"t0ken-1","expires_in":-1}"#, "`expires_in` is no number of seconds: -1"),
        (200, r#"{"access_token":"t0ken-1","expires_in":"soon"}"#, r#"`expires_in` is no number of seconds: "soon""#),
        (200, r#"{"access_token":"t0ken-1","expires_in":""}"#, "`expires_in` is no number"),
        (200, r#"{"access_token":"t0ken-1","expires_in":true}"#, "`expires_in` is no number"),
        (200, r#"{"access_token":"t0ken-1","expires_in":{"s":"t0ken-1"}}"#, "`expires_in` is no number"),
        (200, r#"{"access_token":"t0ken-1","expires_in":1e999}"#, "a body that has a number that is too large to be held"),
    ] {
        let told = refused(status, body);
        assert!(told.contains(message), "{body}: {told}");
        assert!(!told.contains("t0ken"), "{told}");
    }
    assert!(refused(200, b"\xff\xfe{}".to_vec()).contains("not JSON"));
    assert!(refused(200, "[".repeat(100_000)).contains("nested too deep"));
}

#[test]
fn a_lifetime_is_read_where_one_can_be_told() {
    assert_eq!(["3600", "0", "\"3599\"", "2.9", "1e3"].map(lifetime), [3600, 0, 3599, 2, 1000].map(Some));
    assert_eq!(["1e300", "99999999999999999999999", "\"99999999999999999999999\""].map(lifetime), [Some(u64::MAX); 3]);
    assert_eq!(lifetime("null"), None);
}

#[test]
fn the_type_of_a_token_is_looked_at_where_so_chosen() {
    let mut strict = Assumptions::defaults(DIALECT.assumptions);
    assert!(strict.choose(id::OAUTH_TOKEN_TYPE, "bearer"));
    for (kind, is_named, is_bearer) in
        [(r#","token_type":"mac""#, false, false), ("", false, false), (r#","token_type":"BEARER""#, true, true)]
    {
        let record = Record::default();
        let body = format!(r#"{{"access_token":"t0ken-1"{kind}}}"#);
        assert!(read(200, body.as_str(), &record).is_ok());
        assert_eq!(record.occurred.borrow().contains(id::OAUTH_TOKEN_TYPE), !is_named, "{kind}");
        assert_eq!(token(&reply(200, body), &strict, &Record::default()).is_ok(), is_bearer, "{kind}");
    }
}

#[test]
fn a_token_is_a_secret_also_where_it_cannot_be_used() {
    for body in [r#"{"access_token":"t0ken-1","refresh_token":"t0ken-2"}"#, r#"{"access_token":["t0ken-1","t0ken-2"]}"#] {
        let record = Record::default();
        let _ = read(200, body, &record);
        assert_eq!(record.secrets.borrow().mask("t0ken-1 t0ken-2"), format!("{MASK} {MASK}"), "{body}");
    }
}

fn key(id: &str, secret: &str, scope: Option<&str>) -> TokenKey {
    TokenKey {
        token_url: TaintedText::plain("https://auth.example.com/token"),
        client_id: TaintedText::plain(id),
        client_secret: TaintedText::secret(secret),
        scope: scope.map(TaintedText::plain),
    }
}

/// RFC 6749 appendix B, read by another implementation than the one that writes.
fn decoded(form: &str) -> Vec<(String, String)> {
    ::url::form_urlencoded::parse(form.as_bytes()).into_owned().collect()
}

/// Id and secret as a server reads them out of a Basic header.
fn out_of_basic(request: &Request) -> (String, String) {
    let header = request.headers.iter().find(|(name, _)| name == "Authorization").expect("credentials").1.reveal();
    let encoded = header.strip_prefix("Basic ").expect("Basic");
    let text = base64::engine::general_purpose::STANDARD.decode(encoded).expect("Base64");
    let text = String::from_utf8(text).expect("ASCII");
    let (id, secret) = text.split_once(':').expect("a colon");
    let one = |text: &str| decoded(&format!("x={text}")).remove(0).1;
    assert!(text.is_ascii() && text.matches(':').count() == 1, "{text}");
    (one(id), one(secret))
}

#[test]
fn every_ascii_character_and_more_gets_through() {
    let ascii: String = (0..128_u8).map(char::from).collect();
    for text in [ascii.as_str(), "a:b", "100%", "%2B+ +%", "s3cr3t/+&%=", "grüße 漢字 🦀"] {
        assert_eq!(out_of_basic(&key(text, text, None).request_with_basic()), (text.into(), text.into()));
        let request = key(text, text, Some(text)).request_with_credentials_in_body();
        let pairs = decoded(request.body.expect("a body").reveal());
        let names = ["grant_type", "scope", "client_id", "client_secret"];
        let expected =
            names.map(|name| (name.to_string(), if name == "grant_type" { "client_credentials" } else { text }.to_string()));
        assert_eq!(pairs, expected);
        assert!(request.headers.iter().all(|(name, _)| name != "Authorization"), "one form only");
    }
}

/// Members that a token reply has, with values of every kind. All that is a token has `t0ken` in it.
fn reply_members() -> impl Strategy<Value = Vec<(String, Json)>> {
    let names = ["access_token", "token_type", "expires_in", "error", "error_description", "error_uri", "refresh_token"];
    let value = prop_oneof![
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<bool>().prop_map(Json::from),
        Just(Json::Null),
        any::<String>().prop_map(Json::from),
        Just(Json::from(Vec::<u8>::new())),
        Just(serde_json::json!({"a": ["b"]})),
    ];
    let token = prop_oneof![
        Just(Json::from("t0ken-1")),
        any::<String>().prop_map(|text| format!("t0ken-1{text}").into()),
        Just(serde_json::json!(["t0ken-1"])),
        Just(Json::Null),
    ];
    let member = (proptest::sample::select(names.to_vec()), value, token).prop_map(|(name, value, token)| {
        (name.to_string(), if matches!(name, "access_token" | "refresh_token") { token } else { value })
    });
    proptest::collection::vec(member, 0..8)
}

proptest! {
    #[test]
    fn any_id_and_secret_come_out_of_basic_as_they_went_in(id in any::<String>(), secret in any::<String>()) {
        prop_assert_eq!(out_of_basic(&key(&id, &secret, None).request_with_basic()), (id, secret));
    }

    #[test]
    fn any_scope_comes_out_of_the_form_as_it_went_in(scope in "\\PC+") {
        let body = key("a", "b", Some(&scope)).request_with_basic().body.expect("a body");
        prop_assert_eq!(&decoded(body.reveal())[1], &("scope".to_string(), scope));
    }

    #[test]
    fn any_reply_gives_a_token_or_a_message_on_one_line(status in 200..600_u16, body in any::<Vec<u8>>()) {
        let record = Record::default();
        if let Err(failure) = read(status, body, &record) {
            prop_assert!(!failure.message.chars().any(char::is_control));
        }
    }

    #[test]
    fn any_object_gives_a_token_or_a_message_without_one(status in 200..600_u16, members in reply_members()) {
        let record = Record::default();
        let body = Json::Object(members.into_iter().collect()).to_string();
        match read(status, body, &record) {
            Ok(token) => prop_assert!(token.header().1.reveal().bytes().all(|byte| matches!(byte, b' '..=b'~'))),
            Err(failure) => {
                prop_assert_eq!(failure.kind, ErrorKind::TokenRequestFailed);
                prop_assert!(!failure.message.contains("t0ken") && !failure.message.chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn no_words_give_the_secret_away(before in "\\PC*", member in 0..3_usize, after in any::<String>()) {
        let name = ["error", "error_description", "error_uri"][member];
        let mut body = serde_json::json!({"error": "invalid_client"});
        body[name] = format!("{before}hush-hush{after}").into();
        prop_assert!(!refused(400, body.to_string()).contains("hush-hush"));
    }
}
