//! A result in a parameter of the platform.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::vonage::parameters::Parameter;
use crate::source::Span;

/// A result in a parameter of the platform.
pub static MAPPING_INTO_SYSTEM_PARAMETER: Lint = Lint {
    name: "mapping-into-system-parameter",
    severity: Severity::Error,
    summary: "a result that is stored in a parameter of the platform itself",
    page: r#"## What it does
Finds mappings into a parameter of the entity `system`, and a status that is kept in one.

## Why this is bad
System parameters are filled by the platform: the caller's number, the id of the conversation (Vonage AI Studio
documentation, Parameters). Custom parameters and those of users are yours to write; a system parameter is not.

## Example
```toml
[action.response]
mapping = { CALLER_PHONE_NUMBER = "customer.phone" }

[parameters]
CALLER_PHONE_NUMBER = "system"
```

## Instead
```toml
[action.response]
mapping = { CUSTOMER_PHONE = "customer.phone" }

[parameters]
CUSTOMER_PHONE = "sys.any"
```

## Fix
None: declare a parameter of your own.

## When it stays silent
For parameters of every other entity.
"#,
};

pub fn found(parameter: &Parameter, span: Span) -> Diagnostic {
    let message = format!("`{}` is the platform's own: a reply cannot write it", parameter.name.value);
    Diagnostic::new(&MAPPING_INTO_SYSTEM_PARAMETER, span, message)
        .related(parameter.entity.span, "its entity is `system`")
        .help("declare a parameter of your own for the value")
}
