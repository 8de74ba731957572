//! The lints of legacy actions: their own, one file each, and those they share with the current action.

pub mod duplicate_attribute;
pub mod legacy_action;
pub mod legacy_reply_shape;
pub mod literal_reference;

use crate::case::LintSet;
use crate::dialect::opendialog_shared::lints::{
    ambiguous_action_name, colliding_action_names, context_out_of_phase, name_missing, name_style, name_too_long,
    output_into_read_only_context, output_overwrites_reserved, secret_outside_auth, session_attribute_lifetime,
    undeclared_attribute, unknown_context,
};

/// What can be wrong with a legacy action besides what any action can get wrong.
pub static LINTS: LintSet = LintSet {
    while_reading: &[
        &legacy_action::LEGACY_ACTION,
        &literal_reference::LITERAL_REFERENCE,
        &duplicate_attribute::DUPLICATE_ATTRIBUTE,
    ],
    rules: &[
        &legacy_reply_shape::RULE,
        &name_missing::RULE,
        &name_too_long::RULE,
        &unknown_context::RULE,
        &secret_outside_auth::RULE,
        &context_out_of_phase::RULE,
        &output_into_read_only_context::RULE,
        &output_overwrites_reserved::RULE,
        &name_style::RULE,
        &ambiguous_action_name::RULE,
    ],
    project_rules: &[&colliding_action_names::RULE, &undeclared_attribute::RULE, &session_attribute_lifetime::RULE],
};
