//! A success rule that gives no boolean.

use super::json_text;
use crate::case::{Rule, Sample, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::plan::{Group, SuccessRule};
use crate::selector::Selector;
use crate::source::Mapped;
use crate::value::{Json, json_kind};

/// A success rule that gives no boolean.
pub static SUCCESS_NOT_BOOLEAN: Lint = Lint {
    name: "success-not-boolean",
    severity: Severity::Error,
    summary: "`action_success` is neither TRUE, FALSE nor an expression that gives a boolean",
    page: r#"## What it does
Looks at `action_success`. Finds words that were meant as `TRUE` or `FALSE` but are neither (`True`, `yes`, an empty
text), and expressions that give something else on any reply, such as `length(items)`. Evaluates all others on the
replies that the cases record for the group.

## Why this is bad
`action_success` is `TRUE`, `FALSE`, or a JMESPath expression that points to a boolean (OpenDialog documentation, Webhook
action). Any other word is read as the name of a field of the reply. It finds nothing, so the action counts as failed
although all went well. What the platform does with a value that is no boolean is not documented; see
`non_boolean_success`.

## Example
```toml
[action.response.2xx]
action_success = "True"
```

## Instead
```toml
[action.response.2xx]
action_success = "TRUE"

[action.response.4xx]
action_success = "status == 'known'"
```

## Fix
`--fix --unsafe` replaces a word that was meant as `TRUE` or `FALSE`.

## When it stays silent
For an expression that may give a boolean, when no case records a JSON reply for the group, or when at least one reply
gives a boolean and the others give nothing or cannot be evaluated: the action then fails, which is often what such a
reply means. When the expression goes into text that holds JSON: that is `json-string-not-decoded`."#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &SUCCESS_NOT_BOOLEAN, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for group in subject.plan.outcome.groups() {
        let SuccessRule::Expression { selector, source } = &group.success else { continue };
        let word = source.text.trim();
        if word.is_empty() {
            found.push(empty(source));
            continue;
        }
        let Some(selector) = selector.as_deref().filter(|selector| selector.problems().is_empty()) else { continue };
        let samples = subject.samples(group.class);
        if let Some(constant) = meant_constant(word) {
            found.extend(misspelt(selector, source, constant, samples));
        } else {
            found.extend(not_boolean(selector, source, group, samples));
        }
    }
}

fn empty(source: &Mapped) -> Diagnostic {
    Diagnostic::new(&SUCCESS_NOT_BOOLEAN, source.whole(), "`action_success` is empty")
        .help("write `TRUE`, `FALSE` or an expression, or leave the key out")
}

/// What a word was probably meant to be.
fn meant_constant(word: &str) -> Option<&'static str> {
    match unquoted(word).unwrap_or(word).to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("TRUE"),
        "false" | "no" | "off" => Some("FALSE"),
        _ => None,
    }
}

/// What stands in quotes: a literal of the expression language, and no field.
fn unquoted(word: &str) -> Option<&str> {
    let text = word.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    text.or_else(|| word.strip_prefix("`\"")?.strip_suffix("\"`"))
}

