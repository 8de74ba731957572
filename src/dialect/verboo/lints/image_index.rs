//! One image by its number.

use super::choices::variables;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};

/// One image by its number.
pub static IMAGE_INDEX: Lint = Lint {
    name: "image-index",
    severity: Severity::Info,
    summary: "an image by its number: nothing guarantees that there are so many",
    page: r#"## What it does
Finds `$images[0]` and the like.

## Why this is bad
The variable is there "when the user sends images in the conversation" (Verboo documentation, Webhook, Image Variables).
What it becomes without any is not documented: probably it is sent as it is typed, `$images[0]` in the place of an
address. See the assumption `image_out_of_range`.

## Example
```toml
dialect = "verboo"
[action]
url = "https://vision.example.com/analyze"
method = "POST"
body = '{ "image_url": "$images[0]" }'
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://vision.example.com/analyze"
method = "POST"
body = '{ "images": $images }'
```

## Fix
None: your API has to take a list, or the trigger has to make sure that there is an image.

## When it stays silent
For the whole list, which is empty without images.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &IMAGE_INDEX, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for variable in variables(subject.plan) {
        if let Some(reading) = variable.longest().filter(|reading| !reading.value.path.is_empty()) {
            let name = variable.typed().strip_suffix(reading.rest.as_str()).unwrap_or(variable.typed());
            let message = format!("nothing guarantees an image for `${name}`");
            let diagnostic = Diagnostic::new(&IMAGE_INDEX, reading.value.span, message);
            found.push(diagnostic.help("without one, the name itself is probably sent; add a case without images"));
        }
    }
}
