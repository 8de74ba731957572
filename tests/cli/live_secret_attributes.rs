//! Attributes that a spec declares secret: a real service gets their real values, and neither those of a case nor a mask.

use super::server::Server;
use super::support::{Project, Said};

const NODE: &str = r#"
dialect = "vonage"
[action]
method = "GET"
url = "https://a.example/$K"
[parameters]
K = { entity = "sys.any", secret = true }
[[case]]
name = "one"
given.K = "of-the-case"
reply.status = 200
"#;

const WEBHOOK: &str = r#"
dialect = "verboo"
[action]
method = "GET"
url = "https://b.example/$K"
[client_data]
K = { type = "string", secret = true }
[[case]]
name = "one"
given.client_data = { K = "••••••••" }
reply.status = 200
"#;

const VARIABLE: &str = "HOOKWRIGHT_SECRET_K";
const COMMANDS: [&[&str]; 2] = [&["send", "specs/a.toml"], &["test", "--live", "specs/a.toml"]];

fn run(spec: &str, command: &[&str], variables: &[(&str, &str)]) -> (Said, Vec<String>) {
    let (project, server) = (Project::with(spec), Server::json(200, "{}"));
    let url = server.url();
    let said = project.run_with(&[command, &["--base-url", &url]].concat(), variables);
    (said, server.requests().iter().map(|request| request.line.clone()).collect())
}

#[test]
fn neither_a_value_of_a_case_nor_a_mask_is_sent() {
    for spec in [NODE, WEBHOOK] {
        for command in COMMANDS {
            let (said, requests) = run(spec, command, &[]);
            let said = said.ends(1).says("secret-missing").says(VARIABLE).says_not("of-the-case");
            assert!(requests.is_empty(), "{requests:?} {}", said.all());
        }
        let name = if spec == NODE { "K" } else { "client_data.K" };
        let (said, requests) = run(spec, &["send", "specs/a.toml", "--given", &format!("{name}=••••••••")], &[]);
        said.ends(1).says("secret-missing");
        assert!(requests.is_empty(), "{requests:?}");
    }
}

#[test]
fn the_real_value_is_found_like_that_of_any_secret() {
    for spec in [NODE, WEBHOOK] {
        for command in COMMANDS {
            let (said, requests) = run(spec, command, &[(VARIABLE, "real-9f8e7d6c")]);
            said.ends(0).says_not("real-9f8e7d6c");
            assert_eq!(requests, ["GET /real-9f8e7d6c HTTP/1.1"]);
        }
    }
    let given = ["send", "specs/a.toml", "--given", "K=given-12345"];
    let (said, requests) = run(NODE, &given, &[(VARIABLE, "real-9f8e7d6c")]);
    said.ends(0).says_not("given-12345");
    assert_eq!(requests, ["GET /given-12345 HTTP/1.1"]);
}
