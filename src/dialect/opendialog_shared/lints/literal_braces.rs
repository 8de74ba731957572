//! Text in braces that is no reference.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Expression, ValueSource};
use crate::source::Span;

/// Text in braces that is no reference.
pub static LITERAL_BRACES: Lint = Lint {
    name: "literal-braces",
    severity: Severity::Warning,
    summary: "text in braces that is no reference: the platform removes it",
    page: r#"## What it does
Finds braces with text in them that cannot be a reference at all: a sentence (`{Hello there}`), a list (`{2, 3}`), JSON
inside a string, a style sheet, a sign such as `{!}`, a placeholder such as `{0}` or `{1st}`.

A brace is taken for a reference that has gone wrong, and is `template-syntax` instead, when what it holds

- begins with an attribute and a `.`, a `[` or a `|` (`{user.first name}`, `{tags[0}`, `{name | }`), also with more words
  before the `|` (`{first name | uppercase}`);
- would be a reference without the quotes, the `@` or the `$` that stand around or before it (`{"user.name"}`,
  `{@user.name}`);
- holds one more `{` with a reference behind it, which is a reference inside braces (`{Dear {name}}`).

## Why this is bad
The platform takes everything from a `{` to the next `}` for a reference. No attribute has such a name, so the text is
removed without a word. Nothing escapes a brace (OpenDialog documentation, Attribute filters and Using attributes in
messages; OpenDialog core of 2021, ResponseEngineService; OpenDialog application, attribute rules of 2022, for names that
begin with a digit).

## Example
```toml
[action]
body = '{ "note": "Priority {very high} for {first_name}" }'
```

## Instead
```toml
[action]
body = '{ "note": "Priority (very high) for {first_name}" }'
```

## Fix
None: whether the text was meant as text or as an attribute cannot be told. Where the braces have to be sent, keep the text
with its braces in an attribute, and refer to that.

## When it stays silent
For braces that hold a reference, whether its attribute exists or not: `{hello}` reads the attribute `hello`, and so does
`{42}` where a case gives an attribute `42`. For a `}`
without a `{` before it, which is plain text. A case runs in spite of this lint, and its transcript shows what is left; with
`template-syntax` it does not run.
"#,
};

/// Finds `{0}` and `{1st}`: as far as the grammar goes they are references. Braces that are none at all are found while a
/// template is read.
pub static RULE: Rule = Rule { lint: &LITERAL_BRACES, check };

fn check(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    const HELP: &str = "an attribute's name begins with a letter; write the reference that was to stand here, or use other \
        brackets, since nothing escapes a brace";
    let blocks = subject.plan.texts().into_iter().flat_map(|(_, text)| text.expressions());
    diagnostics.extend(blocks.filter(|block| is_placeholder(block, subject)).map(|block| found(block.span, HELP)));
}

fn is_placeholder(expression: &Expression, subject: &Subject<'_>) -> bool {
    let ValueSource::Attribute(name) = &expression.source else { return false };
    let is_alone = expression.context_span.is_none() && expression.path.is_empty() && expression.filters.is_empty();
    let is_given = || subject.cases.iter().any(|case| case.given.attribute(name).is_some());
    is_alone && name.attribute().starts_with(|first: char| first.is_ascii_digit()) && !is_given()
}

/// `block` with its braces: all of it is removed.
pub fn found(block: Span, help: &str) -> Diagnostic {
    Diagnostic::new(&LITERAL_BRACES, block, "text in braces that is no reference: the platform removes it").help(help)
}
