//! `[case.expect]`, `[defaults]`, rows and merging: contract section 2.

use serde_json::json;

use super::support::{PLAIN, Project, TICKET, texts};

const REPLY: &str = "[[case]]\nname = \"x\"\nreply = { status = 201, json = { data = { id = 7, agent = \"Bo\" } } }\n";

/// The failures of the ticket action with these expectations.
fn failures(expect: &str) -> Vec<String> {
    Project::ticket(&format!("{REPLY}[case.expect]\n{expect}\n")).failures()
}

#[test]
fn expectations_that_hold() {
    for expect in [
        "success = true",
        "exit = \"2xx\"",
        "sent = true",
        "attributes = { ticket_id = 7 }",
        "attributes.\"user.ticket_id\" = 7.0",
        "attributes = { user = { ticket_id = 7 }, session.agent = \"Bo\" }",
        "attributes = { ticket_id = { matches = \"^[0-9]+$\" } }",
        "attributes.\"session.agent\" = { contains = \"o\" }",
        "attributes = { ticket_id = { type = \"int\" } }",
        "attributes = { ticket_id = { near = 7.05, by = 0.1 } }",
        "attributes = { ticket_id = { any = true } }",
        "not_written = [\"rating\", \"session.other\"]",
        "request.method = \"POST\"",
        "request.url = \"https://helpdesk.example.com/tickets?user=7\"",
        "request.url = { contains = \"/tickets\" }",
        "request.headers = { x-channel = \"web\" }",
        "request.headers = { AUTHORIZATION = \"Bearer k-12345678\" }",
        "request.no_headers = [\"X-Debug\"]",
        "request.body = { title = \"TV\" }",
        "request.body = '{\"age\": 36, \"title\": \"TV\"}'",
        "request.body = { age = { type = \"int\" } }",
        "request.body = { contains = \"TV\" }",
        "log = []",
    ] {
        assert_eq!(failures(expect), [""; 0], "{expect}");
    }
}

#[test]
fn expectations_that_do_not_hold_say_what_came() {
    for (expect, message) in [
        ("success = false", "expected success false, got true"),
        ("exit = \"4xx\"", "expected the exit `4xx`, got `2xx`"),
        ("sent = false", "expected that no request is sent, but one was"),
        ("error = \"timeout\"", "expected the error `timeout`, got a reply with status 201"),
        ("attributes = { ticket_id = 8 }", "`user.ticket_id`: expected 8, got 7"),
        ("attributes = { ticket_id = \"7\" }", "`user.ticket_id`: expected \"7\", got 7"),
        ("attributes = { rating = 8 }", "`user.rating`: expected 8, but it was not written"),
        ("attributes = { ticket_id = { type = \"string\" } }", "`user.ticket_id`: expected a value of type `string`, got 7"),
        ("null = [\"ticket_id\"]", "`user.ticket_id`: expected null (empty), got 7"),
        ("unset = [\"ticket_id\"]", "expected `user.ticket_id` to be removed, but it was not"),
        ("not_written = [\"ticket_id\"]", "expected `user.ticket_id` not to be written, got 7"),
        ("log = [\"no such\"]", "expected the log to contain `no such`, got nothing"),
        ("request.method = \"PUT\"", "request method: expected `PUT`, got `POST`"),
        ("request.headers = { X-Debug = \"1\" }", "request header `X-Debug`: expected `1`, got no such header"),
        ("request.no_headers = [\"x-channel\"]", "expected no header `x-channel` in the request, got `web`"),
        ("request.body = { title = \"Radio\" }", "request body at `title`: expected \"Radio\", got \"TV\""),
        ("request.body = { more = 1 }", "request body at `more`: expected 1, got nothing"),
        ("token_request.url = \"https://id\"", "expected a token request, but none was sent"),
    ] {
        assert_eq!(failures(expect), [message], "{expect}");
    }
    let all = failures("not_written = \"all\"");
    assert!(all[0].starts_with("expected no attribute to be written, got `user.ticket_id`"), "{all:?}");
}

