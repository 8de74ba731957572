//! Values that try to leave their place: naughty strings, published attacks, and arbitrary text. Whatever a value is, the
//! request is refused, or the value stands where the spec put it and nowhere else.

use std::fs;
use std::sync::LazyLock;

use hookwright::eval::Request;
use hookwright::value::{Json, Value};
use percent_encoding::percent_decode_str;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use serde_json::json;
use url::Url;

use super::{data, list, shared_data};
use crate::support::{Action, Tally, header, toml_string};

/// A place that a value can stand in, and what must hold of the request then.
struct Place {
    name: &'static str,
    action: Action,
    holds: fn(&Request, &str) -> Result<(), String>,
}

static PLACES: LazyLock<Vec<Place>> = LazyLock::new(places);

fn places() -> Vec<Place> {
    let url = |name, url: &str, holds| Place { name, action: action("GET", url, ""), holds };
    let body = |name, body: &str, holds| {
        let body = format!("body = {}", toml_string(body));
        Place { name, action: action("POST", "https://example.com/a", &body), holds }
    };
    let header = "headers = { X-Value = \"{v}\", X-Mixed = \"a {v} b\", X-After = \"after\" }";
    vec![
        url("part of the host", "https://{v}.example.com/", part_of_host),
        url("user information", "https://user:{v}@example.com/", user_information),
        url("port", "https://example.com:{v}/", port),
        url("path segment", "https://example.com/a/{v}/b", path_segment),
        url("part of a path segment", "https://example.com/a/x{v}/b", part_of_path_segment),
        url("path segment after a dot", "https://example.com/a/.{v}/b", segment_after_a_dot),
        url("two values in a path segment", "https://example.com/a/{v}{v}/b", doubled_segment),
        url("last path segment", "https://example.com/a/{v}", last_segment),
        url("query value", "https://example.com/a?q={v}&x=1", query_value),
        url("query name", "https://example.com/a?{v}=1", query_name),
        url("fragment", "https://example.com/a?x=1#{v}", fragment),
        url("front of the URL", "{v}/a", front),
        Place { name: "header", action: action("GET", "https://example.com/", header), holds: header_values },
        body("JSON string", r#"{"a":"{v}","b":[1]}"#, json_string),
        body("part of a JSON string", r#"{"a":"x {v} y","b":[1]}"#, part_of_json_string),
        body("JSON key", r#"{"{v}":1}"#, json_key),
    ]
}

fn action(method: &str, url: &str, more: &str) -> Action {
    Action::sound(&format!("[action]\nname = \"a\"\nmethod = \"{method}\"\nurl = {}\n{more}", toml_string(url)))
}

/// What is wrong with the request that a value makes in a place; a refusal is never wrong.
fn problem(place: &Place, value: &str) -> Option<String> {
    let request = place.action.request(&[("user.v", Value::from(value))]).ok()?;
    (place.holds)(&request, value).err()
}

/// The values that must not be refused in any place but the host: they mean nothing there.
fn is_harmless(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, expected: T) -> Result<(), String> {
    if got == expected { Ok(()) } else { Err(format!("{what}: expected {expected:?}, got {got:?}")) }
}

fn parsed(request: &Request) -> Result<Url, String> {
    let text = request.url.reveal();
    if text.chars().any(|character| character.is_control() || character.is_whitespace() || !character.is_ascii()) {
        return Err(format!("the URL is not plain ASCII: {text:?}"));
    }
    Url::parse(text).map_err(|error| format!("{text:?} is no URL: {error}"))
}

/// A URL whose scheme, host, port and user are as planned.
fn at_host(request: &Request) -> Result<Url, String> {
    let url = parsed(request)?;
    same("scheme", url.scheme(), "https")?;
    same("host", url.host_str(), Some("example.com"))?;
    same("port", url.port(), None)?;
    same("user", (url.username(), url.password()), ("", None))?;
    Ok(url)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The path's segments, decoded.
fn segments(url: &Url) -> Vec<String> {
    url.path_segments().into_iter().flatten().map(decoded).collect()
}

fn no_query(url: &Url) -> Result<(), String> {
    same("query", url.query(), None)?;
    same("fragment", url.fragment(), None)
}

fn part_of_host(request: &Request, _: &str) -> Result<(), String> {
    let url = parsed(request)?;
    let host = url.host_str().unwrap_or_default();
    if !host.ends_with(".example.com") {
        return Err(format!("the host is {host:?}"));
    }
    same("port", url.port(), None)?;
    same("user", (url.username(), url.password()), ("", None))?;
    same("path", url.path(), "/")?;
    no_query(&url)
}

fn user_information(request: &Request, _: &str) -> Result<(), String> {
    let url = parsed(request)?;
    same("host", url.host_str(), Some("example.com"))?;
    same("user", url.username(), "user")?;
    same("path", url.path(), "/")?;
    no_query(&url)
}

fn port(request: &Request, _: &str) -> Result<(), String> {
    let url = parsed(request)?;
    same("host", url.host_str(), Some("example.com"))?;
    same("user", (url.username(), url.password()), ("", None))?;
    same("path", url.path(), "/")?;
    no_query(&url)
}

fn path_is(request: &Request, expected: &[&str]) -> Result<(), String> {
    let url = at_host(request)?;
    same("path segments", segments(&url), expected.iter().map(ToString::to_string).collect())?;
    no_query(&url)
}

fn path_segment(request: &Request, value: &str) -> Result<(), String> {
    path_is(request, &["a", value, "b"])
}

fn part_of_path_segment(request: &Request, value: &str) -> Result<(), String> {
    path_is(request, &["a", &format!("x{value}"), "b"])
}

fn segment_after_a_dot(request: &Request, value: &str) -> Result<(), String> {
    path_is(request, &["a", &format!(".{value}"), "b"])
}

fn doubled_segment(request: &Request, value: &str) -> Result<(), String> {
    path_is(request, &["a", &format!("{value}{value}"), "b"])
}

fn last_segment(request: &Request, value: &str) -> Result<(), String> {
    path_is(request, &["a", value])
}

fn query_is(request: &Request, expected: &[(&str, &str)]) -> Result<Url, String> {
    let url = at_host(request)?;
    same("path", url.path(), "/a")?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    same("query", pairs, expected.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect())?;
    Ok(url)
}

fn query_value(request: &Request, value: &str) -> Result<(), String> {
    same("fragment", query_is(request, &[("q", value), ("x", "1")])?.fragment(), None)
}

fn query_name(request: &Request, value: &str) -> Result<(), String> {
    same("fragment", query_is(request, &[(value, "1")])?.fragment(), None)
}

fn fragment(request: &Request, value: &str) -> Result<(), String> {
    let url = query_is(request, &[("x", "1")])?;
    same("fragment", decoded(url.fragment().unwrap_or_default()), value.to_string())
}

/// A value at the front may bring its own host; what comes of it must still be a web address.
fn front(request: &Request, _: &str) -> Result<(), String> {
    let url = parsed(request)?;
    match url.scheme() {
        "http" | "https" if url.host_str().is_some_and(|host| !host.is_empty()) => Ok(()),
        _ => Err(format!("a request to {url}")),
    }
}

fn header_values(request: &Request, value: &str) -> Result<(), String> {
    let names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    same("names", names, vec!["X-Value", "X-Mixed", "X-After"])?;
    if value.contains(['\r', '\n', '\0']) {
        return Err("a header with a line break or NUL".into());
    }
    same("value", header(request, "X-Value"), Some(value.trim_matches([' ', '\t'])))?;
    same("value in text", header(request, "X-Mixed"), Some(&format!("a {value} b")))
}

/// The body has the planned shape, in which only the value is the user's.
fn body_is(request: &Request, expected: &Json) -> Result<(), String> {
    let body = request.body.as_ref().map(|body| body.reveal()).unwrap_or_default();
    let got: Json = serde_json::from_str(body).map_err(|error| format!("{body:?} is not JSON: {error}"))?;
    same("body", &got, expected)?;
    same("url", request.url.reveal(), "https://example.com/a")
}

fn json_string(request: &Request, value: &str) -> Result<(), String> {
    body_is(request, &json!({"a": value, "b": [1]}))
}

fn part_of_json_string(request: &Request, value: &str) -> Result<(), String> {
    body_is(request, &json!({"a": format!("x {value} y"), "b": [1]}))
}

fn json_key(request: &Request, value: &str) -> Result<(), String> {
    body_is(request, &json!({ value: 1 }))
}

fn check_everywhere(values: &[String], title: &str) {
    let mut tally = Tally::default();
    for place in PLACES.iter() {
        for value in values {
            tally.check(&format!("{} {value:?}", place.name), problem(place, value));
        }
    }
    tally.report(title);
}

#[test]
fn naughty_strings() {
    let Some(data) = data("naughty/blns.json") else { return };
    let values: Vec<String> = list(&data).iter().map(|value| value.as_str().expect("text").to_string()).collect();
    check_everywhere(&values, "naughty strings");
}

#[test]
fn published_attacks() {
    let Some(folder) = shared_data() else { return };
    let mut values = Vec::new();
    for entry in fs::read_dir(folder.join("injection")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let bytes = fs::read(&path).expect("a readable file");
            values.extend(String::from_utf8_lossy(&bytes).lines().map(str::to_string));
        }
    }
    check_everywhere(&values, "published attacks");
}

#[test]
fn small_values_that_mean_something_somewhere() {
    const VALUES: [&str; 24] = [
        "",
        ".",
        "..",
        "...",
        "%2e",
        "%2E%2e",
        "/",
        "//",
        "/..",
        "../x",
        "\\",
        "..\\",
        "@",
        "@evil.example",
        ":",
        ":80",
        "?",
        "#",
        "&x=2",
        "\r\nX-Evil: 1",
        "\0",
        "\u{ff0f}\u{ff0e}\u{ff0e}",
        "\u{a0}x\u{a0}",
        "\u{feff}",
    ];
    check_everywhere(&VALUES.map(str::to_string), "values that mean something");
}

#[test]
fn harmless_values_are_not_refused() {
    for place in PLACES.iter().filter(|place| !matches!(place.name, "port" | "front of the URL")) {
        for value in ["a", "Z9", "0"] {
            let request = place.action.request(&[("user.v", Value::from(value))]);
            assert!(is_harmless(value) && request.is_ok(), "{} {value:?}: {request:?}", place.name);
        }
    }
}

/// Text in which what matters to a parser is frequent.
fn attack() -> impl Strategy<Value = String> {
    const PIECES: [&str; 30] = [
        ".", "..", "/", "\\", "%", "%2e", "%2F", "%00", "@", ":", "?", "#", "&", "=", "+", ";", "//", "://", "http://", "[",
        "]", "\"", "\\\"", "{", "}", "\r\n", "\t", " ", "\u{0}", "\u{3002}",
    ];
    let piece = prop_oneof![
        2 => select(&PIECES).prop_map(str::to_string),
        1 => any::<char>().prop_map(String::from),
        1 => (0u8..0x20).prop_map(|byte| char::from(byte).to_string()),
        1 => "[a-z0-9]{1,3}",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text(value in attack()) {
        for place in PLACES.iter() {
            let problem = problem(place, &value);
            proptest::prop_assert!(problem.is_none(), "{} {value:?}: {}", place.name, problem.unwrap_or_default());
        }
    }
}
