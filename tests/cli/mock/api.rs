//! The control API: the log, its filters, and who may ask.

use serde_json::{Value as Json, json};

use super::support::{Mock, Reply};
use crate::cli::support::{Project, texts};

pub const CASES: &str = r#"
[[case]]
name = "opens"
reply = { status = 201, json = { data = { id = 5 } } }
[[case]]
name = "is refused"
given.user.id = 13
reply = { status = 422, json = { data = {} } }
[[case]]
name = "is slow"
given.user.id = 99
reply.fault = "empty"
"#;

/// Asks for a ticket as the platform does.
pub fn ask(mock: &Mock, user: u32, title: &str) -> Reply {
    try_ask(mock, user, title).expect("a reply")
}

pub fn try_ask(mock: &Mock, user: u32, title: &str) -> Option<Reply> {
    let headers = [("content-type", "application/json"), ("x-channel", "web"), ("authorization", "Bearer k-12345678")];
    let body = json!({"title": title, "age": 36}).to_string();
    mock.try_request("POST", &format!("/a/tickets?user={user}"), &headers, body).ok()
}

fn ids(mock: &Mock, query: &str) -> Vec<u64> {
    let list = mock.get(&format!("/__hookwright/requests{query}")).json();
    list["requests"].as_array().expect("a list").iter().map(|item| item["id"].as_u64().expect("a number")).collect()
}

fn filled() -> Mock {
    let mock = Mock::start(&Project::ticket(CASES), &[]);
    ask(&mock, 7, "TV");
    ask(&mock, 13, "Radio");
    assert!(try_ask(&mock, 99, "Lamp").is_none(), "a fault is no reply");
    mock.get("/nowhere/at/all");
    mock
}

#[test]
fn exchanges_are_filtered_searched_and_paged() {
    let mock = filled();
    for (query, expected) in [
        ("", vec![4, 3, 2, 1]),
        ("?limit=2", vec![4, 3]),
        ("?limit=2&before=3", vec![2, 1]),
        ("?after=2", vec![4, 3]),
        ("?after=1&before=4", vec![3, 2]),
        ("?status=201", vec![1]),
        ("?status=4xx", vec![4, 2]),
        ("?status=none", vec![3]),
        ("?method=get", vec![4]),
        ("?method=POST&status=4xx", vec![2]),
        ("?verdict=unmatched", vec![4]),
        ("?spec=a", vec![3, 2, 1]),
        ("?spec=b", vec![]),
        ("?search=RADIO", vec![2]),
        ("?search=%22title%22%3A%22radio%22", vec![2]),
        ("?search=nothing+of+it", vec![]),
        ("?search=", vec![4, 3, 2, 1]),
        ("?limit=0", vec![]),
    ] {
        assert_eq!(ids(&mock, query), expected, "{query}");
    }
    let list = mock.get("/__hookwright/requests?search=TV").json();
    assert_eq!((&list["total"], &list["dropped"], &list["complete"]), (&json!(4), &json!(0), &json!(true)));
}

#[test]
fn a_query_that_makes_no_sense_is_refused_in_words() {
    let mock = Mock::start(&Project::plain(""), &[]);
    for (target, message) in [
        ("requests?limit=many", "`limit` is a whole number"),
        ("requests?verdict=good", "`verdict` is one of `matches`, `differs`, `unmatched`"),
        ("requests?sarch=x", "there is no query parameter `sarch` here; did you mean `search`?"),
        ("verify?expect=more", "`expect` is one of `all-cases`"),
        ("status?x=1", "there is no query parameter `x` here"),
        ("requests/first", "an exchange has a number"),
    ] {
        let reply = mock.get(&format!("/__hookwright/{target}"));
        assert_eq!((reply.status, &reply.json()["error"]), (400, &json!(message)), "{target}");
    }
}

#[test]
fn what_is_not_there_and_methods_that_are_not_answered_are_said_as_json() {
    let mock = Mock::start(&Project::plain(""), &[]);
    for (method, target, status, allow) in [
        ("GET", "nothing", 404, None),
        ("GET", "requests/1", 404, None),
        ("GET", "requests/1/case", 404, None),
        ("GET", "requests/1/curl", 404, None),
        ("GET", "requests/", 400, None),
        ("GET", "../specs", 404, None),
        ("PUT", "requests", 405, Some("GET, DELETE, HEAD, OPTIONS")),
        ("GET", "reset", 405, Some("POST, OPTIONS")),
        ("POST", "inspector.css", 405, Some("GET, HEAD, OPTIONS")),
        ("POST", "", 405, Some("GET, HEAD, OPTIONS")),
    ] {
        // A dot segment would be resolved before it is sent.
        let target = target.replace("..", "%2e%2e%2f");
        let reply = mock.request(method, &format!("/__hookwright/{target}"), &[], "");
        assert_eq!((reply.status, reply.header("allow")), (status, allow), "{method} {target}");
        assert!(reply.json()["error"].is_string(), "{method} {target}");
    }
}

