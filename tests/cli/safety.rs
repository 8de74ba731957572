//! What always holds: contract section 5.

use base64::Engine;

use super::support::{PLAIN, Project, Said};

const SECRET: &str = "p/ss \"wörd\" +&=?";

/// A secret as a reply may hold it.
fn echoes() -> Vec<(&'static str, String)> {
    let json = serde_json::Value::from(SECRET).to_string();
    let json = json[1..json.len() - 1].to_string();
    let engine = base64::engine::general_purpose::STANDARD;
    vec![
        ("raw", SECRET.to_string()),
        ("JSON", json.clone()),
        ("PHP's JSON", json.replace('/', "\\/").replace('ö', "\\u00f6")),
        ("a URL", "p%2Fss%20%22w%C3%B6rd%22%20%2B%26%3D%3F".to_string()),
        ("a form", "p%2Fss+%22w%C3%B6rd%22+%2B%26%3D%3F".to_string()),
        ("a URL in lower case", "p%2fss%20%22w%c3%b6rd%22%20%2b%26%3d%3f".to_string()),
        ("Base64", engine.encode(SECRET)),
        ("Base64 for URLs", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(SECRET)),
    ]
}

fn toml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

const SIGNED: &str = r#"
[action]
name = "Signed"
method = "POST"
url = "https://a.example.com/{x}"
body = '{ "outside": "{secret.key}" }'
[action.auth]
type = "header"
[action.auth.variables]
k = "{secret.key}"
sum = "hmac-sha256({_webhook.body}, {_auth.k})"
[action.auth.headers]
X-Encoded = "{secret.key | base64}"
X-Url = "{secret.key | url_encode}"
X-Upper = "{secret.key | uppercase}"
X-Sum = "{_auth.sum}"
X-Md5 = "{secret.key | md5 | base64}"
[action.response.2xx]
action_success = "ok"
raw = "everything"
outputs = { echo = "echo", list = "list" }
"#;

/// Everything that the program prints and writes about a project.
fn everything(project: &Project) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut note = |what: &str, said: Said| all.push((what.to_string(), said.all()));
    for format in ["human", "json", "junit", "github", "sarif"] {
        note(&format!("lint {format}"), project.run(&["lint", "--format", format]));
    }
    for format in ["human", "json", "junit", "github"] {
        note(&format!("test {format}"), project.run(&["test", "--format", format, "--color", "always"]));
    }
    note("review", project.feed(&["review"], "s\n"));
    note("review --list", project.run(&["review", "--list"]));
    for format in ["human", "json", "curl", "http"] {
        note(&format!("render {format}"), project.run(&["render", "specs/a.toml", "--format", format]));
    }
    for file in project.files("snapshots") {
        all.push((file.clone(), project.read(&file)));
    }
    all
}

fn assert_nowhere(project: &Project, secrets: &[String]) {
    for (what, text) in everything(project) {
        for secret in secrets {
            assert!(!text.contains(secret.as_str()), "{what} shows {secret}:\n{text}");
        }
    }
}

#[test]
fn a_secret_appears_nowhere_however_it_comes_back() {
    let echoes = echoes();
    let mut spec = SIGNED.to_string();
    for (name, echo) in &echoes {
        spec.push_str(&format!(
            "[[case]]\nname = \"{name}\"\ngiven.secret.key = {}\n[case.reply]\nstatus = 200\nheaders = {{ X-Echo = {} }}\njson = {{ ok = true, echo = {}, list = [\"a {} b\"] }}\n",
            toml(SECRET),
            toml(if echo.is_ascii() { echo } else { "none" }),
            toml(echo),
            echo.replace('\\', "\\\\").replace('"', "\\\""),
        ));
        // Expectations that fail must not tell, either.
        spec.push_str(&format!(
            "[case.expect]\nattributes = {{ echo = {}, list = [\"other\"], everything = \"other\" }}\nrequest.headers = {{ X-Encoded = \"other\", X-Url = \"other\", X-Upper = \"other\" }}\nlog = [\"other\"]\nsuccess = false\n",
            toml(&format!("not {echo}")),
        ));
    }
    let project = Project::with(&spec);
    let mut secrets: Vec<String> = echoes.iter().map(|(_, echo)| echo.trim_end_matches('=').to_string()).collect();
    secrets.push(SECRET.to_uppercase());
    assert_nowhere(&project, &secrets);
    project.run(&["test", "--update"]);
    assert!(project.files("snapshots").len() == echoes.len());
    assert_nowhere(&project, &secrets);
    // A diff shows what is new and what was.
    project.write("specs/a.toml", spec.replace("ok = true", "ok = false"));
    assert_nowhere(&project, &secrets);
}

