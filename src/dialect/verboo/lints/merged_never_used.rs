//! What a reply merges and no webhook reads.

use crate::case::{Neighbours, ProjectRule, Summary};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// What a reply merges and no webhook reads.
pub static MERGED_NEVER_USED: Lint = Lint {
    name: "merged-never-used",
    severity: Severity::Info,
    summary: "a recorded reply merges client data that no webhook reads",
    page: r#"## What it does
Names the keys that recorded replies merge into the client data and that no spec of the run reads.

## Why this is bad
Merged values are there for "subsequent calls" (Verboo documentation, Webhook, Updating ClientData via Response). One that
no webhook reads may be misspelt there or here, or is more than needs to be kept: the history of the platform shows it.

## Example
```toml
dialect = "verboo"
[action]
url = "https://clinic.example.com/patients"
method = "GET"
[[case]]
name = "found"
reply.json = { session = { client_data = { patient_id = "pat_1" } } }
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://clinic.example.com/patients?last=$patient_id"
method = "GET"
[client_data]
patient_id = "string"
[[case]]
name = "found"
given.client_data = { patient_id = "pat_0" }
reply.json = { session = { client_data = { patient_id = "pat_1" } } }
```

## Fix
None: a prompt may read the value, which is not seen here.

## When it stays silent
When any spec of the run reads the key, also the one that merges it. Lint the whole project, not one spec, to let it see
the others.
"#,
};

/// Finds it among the specs of a run.
pub static RULE: ProjectRule = ProjectRule { lint: &MERGED_NEVER_USED, check };

fn check(summary: &Summary, neighbours: &Neighbours<'_>, found: &mut Vec<Diagnostic>) {
    if !summary.counts_for(&MERGED_NEVER_USED) {
        return;
    }
    for (name, span) in &summary.merges {
        if !neighbours.read.contains(name) {
            let message = format!("the reply of this case merges `{name}`, which no webhook reads");
            let diagnostic = Diagnostic::new(&MERGED_NEVER_USED, *span, message);
            found.push(diagnostic.help("read it in another webhook, or leave it out of the reply"));
        }
    }
}
