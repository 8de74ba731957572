//! What is kept of a spec for the lints that look beyond one spec.

use crate::case::{Spec, Summary};
use crate::plan::{Plan, ValueSource};

/// The summary of a spec, if it has a plan.
pub fn of(spec: &Spec) -> Option<Summary> {
    let plan = spec.plan.as_ref()?;
    let names = plan.outcome.success_names.iter().chain(&plan.outcome.status_names);
    Some(Summary {
        name: plan.name.clone(),
        default_outputs: names.cloned().collect(),
        writes: plan.targets().map(|target| target.name.clone()).collect(),
        reads: reads(plan),
        declared: plan.types.iter().map(|known| (known.name.clone(), known.span)).collect(),
        own_attributes: plan.own_attributes,
        default_context: plan.default_context,
        shows: spec.expect_lints.iter().map(|name| name.value.clone()).collect(),
    })
}

fn reads(plan: &Plan) -> Vec<(crate::plan::AttributeName, crate::source::Span)> {
    let read = |expression: &crate::plan::Expression| match &expression.source {
        ValueSource::Attribute(name) => Some((name.clone(), expression.name_span)),
        _ => None,
    };
    plan.all_expressions().into_iter().filter_map(|(_, expression)| read(expression)).collect()
}
