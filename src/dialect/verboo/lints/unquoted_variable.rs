//! A variable outside of double quotes whose value may be text, or that nothing replaces.

use super::choices::{Variable, attribute, nested, variables};
use super::known::given;
use crate::assumption::id;
use crate::case::{Rule, Subject};
use crate::diagnostic::Diagnostic;
use crate::plan::{AttributeName, BodyPlan};
use crate::spec::lints::unquoted_reference_in_json::{self, UNQUOTED_REFERENCE_IN_JSON};
use crate::value::Scalar;

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNQUOTED_REFERENCE_IN_JSON, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let BodyPlan::Text(body) = &subject.plan.request.body else { return };
    let Some(source) = &body.source else { return };
    if subject.plan.assumptions.get(id::UNQUOTED_VALUE) != "json" {
        return;
    }
    for variable in variables(subject.plan).into_iter().filter(|variable| variable.is_bare) {
        let Some(help) = why(&variable, subject) else { continue };
        if let Some(start) = variable.offset_in_body {
            let hole = start..start + variable.choice.typed.len();
            found.push(unquoted_reference_in_json::found(source, hole).help(help));
        }
    }
}

/// Why the body is no JSON with the variable, if it is none.
fn why(variable: &Variable<'_>, subject: &Subject<'_>) -> Option<&'static str> {
    const IS_TEXT: &str = "a text makes the body invalid here: only numbers, booleans and lists stand without quotes";
    let Some(longest) = variable.longest() else {
        let is_unknown = !subject.plan.has_other_names;
        return is_unknown.then_some("nothing replaces it, and then the body is not JSON");
    };
    if let Some((rest, entries)) = nested(longest, subject) {
        return (!rest.is_empty() || entries.iter().any(|entry| entry.is_string())).then_some(IS_TEXT);
    }
    let name = attribute(longest)?;
    (!longest.rest.is_empty() || may_be_text(name, longest.value.path.is_empty(), subject)).then_some(IS_TEXT)
}

fn may_be_text(name: &AttributeName, is_whole: bool, subject: &Subject<'_>) -> bool {
    if name.context().is_empty() {
        // One image is an address.
        return !is_whole;
    }
    match subject.plan.declared(name) {
        Some(declared) => declared.scalar == Scalar::String && !declared.collection,
        None => given(subject, name).iter().any(|value| value.as_str().is_some()),
    }
}
