//! The fixes of the lints on an authentication: they mend what was found, leave a spec that compiles, and change nothing
//! else.

use hookwright::check::{Catalogue, check_spec};
use hookwright::diagnostic::{Diagnostic, Edit};
use hookwright::dialect::{compile, lint_sets};
use hookwright::source::Sources;
use hookwright::spec::Manifest;

fn findings(text: &str) -> Vec<Diagnostic> {
    let sources = Sources::in_memory();
    sources.add("specs/action.toml", text);
    let manifest = Manifest { secrets: vec!["key".into(), "hmac_signing_key".into()], ..Manifest::default() };
    let mut spec = compile("specs/action.toml", &manifest, &sources).expect("a text that was added can be loaded");
    check_spec(&mut spec, &Catalogue::new(lint_sets()));
    spec.diagnostics
}

/// The first fix of a lint, applied.
fn mended_once(text: &str, lint: &str) -> Option<String> {
    let found = findings(text);
    let syntax = found.iter().find(|found| found.lint.name == "toml-syntax" || found.lint.name == "auth-shape");
    assert!(syntax.is_none(), "{syntax:?} in\n{text}");
    let fix = found.into_iter().filter(|found| found.lint.name == lint).find_map(|found| found.fix)?;
    let mut edits: Vec<Edit> = fix.edits;
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut mended = text.to_string();
    for edit in edits {
        mended.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    Some(mended)
}

fn mended(text: &str, lint: &str) -> String {
    let mut text = text.to_string();
    for _ in 0..20 {
        match mended_once(&text, lint) {
            Some(next) => text = next,
            None => return text,
        }
    }
    panic!("the fixes of {lint} do not end:\n{text}");
}

fn is_found(text: &str, lint: &str) -> bool {
    findings(text).iter().any(|found| found.lint.name == lint)
}

const ACTION: &str = "name = \"Send order\"\nmethod = \"POST\"\nurl = \"https://example.com/é\"\nbody = '{\"a\": \"é\"}'\n";

#[test]
fn every_fix_mends_its_own_spec() {
    for lint in [
        "certificate-in-global",
        "loose-encoding-in-signature",
        "md5-of-empty-body",
        "unprefixed-reference-argument",
        "unused-auth-variable",
    ] {
        let path = format!("{}/specs/lint/{lint}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).expect("the lint's spec");
        assert!(is_found(&text, lint), "{lint}");
        assert!(!is_found(&mended(&text, lint), lint), "{lint}");
    }
}

#[test]
fn unused_variables_go_and_everything_else_stays() {
    let layouts = [
        (
            "[action.auth]\ntype = \"header\"\n[action.auth.variables]\n# one\na = '''\n{x}\n''' # two\nb = \"{_auth.a}\"\n# three\nc = \"é\"\n[action.auth.headers]\nX = \"{_auth.c}\"\n",
            "[action.auth]\ntype = \"header\"\n[action.auth.variables]\n# one\n# three\nc = \"é\"\n[action.auth.headers]\nX = \"{_auth.c}\"\n",
        ),
        (
            "auth = { type = \"header\", variables = { a = \"x\", b = '{_auth.a}' }, headers = { X = \"1\" } }\n",
            "auth = { type = \"header\", variables = { }, headers = { X = \"1\" } }\n",
        ),
        (
            "auth.type = \"header\"\nauth.variables.a = \"x\"\nauth.variables.c = \"{_auth.uuid}\"\nauth.headers.X = \"{_auth.c}\"\n",
            "auth.type = \"header\"\nauth.variables.c = \"{_auth.uuid}\"\nauth.headers.X = \"{_auth.c}\"\n",
        ),
        (
            "[action.auth]\ntype = \"header\"\nconfig = '''\n{\n  \"variables\": {\n    \"c\": \"é\",\n    \"a\": \"x\",\n    \"b\": \"{_auth.a}\"\n  },\n  \"headers\": { \"X\": \"{_auth.c}\" }\n}\n'''\n",
            "[action.auth]\ntype = \"header\"\nconfig = '''\n{\n  \"variables\": {\n    \"c\": \"é\"\n  },\n  \"headers\": { \"X\": \"{_auth.c}\" }\n}\n'''\n",
        ),
        (
            "[action.auth]\ntype = \"header\"\nconfig = \"{\\\"variables\\\": {\\\"\\u00e9\\\": \\\"\\\\n\\\"}, \\\"headers\\\": {\\\"X\\\": \\\"1\\\"}}\"\n",
            "[action.auth]\ntype = \"header\"\nconfig = \"{\\\"variables\\\": {}, \\\"headers\\\": {\\\"X\\\": \\\"1\\\"}}\"\n",
        ),
    ];
    for (before, after) in layouts {
        for newline in ["\n", "\r\n"] {
            let text = format!("[action]\n{ACTION}{before}").replace('\n', newline);
            let wanted = format!("[action]\n{ACTION}{after}").replace('\n', newline);
            assert_eq!(mended(&text, "unused-auth-variable"), wanted);
        }
    }
}

#[test]
fn a_missing_prefix_is_put_where_it_belongs() {
    let headers = [
        ("X = \"{_webhook.url | hmac sha256 secret.key text | base64}\"", "@secret.key text"),
        ("X = '{_webhook.url | hmac sha256 \"secret.key\" text | base64}'", "sha256 @secret.key text"),
        ("X = \"{_webhook.url | hmac sha256 \\\"secret.key\\\" text | base64}\"", "sha256 @secret.key text"),
        ("X = \"{_webhook.url | hmac('sha256', secret.key) | base64}\"", "@secret.key)"),
    ];
    for (header, wanted) in headers {
        let text = format!("[action]\n{ACTION}[action.auth]\ntype = \"header\"\n[action.auth.headers]\n{header}\n");
        let mended = mended(&text, "unprefixed-reference-argument");
        assert!(mended.contains(wanted), "{mended}");
        assert!(findings(&mended).iter().all(|found| found.lint.severity < hookwright::diagnostic::Severity::Error));
    }
}

/// What does nothing on the platform is found by other lints.
#[test]
fn a_broken_signature_is_no_signature() {
    for filter in ["hmac sha3 k text", "hmac sha256", "hmac sha256 zz hex", "hmac sha256 a b c"] {
        let text = format!(
            "[action]\n{ACTION}[action.auth]\ntype = \"header\"\nheaders = {{ X = \"{{_webhook.body | {filter}}}\" }}\n"
        );
        assert!(!is_found(&text, "literal-hmac-key") && !is_found(&text, "replayable-signature"), "{filter}");
    }
}

#[test]
fn a_key_that_is_written_out_is_hidden_and_a_word_is_not() {
    for (key, is_hidden) in [("k3y-of-mine", true), ("my_secret_key", true), ("secret", false), ("text", false)] {
        let text = format!(
            "[action]\n{ACTION}[action.auth]\ntype = \"header\"\nheaders = {{ X = \"{{x | hmac sha256 {key}}}\" }}\n"
        );
        let sources = Sources::in_memory();
        let file = sources.add("specs/action.toml", text.as_str());
        compile("specs/action.toml", &Manifest::default(), &sources).expect("a text that was added can be loaded");
        let hidden: Vec<_> =
            sources.file(file).hidden().places.iter().map(|place| text[place.clone()].to_string()).collect();
        assert_eq!(hidden.contains(&key.to_string()), is_hidden, "{key}: {hidden:?}");
        assert!(is_found(&text, "literal-hmac-key"));
    }
}

#[test]
fn many_variables_are_looked_at_in_time() {
    let variables: String =
        (0..4_000).map(|n| format!("v{n} = \"{{_auth.v{} | url_encode | hmac sha256 @secret.key}}\"\n", n + 1)).collect();
    let text = format!(
        "[action]\n{ACTION}[action.auth]\ntype = \"header\"\nheaders = {{ X = \"{{_auth.v0}}\" }}\n[action.auth.variables]\n{variables}"
    );
    let started = std::time::Instant::now();
    assert!(is_found(&text, "undefined-auth-variable"));
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn a_variable_that_the_name_of_a_header_reads_stays() {
    let text = format!(
        "[action]\n{ACTION}[action.auth]\ntype = \"header\"\nvariables = {{ tenant = \"a\", other = \"b\" }}\n\
         headers = {{ \"X-{{_auth.tenant}}\" = \"{{secret.key}}\" }}\n"
    );
    assert_eq!(mended(&text, "unused-auth-variable"), text.replace(", other = \"b\"", ""));
}
