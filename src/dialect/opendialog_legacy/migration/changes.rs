//! What a Webhook V2 action does in another way than the legacy one that it replaces, in plain words.

use super::inputs;
use crate::plan::{OutcomeRule, Plan, Text};
use crate::template::MAX_TEMPLATE_BYTES;

/// So many names are listed in one sentence.
const MOST_NAMES: usize = 5;

/// The sentences that hold for an action.
pub fn of(plan: &Plan) -> Vec<String> {
    let all = [inputs_missing(plan), outputs(plan), others(plan), errors(), inactive(plan), references(plan)];
    all.into_iter().flatten().collect()
}

fn inputs_missing(plan: &Plan) -> Option<String> {
    let inputs = inputs(plan);
    let names: Vec<&str> = inputs.iter().map(|(name, _)| *name).collect();
    let listed = listed(&names)?;
    Some(format!(
        "Missing inputs: the legacy action did not run without {listed}. This one runs, and sends null for what is missing."
    ))
}

fn outputs(plan: &Plan) -> Option<String> {
    let names: Vec<&str> = plan.targets().map(|target| target.name.attribute()).collect();
    let listed = listed(&names)?;
    Some(format!(
        "Outputs: a legacy reply changed what it named, and removed what it named with null. This action writes {listed} on every 2xx reply, and makes empty what is null, missing or of another type, also when `successful` is false."
    ))
}

fn others(plan: &Plan) -> Option<String> {
    Some(format!(
        "Other attributes: a legacy reply wrote whatever else it named into `{}`. This action writes its outputs only: add to them what you need.",
        plan.default_context
    ))
}

fn errors() -> Option<String> {
    Some("Errors: the messages in `errors` went into the log. This action logs the whole reply, and takes no messages from it.".into())
}

fn inactive(plan: &Plan) -> Option<String> {
    let is_active = !matches!(&plan.outcome.rule, OutcomeRule::Reported(reported) if !reported.is_active);
    (!is_active).then(|| "Active: the legacy action was switched off. This one has no such switch, and runs.".into())
}

/// Braces that were sent as they are would be references by now.
fn references(plan: &Plan) -> Option<String> {
    let urls = plan.request.url.parts.iter().map(|(_, text)| text);
    let mut texts = urls.chain(plan.request.headers.iter().map(|header| &header.value));
    texts.any(has_braces).then(|| {
        "References: braces in the URL and the headers were sent as they are. This action fills in what stands in them."
            .into()
    })
}

fn has_braces(text: &Text) -> bool {
    let literal = text.literal().unwrap_or_default();
    literal.len() <= MAX_TEMPLATE_BYTES && literal.find('{').is_some_and(|open| literal[open..].contains('}'))
}

/// `a`, `b` and `c`; `None` where there is none.
pub fn listed(names: &[&str]) -> Option<String> {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    match (names.len(), shown.as_slice()) {
        (0, _) => None,
        (all, shown) if all > shown.len() => Some(format!("{} and {} more", shown.join(", "), all - shown.len())),
        (_, [one]) => Some(one.clone()),
        (_, [first @ .., last]) => Some(format!("{} and {last}", first.join(", "))),
        (_, []) => None,
    }
}
