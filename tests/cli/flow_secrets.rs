//! Attributes that actions declare secret: a flow over these actions shows their values nowhere.

use super::support::Project;

/// Reads a secret parameter.
const NODE: &str = r#"
dialect = "vonage"
[action]
method = "GET"
url = "https://a.example/$K"
[parameters]
K = { entity = "sys.any", secret = true }
"#;

/// Reads and keeps secrets of the session.
const WEBHOOK: &str = r#"
dialect = "verboo"
[action]
name = "Log in"
method = "POST"
url = "https://b.example/log_in"
body = '{"token": "$tok", "all": $obj}'
interpret_response = true
[client_data]
tok = { type = "string", secret = true }
obj = { type = "json", secret = true }
"#;

const GREET: &str = "[action]\nname = \"Greet\"\nmethod = \"GET\"\nurl = \"https://c.example/greet\"\n";

fn project(flow: &str) -> Project {
    Project::new()
        .file("specs/vk.toml", NODE)
        .file("specs/vb.toml", WEBHOOK)
        .file("specs/greet.toml", GREET)
        .file("specs/one.flow.toml", format!("name = \"One\"\n{flow}"))
}

/// All that a run of the flow says and writes.
fn shown(flow: &str) -> String {
    let project = project(flow);
    let said = project.run(&["test", "--update", "--format", "json", "specs/one.flow.toml"]);
    said.all() + &project.read("snapshots/one/one.snap")
}

const STEP: &str = "[[step]]\naction = 'vk'\ngiven.K = 'other-value'\nreply = { body = 'echo: secret-set-2' }\n";

#[test]
fn a_value_that_is_set_is_masked_in_all_steps() {
    for flow in [
        format!("[[step]]\nset = {{ K = 'secret-set-2' }}\n{STEP}"),
        format!("[[step]]\nset = {{ parameters = {{ K = 'secret-set-2' }} }}\n{STEP}"),
        format!("{STEP}[[step]]\nset = {{ K = 'secret-set-2' }}\n"),
        format!("given.K = 'secret-set-2'\n{STEP}"),
    ] {
        let shown = shown(&flow);
        assert!(shown.contains("echo: ••••••••") && !shown.contains("secret-set-2"), "{flow}\n{shown}");
    }
}

#[test]
fn a_value_too_short_to_be_looked_for_is_masked_in_what_is_set_and_held() {
    let shown = shown(&format!("{STEP}[[step]]\nset = {{ K = 'qzj' }}\n"));
    assert!(shown.contains("state after the last step") && !shown.contains("qzj"), "{shown}");
}

#[test]
fn a_part_of_a_secret_table_is_one() {
    let shown = shown(
        "[[step]]\nset = { client_data = { obj = { a = 'in-object-secret' } } }\n\
         [[step]]\naction = 'vb'\nreply.json = { other = 'in-object-secret' }\n",
    );
    assert!(shown.contains("other") && !shown.contains("in-object-secret"), "{shown}");
}

#[test]
fn no_frame_of_a_flow_shows_one() {
    let slips = [
        ("given.parameters.K = 's3cret-v'\n[[step]]\naction = 'vk'\nwehn = 's3cret-v'\n", "wehn"),
        ("[[step]]\naction = 'vb'\n[[step]]\nset = { client_data = { tok = 's3cret-v' }, nul = ['a'] }\n", "nul"),
        (
            "[[step]]\naction = 'vb'\n[[step]]\nset = { 'client_data.obj.a' = 's3cret-v', nul = ['a'] , nul2.x = 1}\nnulll = 1\n",
            "nulll",
        ),
        (
            "[[step]]\naction = 'vb'\nexpect = { attributes = { client_data = { tok = 's3cret-v' } }, succes = true }\n",
            "succes",
        ),
    ];
    for (flow, slip) in slips {
        let project = project(flow);
        for command in ["lint", "test"] {
            let said = project.run(&[command, "specs/one.flow.toml"]);
            assert!(said.all().contains(slip) && !said.all().contains("s3cret-v"), "{flow}\n{}", said.all());
        }
    }
}

#[test]
fn names_of_every_platform_are_known_whichever_comes_first() {
    let project = project(
        "[[step]]\naction = 'greet'\nreply.status = 200\n\
         [[step]]\nset = { parameters = { K = 'of the flow' } }\n\
         [[step]]\naction = 'vk'\nreply.status = 200\n",
    );
    project.run(&["test", "--update", "specs/one.flow.toml"]);
    let transcript = project.read("snapshots/one/one.snap");
    assert!(transcript.contains("https://a.example/••••••••") && !transcript.contains("parameters.K"), "{transcript}");
}

#[test]
fn what_a_reply_has_for_a_secret_is_masked_whatever_its_status() {
    for (status, json) in [
        (500, "{ session = { client_data = { tok = 'rotated-5678' } } }"),
        (302, "{ session = { client_data = { obj = { a = 'rotated-5678' } } }, echo = 'rotated-5678' }"),
    ] {
        let shown = shown(&format!("[[step]]\naction = 'vb'\nreply = {{ status = {status}, json = {json} }}\n"));
        assert!(shown.contains("client_data") && !shown.contains("rotated-5678"), "{status}\n{shown}");
    }
}