#[test]
fn one_way_results_are_shown_and_masks_are_listed() {
    let project = Project::with(&format!("{SIGNED}[[case]]\nname = \"x\"\ngiven.secret.key = {}\n", toml(SECRET)));
    let exchange = project.only_case()["exchange"].take();
    let header = |name: &str| {
        let headers = exchange["request"]["headers"].as_array().expect("headers").iter();
        headers.filter(|row| row[0] == name).map(|row| row[1].as_str().expect("a text").to_string()).next().expect(name)
    };
    assert_eq!(header("X-Sum").len(), 64);
    assert_eq!(header("X-Md5").len(), 24);
    for name in ["X-Encoded", "X-Url", "X-Upper"] {
        assert_eq!(header(name), "••••••••");
    }
    // Outside the authentication the platform sends the bullets: those are no mask.
    assert_eq!(exchange["request"]["body"], "{\"outside\":\"••••••••\"}");
    let masked = exchange["masked"].to_string();
    assert!(masked.contains("request.headers.X-Url") && !masked.contains("request.body"), "{masked}");
}

#[test]
fn only_show_secrets_shows_them() {
    let project = Project::ticket("[[case]]\nname = \"x\"\n");
    for format in ["human", "json", "curl", "http"] {
        let hidden = project.run(&["render", "specs/a.toml", "--format", format]).ends(0);
        hidden.says("Bearer ••••••••").says_not("k-12345678");
        let shown = project.run(&["render", "specs/a.toml", "--format", format, "--show-secrets"]).ends(0);
        shown.says("Bearer k-12345678").says_not("•");
    }
}

#[test]
fn a_secret_in_a_broken_spec_is_hidden_in_its_frames() {
    for broken in [
        "given.secret.key = [\"hush-hush-1\"]",
        "given.secret.key = hush-hush-1",
        "given.secret.key = \"hush-hush-1",
        "given.secret.key = \"\"\"\nhush-hush-1\n\"\"\"x",
        "given.\"secret.key\" = [\"hush-hush-1\"]",
        "given.secret.key = { text = \"hush-hush-1\" }",
        "given.secret.key = { base64 = \"hush-hush-1\", more = 1 }",
        "given = { secret = { key = \"hush-hush-1\" }, usr.x.y = 1, \"usr.z\" = 2 }",
        "given = { secret = { key = \"hush-hush-1\" , user = 1",
        "givn.secret.key = \"hush-hush-1\"",
        "given.secret.key = \"hush-hush-1\"\ngiven.secret.key = \"hush-hush-1\"",
        "[[case.row]]\ngiven.secret.key = \"hush-hush-1\"",
        "[case.expect]\nsuccess = 1 # hush-hush-1\n[case.given.secret]\nk = \"hush-hush-1\"",
    ] {
        let project = Project::plain(&format!("[[case]]\nname = \"x\"\n{broken}\n"));
        project.run(&["lint"]).ends(1);
        assert_nowhere(&project, &["hush-hush-1".to_string()]);
    }
    for top in [
        "secret.key = \"hush-hush-1\"",
        "[defaults.given.secret]\nkey = [\"hush-hush-1\"]",
        "[given.secret]\nk = \"hush-hush-1\"",
        "[action.secret]\nk = \"hush-hush-1\"",
    ] {
        let spec = PLAIN.replace("[action.response.2xx]\n", "");
        let spec = spec.replace("[action.response.2xx.outputs]\nanswer = \"answer\"\n", "");
        let project =
            Project::with(&format!("{spec}{}{top}\n", if top.starts_with('[') { "" } else { "[[case]]\nname = \"x\"\n" }));
        assert_nowhere(&project, &["hush-hush-1".to_string()]);
    }
}

