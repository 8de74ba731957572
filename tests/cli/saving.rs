//! `send --save`: an exchange becomes a case of its spec.

use std::io::Write;

use serde_json::json;

use super::server::{Server, reply};
use super::support::{PLAIN, Project, Said, TICKET};

fn save(project: &Project, server: &Server, arguments: &[&str]) -> Said {
    let url = server.url();
    let all: Vec<&str> = ["send", "specs/a.toml", "--base-url", &url].iter().chain(arguments).copied().collect();
    project.run_with(&all, &[("HOOKWRIGHT_SECRET_API_KEY", "real-9f8e7d6c"), ("CI", "true")])
}

/// The saved case in `test`: it runs, holds, and has no snapshot yet.
fn is_new(project: &Project, name: &str) -> serde_json::Value {
    let mut json = project.test_json(&["--case", name]);
    assert_eq!(json["cases"].as_array().map(Vec::len), Some(1), "{json:#}");
    assert_eq!((&json["cases"][0]["case"], &json["cases"][0]["status"]), (&json!(name), &json!("new")), "{json:#}");
    json["cases"][0]["exchange"].take()
}

#[test]
fn an_exchange_becomes_a_case_and_all_else_stays() {
    let body = r#"{"data":{"id":7,"agent":"Ada"},"tags":["a",1.5]}"#;
    let headers = "Content-Type: application/json\r\nDate: now\r\nServer: x\r\nSet-Cookie: a=b\r\nX-Request-Id: r1\r\n";
    let server = Server::saying(reply(201, headers, body));
    let spec = format!("# a comment\n{TICKET}# the end of it\n");
    let project = Project::with(&spec);
    let said =
        save(&project, &server, &["--save", "a new one", "--given", "title=Broken", "--given", "session.x={\"y\":[1]}"]);
    said.ends(0).says("the case `a new one` was written to `specs/a.toml`");
    let expected = "\n[[case]]\nname = \"a new one\"\n[case.given.user]\ntitle = \"Broken\"\n[case.given.session]\nx = { y = [1] }\n\
                    [case.reply]\nstatus = 201\nheaders = { x-request-id = \"r1\" }\n\
                    json = { data = { id = 7, agent = \"Ada\" }, tags = [\"a\", 1.5] }\n";
    assert_eq!(project.read("specs/a.toml"), format!("{spec}{expected}"));
    let exchange = is_new(&project, "a new one");
    assert_eq!(exchange["request"]["url"], "https://helpdesk.example.com/tickets?user=7");
    assert_eq!(exchange["request"]["body"], r#"{"title":"Broken","age":36}"#);
    assert_eq!(exchange["outcome"]["attributes"]["user.ticket_id"], 7);
    assert_eq!(exchange["reply"]["body"], body);
}

/// A server that answers when so many have asked: all have read the spec by then, and none has written it.
fn meeting(count: usize) -> Server {
    let all_there = std::sync::Barrier::new(count);
    Server::with(move |stream, request| {
        all_there.wait();
        // A client that has gone is told of by its own test.
        let _ = stream.write_all(&reply(200, "Content-Type: application/json\r\n", format!("{:?}", request.line)));
    })
}

#[test]
fn exchanges_that_are_saved_at_once_are_all_saved() {
    const COUNT: usize = 12;
    let (project, server) = (Project::plain("# the end"), meeting(COUNT));
    std::thread::scope(|scope| {
        for number in 1..=COUNT {
            let (project, server) = (&project, &server);
            scope.spawn(move || save(project, server, &["--save", &format!("case {number}")]).ends(0));
        }
    });
    let text = project.read("specs/a.toml");
    assert!(text.starts_with(PLAIN) && text.matches("[[case]]").count() == COUNT, "{text}");
    (1..=COUNT).for_each(|number| assert!(text.contains(&format!("name = \"case {number}\"\n")), "{number}: {text}"));
    assert_eq!(project.files(""), ["specs/a.toml"]);
    project.run(&["lint"]).ends(0);
}

#[test]
fn one_name_is_given_to_one_of_those_who_save_at_once() {
    let (project, server) = (Project::with(PLAIN), meeting(2));
    let save = || save(&project, &server, &["--save", "one"]);
    let both = std::thread::scope(|scope| [scope.spawn(save), scope.spawn(save)].map(|one| one.join().expect("no panic")));
    let mut codes = both.each_ref().map(|said| said.code);
    codes.sort();
    assert_eq!(codes, [0, 2]);
    let refused = both.into_iter().find(|said| said.code == 2).expect("one of them");
    assert!(refused.err.contains("`specs/a.toml` has the case `one` already; `--save` another name"), "{}", refused.err);
    assert!(refused.out.contains("\"GET /ping HTTP/1.1\""), "what came is not lost: {}", refused.out);
    assert_eq!(project.read("specs/a.toml").matches("[[case]]").count(), 1);
}

#[test]
fn a_case_that_gave_values_gives_them_to_the_new_one() {
    let server = Server::json(200, "{}");
    let spec = PLAIN.replace("/ping\"", "/{a}/{b}/{c}\"");
    let project = Project::with(&format!(
        "{spec}[defaults]\ngiven.user.a = 1\n[[case]]\nname = \"one\"\ntimezone = \"Europe/London\"\nnull = [\"c\"]\ngiven.user.b = 2\n\n# of lint\n[lint]\n"
    ));
    save(&project, &server, &["--case", "one", "--save", "two"]).ends(0);
    let text = project.read("specs/a.toml");
    let case = "\n[[case]]\nname = \"two\"\ntimezone = \"Europe/London\"\nnull = [\"user.c\"]\n[case.given.user]\nb = 2\n\
                [case.reply]\nstatus = 200\njson = {}\n\n# of lint\n[lint]\n";
    assert!(text.ends_with(case), "{text}");
    assert_eq!(is_new(&project, "two")["request"]["url"], "https://ping.example.com/1/2/");
}

#[test]
fn line_ends_and_a_missing_last_one_stay() {
    let server = Server::json(200, r#"{"answer":"a\r\nb"}"#);
    let crlf = PLAIN.replace('\n', "\r\n");
    let project = Project::with(crlf.trim_end());
    save(&project, &server, &["--save", "one"]).ends(0);
    let text = project.read("specs/a.toml");
    assert!(text.starts_with(crlf.trim_end()) && !text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
    assert_eq!(is_new(&project, "one")["outcome"]["attributes"]["user.answer"], "a\r\nb");
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_is_sent() {
    let server = Server::json(200, "{}");
    let project = Project::plain("[[case]]\nname = \"one\"\n[[case.row]]\nname = \"a\"\n");
    save(&project, &server, &["--save", "One / A"]).ends(2).says("has the case `one / a` already");
    save(&project, &server, &["--save", ""]).ends(2).says("a name that is not empty");
    project.write("snapshots/a/two.snap", "x");
    save(&project, &server, &["--save", "two"]).ends(2).says("`snapshots/a/two.snap` is there already");
    project.write("specs/a.toml", format!("case = [{{ name = \"one\" }}]\n{PLAIN}"));
    save(&project, &server, &["--save", "three"]).ends(2).says("in brackets");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn bodies_are_written_as_they_can_be() {
    let large = format!("[{}1]", "1, ".repeat(10_000));
    for (kind, body, written, file) in [
        ("application/json", br#"{"a":null}"#.to_vec(), "body = \"{\\\"a\\\":null}\"\n", None),
        ("text/plain", b"a\n\"b\"\n".to_vec(), "body = '''\na\n\"b\"\n'''\n", None),
        ("text/css", b"a".to_vec(), "headers = { Content-Type = \"text/css\" }\nbody = \"a\"\n", None),
        ("image/png", b"\x89PNG\r\n".to_vec(), "file = \"replies/a-one.bin\"\n", Some("specs/replies/a-one.bin")),
        ("application/json", large.into_bytes(), "file = \"replies/a-one.json\"\n", Some("specs/replies/a-one.json")),
        ("text/plain", Vec::new(), "status = 200\nheaders = { Content-Type = \"text/plain\" }\n", None),
    ] {
        let server = Server::saying(reply(200, &format!("Content-Type: {kind}\r\n"), &body));
        let project = Project::with(PLAIN);
        save(&project, &server, &["--save", "one"]).ends(0);
        let text = project.read("specs/a.toml");
        assert!(text.ends_with(written), "{text}");
        if let Some(file) = file {
            assert_eq!(std::fs::read(project.path(file)).expect("a file"), body);
        }
        let replied = is_new(&project, "one")["reply"].take();
        let type_of_it =
            replied["headers"].as_array().and_then(|rows| rows.iter().find(|row| row[0] == "Content-Type")).cloned();
        assert_eq!(type_of_it.map(|row| row[1].clone()), Some(json!(kind)), "{replied}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_the_project() {
    let server = Server::saying(reply(200, "Content-Type: image/png\r\n", b"\x89PNG\r\n"));
    let (project, elsewhere) = (Project::with(PLAIN), Project::new());
    std::os::unix::fs::symlink(elsewhere.path(""), project.path("specs/replies")).expect("a link");
    save(&project, &server, &["--save", "one"]).ends(2).says("leads out of the project");
    assert_eq!((server.requests().len(), elsewhere.files("")), (0, vec![]));
    assert_eq!(project.read("specs/a.toml"), PLAIN);
}

#[test]
fn what_toml_does_not_hold_stands_as_text() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let keys: Vec<String> = (0..1900).map(|number| format!("\"{number}\":1")).collect();
    let many: Vec<String> = (0..10_001).map(|number| format!("\"{number}\":1")).collect();
    for (body, holds) in [
        (nested(40), "json = [["),
        (nested(60), "body = \"[["),
        (nested(64), "body = \"[["),
        (nested(100), "body = \"[["),
        (nested(2000), "body = \"[["),
        (format!("{{{}}}", keys.join(",")), "[case.reply.json]"),
        (format!("{{{}}}", many.join(",")), "file = \"replies/"),
    ] {
        let server = Server::json(200, &body);
        let project = Project::with(PLAIN);
        save(&project, &server, &["--save", "one"]).ends(0);
        let text = project.read("specs/a.toml");
        assert!(text.contains(holds), "{holds}: {text}");
        assert_eq!(is_new(&project, "one")["reply"]["body"], body);
    }
}

#[test]
fn secrets_are_masked_in_what_is_written() {
    let server = Server::json(200, r#"{"data":{"id":"real-9f8e7d6c"},"basic":"aWQ6cmVhbC05ZjhlN2Q2Yw=="}"#);
    let project = Project::with(&TICKET.replace("given.secret.api_key = \"k-12345678\"\n", ""));
    save(&project, &server, &["--save", "one", "--given", "title=real-9f8e7d6c", "--given", "secret.api_key=real-9f8e7d6c"])
        .ends(0)
        .says("the secrets in it are masked");
    let text = project.read("specs/a.toml");
    assert!(!text.contains("9f8e7d6c") && !text.contains("05ZjhlN2Q2Y") && text.contains("id = \"••••••••\""), "{text}");
    assert!(text.contains("[case.given.secret]\napi_key = \"test-api_key\"\n"), "{text}");
    is_new(&project, "one");
}

#[test]
fn secrets_are_masked_in_whatever_charset_they_come() {
    let utf_16: Vec<u8> = "<real-9f8e7d6c>".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (kind, body, written) in [
        (
            "text/plain; charset=utf-16be",
            utf_16.clone(),
            "headers = { Content-Type = \"text/plain; charset=utf-8\" }\nbody = \"<••••••••>\"\n",
        ),
        (
            "application/octet-stream",
            utf_16,
            "headers = { Content-Type = \"application/octet-stream\" }\nbody = \"<••••••••>\"\n",
        ),
        (
            "text/plain;charset=ISO-8859-1; a=b",
            b"\xe4 real-9f8e7d6c".to_vec(),
            "headers = { Content-Type = \"text/plain; a=b; charset=utf-8\" }\nbody = \"ä ••••••••\"\n",
        ),
    ] {
        let server = Server::saying(reply(200, &format!("Content-Type: {kind}\r\n"), &body));
        let project = Project::with(TICKET);
        save(&project, &server, &["--save", "one"]).ends(0).says("the secrets in it are masked");
        let text = project.read("specs/a.toml");
        assert!(text.ends_with(written), "{text}");
        assert!(!project.exists("specs/replies"));
    }
}

#[test]
fn a_failure_is_written_as_a_fault_and_what_never_left_is_not() {
    let project = Project::with(PLAIN);
    let arguments = ["send", "specs/a.toml", "--base-url", "http://127.0.0.1:1", "--save", "nobody there"];
    project.run(&arguments).ends(1).says("was written");
    assert!(project.read("specs/a.toml").ends_with("[case.reply]\nfault = \"connection-refused\"\n"));
    assert_eq!(is_new(&project, "nobody there")["error"]["kind"], "connection-refused");
    let before = project.read("specs/a.toml");
    let blocked = ["send", "specs/a.toml", "--given", "x=1", "--save", "again", "--base-url", "http://x.invalid"];
    project.write("specs/b.toml", PLAIN.replace("https://ping.example.com", "{global.none}"));
    project.run(&["send", "specs/b.toml", "--save", "again"]).ends(1).says("was not written: no reply came");
    project.run(&blocked).ends(1);
    assert!(project.read("specs/a.toml").starts_with(&before));
}

#[test]
fn a_failed_token_request_is_kept_for_the_token_endpoint() {
    let server = Server::json(400, r#"{"error":"invalid_client"}"#);
    let project = Project::with(
        "[action]\nname = \"Orders\"\nmethod = \"GET\"\nurl = \"https://shop.example.com/orders\"\n[action.auth]\n\
         type = \"oauth2\"\ntoken_url = \"https://shop.example.com/token\"\nclient_id = \"bot\"\n\
         client_secret = \"{secret.api_key}\"\n",
    );
    save(&project, &server, &["--save", "one"]).ends(1).says("token-request-failed");
    let text = project.read("specs/a.toml");
    assert!(text.contains("[case.token_reply]\nstatus = 400\njson = { error = \"invalid_client\" }\n"), "{text}");
    assert_eq!(is_new(&project, "one")["error"]["kind"], "token-request-failed");
}

#[test]
fn a_secret_behind_escapes_or_in_a_headers_name_is_not_saved() {
    let body = r#"{"data":{"id":7,"echo":"\u0072eal-9f8e7d6c"},"real-9f8e7d6\u0063":1}"#;
    let headers = "Content-Type: application/json\r\nX-real-9f8e7d6c: 1\r\n";
    let server = Server::saying(reply(200, headers, body));
    let project = Project::ticket("");
    save(&project, &server, &["--save", "echoed"]).ends(0).says("the secrets in it are masked");
    let text = project.read("specs/a.toml");
    let saved = text.split("echoed").nth(1).expect("a case");
    assert!(!saved.contains("9f8e7d6c"), "{saved}");
    assert!(saved.contains("data = { id = 7, echo = \"••••••••\" }"), "{saved}");
}

#[test]
fn nothing_of_the_defaults_reply_stays_in_a_saved_one() {
    let server = Server::saying(reply(204, "X-Request-Id: r1\r\n", ""));
    let defaults = "[defaults.reply]\nfault = \"timeout\"\n[defaults.reply.headers]\nX-Other = \"1\"\n";
    let project = Project::with(&format!("{PLAIN}{defaults}"));
    save(&project, &server, &["--save", "empty"]).ends(0);
    let exchange = is_new(&project, "empty");
    assert_eq!((&exchange["error"], &exchange["reply"]["status"]), (&json!(null), &json!(204)), "{exchange:#}");
    assert!(!exchange["reply"]["headers"].to_string().contains("X-Other"), "{exchange:#}");
}

#[test]
fn a_saved_case_holds_whatever_the_defaults_expect() {
    for (defaults, status, body, expected) in [
        ("success = true\nexit = \"2xx\"\nlog = [\"x\"]", 404, "{}", "success = false\nexit = \"4xx\"\nlog = []\n"),
        ("attributes.answer = \"x\"", 200, r#"{"answer":"y"}"#, "attributes = { \"user.answer\" = \"y\" }\n"),
        ("attributes.answer = \"x\"", 200, "{}", "attributes = { \"user.answer\" = { any = true } }\n"),
        ("null = [\"answer\"]", 200, r#"{"answer":"y"}"#, "null = []\n"),
        ("not_written = [\"answer\", \"b\"]", 200, r#"{"answer":"y"}"#, "not_written = [\"user.b\"]\n"),
        ("not_written = \"all\"", 200, r#"{"answer":"y"}"#, "not_written = []\n"),
        ("success = true\nattributes.answer = { type = \"string\" }", 200, r#"{"answer":"y"}"#, ""),
    ] {
        let project = Project::plain(&format!("[defaults.expect]\n{defaults}\n"));
        let said = save(&project, &Server::json(status, body), &["--save", "new one"]);
        said.says("was written").says_not("makes the case fail");
        let text = project.read("specs/a.toml");
        let stated = text.split("[[case]]").nth(1).and_then(|case| case.split("[case.expect]\n").nth(1));
        assert_eq!(stated.unwrap_or_default(), expected, "{text}");
        is_new(&project, "new one");
    }
    // What nothing in a case can undo is told.
    let project = Project::plain("[defaults.expect]\nerror = \"timeout\"\n");
    let said = save(&project, &Server::json(200, "{}"), &["--save", "new one"]).says("was written");
    said.says("`[defaults.expect]` makes the case fail: expected the error `timeout`, got a reply with status 200");
}

const STUDIO: &str = "dialect = \"vonage\"\n[action]\nmethod = \"GET\"\nurl = \"https://a.example/$ORDER_NO\"\n\
                      [action.response]\nmapping = { STATE = \"state\" }\n\
                      [parameters]\nORDER_NO = \"sys.any\"\nSTATE = \"sys.any\"\n";

const IMAGES: &str = "dialect = \"verboo\"\n[action]\nmethod = \"GET\"\n\
                      url = \"https://a.example/?i=$images[0]&p=$plan&s=$session.id\"\n\
                      [client_data]\nplan = \"string\"\n";

#[test]
fn names_that_stand_in_no_context_are_written_where_specs_have_them() {
    let server = Server::json(200, r#"{"state":"open"}"#);
    let project = Project::with(STUDIO);
    save(&project, &server, &["--save", "new", "--given", "ORDER_NO=7"]).ends(0);
    let saved = project.read("specs/a.toml");
    assert!(saved.contains("\n[case.given.parameters]\nORDER_NO = 7\n"), "{saved}");
    let exchange = is_new(&project, "new");
    assert_eq!(exchange["request"]["url"], "https://a.example/7");
    let project = Project::with(IMAGES);
    let given = ["--save", "new", "--given", "images=[\"x\"]", "--given", "plan=gold", "--given", "session.id=s"];
    save(&project, &server, &given).ends(0);
    let saved = project.read("specs/a.toml");
    assert!(saved.contains("\n[case.given]\nimages = [\"x\"]\n"), "{saved}");
    assert!(saved.contains("\n[case.given.client_data]\nplan = \"gold\"\n"), "{saved}");
    assert_eq!(is_new(&project, "new")["request"]["url"], "https://a.example/?i=x&p=gold&s=s");
}

#[test]
fn a_platforms_own_file_takes_no_case_and_nothing_is_sent() {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = asked.clone();
    let server = Server::with(move |stream, _| {
        seen.store(true, std::sync::atomic::Ordering::SeqCst);
        let _ = stream.write_all(&reply(200, "", "{}"));
    });
    let project = Project::new().file("x.json", r#"{"url":"https://a.example/","method":"GET"}"#);
    let said = project.run(&["send", "x.json", "--base-url", &server.url(), "--save", "new"]);
    said.ends(2).says("`x.json` is the platform's own file, which has no cases");
    assert!(!asked.load(std::sync::atomic::Ordering::SeqCst), "a request was sent");
}
