//! A recorded reply that the platform cannot read.

use crate::case::{Rule, Sample, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::value::{Json, Map, json_kind};

/// A recorded reply that the platform cannot read.
pub static LEGACY_REPLY_SHAPE: Lint = Lint {
    name: "legacy-reply-shape",
    severity: Severity::Error,
    summary: "a recorded reply without `successful`, or with `errors` that are not objects with a `message`",
    page: r#"## What it does
Looks at the JSON replies that the cases record. Finds replies with a 2xx status that have no `successful`, or one that is no
boolean; `errors` that are no list of objects with a text `message`; and `output_data` or `attributes` that are no objects.

## Why this is bad
The platform reads these keys and no others (OpenDialog documentation, "[Deprecated] developing a webhook action"). A reply
without `successful` is no success, attributes that are not found are not written, and an error without a message leaves
nothing in the log. None of this is told to anybody.

## Example
```toml
[[case]]
name = "finds the name"
reply.json = { success = true, output_data = { full_name = "John Smith" } }
```

## Instead
```toml
[[case]]
name = "finds the name"
reply.json = { successful = true, output_data = { attributes = { full_name = "John Smith" } } }
```

## Fix
None: the service has to answer in another way.

## When it stays silent
For replies that are not JSON. For replies with another status than 2xx that say nothing of `successful`: they fail.
For an empty list in the place of an empty object, which is how PHP writes one.
"#,
};

/// Finds it in the cases.
pub static RULE: Rule = Rule { lint: &LEGACY_REPLY_SHAPE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for class in 2..=5 {
        for sample in subject.samples(class) {
            let problems = problems(&sample.document, class == 2);
            found.extend(problems.into_iter().map(|problem| diagnostic(sample, problem)));
        }
    }
}

fn diagnostic(sample: &Sample<'_>, problem: String) -> Diagnostic {
    let message = format!("the reply of this case {problem}");
    let help = "a reply is `{\"successful\":true,\"output_data\":{\"attributes\":{…}}}` or `{\"successful\":false,\"errors\":[{\"message\":…}]}`";
    Diagnostic::new(&LEGACY_REPLY_SHAPE, sample.case.name.span, message).help(help)
}

fn problems(document: &Json, must_report: bool) -> Vec<String> {
    let Json::Object(report) = document else {
        return must_report
            .then(|| format!("is {}, not an object with `successful`", json_kind(document)))
            .into_iter()
            .collect();
    };
    [successful(report, must_report), errors(report), attributes(report)].into_iter().flatten().collect()
}

fn successful(report: &Map<String, Json>, must_report: bool) -> Option<String> {
    match report.get("successful") {
        None => must_report.then(|| "has no `successful`, so the action fails".to_string()),
        Some(Json::Bool(_)) => None,
        Some(other) => Some(format!("has {} in `successful`, not a boolean", json_kind(other))),
    }
}

fn errors(report: &Map<String, Json>) -> Option<String> {
    match report.get("errors") {
        None | Some(Json::Null) => None,
        Some(Json::Array(errors)) => errors.iter().find(|error| !has_message(error)).map(|error| match error {
            Json::Object(_) => "has an error without a text `message`, which cannot be logged".into(),
            other => format!("has {} among its `errors`, not an object with `message`", json_kind(other)),
        }),
        Some(other) => Some(format!("has {} in `errors`, not a list", json_kind(other))),
    }
}

fn has_message(error: &Json) -> bool {
    error.get("message").is_some_and(Json::is_string)
}

fn attributes(report: &Map<String, Json>) -> Option<String> {
    let is_empty = |json: &Json| json.is_null() || json.as_array().is_some_and(Vec::is_empty);
    let data = report.get("output_data").filter(|data| !is_empty(data))?;
    let Json::Object(data) = data else {
        return Some(format!("has {} in `output_data`, not an object", json_kind(data)));
    };
    match data.get("attributes").filter(|attributes| !is_empty(attributes)) {
        None if !data.is_empty() && !data.contains_key("attributes") => {
            Some("has no `attributes` in its `output_data`, so nothing is written".into())
        }
        None | Some(Json::Object(_)) => None,
        Some(other) => Some(format!("has {} in `output_data.attributes`, not an object", json_kind(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::problems;
    use serde_json::json;

    #[test]
    fn every_kind_of_reply() {
        for good in [
            json!({"successful": true}),
            json!({"successful": true, "output_data": []}),
            json!({"successful": true, "output_data": {"attributes": []}}),
            json!({"successful": true, "output_data": {"attributes": {"a": null}}, "errors": null}),
            json!({"successful": false, "errors": []}),
            json!({"successful": false, "errors": [{"message": "no", "code": 1}]}),
        ] {
            assert!(problems(&good, true).is_empty(), "{good}: {:?}", problems(&good, true));
        }
        for (bad, problem) in [
            (json!([]), "is a list, not an object"),
            (json!(null), "is null"),
            (json!({}), "has no `successful`"),
            (json!({"successful": "true"}), "has text in `successful`"),
            (json!({"successful": false, "errors": "no"}), "has text in `errors`"),
            (json!({"successful": false, "errors": ["no"]}), "has text among its `errors`"),
            (json!({"successful": false, "errors": [{"message": 1}]}), "has an error without a text `message`"),
            (json!({"successful": true, "output_data": {"full_name": "x"}}), "has no `attributes`"),
            (json!({"successful": true, "output_data": "x"}), "has text in `output_data`"),
            (json!({"successful": true, "output_data": {"attributes": ["x"]}}), "has a list in `output_data.attributes`"),
        ] {
            let found = problems(&bad, true);
            assert!(found.len() == 1 && found[0].starts_with(problem), "{bad}: {found:?}");
        }
        assert!(problems(&json!({"error": "down"}), false).is_empty() && problems(&json!("x"), false).is_empty());
    }
}