#[test]
fn values_in_the_manifest_are_hidden_and_told_of() {
    let project = Project::plain("[[case]]\nname = \"x\"\n").file(
        "hookwright.toml",
        "[secrets]\nnames = [\"a\"]\napi_key = \"hush-hush-1\"\nvalues = { b = \"hush-hush-2\" }\n[defaults.given.secret]\na = [\"hush-hush-3\"]\n",
    );
    project.run(&["lint"]).ends(1).says("no key named `api_key` here");
    assert_nowhere(&project, &["hush-hush".to_string()]);
}

#[test]
fn the_secrets_file_is_never_a_spec() {
    let manifest = "[secrets]\nfile = \"specs/production.toml\"\n";
    let project = Project::plain("")
        .file("hookwright.toml", manifest)
        .file("specs/production.toml", "api_key = \"hush-hush\"\n")
        .file(".hookwright-secrets.toml", "api_key = \"hush-hush\"\n");
    project.run(&["lint"]).ends(0).says("1 spec");
    project.run(&["lint", "."]).ends(0).says("1 spec");
    project.run(&["lint", "**/*.toml"]).ends(0).says("1 spec");
    project.run(&["lint", "specs/production.toml"]).ends(2).says("is the secrets file").says_not("hush-hush");
    project.run(&["render", ".hookwright-secrets.toml"]).ends(2).says("is hidden").says_not("hush-hush");
    project.run(&["lint", "hookwright.toml"]).ends(2).says("is the manifest");
}

#[test]
fn eval_masks_what_is_not_one_way() {
    let project = Project::new();
    let eval = |template: &str, more: &[&str]| {
        let all: Vec<&str> =
            ["eval", template, "--auth", "--given", "secret.k=hush-hush"].iter().chain(more).copied().collect();
        project.run(&all)
    };
    for template in ["{secret.k}", "{secret.k | base64}", "{secret.k | uppercase}", "{secret.k | replace hush x}"] {
        assert_eq!(eval(template, &[]).ends(0).out, "••••••••\n", "{template}");
        assert_eq!(eval(template, &["--as", "json"]).ends(0).out, "\"••••••••\"\n", "{template}");
    }
    assert_eq!(
        eval("{secret.k | md5 | base64}", &[]).ends(0).out,
        eval("{x | md5 | base64}", &["--given", "x=hush-hush"]).ends(0).out
    );
    assert_eq!(eval("Bearer {secret.k}", &[]).ends(0).out, "Bearer ••••••••\n");
    for template in
        ["{x | format_date @secret.k}", "{x | hmac @secret.k key}", "{x | range @secret.k 2}", "{x | where a @secret.k b}"]
    {
        let said = eval(template, &["--given", "x=[1]"]);
        assert!(!said.all().contains("hush-hush"), "{template}: {}", said.all());
    }
}

