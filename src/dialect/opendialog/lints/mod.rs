//! The lints of OpenDialog actions, one file each.

pub mod auth_shape;
pub mod auth_variable_cycle;
pub mod colliding_action_names;
pub mod description_too_long;
pub mod name_missing;
pub mod name_too_long;
pub mod output_into_read_only_context;
pub mod output_overwrites_reserved;
pub mod redirect_counts_as_success;
pub mod secret_outside_auth;
pub mod stale_output;
pub mod undefined_auth_variable;
pub mod unknown_context;
pub mod unknown_function;
pub mod unknown_webhook_attribute;

mod cycles;

use crate::case::LintSet;

/// What only OpenDialog actions can get wrong.
pub static LINTS: LintSet = LintSet {
    while_reading: &[&auth_shape::AUTH_SHAPE],
    rules: &[
        &name_missing::RULE,
        &name_too_long::RULE,
        &description_too_long::RULE,
        &unknown_context::RULE,
        &unknown_webhook_attribute::RULE,
        &undefined_auth_variable::RULE,
        &auth_variable_cycle::RULE,
        &unknown_function::RULE,
        &secret_outside_auth::RULE,
        // What replies do to the conversation's state.
        &redirect_counts_as_success::RULE,
        &output_into_read_only_context::RULE,
        &output_overwrites_reserved::RULE,
        &stale_output::RULE,
    ],
    project_rules: &[&colliding_action_names::RULE],
};
