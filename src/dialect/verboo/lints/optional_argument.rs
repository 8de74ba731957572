//! An argument that the model may leave out.

use super::choices::{attribute, variables};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::verboo::CLIENT_DATA;
use crate::dialect::verboo::declared::Parameter;
use crate::dialect::verboo::names::argument;
use crate::plan::{AttributeName, Plan};

/// An argument that the model may leave out.
pub static OPTIONAL_ARGUMENT: Lint = Lint {
    name: "optional-argument",
    severity: Severity::Warning,
    summary: "an argument that is not required, used where nothing else can stand",
    page: r#"## What it does
Finds parameters of the trigger that are not listed in `required` and whose values the request reads.

## Why this is bad
An argument is what the model extracted from the conversation (Verboo documentation, Webhook, Trigger Argument Variables),
and an optional one may not be there. Nothing replaces its name then: the API is asked for the order `$order_number`.

## Example
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders/$order_number"
method = "GET"
[trigger]
name = "check_order"
parameters = { type = "object", properties = { order_number = { type = "string" } } }
```

## Instead
```toml
dialect = "verboo"
[action]
url = "https://erp.example.com/api/orders/$order_number"
method = "GET"
[trigger]
name = "check_order"
[trigger.parameters]
type = "object"
required = ["order_number"]
properties = { order_number = { type = "string" } }
```

## Fix
None: the model asks the customer for what is required, which may not be wanted.

## When it stays silent
For a parameter with a `default`, for one of whose name there is client data, and for those that nothing reads.
"#,
};

/// The parameters that may be missing where they are read.
pub fn check(parameters: &[Parameter<'_>], plan: &Plan) -> Vec<Diagnostic> {
    let variables = variables(plan);
    let optional = parameters.iter().filter(|parameter| !parameter.is_required && !parameter.has_default);
    optional
        .filter_map(|parameter| {
            let name = argument(&parameter.name.value);
            let data = AttributeName::new(CLIENT_DATA, &parameter.name.value);
            let reads = |wanted: &AttributeName| {
                variables.iter().find(|variable| variable.longest().and_then(attribute) == Some(wanted))
            };
            let read = reads(&name)?;
            let has_fallback = plan.declared(&data).is_some()
                || read.choice.readings.iter().any(|reading| attribute(reading) == Some(&data));
            if has_fallback {
                return None;
            }
            let written = &parameter.name.value;
            let message = format!("the model may leave `{written}` out, and then `${written}` is sent as it is typed");
            let diagnostic = Diagnostic::new(&OPTIONAL_ARGUMENT, read.choice.span, message);
            Some(diagnostic.related(parameter.name.span, "not required").help(format!("list `{written}` in `required`")))
        })
        .collect()
}
