//! Flows: several actions in order over one state.

use serde_json::{Value as Json, json};

use super::support::{PLAIN, Project, texts};

/// Writes `contact_id`.
const CREATE: &str = r#"
[action]
name = "Create"
method = "POST"
url = "https://crm.example.com/contacts"
body = '{"mail": "{email}", "plan": "{plan}", "note": "{note}"}'
[action.response.2xx]
outputs = { contact_id = "id" }
[action.response.4xx]
outputs = { problem = "error" }
[attributes]
contact_id = "int"
plan = "string"
[defaults.given.user]
email = "case@example.com"
plan = "case"
note = "case"
[[case]]
name = "created"
reply = { status = 201, json = { id = 7 } }
expect.success = true
[[case]]
name = "refused"
[[case.row]]
name = "409"
reply = { status = 409, json = { error = "exists" } }
"#;

/// Reads it.
const GREET: &str = r#"
[action]
name = "Greet"
method = "POST"
url = "https://relay.example.com/contacts/{contact_id}"
headers = { X-Zone = "{session.zone}" }
body = '{"of": "{contact_id}", "problem": "{problem}"}'
[action.auth]
type = "header"
headers = { X-Id = "{_auth.uuid}", X-Time = "{_auth.timestamp}", X-Key = "{secret.key}" }
[action.response.2xx]
action_success = "TRUE"
[attributes]
contact_id = "int"
[defaults.given]
user = { contact_id = 1, problem = "none" }
session.zone = "de"
secret.key = "k-12345678"
[[case]]
name = "greeted"
reply.status = 204
"#;

fn project(flow: &str) -> Project {
    Project::new()
        .file("specs/crm/create.toml", CREATE)
        .file("specs/greet.toml", GREET)
        .file("specs/one.flow.toml", format!("name = \"One\"\n{flow}"))
}

/// The flow as `test --format json` shows it.
fn flow(project: &Project) -> Json {
    let json = project.test_json(&["specs/one.flow.toml"]);
    json["cases"][0].clone()
}

fn body(step: &Json) -> Json {
    serde_json::from_str(step["request"]["body"].as_str().expect("a body")).expect("JSON")
}

fn header<'j>(step: &'j Json, name: &str) -> &'j str {
    let headers = step["request"]["headers"].as_array().expect("headers");
    headers.iter().find(|header| header[0] == name).and_then(|header| header[1].as_str()).unwrap_or("none")
}

fn transcript(project: &Project) -> String {
    project.run(&["test", "--update", "specs/one.flow.toml"]);
    project.read("snapshots/one/one.snap")
}

#[test]
fn each_step_reads_what_those_before_it_wrote() {
    let flow =
        flow(&project("[[step]]\naction = 'crm/create'\ncase = 'created'\n[[step]]\naction = 'greet'\ncase = 'greeted'\n"));
    assert_eq!((&flow["status"], &flow["exchange"]), (&json!("new"), &Json::Null));
    let steps = flow["steps"].as_array().expect("steps");
    assert_eq!((&steps[0]["spec"], &steps[0]["case"]), (&json!("specs/crm/create.toml"), &json!("One / 1")));
    assert_eq!(steps[1]["case"], "One / 2");
    assert_eq!(body(&steps[1]), json!({"of": 7, "problem": "none"}), "written before, and filled in by the case");
    assert_eq!(steps[1]["request"]["url"], "https://relay.example.com/contacts/7");
}

#[test]
fn what_a_step_gives_counts_more_than_the_state_and_the_state_more_than_a_case() {
    let flow = flow(&project(
        "given = { email = 'flow@example.com', 'user.note' = { a = 1 } }\n\
         [[step]]\nset = { user.plan = 'set' }\n\
         [[step]]\naction = 'crm/create'\ncase = 'created'\ngiven.user.note.b = 2\n\
         [[step]]\nset = { 'contact_id' = '8' }\nnull = ['problem']\n\
         [[step]]\naction = 'greet'\n\
         [[step]]\naction = 'greet'\ngiven.contact_id = 9\n\
         [[step]]\naction = 'greet'\n",
    ));
    let steps = flow["steps"].as_array().expect("steps");
    assert_eq!(body(&steps[0]), json!({"mail": "flow@example.com", "plan": "set", "note": {"a": 1, "b": 2}}));
    assert_eq!(body(&steps[1]), json!({"of": 8, "problem": null}), "under the type that the spec declares");
    assert_eq!((&body(&steps[2])["of"], &body(&steps[3])["of"]), (&json!(9), &json!(9)), "it stays");
    assert_eq!(steps[3]["case"], "One / 6");
}

