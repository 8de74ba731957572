//! A name that is the beginning of another.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::vonage::parameters::{Parameter, Parameters};
use crate::source::Span;

/// A name that is the beginning of another.
pub static PARAMETER_PREFIX_OVERLAP: Lint = Lint {
    name: "parameter-prefix-overlap",
    severity: Severity::Warning,
    summary: "a parameter whose name is the beginning of another, or of a longer word",
    page: r#"## What it does
Finds declared names that begin with another declared name (`ORDER` and `ORDER_ID`), and words in the request that begin
with a declared name and are none (`$ORDERS` where only `ORDER` is declared).

## Why this is bad
The documentation does not say where a name ends (Vonage AI Studio documentation, Parameters). A platform that looks for the
shorter one first makes `7_ID` of `$ORDER_ID`. We take the longest word; see `overlapping_names`.

## Example
```toml
[parameters]
ORDER = "sys.any"
ORDER_ID = "sys.any"
```

## Instead
```toml
[parameters]
ORDER_NAME = "sys.any"
ORDER_ID = "sys.any"
```

## Fix
None: a parameter is renamed in the agent, and wherever it is used.

## When it stays silent
When neither name is the beginning of the other: `ORDER_NAME` and `ORDER_ID`.
"#,
};

/// Among the declared names: each is told once.
pub fn check(parameters: &Parameters, found: &mut Vec<Diagnostic>) {
    for Parameter { name, .. } in &parameters.all {
        let Some(shorter) = parameters.beginning_of(&name.value).and_then(|shorter| parameters.find(shorter)) else {
            continue;
        };
        let message = format!("`{}` begins with the name of another parameter, `{}`", name.value, shorter.name.value);
        let diagnostic = Diagnostic::new(&PARAMETER_PREFIX_OVERLAP, name.span, message)
            .related(shorter.name.span, "which is declared here");
        found.push(diagnostic.help("rename one of the two: the studio does not say which of them `$` takes"));
    }
}

/// In a text; the span is the word's.
pub fn in_a_word(span: Span, word: &str, name: &str) -> Diagnostic {
    Diagnostic::new(
        &PARAMETER_PREFIX_OVERLAP,
        span,
        format!("`${word}` begins with the parameter `{name}`, and is none itself"),
    )
    .help("the studio does not say where a name ends: put other text than letters, digits and `_` behind it")
}
