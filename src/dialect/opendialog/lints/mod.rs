//! The lints of OpenDialog actions, one file each.

pub mod ambiguous_action_name;
pub mod auth_shape;
pub mod auth_variable_cycle;
pub mod colliding_action_names;
pub mod description_too_long;
pub mod format_date_without_timezone;
pub mod name_missing;
pub mod name_style;
pub mod name_too_long;
pub mod raw_not_string;
pub mod secret_outside_auth;
pub mod session_attribute_lifetime;
pub mod undeclared_attribute;
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
        // Names and values of attributes.
        &name_style::RULE,
        &ambiguous_action_name::RULE,
        &raw_not_string::RULE,
        &format_date_without_timezone::RULE,
    ],
    project_rules: &[&colliding_action_names::RULE, &undeclared_attribute::RULE, &session_attribute_lifetime::RULE],
};
