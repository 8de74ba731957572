//! An attribute that a flow reads before anything gives or writes it.

use std::collections::HashSet;

use super::reads;
use crate::case::{Call, Flow, FlowAction, FlowRule, Given, written};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lint, MOST_COMPARED, Severity, slip_distance};
use crate::plan::{AttributeName, Plan};
use crate::source::Span;

/// An attribute that a flow reads before anything gives or writes it.
pub static READ_OF_NEVER_WRITTEN: Lint = Lint {
    name: "read-of-never-written",
    severity: Severity::Warning,
    summary: "a step of a flow reads an attribute that nothing before it writes or gives",
    page: r#"## What it does
Follows the steps of a flow, and finds attributes that an action's request reads although no step before it writes them and
neither the flow, a step nor a case that is taken gives them.

## Why this is bad
The platform reads an attribute that nothing fills as empty, without an error (OpenDialog documentation, Using attributes in
messages). A letter more or less is enough: one action writes `has_related_attack`, and the next reads
`has_related_attacks`. Each of the two specs is right by itself, so only their flow shows it.

## Example
```toml
[action]
name = "Report attack"
method = "POST"
url = "https://api.example.com/reports"
body = { related = "{has_related_attacks}" }     # the step before writes `has_related_attack`
```

## Instead
```toml
[action]
name = "Report attack"
method = "POST"
url = "https://api.example.com/reports"
body = { related = "{has_related_attack}" }
```

## Fix
`--fix --unsafe` writes, in the spec of the action that reads, the name that is nearly the same and has a value by then (a
guess). There is none where no name is near: a step before writes the attribute, or the flow gives it.

## When it stays silent
For the platform's own attributes, which it fills itself. For what a step before may write on any of its exits, also where a
`when` leaves that step out. For a name that is listed in `null`. For a step of which the spec has no plan.
"#,
};

/// Finds it in a flow.
pub static RULE: FlowRule = FlowRule { lint: &READ_OF_NEVER_WRITTEN, check };

fn check(flow: &Flow, found: &mut Vec<Diagnostic>) {
    let mut filled = Filled::default();
    filled.give(&flow.given);
    for (step, call) in flow.calls() {
        filled.give(&step.given);
        let Some((call, action)) = call else { continue };
        filled.give(&call.case.given);
        let Some(plan) = &action.plan else { continue };
        for (name, place) in reads::of_plan(plan) {
            if !is_filled_by_the_platform(name, plan) && !filled.names.contains(name) {
                found.push(filled.missing(name, place, call, action));
            }
        }
        written(plan).for_each(|name| filled.put(name));
    }
}

fn is_filled_by_the_platform(name: &AttributeName, plan: &Plan) -> bool {
    let is_own = || plan.own_attributes.iter().any(|(own, _)| *own == name.attribute());
    plan.absent_contexts.contains(&name.context()) || name.context() == plan.default_context && is_own()
}

/// What has a value by now.
#[derive(Default)]
struct Filled<'a> {
    names: HashSet<&'a AttributeName>,
    /// The same in the order in which they came.
    in_order: Vec<&'a AttributeName>,
}

impl<'a> Filled<'a> {
    fn give(&mut self, given: &'a Given) {
        given.attributes.iter().for_each(|given| self.put(&given.name));
    }

    fn put(&mut self, name: &'a AttributeName) {
        if self.names.insert(name) {
            self.in_order.push(name);
        }
    }

    fn nearest(&self, name: &AttributeName) -> Option<&'a AttributeName> {
        let near = self.in_order.iter().rev().filter(|known| known.context() == name.context()).take(MOST_COMPARED);
        near.filter_map(|known| Some((slip_distance(name.attribute(), known.attribute())?, *known)))
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, known)| known)
    }

    /// The name itself is the place where it is misspelt; else it is the step that has nothing to read.
    fn missing(&self, name: &AttributeName, place: Span, call: &Call, action: &FlowAction) -> Diagnostic {
        let lint = &READ_OF_NEVER_WRITTEN;
        let message = format!("nothing gives or writes `{name}` before `{}` reads it", action.id);
        let Some(near) = self.nearest(name) else {
            return Diagnostic::new(lint, call.span, message)
                .related(place, "it is read here")
                .help("give a value under `given`, or list the name in `null` if it is missing on purpose");
        };
        let near = near.attribute();
        let edits = vec![Edit { span: place, text: near.to_string() }];
        let fix = Fix { title: format!("replace with `{near}`"), safe: false, edits };
        let found = Diagnostic::new(lint, place, message).related(call.span, "this step runs it");
        Diagnostic { fix: Some(fix), ..found }.help(format!("did you mean `{near}`, which has a value by then?"))
    }
}
