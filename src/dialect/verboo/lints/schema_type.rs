//! A parameter's type that triggers do not have.

use crate::diagnostic::{Diagnostic, Lint, Severity, nearest};
use crate::dialect::verboo::declared::Parameter;

/// The types of the platform's page.
const TYPES: [&str; 4] = ["string", "number", "boolean", "array"];

/// A parameter's type that triggers do not have.
pub static SCHEMA_TYPE: Lint = Lint {
    name: "schema-type",
    severity: Severity::Warning,
    summary: "a parameter of the trigger whose type is not string, number, boolean or array",
    page: r#"## What it does
Looks at the `type` of each property of the trigger's parameters.

## Why this is bad
Parameters are of the types string, number, boolean and array (Verboo documentation, Triggers; MCP tools). JSON Schema has
more, such as `integer` and `object`; whether the platform takes those is not said.

## Example
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders/$count"
method = "GET"
[trigger]
name = "last_orders"
parameters = { type = "object", properties = { count = { type = "integer" } }, required = ["count"] }
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders/$count"
method = "GET"
[trigger]
name = "last_orders"
parameters = { type = "object", properties = { count = { type = "number" } }, required = ["count"] }
```

## Fix
None: the schema is the platform's own.

## When it stays silent
For the type of the whole, which is `object`, and for what stands inside of a list's items.
"#,
};

/// What is wrong with a parameter, if anything is.
pub fn check(parameter: &Parameter<'_>) -> Option<Diagnostic> {
    let written = parameter.written_type.map(|written| &*written.text);
    let name = &parameter.name.value;
    let message = match written {
        Some(known) if TYPES.contains(&known) => return None,
        Some(other) => format!("`{other}` is no type of a parameter"),
        None if parameter.has_type => format!("the type of the parameter `{name}` is not one word"),
        None => format!("the parameter `{name}` has no type"),
    };
    let meant = match written {
        Some("integer" | "int" | "float" | "decimal") => Some("number"),
        Some("bool") => Some("boolean"),
        Some("text") => Some("string"),
        Some("list") => Some("array"),
        other => other.and_then(|other| nearest(other, TYPES)),
    };
    let help = match meant {
        Some(meant) => format!("the platform has `{meant}`"),
        None => "the types are `string`, `number`, `boolean` and `array`".to_string(),
    };
    Some(Diagnostic::new(&SCHEMA_TYPE, parameter.type_span, message).help(help))
}
