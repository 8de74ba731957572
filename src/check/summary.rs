//! What is kept of a spec for the lints that look beyond one spec.

use std::collections::HashSet;

use crate::case::{Spec, Summary};
use crate::plan::{AttributeName, OutcomeRule, Plan, ValueSource};
use crate::source::Span;

/// The summary of a spec, if it has a plan.
pub fn of(spec: &Spec) -> Option<Summary> {
    let plan = spec.plan.as_ref()?;
    let names = plan.outcome.success_names.iter().chain(&plan.outcome.status_names);
    Some(Summary {
        id: spec.id.clone(),
        name: plan.name.clone(),
        default_outputs: names.cloned().collect(),
        writes: plan.targets().map(|target| target.name.clone()).collect(),
        reads: reads(plan),
        merges: merges(spec, plan),
        declared: declared(spec, plan),
        own_attributes: plan.own_attributes,
        default_context: plan.default_context,
        shows: spec.expect_lints.iter().map(|name| name.value.clone()).collect(),
    })
}

/// What is declared, and what every case is given from elsewhere, as the manifest's globals are. Those have no place of
/// their own.
fn declared(spec: &Spec, plan: &Plan) -> Vec<(AttributeName, Option<Span>)> {
    let types = plan.types.iter().map(|known| (known.name.clone(), Some(known.span)));
    let given = spec.cases.first().or(spec.bare_case.as_deref()).map(|case| &*case.given.attributes);
    let is_constant = |name: &AttributeName| plan.trusted_contexts.contains(&name.context());
    let shared = given.unwrap_or_default().iter().filter(|given| given.span.file != spec.file && is_constant(&given.name));
    types.chain(shared.map(|given| (given.name.clone(), None))).collect()
}

fn merges(spec: &Spec, plan: &Plan) -> Vec<(AttributeName, Span)> {
    let OutcomeRule::Merged(merged) = &plan.outcome.rule else { return Vec::new() };
    let mut known = HashSet::new();
    let all = spec.cases.iter().flat_map(|case| case.merged(merged).into_iter().map(|(name, _)| (name, case.name.span)));
    all.filter(|(name, _)| known.insert(name.clone())).collect()
}

fn reads(plan: &Plan) -> Vec<(AttributeName, Span)> {
    let read = |expression: &crate::plan::Expression| match &expression.source {
        ValueSource::Attribute(name) => Some((name.clone(), expression.name_span)),
        _ => None,
    };
    plan.all_expressions().into_iter().filter_map(|(_, expression)| read(expression)).collect()
}
