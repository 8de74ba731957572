//! SARIF 2.1.0, for code scanning.

use serde_json::json;

use super::Context;
use super::lint_pages::{Fixes, part};
use crate::diagnostic::{Diagnostic, Fix, Lint, Severity};
use crate::source::Span;
use crate::value::Json;

/// What paths are relative to: the project's root. Code scanning knows this name.
const ROOT: &str = "%SRCROOT%";

/// All findings as one run. Columns count characters, as SARIF's `unicodeCodePoints`. What a spec expects of itself is there
/// and suppressed.
pub fn lint_sarif(diagnostics: &[Diagnostic], context: &Context<'_>) -> Json {
    let mut lints: Vec<&Lint> = diagnostics.iter().map(|diagnostic| diagnostic.lint).collect();
    lints.sort_by_key(|lint| lint.name);
    lints.dedup_by_key(|lint| lint.name);
    let rules: Vec<Json> = lints.iter().map(|lint| rule(lint)).collect();
    let results: Vec<Json> = diagnostics.iter().map(|diagnostic| result(diagnostic, &lints, context)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver(rules)},
            "invocations": [{"executionSuccessful": true}],
            "originalUriBaseIds": {ROOT: {"description": {"text": "the root of the project"}}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn driver(rules: Vec<Json>) -> Json {
    let version = env!("CARGO_PKG_VERSION");
    let mut driver = json!({"name": "hookwright", "version": version, "semanticVersion": version});
    let address = [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")].into_iter().find(|known| !known.is_empty());
    if let Some(address) = address {
        driver["informationUri"] = address.into();
    }
    driver["rules"] = rules.into();
    driver
}

fn rule(lint: &Lint) -> Json {
    json!({
        "id": lint.name,
        "shortDescription": {"text": lint.summary},
        "fullDescription": {"text": full_description(lint)},
        "help": {"text": lint.page, "markdown": lint.page},
        "defaultConfiguration": {"level": level(lint.severity)},
        "properties": {"tags": ["webhook"], "fix": Fixes::of(lint).words()},
    })
}

/// What the lint does, in one line.
fn full_description(lint: &Lint) -> String {
    let text = part(lint.page, "What it does").split("\n\n").next().unwrap_or_default();
    if text.is_empty() { lint.summary.to_string() } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(diagnostic: &Diagnostic, lints: &[&Lint], context: &Context<'_>) -> Json {
    let mask = |text: &str| context.mask(text, diagnostic.span);
    let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let related: Vec<Json> = diagnostic
        .related
        .iter()
        .map(|related| {
            json!({"message": {"text": mask(&related.message)}, "physicalLocation": location(related.span, context)})
        })
        .collect();
    let fixes: Vec<Json> = diagnostic.fix.iter().filter_map(|fix| replacement(fix, context)).collect();
    let mut result = json!({
        "ruleId": diagnostic.lint.name,
        "ruleIndex": lints.iter().position(|lint| lint.name == diagnostic.lint.name),
        "level": level(diagnostic.severity),
        "message": {"text": mask(&format!("{}{help}", diagnostic.message))},
        "locations": [{"physicalLocation": location(diagnostic.span, context)}],
        "relatedLocations": related,
        "fixes": fixes,
    });
    if diagnostic.is_expected {
        result["suppressions"] = json!([
            {"kind": "inSource", "status": "accepted", "justification": "the spec lists it in `expect_lints`"},
        ]);
    }
    result
}

/// A fix that would have to show a secret is left out.
fn replacement(fix: &Fix, context: &Context<'_>) -> Option<Json> {
    let file = fix.edits.first()?.span.file;
    let whole = fix.edits.iter().all(|edit| edit.span.file == file && !context.secrets.stand_in(&edit.text));
    let replacements: Vec<Json> = fix
        .edits
        .iter()
        .map(|edit| json!({"deletedRegion": region(edit.span, context), "insertedContent": {"text": edit.text}}))
        .collect();
    whole.then(|| {
        let artifact = artifact(&context.sources.file(file).path);
        json!({
            "description": {"text": context.secrets.mask(&fix.title)},
            "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
        })
    })
}

fn location(span: Span, context: &Context<'_>) -> Json {
    let artifact = artifact(&context.sources.file(span.file).path);
    json!({"artifactLocation": artifact, "region": region(span, context)})
}

fn region(span: Span, context: &Context<'_>) -> Json {
    let (_, start, end) = context.place(span);
    json!({"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column})
}

/// A path as a URI reference.
fn artifact(path: &str) -> Json {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const ESCAPED: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b':')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    json!({"uri": utf8_percent_encode(path, ESCAPED).to_string(), "uriBaseId": ROOT})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::SecretValues;
    use crate::source::Sources;

    static LINT: Lint =
        Lint { name: "unknown-filter", severity: Severity::Error, summary: "a filter that is not", page: PAGE };
    const PAGE: &str = "## What it does\nFinds names\nof filters.\n\nMore.\n\n## Fix\nA guess.\n";

    #[test]
    fn a_finding_with_its_rule_place_and_fix() {
        let sources = Sources::in_memory();
        let file = sources.add("specs/a b.toml", "ü = upper\n");
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let span = Span::new(file, 5, 10);
        let finding = Diagnostic::new(&LINT, span, "no filter named `upper`").suggest("upper", ["uppercase"], span);
        let sarif = lint_sarif(&[finding], &context);
        let run = &sarif["runs"][0];
        let rule = json!({
            "id": "unknown-filter",
            "shortDescription": {"text": "a filter that is not"},
            "fullDescription": {"text": "Finds names of filters."},
            "help": {"text": LINT.page, "markdown": LINT.page},
            "defaultConfiguration": {"level": "error"},
            "properties": {"tags": ["webhook"], "fix": "guess"},
        });
        assert_eq!(run["tool"]["driver"]["rules"], json!([rule]));
        let expected = json!({
            "ruleId": "unknown-filter", "ruleIndex": 0, "level": "error",
            "message": {"text": "no filter named `upper`\nhelp: did you mean `uppercase`?"},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": "specs/a%20b.toml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 10},
            }}],
            "relatedLocations": [],
            "fixes": [{
                "description": {"text": "replace with `uppercase`"},
                "artifactChanges": [{
                    "artifactLocation": {"uri": "specs/a%20b.toml", "uriBaseId": "%SRCROOT%"},
                    "replacements": [{
                        "deletedRegion": {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 10},
                        "insertedContent": {"text": "uppercase"},
                    }],
                }],
            }],
        });
        assert_eq!(run["results"][0], expected);
    }

    #[test]
    fn what_is_expected_is_suppressed() {
        let sources = Sources::in_memory();
        let span = Span::new(sources.add("a.toml", ""), 0, 0);
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let one = Diagnostic::new(&LINT, span, "one");
        let two = Diagnostic { is_expected: true, ..one.clone() };
        let sarif = lint_sarif(&[one, two], &context);
        let results = &sarif["runs"][0]["results"];
        assert!(results[0].get("suppressions").is_none());
        assert_eq!(results[1]["suppressions"][0]["kind"], "inSource");
    }
}