#[test]
fn when_waits_for_the_exit_of_the_last_action_that_ran() {
    let project = project(
        "[[step]]\naction = 'crm/create'\ncase = 'refused / 409'\n\
         [[step]]\naction = 'greet'\nwhen = '2xx'\n\
         [[step]]\nset = { contact_id = 4 }\nwhen = '2xx'\n\
         [[step]]\naction = 'greet'\nwhen = '4xx'\ncase = 'greeted'\n",
    );
    let flow = flow(&project);
    let steps = flow["steps"].as_array().expect("steps");
    assert_eq!(steps.iter().map(|step| &step["case"]).collect::<Vec<_>>(), ["One / 1", "One / 4"]);
    assert_eq!(body(&steps[1]), json!({"of": 1, "problem": "exists"}));
    let transcript = transcript(&project);
    assert!(transcript.contains("step 2: greet (skipped)\n  it waits for `2xx`, and the last action left by `4xx`\n"));
    assert!(transcript.contains("step 3: set (skipped)\n") && transcript.contains("step 4: greet, case \"greeted\"\n"));
}

#[test]
fn one_clock_and_one_row_of_ids() {
    let flow = flow(&project(
        "now = 1000\nuuid = '00000000-0000-4000-8000-0000000000ff'\n\
         [[step]]\naction = 'greet'\n\
         [[step]]\naction = 'crm/create'\ncase = 'created'\nadvance = '1.5s'\n\
         [[step]]\naction = 'greet'\nadvance = '2d'\n\
         [[step]]\naction = 'greet'\nnow = 5\nuuid = '00000000-0000-4000-8000-000000000001'\nadvance = '1s'\n\
         [[step]]\naction = 'greet'\n",
    ));
    let steps = flow["steps"].as_array().expect("steps");
    let seen = |index: usize| (header(&steps[index], "X-Id")[34..].to_string(), header(&steps[index], "X-Time"));
    assert_eq!(seen(0), ("ff".into(), "1000"));
    assert_eq!(seen(2), ("01".into(), "173801"), "the second request has an id of its own, read or not");
    assert_eq!(seen(3), ("01".into(), "6"));
    assert_eq!(seen(4), ("02".into(), "6"));
}

#[test]
fn a_step_that_fails_fails_the_flow_and_those_behind_it_still_run() {
    let project = project(
        "[[step]]\naction = 'crm/create'\ncase = 'created'\nexpect.attributes.contact_id = 8\n\
         [[step]]\naction = 'greet'\ncase = 'greeted'\nexpect.request.url = 'x'\n",
    );
    let flow = flow(&project);
    let failures = texts(&flow["failures"]);
    assert_eq!((&flow["status"], flow["steps"].as_array().map(Vec::len), failures.len()), (&json!("failed"), Some(2), 2));
    assert!(failures[0].starts_with("step 1: ") && failures[1].starts_with("step 2: "), "{failures:?}");
    project.run(&["test", "specs/one.flow.toml"]).ends(1).says("failed specs/one.flow.toml: One").says("one.flow.toml:5");
    for format in ["junit", "github"] {
        project.run(&["test", "--format", format, "specs/one.flow.toml"]).ends(1).says("One").says("step 2: ");
    }
}

