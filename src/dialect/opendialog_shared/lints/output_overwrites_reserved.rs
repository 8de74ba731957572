//! An output into an attribute that the platform fills.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AttributeName, OutcomePlan, OutcomeRule};

/// Attributes of `user` that the platform has types for and fills itself (OpenDialog core, configuration of the attribute
/// engine, 2021). Those that hold what users say of themselves (`first_name`, `last_name`, `full_name`, `email`, `age`) are
/// reserved too, but there to be written; `all`, `context` and `operation` are words that anybody might choose.
const RESERVED: &[&str] = &[
    "current_conversation",
    "current_intent",
    "current_message_template",
    "current_scene",
    "current_speaker",
    "current_turn",
    "external_id",
    "first_seen",
    "id",
    "last_seen",
    "name",
    "platform",
    "timestamp",
    "utterance",
];

/// What the names of the attributes that hold the user's last words begin with.
const UTTERANCE: &str = "utterance_";

/// An output into an attribute that the platform fills.
pub static OUTPUT_OVERWRITES_RESERVED: Lint = Lint {
    name: "output-overwrites-reserved",
    severity: Severity::Warning,
    summary: "an output into an attribute that the platform fills itself",
    page: r#"## What it does
Finds outputs, and attributes for the raw response, in `user` whose names the platform has taken: `name`, `id`,
`external_id`, `timestamp`, `first_seen`, `last_seen`, `platform`, `utterance` and all that begin with `utterance_`,
`current_conversation`, `current_scene`, `current_turn`, `current_intent` and the like, and the default outputs of actions:
`action_success`, `<action_name>_action_success` and `<action_name>_status_code`.

## Why this is bad
The platform has its own type for a reserved attribute, which cannot be defined anew (OpenDialog documentation, Attribute
management; the names are those of OpenDialog core, configuration of the attribute engine). It fills it itself: the value of
the reply is overwritten when the user speaks next, or the reply overwrites what the platform needs. The default outputs are
written by each action (OpenDialog documentation, Webhook action, Default outputs), whatever was mapped into them.

## Example
```toml
[action.response.2xx.outputs]
name = "order.name"
action_success = "ok"
```

## Instead
```toml
[action.response.2xx]
action_success = "ok"
outputs = { order_name = "order.name" }
```

## Fix
None: the new name has to be used in the scenario too.

## When it stays silent
For reserved attributes in which a user's own data stand: `first_name`, `last_name`, `full_name`, `email` and `age`, and for
`all`, `context` and `operation`, which are words that anybody might choose. In other contexts than `user`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &OUTPUT_OVERWRITES_RESERVED, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let plan = subject.plan;
    for target in plan.targets().filter(|target| target.name.context() == plan.default_context) {
        let attribute = target.name.attribute();
        let diagnostic = |message, help: String| {
            found.push(Diagnostic::new(&OUTPUT_OVERWRITES_RESERVED, target.span, message).help(help));
        };
        report(&target.name, attribute, &plan.outcome, diagnostic);
    }
}

fn report(name: &AttributeName, attribute: &str, outcome: &OutcomePlan, mut found: impl FnMut(String, String)) {
    if outcome.success_names.contains(name) {
        let message = format!("the platform writes `{name}` itself after the action, so this value is lost");
        found(message, help_on_success(outcome).into());
    } else if outcome.status_names.contains(name) {
        let message = format!("the platform writes the status code into `{name}`, so this value is lost");
        found(message, "map it into an attribute with a name of its own".into());
    } else if RESERVED.contains(&attribute) || attribute.starts_with(UTTERANCE) {
        let message = format!("`{name}` is reserved: the platform fills it itself");
        found(message, format!("map it into an attribute with a name of its own, such as `service_{attribute}`"));
    }
}

fn help_on_success(outcome: &OutcomePlan) -> &'static str {
    match outcome.rule {
        OutcomeRule::Reported(_) => "what counts as success is the reply's `successful`",
        _ => "what counts as success is set with the group's `action_success`",
    }
}
