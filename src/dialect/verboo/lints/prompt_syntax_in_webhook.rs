//! The syntax of prompts in a webhook.

use std::sync::LazyLock;

use regex::Regex;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, Severity};

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
    for (_, text) in subject.plan.texts() {
        for located in text.located() {
            let Some(literal) = located.literal() else { continue };
            for matched in pattern.captures_iter(literal) {
                let (Some(whole), Some(name)) = (matched.get(0), matched.get(1)) else { continue };
                let written = format!("${}", name.as_str());
                let span = located.part(whole.range());
                let message = format!("`{}` is the syntax of prompts: it is sent as it is typed", whole.as_str());
                let edits = vec![Edit { span, text: written.clone() }];
                let fix = Fix { title: format!("write `{written}`"), safe: false, edits };
                let diagnostic = Diagnostic::new(&PROMPT_SYNTAX_IN_WEBHOOK, span, message);
                found.push(Diagnostic { fix: Some(fix), ..diagnostic.help(format!("a webhook has `{written}`")) });
            }
        }
    }
}