#[test]
fn secrets_of_every_step_are_masked_in_all() {
    let project = project(
        "[[step]]\naction = 'crm/create'\nreply.json = { id = 1, echo = 'k-of-step-two' }\n\
         given.user.note = 'k-of-step-two'\n\
         [[step]]\naction = 'greet'\ngiven.secret.key = 'k-of-step-two'\nreply.status = 200\n\
         [[step]]\naction = 'greet'\nreply = { body = 'k-of-step-two' }\nexpect.request.headers.X-Key = 'other'\n",
    );
    let said = project.run(&["test", "--format", "json", "--update"]).ends(1);
    assert!(!said.all().contains("k-of-step-two"), "{}", said.all());
    let transcript = project.read("snapshots/one/one.snap");
    assert!(!transcript.contains("k-of-step-two") && transcript.contains("user.note = \"••••••••\""), "{transcript}");
}

#[test]
fn files_are_beside_whoever_names_them() {
    let project = project(
        "[[step]]\naction = 'crm/other'\ncase = 'of the spec'\n\
         [[step]]\naction = 'crm/other'\ncase = 'of the spec'\nreply.file = 'flow.json'\n",
    )
    .file("specs/crm/other.toml", format!("{PLAIN}[[case]]\nname = 'of the spec'\nreply.file = 'replies/spec.json'\n"))
    .file("specs/crm/replies/spec.json", r#"{"answer": "spec"}"#)
    .file("specs/flow.json", r#"{"answer": "flow"}"#);
    let flow = flow(&project);
    assert_eq!(flow["steps"][0]["outcome"]["attributes"]["user.answer"], "spec");
    assert_eq!(flow["steps"][1]["outcome"]["attributes"]["user.answer"], "flow");
}

#[test]
fn types_and_choices_of_the_flow_lie_over_those_of_its_specs() {
    let steps = "[[step]]\naction = 'greet'\n";
    let flow = flow(&project(&format!("attributes.contact_id = 'string'\nassume.missing_body_value = 'empty'\n{steps}")));
    assert_eq!(body(&flow["steps"][0])["of"], "1");
    let spaced = |assume: &str| {
        let flow = format!("given.contact_id = 'a b'\nattributes.contact_id = 'string'\n{assume}{steps}");
        flow_url(&project(&flow))
    };
    assert_eq!(spaced(""), "https://relay.example.com/contacts/a%20b");
    assert_eq!(spaced("assume.url_space = '+'\n"), "https://relay.example.com/contacts/a+b");
}

fn flow_url(project: &Project) -> String {
    flow(project)["steps"][0]["request"]["url"].as_str().expect("a URL").to_string()
}

#[test]
fn levels_of_a_flow_hold_for_its_own_findings() {
    let steps = "[[step]]\naction = 'nowhere'\n";
    project(steps).run(&["lint", "specs/one.flow.toml"]).ends(1).says("no spec has the id `nowhere`");
    let warned = project(&format!("lint.unknown-action = 'warn'\n{steps}"));
    warned.run(&["lint", "specs/one.flow.toml"]).ends(0).says("warning[unknown-action]");
    let json = flow(&warned);
    assert_eq!((&json["status"], &json["steps"]), (&json!("failed"), &json!([])));
    assert_eq!(texts(&json["failures"]), ["step 1: no spec has the id `nowhere`"]);
}

#[test]
fn flows_are_chosen_counted_and_pruned_like_cases() {
    let project = project("[[step]]\naction = 'greet'\ncase = 'greeted'\n");
    project.approve();
    project.run(&["test"]).ends(0).says("4 passed");
    project.run(&["test", "--case", "One"]).ends(0).says("1 passed");
    project.run(&["test", "--case", "Nothing"]).ends(2).says("no case is named `Nothing`");
    let of_shard = |shard: &str| project.run(&["test", "--shard", shard]).ends(0).out;
    let passed = |out: &str| out.split(' ').next().and_then(|number| number.parse::<usize>().ok()).unwrap_or_default();
    assert_eq!(passed(&of_shard("1/2")) + passed(&of_shard("2/2")), 4);
    std::fs::remove_file(project.path("specs/one.flow.toml")).expect("removed");
    project.run(&["test"]).ends(0).says("snapshots/one/one.snap");
    project.run(&["review", "--prune"]).ends(0).says("removed snapshots/one/one.snap");
}

#[test]
fn a_changed_step_is_reviewed_as_one_snapshot() {
    let project = project("[[step]]\naction = 'greet'\ncase = 'greeted'\n");
    project.approve();
    project.write("specs/one.flow.toml", "name = \"One\"\n[[step]]\naction = 'greet'\nreply.status = 202\n");
    project.run(&["test"]).ends(1).says("-  204").says("+  202");
    project.run(&["review", "--list"]).ends(1).says("specs/one.flow.toml");
    project.run(&["review", "--accept"]).ends(0);
    project.run(&["test"]).ends(0);
}

#[test]
fn a_flow_and_a_spec_of_one_id_do_not_share_a_snapshot() {
    let project = project("[[step]]\naction = 'greet'\n")
        .file("specs/greet.flow.toml", "name = \"Greeted\"\n[[step]]\naction = 'greet'\n");
    project.run(&["test", "--update"]).ends(1).says("both have the id `greet`");
}

#[test]
fn commands_for_one_action_refuse_a_flow() {
    let project = project("[[step]]\naction = 'greet'\n");
    for command in ["render", "send"] {
        project.run(&[command, "specs/one.flow.toml"]).ends(2).says(&format!("is a flow; `{command}` takes a spec"));
    }
    let live = project.run(&["test", "--live", "--base-url", "http://127.0.0.1:1", "specs/one.flow.toml"]);
    live.ends(2).says("not run specs/one.flow.toml: One: a flow runs against the mock alone");
}

#[test]
fn a_fix_in_a_spec_is_seen_by_the_flow_that_runs_it() {
    let project =
        project("[[step]]\naction = 'crm/create'\ncase = 'created'\n[[step]]\naction = 'tell'\nreply.status = 200\n")
            .file("specs/tell.toml", PLAIN.replace("/ping\"", "/ping?of={contct_id}\""));
    project.run(&["lint", "specs/one.flow.toml"]).ends(0).says("did you mean `contact_id`, which has a value by then?");
    project.run(&["lint", "--fix", "--unsafe"]).ends(0);
    assert!(project.read("specs/tell.toml").contains("/ping?of={contact_id}"));
    project.run(&["lint", "--deny-warnings"]).ends(0).says_not("read-of-never-written");
}

#[test]
fn mistakes_in_steps_are_told_at_their_places() {
    for (flow, message) in [
        ("", "a flow needs the key `step`"),
        ("step = []", "expected at least one step, found none"),
        ("step = 1", "expected a list"),
        ("[step]\naction = 'greet'", "begin each with `[[step]]`"),
        ("[[step]]", "`[[step]]` needs the key `action`"),
        ("[[step]]\naction = 1", "expected text"),
        ("[[step]]\naction = ''", "expected the id of a spec"),
        ("[[step]]\naction = 'one'", "`one` is a flow, and a step runs one action"),
        ("[[step]]\naction = 'gret'", "did you mean `greet`?"),
        ("[[step]]\naction = 'specs/greet.toml'", "did you mean `greet`?"),
        ("[[step]]\naction = 'greet'\ncase = 'greted'", "did you mean `greeted`?"),
        ("[[step]]\naction = 'greet'\nwhen = '2xx'", "expected a step before this one that runs an action"),
        ("[[step]]\naction = 'greet'\n[[step]]\nset = {}\nwhen = '2x'", "did you mean `2xx`?"),
        ("[[step]]\naction = 'greet'\nadvance = '-1h'", "expected a duration of at most a year"),
        ("[[step]]\naction = 'greet'\nadvance = '99999d'", "expected a duration of at most a year"),
        ("[[step]]\naction = 'greet'\nadvance = 5", "expected text"),
        ("[[step]]\naction = 'greet'\nset = {}", "`set` belongs to a `[[step]]` without `action`"),
        ("[[step]]\nset = {}\nreply.status = 200", "no key named `reply` here"),
        ("[[step]]\nset = 1", "expected a table"),
        ("[[step]]\naction = 'greet'\nreply = 1", "expected a table"),
        ("[[step]]\naction = 'greet'\nexpect.sucess = true", "did you mean `success`?"),
        ("[[step]]\naction = 'greet'\nexpect.success = true\nreply.fault = 'x'", "expected one of timeout"),
        ("[[step]]\naction = 'crm/create'\nexpect.success = true", "an outcome is expected, but the case has no `reply`"),
        ("[[case]]\nname = 'x'\n[[step]]\naction = 'greet'", "`case` belongs to"),
        ("assume.url_spce = '+'\n[[step]]\naction = 'greet'", "did you mean `url_space`?"),
        ("assume.url_space = 'x'\n[[step]]\naction = 'greet'", "expected \"%20\""),
        ("attributes.x = 'strng'\n[[step]]\naction = 'greet'", "did you mean `string`?"),
        ("given.usr.x.y = 1\nnow = 'soon'\n[[step]]\naction = 'greet'", "expected a date and time"),
        ("timezone = 'Nowhere'\n[[step]]\naction = 'greet'", "expected a time zone"),
        ("uuid = 'x'\n[[step]]\naction = 'greet'", "expected a UUID"),
    ] {
        let project = project(flow);
        let said = project.run(&["lint", "specs/one.flow.toml"]).ends(1);
        assert!(said.out.contains(message), "{flow}\n{message}\n{}", said.all());
        assert!(said.out.contains("specs/one.flow.toml:"), "{}", said.all());
        assert!(matches!(project.run(&["test", "specs/one.flow.toml"]).code, 1), "{flow}");
    }
}

#[test]
fn files_that_are_no_flows() {
    for text in ["", "name = \"x\"", "[[step", "\u{feff}", "name = 1\nstep = {}", "step = [1, [], 'x', {}]"] {
        let project = Project::new().file("specs/greet.toml", GREET).file("specs/one.flow.toml", text);
        project.run(&["lint"]).ends(1);
        let flow = &project.test_json(&["specs/one.flow.toml"])["cases"][0];
        assert_eq!((&flow["status"], &flow["steps"]), (&json!("failed"), &json!([])), "{text}");
    }
    let empty = Project::new().file("specs/one.flow.toml", "");
    empty.run(&["test"]).ends(1).says("there is nothing to run: the flow has no steps");
}

#[test]
fn very_many_steps_are_refused_and_a_thousand_run() {
    let steps = |number| "[[step]]\naction = 'greet'\ncase = 'greeted'\n".repeat(number);
    let said = project(&steps(10_000)).run(&["lint", "specs/one.flow.toml"]).ends(1);
    assert!(said.out.contains("expected at most 1000 steps, found 10000"), "{}", said.all());
    let flow = flow(&project(&steps(1_000)));
    assert_eq!(flow["steps"].as_array().map(Vec::len), Some(1_000));
    assert_eq!(header(&flow["steps"][999], "X-Id"), "00000000-0000-4000-8000-0000000003e8");
}

#[test]
fn an_action_that_cannot_run_is_told_and_the_others_run() {
    let project = project("[[step]]\naction = 'broken'\n[[step]]\naction = 'greet'\ncase = 'greeted'\n")
        .file("specs/broken.toml", "[action]\nname = \"x\"\n");
    let flow = flow(&project);
    assert_eq!(flow["steps"].as_array().map(Vec::len), Some(1));
    let failures = texts(&flow["failures"]);
    assert!(failures[0].starts_with("step 1: there is nothing to run in `specs/broken.toml`: "), "{failures:?}");
}

#[test]
fn an_unused_action_is_told_of_where_there_are_flows() {
    let project = project("[[step]]\naction = 'greet'\n");
    project.run(&["lint"]).ends(0).says("no flow runs the action `Create`").says_not("no flow runs the action `Greet`");
    project.run(&["lint", "specs/crm"]).ends(0).says_not("unused-action");
    // A flow that only shows a lint is none of the project's.
    project.write("specs/one.flow.toml", "name = \"One\"\nexpect_lints = [\"unknown-action\"]\n[[step]]\naction = 'x'\n");
    project.run(&["lint"]).ends(0).says_not("unused-action");
}
