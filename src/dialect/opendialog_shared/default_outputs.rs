//! The attributes that the platform writes after each action, page "Webhook action", Default outputs.

use super::action_name::normalise;
use crate::assumption::id;
use crate::dialect::Lowering;
use crate::plan::{AttributeName, OutcomePlan, OutcomeRule};

/// The outcome of an action of this name: `action_success`, `<name>_action_success` and `<name>_status_code`.
pub fn outcome(rule: OutcomeRule, name: &str, lowering: &Lowering<'_, '_>) -> OutcomePlan {
    let action = normalise(name, lowering.assumptions.get(id::ACTION_NAME));
    let own = |suffix: &str| AttributeName::new(lowering.contexts.default, &format!("{action}_{suffix}"));
    OutcomePlan {
        rule,
        success_names: vec![AttributeName::new(lowering.contexts.default, "action_success"), own("action_success")],
        status_names: vec![own("status_code")],
        names_are_assumed: normalise(name, "snake") != normalise(name, "lower"),
    }
}
