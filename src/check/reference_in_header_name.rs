//! A reference in the name of a header.

use super::header_names::references;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::Authentication;

/// A reference in the name of a header.
pub static REFERENCE_IN_HEADER_NAME: Lint = Lint {
    name: "reference-in-header-name",
    severity: Severity::Warning,
    summary: "a reference in the name of a header, which the platform does not promise to fill in",
    page: r#"## What it does
Finds references in the names of the ordinary headers and of those of the authentication.

## Why this is bad
The platform fills in references in the values of headers, and says nothing of their names (OpenDialog documentation,
Webhook action, Headers). Taken as it stands, a name with braces is no header name (RFC 9110, section 5.1): the
request is refused and nothing is sent.

## Example
```toml
[action.headers]
"X-{session.channel}-User" = "{user.id}"
```

## Instead
```toml
[action.headers]
X-Channel = "{session.channel}"
X-User = "{user.id}"
```

## Fix
None: the value needs a header of its own, and your API has to read it there.

## When it stays silent
For references in values. A name with anything else in it that HTTP does not allow, such as a space, is
`invalid-header`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &REFERENCE_IN_HEADER_NAME, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let of_authentication = match &subject.plan.authentication {
        Authentication::Header(header) => header.headers.as_slice(),
        _ => &[],
    };
    for header in subject.plan.request.headers.iter().chain(of_authentication) {
        let name = &header.name;
        for range in references(&name.value, subject.plan.naming.mark) {
            let written = &name.value[range.clone()];
            let message = format!("the platform does not promise to fill in `{written}` in the name of a header");
            let diagnostic = Diagnostic::new(&REFERENCE_IN_HEADER_NAME, name.part(range), message);
            let unfilled = match subject.plan.naming.mark {
                // `$` may stand in the name of a header (RFC 9110, section 5.6.2).
                Some(_) => "a name that is not filled in is sent as it stands",
                None => "a name that is not filled in is refused, and then nothing is sent",
            };
            found.push(diagnostic.help(format!("send it as a value: {unfilled}")));
        }
    }
}
