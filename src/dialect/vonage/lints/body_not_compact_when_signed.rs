//! A signed body that is not compact.

use super::sample_body::filled;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::plan::{Authentication, BodyPlan, BodyPosition, BodySyntax, BodyText};
use crate::source::Span;
use crate::value::Json;

/// A signed body that is not compact.
pub static BODY_NOT_COMPACT_WHEN_SIGNED: Lint = Lint {
    name: "body-not-compact-when-signed",
    severity: Severity::Warning,
    summary: "a signed JSON body with white space or escapes, whose hash receivers disagree on",
    page: r#"## What it does
Finds JSON bodies of signed requests that are not written the way compact JSON is: with white space between the values, or
with escapes and numbers that other programs write differently.

## Why this is bad
The token has a hash of the body. The support article (https://api.support.vonage.com/hc/en-us/articles/19033783342876)
hashes compact JSON of it, other receivers hash the bytes that arrive. They agree only where the body is compact already;
with any other, one of the two kinds refuses every request.

## Example
```toml
[action]
signing = { secret = "signature_secret" }
body = { type = "json", content = '{ "note": "$NOTE" }' }
```

## Instead
```toml
[action]
signing = { secret = "signature_secret" }
body = { type = "json", content = '{"note":"$NOTE"}' }
```

## Fix
`--fix --unsafe` takes the white space out: what is sent has other bytes then, and the same meaning.

## When it stays silent
For requests that are not signed, and for bodies of other types, which have no compact form. For a body that is not JSON.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &BODY_NOT_COMPACT_WHEN_SIGNED, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Authentication::SignedToken(token) = &subject.plan.authentication else { return };
    let BodyPlan::Text(body) = &subject.plan.request.body else { return };
    let Some(source) = body.source.as_ref().filter(|_| body.syntax == BodySyntax::Json) else { return };
    let written = filled(body, |_| "0".into());
    let Ok(compact) = serde_json::from_str::<Json>(&written).map(|parsed| parsed.to_string()) else { return };
    if compact == written {
        return;
    }
    let edits: Vec<Edit> = spaces(body).into_iter().map(|span| Edit { span, text: String::new() }).collect();
    let (message, help) = match edits.is_empty() {
        false => ("a signed body with white space: receivers disagree on its hash", "write it without white space"),
        true => (
            "a signed body that other programs write differently: receivers disagree on its hash",
            "write escapes and numbers as compact JSON has them, such as `/` for `\\/` and `1` for `1.0`",
        ),
    };
    let place = edits.first().map_or(source.inside(), |edit| edit.span);
    let fix = Fix { title: "take the white space out".into(), safe: false, edits };
    let diagnostic = Diagnostic::new(&BODY_NOT_COMPACT_WHEN_SIGNED, place, message)
        .related(token.span, "the request is signed here")
        .help(help);
    let fix = Some(fix).filter(|fix| !fix.edits.is_empty());
    found.push(Diagnostic { fix, ..diagnostic });
}

/// The runs of white space outside of strings.
fn spaces(body: &BodyText) -> Vec<Span> {
    let mut spaces = Vec::new();
    for (position, piece) in body.located() {
        let Some(literal) = piece.literal().filter(|_| position == BodyPosition::JsonValue) else { continue };
        let mut at = 0;
        while let Some(start) = literal[at..].find(is_space).map(|start| at + start) {
            let length = literal[start..].find(|character| !is_space(character)).unwrap_or(literal.len() - start);
            spaces.push(piece.part(start..start + length));
            at = start + length;
        }
    }
    spaces
}

/// RFC 8259, section 2.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}
