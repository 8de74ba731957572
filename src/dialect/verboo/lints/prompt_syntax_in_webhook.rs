//! The syntax of prompts in a webhook.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};
use crate::plan::{Located, TextPiece};
use crate::source::Span;

/// The syntax of prompts in a webhook.
pub static PROMPT_SYNTAX_IN_WEBHOOK: Lint = Lint {
    name: "prompt-syntax-in-webhook",
    severity: Severity::Error,
    summary: "`${{name}}` or `{{name}}`, which is the syntax of prompts: a webhook has `$name`",
    page: r#"## What it does
Finds names in double braces, with or without a `$` before them, in the URL, the headers and the body.

## Why this is bad
Prompts have `${{name}}`, webhooks have `$name`, and each reads values of its own. Using the syntax of one in the other is
named as the first cause of variables that are not replaced (Verboo documentation, Variables): the braces are sent.

## Example
```toml
dialect = "verboo"
[action]
url = "https://crm.example.com/customers/${{customer_id}}"
method = "GET"
[client_data]
customer_id = "string"
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://crm.example.com/customers/$customer_id"
method = "GET"
[client_data]
customer_id = "string"
```

## Fix
`--fix --unsafe` writes the name in the webhook's syntax. Whether the value is there is another question.

## When it stays silent
For single braces, and for braces that hold no name.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &PROMPT_SYNTAX_IN_WEBHOOK, check };

static PROMPT_SYNTAX: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\$?\{\{\s*\$?([\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_.]*)\s*\}\}").ok());

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(pattern) = &*PROMPT_SYNTAX else { return };
    for pieces in subject.plan.located() {
        let typed = Typed::of(pieces);
        for matched in pattern.captures_iter(&typed.text) {
            let (Some(whole), Some(name)) = (matched.get(0), matched.get(1)) else { continue };
            let Some(span) = typed.span(whole.range()) else { continue };
            found.push(diagnostic(span, whole.as_str(), &format!("${}", name.as_str())));
        }
    }
}

fn diagnostic(span: Span, typed: &str, written: &str) -> Diagnostic {
    let message = format!("`{typed}` is the syntax of prompts: it is sent as it is typed");
    let edits = vec![Edit { span, text: written.to_string() }];
    let fix = Fix { title: format!("write `{written}`"), safe: false, edits };
    let diagnostic = Diagnostic::new(&PROMPT_SYNTAX_IN_WEBHOOK, span, message);
    Diagnostic { fix: Some(fix), ..diagnostic.help(format!("a webhook has `{written}`")) }
}

/// A text as it is typed, names included, with the way back to its pieces.
struct Typed<'a> {
    text: String,
    /// Each piece with its beginning.
    pieces: Vec<(usize, Located<'a>)>,
}

impl<'a> Typed<'a> {
    fn of(pieces: Vec<Located<'a>>) -> Typed<'a> {
        let mut typed = Typed { text: String::new(), pieces: Vec::new() };
        for located in pieces {
            let start = typed.text.len();
            typed.text.push_str(match located.piece {
                TextPiece::Literal(literal) => literal,
                TextPiece::Choice(choice) => &choice.typed,
                TextPiece::Value(_) => "",
            });
            typed.pieces.push((start, located));
        }
        typed
    }

    /// Where a part was written that literal text begins and ends.
    fn span(&self, range: Range<usize>) -> Option<Span> {
        let piece = |at: usize| self.pieces[..self.pieces.partition_point(|(start, _)| *start <= at)].last();
        let ((first, begins), (last, ends)) = (piece(range.start)?, piece(range.end.checked_sub(1)?)?);
        let from = begins.literal()?.len().min(range.end - first);
        let begin = begins.part(range.start - first..from);
        let end = ends.literal().map(|_| ends.part(range.start.saturating_sub(*last)..range.end - last))?;
        Some(Span { end: end.end, ..begin })
    }
}
