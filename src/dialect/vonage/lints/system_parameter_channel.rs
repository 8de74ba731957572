//! A system parameter of another kind of agent.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::vonage::parameters::{Parameter, Parameters, SYSTEM};

/// A system parameter of another kind of agent.
pub static SYSTEM_PARAMETER_CHANNEL: Lint = Lint {
    name: "system-parameter-channel",
    severity: Severity::Warning,
    summary: "`CALLER_PHONE_NUMBER` in an agent that has no caller",
    page: r#"## What it does
Finds the system parameter `CALLER_PHONE_NUMBER` beside system parameters of agents that answer messages: names that begin
with `SENDER_`, `WHATSAPP_`, `SMS_`, `HTTP_`, `MESSENGER_`, `VIBER_` or `INSTAGRAM_`.

## Why this is bad
Each kind of agent has system parameters of its own, and `CALLER_PHONE_NUMBER` is the one of voice agents (Vonage AI
Studio documentation, Parameters). In another one nothing fills it: the service gets an empty number and answers with
status 200 and no data.

## Example
```toml
[parameters]
CALLER_PHONE_NUMBER = "system"
SENDER_PHONE_NUMBER = "system"
```

## Instead
```toml
[parameters]
SENDER_PHONE_NUMBER = "system"
```

## Fix
None: which kind of agent it is only you know.

## When it stays silent
When no other system parameter tells what kind of agent it is. For parameters of your own with such names.
"#,
};

const OF_CALLS: &str = "CALLER_PHONE_NUMBER";

const OF_MESSAGES: [&str; 7] = ["SENDER_", "WHATSAPP_", "SMS_", "HTTP_", "MESSENGER_", "VIBER_", "INSTAGRAM_"];

pub fn check(parameters: &Parameters, found: &mut Vec<Diagnostic>) {
    let of_the_system = |parameter: &&Parameter| parameter.entity.value == SYSTEM;
    let Some(caller) = parameters.find(OF_CALLS).filter(of_the_system) else { return };
    let is_of_messages = |name: &str| OF_MESSAGES.iter().any(|beginning| name.starts_with(beginning));
    let mut others = parameters.all.iter().filter(of_the_system);
    let Some(other) = others.find(|parameter| is_of_messages(&parameter.name.value)) else { return };
    let message = format!("`{OF_CALLS}` is empty in an agent without calls, and `{}` is of one", other.name.value);
    found.push(
        Diagnostic::new(&SYSTEM_PARAMETER_CHANNEL, caller.name.span, message)
            .related(other.name.span, "a system parameter of agents that answer messages")
            .help("use the parameters of one kind of agent"),
    );
}
