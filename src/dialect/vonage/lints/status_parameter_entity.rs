//! A status parameter of the wrong entity.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::vonage::parameters::Parameter;
use crate::source::Span;

/// A status parameter of the wrong entity.
pub static STATUS_PARAMETER_ENTITY: Lint = Lint {
    name: "status-parameter-entity",
    severity: Severity::Error,
    summary: "a status parameter that is neither `sys.any` nor `sys.number`",
    page: r#"## What it does
Finds a status parameter of another entity than `sys.any` and `sys.number`.

## Why this is bad
"Make sure to create a parameter with the sys.any or sys.number entity type to save your response code" (Vonage AI Studio
documentation, Webhook, Response status code).

## Example
```toml
[action.response]
status_parameter = "HTTP_STATUS"

[parameters]
HTTP_STATUS = "sys.date"
```

## Instead
```toml
[action.response]
status_parameter = "HTTP_STATUS"

[parameters]
HTTP_STATUS = "sys.number"
```

## Fix
None: the entity belongs to the agent's parameter, which other nodes may use.

## When it stays silent
For `sys.any` and `sys.number`. A system parameter is the matter of `mapping-into-system-parameter`.
"#,
};

/// `span` is where the parameter is chosen for the status.
pub fn found(parameter: &Parameter, span: Span) -> Diagnostic {
    let entity = &parameter.entity;
    let message = format!("`{}` is `{}`: a status needs `sys.any` or `sys.number`", parameter.name.value, entity.value);
    Diagnostic::new(&STATUS_PARAMETER_ENTITY, span, message)
        .related(entity.span, "its entity")
        .help("choose another parameter, or another entity for this one")
}
