//! OAuth2 client credentials: examples of RFC 6749 and RFC 7617, another library's test data, replies of real servers.

use hookwright::assumption::Assumptions;
use hookwright::dialect::opendialog::DIALECT;
use hookwright::eval::oauth2::token;
use hookwright::eval::{ErrorKind, Record, Request};
use hookwright::value::Json;

use super::{data, list, text};
use crate::support::{Action, Tally, header, json_reply, toml_string};

const FILE: &str = "oauth2/oauth2_client_credentials.json";

/// The token request of an action.
fn token_request(client_id: &str, client_secret: &str) -> Request {
    let (id, secret) = (toml_string(client_id), toml_string(client_secret));
    let action = Action::of(&format!(
        "[action]\nname = \"x\"\nmethod = \"GET\"\nurl = \"https://api.example.com/\"\n[action.auth]\ntype = \"oauth2\"\n\
         token_url = \"https://auth.example.com/token\"\nclient_id = \"{{global.id}}\"\nclient_secret = \"{{secret.s}}\"\n\
         [global]\n[defaults.given]\nglobal = {{ id = {id} }}\nsecret = {{ s = {secret} }}\n"
    ));
    action.exchange(&[]).token.and_then(|token| token.request).expect("a token request")
}

#[test]
fn credentials_stand_in_the_header_as_the_rows_say() {
    let Some(rows) = data(FILE) else { return };
    let mut tally = Tally::default();
    let basic = |id, secret| header(&token_request(id, secret), "Authorization").map(str::to_string);
    for row in list(&rows["basic_form_encoding"]) {
        let expected = text(row, "header_strict_rfc6749");
        tally.same(text(row, "id"), basic(text(row, "client_id"), text(row, "client_secret")).as_deref(), Some(expected));
    }
    // RFC 7617 knows no form encoding: its rows hold for a client only where that changes nothing.
    for row in list(&rows["basic_auth"]) {
        let (id, secret) = match row.get("client_id") {
            Some(_) => (text(row, "client_id"), text(row, "client_secret")),
            None => (text(row, "user"), text(row, "password")),
        };
        let is_unchanged = format!("{id}{secret}").bytes().all(|byte| byte.is_ascii_alphanumeric());
        let same = basic(id, secret).as_deref() == Some(text(row, "header"));
        tally.same(text(row, "id"), same, is_unchanged);
    }
    tally.report("client authentication");
}

#[test]
fn the_token_request_is_that_of_the_rows() {
    let Some(rows) = data(FILE) else { return };
    let mut tally = Tally::default();
    let request = token_request("s6BhdRkqt3", "gX1fBat3bV");
    for row in list(&rows["token_request"]) {
        let got = (
            request.method.as_str(),
            header(&request, "Content-Type"),
            request.body.as_ref().map(|body| body.reveal()),
            header(&request, "Authorization"),
        );
        let expected = (
            text(row, "method"),
            Some(text(row, "content_type")),
            Some(text(row, "body")),
            Some(text(row, "authorization")),
        );
        tally.same(text(row, "id"), got, expected);
    }
    tally.report("token requests");
}

#[test]
fn replies_are_understood_as_the_rows_say() {
    let Some(rows) = data(FILE) else { return };
    let mut tally = Tally::default();
    for row in list(&rows["token_responses"]) {
        let problem = match text(row, "expect") {
            // A row on which implementations differ: by default the token is used.
            "accept" | "lenient" => accepted(row),
            "error" => refused(row),
            other => Some(format!("a row of the kind {other:?}")),
        };
        tally.check(text(row, "id"), problem);
    }
    tally.report("token replies");
}

fn read(row: &Json) -> Result<hookwright::eval::oauth2::Token, hookwright::eval::Failure> {
    let default = if text(row, "expect") == "error" { 400 } else { 200 };
    let status = row["status"].as_u64().map_or(default, |status| u16::try_from(status).expect("a status"));
    token(&json_reply(status, text(row, "body")), &Assumptions::defaults(DIALECT.assumptions), &Record::default())
}

fn accepted(row: &Json) -> Option<String> {
    let token = match read(row) {
        Ok(token) => token,
        Err(failure) => return Some(failure.message),
    };
    let header = token.header().1;
    if let Some(expected) =
        row.get("access_token").and_then(Json::as_str).filter(|expected| header.reveal() != format!("Bearer {expected}"))
    {
        return Some(format!("expected the token {expected:?}, got {:?}", header.reveal()));
    }
    let lifetime = row.get("expires_in").filter(|expected| token.expires_in_seconds != expected.as_u64());
    lifetime.map(|expected| format!("expected a life of {expected} s, got {:?}", token.expires_in_seconds))
}

fn refused(row: &Json) -> Option<String> {
    let failure = match read(row) {
        Ok(_) => return Some("a token".into()),
        Err(failure) => failure,
    };
    let words = match text(row, "error") {
        // The other library's own word for it.
        "missing_token" => "answered 400 without an `error`".to_string(),
        code => format!("`{code}`"),
    };
    let is_told = failure.kind == ErrorKind::TokenRequestFailed && failure.message.contains(&words);
    (!is_told).then(|| format!("{:?}", failure.message))
}
