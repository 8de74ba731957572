//! A boolean that is sent as text.

use std::collections::HashSet;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::plan::{BodyPlan, BodyPosition, BodySyntax, Expression, Located, TextPiece, ValueSource};
use crate::value::json_text;

/// A boolean that is sent as text.
pub static QUOTED_BOOLEAN: Lint = Lint {
    name: "quoted-boolean",
    severity: Severity::Info,
    summary: "a boolean that is sent as text, in quotes",
    page: r#"## What it does
Finds `"true"` and `"false"` as values in a JSON body, and parameters alone in their quotes whose values in all cases are
`true` or `false`.

## Why this is bad
A service that asks only whether a value is there takes the text `"false"` for true, as JavaScript does (the ECMAScript
specification, ToBoolean, at https://tc39.es/ecma262/#sec-toboolean). The meeting bot of Vonage's own blog turns recording
on for `"recording_options": "false"`.

## Example
```toml
[action]
body = { type = "json", content = '{"recording": "false"}' }
```

## Instead
```toml
[action]
body = { type = "json", content = '{"recording": false}' }
```

## Fix
`--fix --unsafe` takes the quotes away from a literal: what is sent changes then.

## When it stays silent
For keys, for longer texts, and for parameters with other values.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &QUOTED_BOOLEAN, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let BodyPlan::Text(body) = &subject.plan.request.body else { return };
    if body.syntax != BodySyntax::Json {
        return;
    }
    let lone = body.parts.iter().filter(|(position, text)| *position == BodyPosition::JsonString && text.pieces.len() == 1);
    let lone: HashSet<*const TextPiece> = lone.map(|(_, text)| std::ptr::from_ref(&text.pieces[0])).collect();
    for (_, located) in body.located() {
        if !lone.contains(&std::ptr::from_ref(located.piece)) {
            continue;
        }
        match located.literal() {
            Some(literal) => found.extend(is_boolean(literal).then(|| quoted(&located, literal))),
            None => found.extend(located.piece.expressions().filter_map(|read| always_boolean(read, subject))),
        }
    }
}

fn is_boolean(text: &str) -> bool {
    matches!(text, "true" | "false")
}

fn quoted(located: &Located<'_>, literal: &str) -> Diagnostic {
    let message = format!("`{literal}` is sent as text: many services take any text for true");
    let diagnostic = Diagnostic::new(&QUOTED_BOOLEAN, located.span, message).help("take the quotes away");
    let edits = located.surroundings(1);
    let edits = edits.map(|quotes| quotes.map(|span| Edit { span, text: String::new() }).to_vec());
    let fix = edits.map(|edits| Fix { title: "take the quotes away".into(), safe: false, edits });
    Diagnostic { fix, ..diagnostic }
}

fn always_boolean(expression: &Expression, subject: &Subject<'_>) -> Option<Diagnostic> {
    let ValueSource::Attribute(name) = &expression.source else { return None };
    let mut given =
        subject.cases.iter().filter_map(|case| case.given.attribute(name)).filter(|value| !value.is_null()).peekable();
    given.peek()?;
    if !given.all(|value| is_boolean(&json_text(&value.to_json()))) {
        return None;
    }
    let message = format!("`{name}` is `true` or `false` in every case, and is sent as text");
    Some(
        Diagnostic::new(&QUOTED_BOOLEAN, expression.span, message)
            .help("many services take any text for true: see what yours does"),
    )
}
