//! Secret parameters are shown nowhere.

use hookwright::case::Given;
use hookwright::eval::{Record, of_reply};

use super::{exchange, node};
use crate::support::json_reply;

#[test]
fn a_secret_parameter_is_masked_wherever_it_is_shown() {
    const SECRET: &str = "k-4f9a8b7c6d";
    let action = "method = \"POST\"\nurl = \"https://a.example/$S\"\nbody = { type = \"json\", content = '{\"k\":\"$S\"}' }";
    let shown = exchange(&node(action), &[("S", SECRET.into())]);
    let request = shown.request.as_ref().expect("a request");
    assert!(request.url.reveal().ends_with(SECRET) && !request.url.masked().contains(SECRET));
    assert!(!format!("{shown:?}").contains(SECRET));

    let spec = node("method = \"GET\"\nurl = \"https://a.example\"\nresponse = { mapping = { S = \"pin\", N = \"gone\" } }");
    let (plan, record) = (spec.plan.as_ref().expect("a plan"), Record::default());
    let outcome = of_reply(plan, &json_reply(200, format!("{{\"pin\": \"{SECRET}\"}}")), &Given::default(), &record);
    assert_eq!(outcome.exit, "failed");
    let echoed = record.secrets.borrow().mask(&format!("the reply was {SECRET}"));
    assert!(!echoed.contains(SECRET), "what is not stored is masked all the same");
}

/// A frame shows the line of a finding, and whatever stands beside it.
#[test]
fn what_a_case_records_for_a_secret_is_shown_in_no_frame() {
    let text = concat!(
        "dialect = \"vonage\"\n[action]\nmethod = \"GET\"\nurl = \"https://a.example\"\n",
        "response = { mapping = { PIN = \"$[0].pin\" } }\n[parameters]\nPIN = { entity = \"sys.any\", secret = true }\n",
        "[[case]]\nname = \"one\"\nreply = { statuss = 200, json = [{ pin = \"k-4f9a8b7c6d\" }] }\n",
        "[[case]]\nname = \"two\"\nreply = { statuss = 200, body = '[{\"pin\": \"k-4f9a8b7c6d\"}]' }\n",
        "given.parametres = { PIN = 1 }\n",
    );
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("node.toml"), text).expect("a spec");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hookwright"));
    let output = command.args(["lint", "node.toml"]).current_dir(folder.path()).output().expect("the program");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains("statuss = 200, json") && shown.contains("statuss = 200, body"), "{shown}");
    assert!(!shown.contains("4f9a8b7c6d"), "{shown}");
}