#[test]
fn a_body_table_is_a_subset_at_every_depth_with_lists_whole() {
    let spec = |expect: &str| {
        let spec = TICKET.replace(
            "'{ \"title\": \"{title}\", \"age\": \"{age}\" }'",
            "'{\"a\":{\"b\":{\"c\":1,\"d\":2}},\"list\":[{\"x\":1,\"y\":2},3]}'",
        );
        Project::with(&format!("{spec}[[case]]\nname = \"x\"\nexpect.request.body = {expect}\n")).failures()
    };
    assert_eq!(spec("{ a.b.c = 1 }"), [""; 0]);
    assert_eq!(spec("{ list = [{ x = 1, y = 2 }, 3] }"), [""; 0]);
    assert_eq!(spec("{ a.b.c = { near = 1, by = 0 }, list = { any = true } }"), [""; 0]);
    assert_eq!(spec("{ list = [{ x = 1 }, 3] }").len(), 1);
    assert_eq!(spec("{ list = [3, { x = 1, y = 2 }] }").len(), 2, "lists are compared whole, in order");
    assert_eq!(spec("'{\"a\":{\"b\":{\"c\":1}}}'").len(), 2, "a text is the whole body");
}

#[test]
fn an_outcome_cannot_be_expected_without_a_reply() {
    for expect in
        ["success = true", "attributes = { ticket_id = 7 }", "not_written = \"all\"", "exit = \"2xx\"", "log = [\"x\"]"]
    {
        let project = Project::ticket(&format!("[[case]]\nname = \"x\"\n[case.expect]\n{expect}\n"));
        assert_eq!(project.failures(), ["expected an outcome, but the case gives no reply"], "{expect}");
    }
    for expect in ["sent = true", "request.method = \"POST\""] {
        let project = Project::ticket(&format!("[[case]]\nname = \"x\"\n[case.expect]\n{expect}\n"));
        assert_eq!(project.failures(), [""; 0], "{expect}");
    }
}

