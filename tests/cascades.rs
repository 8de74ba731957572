//! One mistake, one finding: what follows from it is not told as well.

use hookwright::check::{Catalogue, check_spec};
use hookwright::dialect::{compile, lint_sets};
use hookwright::source::Sources;
use hookwright::spec::Manifest;

fn lints(text: &str) -> Vec<&'static str> {
    let sources = Sources::in_memory();
    sources.add("specs/action.toml", text);
    let manifest = Manifest { secrets: vec!["key".into()], ..Manifest::default() };
    let mut spec = compile("specs/action.toml", &manifest, &sources).expect("a text that was added can be loaded");
    check_spec(&mut spec, &Catalogue::new(lint_sets()));
    spec.diagnostics.iter().map(|found| found.lint.name).collect()
}

const ACTION: &str = "[action]\nname = \"Send order\"\nmethod = \"GET\"\nurl = \"https://api.example.com/orders\"\n";

#[test]
fn a_misspelt_key_of_an_authentication_is_not_missing_as_well() {
    for key in ["pasword", "passphrase"] {
        let text = format!(
            "{ACTION}[action.auth]\ntype = \"mtls\"\ncertificate = \"{{secret.key}}\"\n{key} = \"{{secret.key}}\"\n"
        );
        assert_eq!(lints(&text), ["unknown-key"], "{key}");
    }
}

#[test]
fn a_name_that_is_a_list_is_of_the_wrong_kind_and_nothing_else() {
    assert_eq!(lints(&ACTION.replace("\"Send order\"", "[\"getUser\"]")), ["wrong-type"]);
    assert_eq!(lints(&ACTION.replace("Send order", "getUser")), ["ambiguous-action-name"]);
}

#[test]
fn ids_and_times_are_no_credentials() {
    let with = |header: &str| {
        let text = format!("{ACTION}[action.auth]\ntype = \"header\"\nheaders = {{ X-Id = \"{header}\" }}\n");
        lints(&text.replace("https:", "http:"))
    };
    assert!(with("{_auth.uuid}").is_empty());
    assert!(with("{_auth.timestamp}{_auth.uuid}").is_empty());
    assert_eq!(with("bot-{_auth.uuid}"), ["credentials-over-http"]);
    assert_eq!(with("{secret.key}"), ["credentials-over-http"]);
}

#[test]
fn a_table_with_nearly_the_name_of_a_context_is_told_so() {
    let text = format!("{ACTION}[defaults.given.secrets]\nkey = \"v-12345\"\n[[case]]\nname = \"c\"\n");
    let sources = Sources::in_memory();
    let file = sources.add("specs/action.toml", text.as_str());
    let mut spec =
        compile("specs/action.toml", &Manifest::default(), &sources).expect("a text that was added can be loaded");
    check_spec(&mut spec, &Catalogue::new(lint_sets()));
    let help = spec.diagnostics.first().and_then(|found| found.help.as_deref()).unwrap_or_default();
    assert!(help.starts_with("did you mean the context `secret`?"), "{help}");
    assert!(!sources.file(file).hidden().texts.find("v-12345").is_empty());
}