fn misspelt(selector: &dyn Selector, source: &Mapped, constant: &str, samples: &[Sample<'_>]) -> Option<Diagnostic> {
    if samples.iter().any(|sample| matches!(selector.select(&sample.document), Ok(Json::Bool(_)))) {
        return None; // The replies do have a field of this name.
    }
    let word = source.text.trim();
    let message = match unquoted(word) {
        Some(_) => format!("{word} is a text, not `{constant}`, so the action never succeeds"),
        None if word == constant => {
            format!("with the white space beside it, `{word}` is read as a field of the reply, not as `{constant}`")
        }
        None => format!("`{word}` is read as a field of the reply, not as `{constant}`"),
    };
    let edit = Edit::within(source, 0..source.text.len(), constant);
    let fix = edit.map(|edit| Fix { title: format!("replace with `{constant}`"), safe: false, edits: vec![edit] });
    let diagnostic = Diagnostic::new(&SUCCESS_NOT_BOOLEAN, source.inside(), message);
    Some(Diagnostic {
        fix,
        ..diagnostic.help(match word == constant {
            true => "take the white space away".to_string(),
            false => format!("did you mean `{constant}`?"),
        })
    })
}

fn not_boolean(selector: &dyn Selector, source: &Mapped, group: &Group, samples: &[Sample<'_>]) -> Option<Diagnostic> {
    let mut gives_boolean = false;
    let mut failure = None;
    for sample in samples {
        match selector.select(&sample.document) {
            Ok(Json::Bool(_)) => gives_boolean = true,
            Ok(Json::Null) => {}
            Ok(other) => return Some(wrong_kind(source, sample, &other)),
            Err(_) => _ = failure.get_or_insert(sample),
        }
    }
    if let Some(kind) = selector.certain_kind() {
        return Some(never_boolean(source, kind));
    }
    if gives_boolean || samples.is_empty() || json_text::find(&selector.paths(), samples).is_some() {
        return None;
    }
    if let Some(sample) = failure {
        return Some(cannot_be_evaluated(source, sample));
    }
    let message = format!("`{}` finds nothing in any recorded {}xx reply", source.text.trim(), group.class);
    Some(Diagnostic::new(&SUCCESS_NOT_BOOLEAN, source.inside(), message).help("the action then counts as failed"))
}

fn wrong_kind(source: &Mapped, sample: &Sample<'_>, value: &Json) -> Diagnostic {
    let expression = source.text.trim();
    let message = format!("`{expression}` gives {}, not a boolean", json_kind(value));
    Diagnostic::new(&SUCCESS_NOT_BOOLEAN, source.inside(), message)
        .related(sample.case.name.span, format!("on the reply of `{}`", sample.case.name.value))
        .help(match value {
            Json::String(_) => format!("compare it with the text that means success: `{} == 'ok'`", bracketed(expression)),
            _ => "compare it with the value that means success".to_string(),
        })
}

/// An expression as one side of a comparison, which binds more tightly than `||`, `&&` and `|`.
fn bracketed(expression: &str) -> String {
    let is_path = expression.chars().all(|character| character.is_alphanumeric() || "_.[]*".contains(character));
    if is_path { expression.to_string() } else { format!("({expression})") }
}

/// What an expression gives on any reply.
fn never_boolean(source: &Mapped, kind: &str) -> Diagnostic {
    let message = format!("`{}` gives {kind} on every reply, never a boolean", source.text.trim());
    Diagnostic::new(&SUCCESS_NOT_BOOLEAN, source.inside(), message)
        .help("write a comparison, such as `status == 'ok'`, or `TRUE` or `FALSE`")
}

fn cannot_be_evaluated(source: &Mapped, sample: &Sample<'_>) -> Diagnostic {
    let message = format!("`{}` cannot be evaluated, so it never succeeds", source.text.trim());
    Diagnostic::new(&SUCCESS_NOT_BOOLEAN, source.inside(), message)
        .related(sample.case.name.span, format!("on the reply of `{}`", sample.case.name.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{FakeSelector, case, findings_on, plan_with_success};
    use serde_json::json;

    fn messages(expression: &str, gives: &[Json]) -> Vec<String> {
        let plan = plan_with_success(FakeSelector::field(expression));
        let cases: Vec<_> = gives.iter().map(|value| case(200, &json!({ "value": value }))).collect();
        findings_on(&plan, &cases, &RULE).into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn words_that_look_like_a_constant() {
        assert_eq!(messages("True", &[]), ["`True` is read as a field of the reply, not as `TRUE`"]);
        assert_eq!(messages("no", &[]), ["`no` is read as a field of the reply, not as `FALSE`"]);
        assert_eq!(messages(" ", &[]), ["`action_success` is empty"]);
        assert!(messages("on", &[json!(true)]).is_empty(), "the reply has such a field");
    }

    #[test]
    fn quotes_and_white_space_make_an_expression() {
        assert_eq!(messages("'TRUE'", &[]), ["'TRUE' is a text, not `TRUE`, so the action never succeeds"]);
        assert!(messages("TRUE ", &[])[0].starts_with("with the white space beside it, `TRUE` is read as a field"));
    }

    #[test]
    fn an_alternative_is_compared_in_brackets() {
        assert_eq!(bracketed("data[0].ok"), "data[0].ok");
        assert_eq!(bracketed("name || id"), "(name || id)");
    }

    #[test]
    fn expressions_are_tried_on_the_samples_of_their_class() {
        assert!(messages("data.ok", &[]).is_empty());
        assert!(messages("data.ok", &[json!(null), json!(false)]).is_empty());
        assert_eq!(messages("data.ok", &[json!(true), json!("yes")]), ["`data.ok` gives text, not a boolean"]);
        assert_eq!(messages("data.ok", &[json!(null)]), ["`data.ok` finds nothing in any recorded 2xx reply"]);
        let plan = plan_with_success(FakeSelector::field("data.ok"));
        assert!(findings_on(&plan, &[case(404, &json!({ "value": 1 }))], &RULE).is_empty());
    }
}