#[test]
fn a_failed_expectation_is_shown_at_its_place() {
    let project = Project::ticket(&format!("{REPLY}[case.expect]\nsuccess = false\n"));
    insta::assert_snapshot!(project.run(&["test", "--quiet"]).ends(1).out, @r#"
    failed specs/a.toml: x
    error: expected success false, got true
      --> specs/a.toml:28:11
       |
    28 | success = false
       |           ^^^^^

    new specs/a.toml: x
    1 case has no approved snapshot; approve it with `hookwright review` or `hookwright test --update`
    "#);
}

#[test]
fn defaults_lie_beneath_cases_and_cases_beneath_rows() {
    let project = Project::with(&format!(
        "{TICKET}{}",
        r#"
[defaults.reply]
status = 201
json = { data = { id = 1 } }
headers = { X-A = "1" }
[[case]]
name = "c"
given.user.title = "Radio"
reply.headers = { X-B = "2" }
[[case.row]]
name = "json"
reply.json = { data = { agent = "Bo" } }
[[case.row]]
name = "body"
reply.body = "plain"
given = { "user.title" = "Dotted" }
[[case.row]]
name = "fault"
reply.fault = "empty"
[[case.row]]
name = "nothing more"
"#
    ))
    .file("hookwright.toml", "[defaults]\ntimezone = \"Europe/Paris\"\ngiven.session.channel = \"web\"\n");
    let json = project.test_json(&[]);
    let cases = json["cases"].as_array().expect("cases");
    let names: Vec<&str> = cases.iter().filter_map(|case| case["case"].as_str()).collect();
    assert_eq!(names, ["c / json", "c / body", "c / fault", "c / nothing more"]);
    let body = |index: usize| cases[index]["exchange"]["request"]["body"].as_str().expect("a body");
    assert_eq!(body(0), "{\"title\":\"Radio\",\"age\":36}");
    assert_eq!(body(1), "{\"title\":\"Dotted\",\"age\":36}");
    let reply = |index: usize| &cases[index]["exchange"]["reply"];
    // Tables merge key by key, so both the id and the agent are there.
    assert_eq!(reply(0)["body"], "{\"data\":{\"id\":1,\"agent\":\"Bo\"}}");
    assert_eq!(reply(0)["headers"], json!([["X-A", "1"], ["X-B", "2"], ["Content-Type", "application/json"]]));
    assert_eq!((&reply(1)["body"], &reply(1)["status"]), (&json!("plain"), &json!(201)));
    assert_eq!(cases[2]["exchange"]["error"]["kind"], "connection-reset");
    assert_eq!(reply(3)["body"], "{\"data\":{\"id\":1}}");
}

#[test]
fn a_null_is_given_by_name_and_a_value_above_takes_it_back() {
    let spec = TICKET.replace("[defaults]", "[defaults]\nnull = [\"title\"]");
    let spec = spec.replace("title = \"TV\", ", "");
    let project = Project::with(&format!(
        "{spec}[[case]]\nname = \"null\"\n[[case]]\nname = \"given\"\ngiven.user.title = \"TV\"\n[[case]]\nname = \"dotted\"\nnull = [\"user.age\"]\n"
    ));
    let json = project.test_json(&[]);
    let body = |index: usize| json["cases"][index]["exchange"]["request"]["body"].as_str().expect("a body").to_string();
    assert_eq!(body(0), "{\"title\":null,\"age\":36}");
    assert_eq!(body(1), "{\"title\":\"TV\",\"age\":36}");
    // A list replaces the list beneath.
    assert_eq!(body(2), "{\"title\":null,\"age\":null}");
}

#[test]
fn outputs_without_a_value_are_null() {
    let project =
        Project::ticket("[[case]]\nname = \"x\"\nreply.json = { data = { id = 7 } }\nexpect.null = [\"session.agent\"]\n");
    assert_eq!(project.failures(), [""; 0]);
}

#[test]
fn keys_with_dots_are_names_in_their_context() {
    let project = Project::plain("[[case]]\nname = \"x\"\n[case.given]\n\"user.a.b\" = 1\nsession.\"c.d\" = 2\n");
    project.run(&["lint"]).ends(0);
    let project = Project::plain("[[case]]\nname = \"x\"\n[case.given]\n\"a.b.c\" = 1\n");
    let found = project.run(&["lint", "--format", "json"]).ends(1).json();
    assert_eq!(found[0]["lint"], "unknown-key");
    assert!(found[0]["message"].as_str().is_some_and(|text| text.contains("`a`")), "{found}");
}

#[test]
fn expectations_on_a_request_that_was_never_built() {
    let spec = PLAIN.replace("/ping\"", "/ping\"\nheaders = { X = \"{v}\" }");
    let project = Project::with(&format!(
        "{spec}[[case]]\nname = \"x\"\ngiven.v = \"a\\r\\nEvil: 1\"\nreply.status = 200\n[case.expect]\nsent = false\nerror = \"invalid-header\"\nsuccess = false\nexit = \"error\"\n"
    ));
    assert_eq!(project.failures(), [""; 0]);
    let json = project.only_case();
    assert_eq!((&json["exchange"]["sent"], &json["exchange"]["request"]), (&json!(false), &json!(null)));
    let said = project.run(&["test"]);
    assert!(!said.out.contains("Evil"), "{}", said.out);
}

#[test]
fn unknown_keys_name_the_nearest() {
    let project = Project::plain("[[case]]\nname = \"x\"\nexpect.sucess = true\nreply.statsu = 200\n");
    let said = project.run(&["lint"]).ends(1);
    said.says("did you mean `success`?").says("did you mean `status`?");
    assert_eq!(texts(&project.only_case()["failures"]), [""; 0], "the case runs all the same");
}

#[test]
fn a_matcher_that_is_no_regular_expression_is_a_finding() {
    let project = Project::ticket(&format!("{REPLY}expect.attributes.ticket_id = {{ matches = \"(\" }}\n"));
    project.run(&["lint"]).ends(1).says("expected a regular expression, found `(`");
}