#[test]
fn no_value_breaks_out_of_a_header() {
    let spec = PLAIN.replace("/ping\"", "/ping\"\nheaders = { X-User = \"{v}\" }");
    for value in ["a\\nEvil: 1", "a\\r\\nEvil: 1", "a\\rEvil", "a\\u0000Evil"] {
        let project = Project::with(&format!("{spec}[[case]]\nname = \"x\"\ngiven.v = \"{value}\"\nreply.status = 200\n"));
        let exchange = project.only_case()["exchange"].take();
        assert_eq!(exchange["error"]["kind"], "invalid-header", "{value}");
        assert_eq!(exchange["sent"], false);
        assert_eq!(exchange["outcome"]["exit"], "error");
        project.run(&["render", "specs/a.toml"]).ends(1).says("error[invalid-header]").says_not("Evil");
        assert_eq!(project.run(&["eval", "{v}", "--as", "header", "--given", &format!("v=\"{value}\"")]).code, 1);
    }
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let spec = format!(
        "{PLAIN}[[case]]\nname = \"\\u001b[31mred\"\nreply.body = \"\\u001b]0;title\\u0007\\u202e\"\nexpect.attributes.answer = \"\\u001b[2J\"\n"
    );
    let project = Project::with(&spec);
    for (what, text) in everything(&project) {
        if what != "test human" && what != "test junit" && what != "test github" {
            assert!(!text.contains(['\u{1b}', '\u{7}']), "{what}: {text:?}");
        }
    }
    project.run(&["test"]).ends(1).says_not("\u{1b}").says_not("\u{7}");
}

/// Two specs: in one the credentials are what is found, in the other their lint is off and other lints quote what is near.
#[test]
fn a_credential_that_was_written_down_is_shown_by_no_finding() {
    const CREDENTIALS: [&str; 6] =
        ["hunter2-hunter2", "k-9f8e7d6c", "5e7f3d9a1cbb", "correct-horse", "9f86d081884c7d659a2f", "MIIEvQIBADANBgkq"];
    let action = r#"
[action]
name = "In plain sight"
method = "GET"
url = "http://bot:hunter2-hunter2@api example.com/x?api_key=k-9f8e7d6c&q={x | upper}"
headers = { X-Api-Key = "5e7f3d9a1cbb", "X Api" = "5e7f3d9a1cbb {x | upper}" }
body = """{
  "password": "correct-horse", "q": "{x | upper}"
}"""
[action.auth]
type = "header"
config = '''{ "variables": { "signing_key": "9f86d081884c7d659a2f" },
  "headers": { "X-Pem": "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkq\\n-----END PRIVATE KEY-----", "X-Q": "{_auth.nonce}" } }'''
"#;
    let allowed = format!("[lint]\nplaintext-credential = \"allow\"\n{action}");
    let project = Project::with(action).file("specs/b.toml", allowed);
    for format in ["human", "json", "junit", "github", "sarif"] {
        let said = project.run(&["lint", "--format", format, "specs/a.toml"]).all();
        assert!(said.contains("plaintext-credential"), "{said}");
        let said = said + &project.run(&["lint", "--format", format, "specs/b.toml"]).all();
        assert!(said.contains("unknown-filter") && said.contains("invalid-url"), "{said}");
        for credential in CREDENTIALS {
            assert!(!said.contains(credential), "{format} shows {credential}:\n{said}");
        }
    }
}

#[test]
fn a_slip_in_the_toml_shows_no_secret() {
    const VALUE: &str = "topsecretvalue";
    for slip in [
        "[defaults.given]\nsecret = { k = \"V\" j = \"x\" }",
        "[[case]]\nname = \"c\"\n[case.given.secret]\nk: \"V\"",
        "[[case]]\nname = \"c\"\n[case.given.secret]\nk \"V\"",
        "[defaults.given.secret\nk = \"V\"",
        "[[case]\nname = \"c\"\n[case.given.secret]\nk = \"V\" \"x\"",
        "[[case]]\nname = \"c\"\ngiven.secret = { \"k\": \"V\" }",
        "[[case]]\nname = \"c\"\n\"given.secret.k\" = \"V\"",
        "[[case]]\nname = \"c\"\n[case.given.secrets]\nk = [\"V\"",
        "[action.headers]\nAuthorization = \"Bearer V7f3d9a1c5e8b2d4f6a7c",
    ] {
        let project = Project::plain(&slip.replace('V', VALUE));
        for (what, said) in everything(&project) {
            assert!(!said.contains(VALUE), "{what} shows the secret of\n{slip}\n{said}");
        }
    }
}
