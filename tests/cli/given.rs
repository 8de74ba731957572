//! Values from a case, the manifest, an environment and the command line.

use serde_json::json;

use super::support::{PLAIN, Project, TICKET};

fn shop() -> Project {
    let spec = r#"
[action]
name = "Find order"
method = "POST"
url = "https://shop.example.com:8443/{global.api_version}/orders?q={q}"
body = '{ "age": "{age}", "on": "{on}", "when": "{when}", "tags": "{tags}", "data": "{data}" }'
[attributes]
tags = "string[]"
data = "json"
[[case]]
name = "one"
given.user = { age = "36", q = "x", on = "true" }
"#;
    let manifest = r#"
[attributes]
age = "int"
on = "boolean"
when = "timestamp"
[global]
api_version = "v2"
region = "eu"
[environments.staging]
hosts = { "shop.example.com:8443" = "http://staging.example.com:81/", "other" = "x" }
global = { api_version = "v3" }
"#;
    Project::with(spec).file("hookwright.toml", manifest)
}

fn rendered(project: &Project, arguments: &[&str]) -> serde_json::Value {
    let all: Vec<&str> =
        ["render", "specs/a.toml", "--case", "one", "--format", "json"].iter().chain(arguments).copied().collect();
    project.run(&all).ends(0).json()["request"].take()
}

fn body(project: &Project, arguments: &[&str]) -> serde_json::Value {
    let request = rendered(project, arguments);
    serde_json::from_str(request["body"].as_str().expect("a body")).expect("JSON")
}

#[test]
fn values_of_a_case_take_their_declared_types() {
    let body = body(&shop(), &[]);
    assert_eq!(body, json!({"age": 36, "on": true, "when": null, "tags": null, "data": null}));
}

#[test]
fn an_environment_replaces_hosts_and_globals() {
    let project = shop();
    assert_eq!(rendered(&project, &[])["url"], "https://shop.example.com:8443/v2/orders?q=x");
    assert_eq!(rendered(&project, &["--env", "staging"])["url"], "http://staging.example.com:81/v3/orders?q=x");
    let given = rendered(&project, &["--env", "staging", "--given", "global.api_version=v9"]);
    assert_eq!(given["url"], "http://staging.example.com:81/v9/orders?q=x", "the command line is nearest");
    project.run(&["render", "specs/a.toml", "--env", "stagin"]).ends(2).says("did you mean `staging`?");
}

#[test]
fn values_of_the_command_line_win_and_declared_types_too() {
    let project = shop();
    let with = |given: &str| body(&project, &["--given", given]);
    assert_eq!(with("user.age=41")["age"], 41);
    assert_eq!(with("age=\"41\"")["age"], 41);
    assert_eq!(with("on=false")["on"], false);
    assert_eq!(with("when=2026-01-01T00:00:00Z")["when"], with("when=1767225600")["when"]);
    assert_eq!(with("tags=[\"a\",\"b\"]")["tags"], json!(["a", "b"]));
    assert_eq!(with("data={\"a\":{\"b\":null}}")["data"], json!({"a": {"b": null}}));
    assert_eq!(with("age=null")["age"], json!(null));
    assert_eq!(rendered(&project, &["--given", "q=a=b&c"])["url"], "https://shop.example.com:8443/v2/orders?q=a%3Db%26c");
    assert_eq!(
        rendered(&project, &["--given", "q=1", "--given", "q=2"])["url"],
        "https://shop.example.com:8443/v2/orders?q=2"
    );
    assert_eq!(rendered(&project, &["--given", "q="])["url"], "https://shop.example.com:8443/v2/orders?q=");
}

#[test]
fn values_come_from_files_in_toml_and_json() {
    let project = shop()
        .file("values.toml", "q = \"toml\"\nwhen = 2026-01-01T00:00:00Z\n[user]\nage = 50\n")
        .file("values.json", "{\"user\": {\"age\": 51}, \"user.q\": \"json\", \"tags\": [\"t\"]}")
        .file("list.json", "[1]")
        .file("text", "a b c")
        .file("latin", b"q = \"\xe9\"");
    let toml = body(&project, &["--given", "@values.toml"]);
    assert_eq!((&toml["age"], &toml["when"]), (&json!(50), &body(&project, &["--given", "when=1767225600"])["when"]));
    assert_eq!(body(&project, &["--given", "@values.json"])["tags"], json!(["t"]));
    assert_eq!(body(&project, &["--given", "@values.toml", "--given", "@values.json"])["age"], 51);
    assert_eq!(project.run(&["eval", "{when}", "--given", "@values.toml", "--as", "json"]).ends(0).out, "1767225600\n");
    for (file, why) in [
        ("list.json", "`list.json` must hold an object"),
        ("text", "`text` is neither JSON nor TOML"),
        ("latin", "`latin` is not UTF-8"),
        ("none", "`none` cannot be read"),
        (".", "`.` cannot be read"),
    ] {
        project.run(&["render", "specs/a.toml", "--given", &format!("@{file}")]).ends(2).says(why);
        project.run(&["eval", "{a}", "--given", &format!("@{file}")]).ends(2).says(why);
    }
}

#[test]
fn eval_knows_the_project() {
    let project = shop();
    assert_eq!(project.run(&["eval", "{global.api_version}"]).ends(0).out, "v2\n");
    assert_eq!(project.run(&["eval", "{age}", "--as", "json", "--given", "age=\"7\""]).ends(0).out, "7\n");
}