#[test]
fn head_and_options_answer_without_a_body() {
    let mock = Mock::start(&Project::plain(""), &[]);
    for target in ["", "requests", "events", "openapi.json", "inspector.css"] {
        let head = mock.request("HEAD", &format!("/__hookwright/{target}"), &[], "");
        assert_eq!((head.status, head.body.len()), (200, 0), "{target}");
        let options = mock.request("OPTIONS", &format!("/__hookwright/{target}"), &[], "");
        assert_eq!((options.status, options.body.len()), (204, 0), "{target}");
        assert!(options.header("allow").is_some_and(|allow| allow.contains("HEAD")), "{target}");
        assert!(options.header("access-control-allow-origin").is_none(), "{target}");
    }
}

#[test]
fn a_page_of_another_origin_neither_reads_nor_changes_anything() {
    let mock = filled();
    let port = mock.url.rsplit(':').next().expect("a port").to_string();
    let own = format!("http://127.0.0.1:{port}");
    for (method, target, headers, status) in [
        ("GET", "requests", vec![("host", "evil.example".to_string())], 403),
        ("GET", "", vec![("host", format!("evil.example:{port}"))], 403),
        ("GET", "requests", vec![("host", format!("localhost:{port}"))], 200),
        ("GET", "requests", vec![("origin", "https://evil.example".to_string())], 403),
        ("DELETE", "requests", vec![("origin", "https://evil.example".to_string())], 403),
        ("POST", "reset", vec![("origin", "null".to_string())], 403),
        ("POST", "reset", vec![("content-type", "text/plain".to_string())], 415),
        ("POST", "requests/1/replay", vec![("content-type", "text/plain".to_string())], 415),
        ("GET", "requests", vec![("origin", own.clone())], 200),
        ("DELETE", "requests", vec![("origin", own)], 204),
    ] {
        assert!(ids(&mock, "").len() == 4 || status == 204, "{method} {target}: the log is still there");
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let reply = mock.request(method, &format!("/__hookwright/{target}"), &headers, "");
        assert_eq!(reply.status, status, "{method} {target} {headers:?}");
    }
    assert_eq!(ids(&mock, ""), Vec::<u64>::new());
}

#[test]
fn nothing_is_kept_framed_or_guessed_at_by_a_browser() {
    let mock = Mock::start(&Project::plain(""), &[]);
    for target in ["requests", "status", "nothing", "openapi.json", "", "inspector.js"] {
        let reply = mock.get(&format!("/__hookwright/{target}"));
        let policy = reply.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{target}: {policy}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{target}");
        assert!(reply.header("cache-control").is_some_and(|value| value.starts_with("no-")), "{target}");
    }
    let page = mock.get("/__hookwright/");
    assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("script-src 'self'")));
    assert_eq!(mock.get("/__hookwright").header("location"), Some("/__hookwright/"));
}

#[test]
fn clearing_empties_the_log_and_a_reset_all_that_was_counted() {
    let mock = filled();
    let verify = |query: &str| {
        let reply = mock.get(&format!("/__hookwright/verify{query}"));
        (reply.status, reply.json())
    };
    let (status, told) = verify("");
    assert_eq!((status, &told["unmatched"], &told["all_cases"]), (409, &json!(1), &json!(true)));
    assert_eq!(mock.request("DELETE", "/__hookwright/requests", &[], "").status, 204);
    assert_eq!((ids(&mock, ""), verify("").0), (vec![], 409), "what was counted stays");
    assert_eq!(mock.request("POST", "/__hookwright/reset", &[], "").status, 204);
    assert_eq!(verify("").0, 200);
    let (status, told) = verify("?expect=all-cases");
    assert_eq!((status, &told["ok"], told["missing"].as_array().map(Vec::len)), (409, &json!(false), Some(3)));
    ask(&mock, 7, "TV");
    ask(&mock, 13, "TV");
    try_ask(&mock, 99, "TV");
    assert_eq!(verify("?expect=all-cases").0, 200);
    assert_eq!(ids(&mock, ""), [7, 6, 5], "ids go on");
}

#[test]
fn what_a_case_sends_exactly_is_compared_for_who_looks_at_it() {
    let mock = Mock::start(&Project::ticket(CASES), &[]);
    let rendered =
        Project::ticket(CASES).run(&["render", "specs/a.toml", "--case", "opens", "--format", "json", "--show-secrets"]);
    let rendered = rendered.ends(0).json();
    let pairs = rendered["request"]["headers"].as_array().expect("headers");
    let headers: Vec<(String, String)> = pairs.iter().map(pair).collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = rendered["request"]["body"].as_str().expect("a body");
    let reply = mock.request("POST", "/a/tickets?user=7", &headers, body);
    let exchange = mock.exchange(&reply);
    assert_eq!(exchange["recovered"], json!({"user.id": 7, "user.title": "TV", "user.age": 36}));
    let verdicts: Vec<&Json> = exchange["checks"].as_array().expect("rows").iter().map(|row| &row["verdict"]).collect();
    assert!(verdicts.len() > 3 && verdicts.iter().all(|verdict| **verdict == "holds"), "{exchange:#}");
    assert_eq!(texts(&exchange["masked"]), ["request.headers.authorization"]);
}

fn pair(pair: &Json) -> (String, String) {
    match pair {
        Json::Array(pair) => (pair[0].as_str().expect("a name").into(), pair[1].as_str().expect("a value").into()),
        other => (other["name"].as_str().expect("a name").into(), other["value"].as_str().expect("a value").into()),
    }
}