#[test]
fn a_spec_without_cases_is_rendered_from_its_defaults() {
    let spec = "[action]\nname = \"x\"\nmethod = \"GET\"\nurl = \"https://a.example.com/{global.v}/{x}/{y}\"\n[defaults]\ngiven.x = 1\n";
    let project = Project::with(spec).file("hookwright.toml", "[global]\nv = \"v2\"\n[defaults]\ngiven.y = 2\n");
    project.run(&["render", "specs/a.toml"]).ends(0).says("GET https://a.example.com/v2/1/2\n");
    project.run(&["render", "specs/a.toml", "--given", "x=3"]).ends(0).says("GET https://a.example.com/v2/3/2\n");
}

const SIGNED: &str = r#"
[action.auth]
type = "header"
[action.auth.headers]
X-Key = "{secret.api_key}"
"#;

#[test]
fn a_declared_secret_without_a_value_has_a_placeholder() {
    let spec = PLAIN.replace("[action.response.2xx]", &format!("{SIGNED}[action.response.2xx]"));
    let case = "[[case]]\nname = \"x\"\nexpect.request.headers = { X-Key = \"test-api_key\" }\n";
    let project = Project::with(&format!("{spec}{case}")).file("hookwright.toml", "[secrets]\nnames = [\"api_key\"]\n");
    assert_eq!(project.failures(), [""; 0]);
    project.run(&["render", "specs/a.toml", "--show-secrets"]).ends(0).says("X-Key: test-api_key");
    // Neither the environment nor the secrets file is read.
    project.write(".hookwright-secrets.toml", "api_key = \"from-the-file\"\n");
    let variables = [("HOOKWRIGHT_SECRET_API_KEY", "from-the-environment")];
    let said = project.run_with(&["render", "specs/a.toml", "--show-secrets"], &variables).ends(0);
    said.says("X-Key: test-api_key");
    let undeclared = Project::with(&format!("{spec}{case}"));
    assert_eq!(undeclared.only_case()["exchange"]["error"]["kind"], "secret-missing");
}

#[test]
fn secrets_come_as_text_base64_and_file() {
    let spec = PLAIN.replace("[action.response.2xx]", &format!("{SIGNED}[action.response.2xx]"));
    let spec = format!(
        "{spec}{}",
        r#"
[[case]]
name = "text"
given.secret.api_key = "text-secret"
expect.request.headers.X-Key = "text-secret"
[[case]]
name = "base64"
given.secret.api_key = { base64 = "YmFzZTY0LXNlY3JldA==" }
expect.request.headers.X-Key = "base64-secret"
[[case]]
name = "bytes"
given.secret.api_key = { base64 = "/wECAwQFBgc=" }
expect.request.headers.X-Key = "/wECAwQFBgc="
[[case]]
name = "file"
given.secret.api_key = { file = "key.pem" }
expect.request.headers.X-Key = "file-secret"
"#
    );
    let project = Project::with(&spec).file("specs/key.pem", "file-secret");
    project.run(&["lint"]).ends(0);
    let said = project.run(&["test", "--format", "json"]).ends(1);
    assert_eq!(said.json()["summary"]["failed"], 0, "{}", said.out);
    for secret in ["text-secret", "YmFzZTY0LXNlY3JldA", "base64-secret", "/wECAwQFBgc", "file-secret"] {
        assert!(!said.out.contains(secret), "{secret}");
    }
    for wrong in ["{ file = \"../../x\" }", "{ file = \"none\" }", "{ base64 = \"!\" }", "{}", "[1]", "true"] {
        let spec = format!("{PLAIN}[[case]]\nname = \"x\"\ngiven.secret.k = {wrong}\n");
        Project::with(&spec).run(&["lint"]).ends(1);
    }
}

#[test]
fn fresh_ids_count_up_and_the_clock_is_the_cases() {
    let spec = PLAIN.replace(
        "[action.response.2xx]",
        "[action.auth]\ntype = \"header\"\n[action.auth.headers]\nX-Id = \"{_auth.uuid}\"\nX-Time = \"{_auth.timestamp}\"\n[action.response.2xx]",
    );
    let project = Project::with(&format!(
        "{spec}[[case]]\nname = \"default\"\n[[case]]\nname = \"own\"\nnow = 2026-01-15T10:00:00Z\nuuid = \"7d9f1c1e-0000-4000-8000-000000000001\"\n"
    ));
    let json = project.test_json(&[]);
    let headers = |index: usize| json["cases"][index]["exchange"]["request"]["headers"].clone();
    assert_eq!(headers(0), json!([["X-Id", "00000000-0000-4000-8000-000000000001"], ["X-Time", "1767225600"]]));
    assert_eq!(headers(1), json!([["X-Id", "7d9f1c1e-0000-4000-8000-000000000001"], ["X-Time", "1768471200"]]));
}

#[test]
fn a_value_needs_a_name() {
    let project = shop();
    for given in ["=x", " =x", "user.=x", ".q=x"] {
        project.run(&["render", "specs/a.toml", "--case", "one", "--given", given]).ends(2).says("lacks a name");
    }
}

#[test]
fn a_line_break_at_the_end_of_a_secrets_file_is_no_part_of_it() {
    for end in ["", "\n", "\r\n"] {
        let spec = TICKET.replace("\"k-12345678\"", "{ file = \"k.txt\" }");
        let cases = "[[case]]\nname = \"one\"\nreply.status = 200\n";
        let project = Project::with(&format!("{spec}{cases}")).file("specs/k.txt", format!("k-87654321{end}"));
        let shown = project.run(&["render", "specs/a.toml", "--case", "one", "--show-secrets"]).ends(0);
        assert!(shown.out.contains("Authorization: Bearer k-87654321\n"), "{}", shown.out);
    }
}
