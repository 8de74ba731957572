//! The lints of OpenDialog actions, one file each.

pub mod auth_shape;
pub mod auth_variable_cycle;
pub mod certificate_in_global;
pub mod credential_in_open_context;
pub mod description_too_long;
pub mod double_url_encoding;
pub mod format_date_without_timezone;
pub mod literal_hmac_key;
pub mod loose_encoding_in_signature;
pub mod md5_of_empty_body;
pub mod raw_not_string;
pub mod redirect_counts_as_success;
pub mod replayable_signature;
pub mod secret_in_unsupported_field;
pub mod shadowed_auth_builtin;
pub mod stale_output;
pub mod undefined_auth_variable;
pub mod unknown_function;
pub mod unknown_secret;
pub mod unknown_webhook_attribute;
pub mod unprefixed_reference_argument;
pub mod unused_auth_variable;
pub mod webhook_self_reference;

mod cycles;
mod signatures;

use crate::case::LintSet;
use crate::dialect::opendialog_shared::lints::{
    ambiguous_action_name, colliding_action_names, context_out_of_phase, literal_braces, name_missing, name_style,
    name_too_long, output_into_read_only_context, output_overwrites_reserved, secret_outside_auth,
    session_attribute_lifetime, undeclared_attribute, unknown_context,
};

/// What only OpenDialog actions can get wrong.
pub static LINTS: LintSet = LintSet {
    while_reading: &[&auth_shape::AUTH_SHAPE],
    rules: &[
        &literal_braces::RULE,
        &name_missing::RULE,
        &name_too_long::RULE,
        &description_too_long::RULE,
        &unknown_context::RULE,
        &unknown_webhook_attribute::RULE,
        &undefined_auth_variable::RULE,
        &auth_variable_cycle::RULE,
        &unknown_function::RULE,
        &secret_outside_auth::RULE,
        // What an authentication is made of.
        &context_out_of_phase::RULE,
        &webhook_self_reference::RULE,
        &unknown_secret::RULE,
        &secret_in_unsupported_field::RULE,
        &credential_in_open_context::RULE,
        &certificate_in_global::RULE,
        &unused_auth_variable::RULE,
        &shadowed_auth_builtin::RULE,
        &replayable_signature::RULE,
        &literal_hmac_key::RULE,
        &unprefixed_reference_argument::RULE,
        &md5_of_empty_body::RULE,
        &loose_encoding_in_signature::RULE,
        &double_url_encoding::RULE,
        // What replies do to the conversation's state.
        &redirect_counts_as_success::RULE,
        &output_into_read_only_context::RULE,
        &output_overwrites_reserved::RULE,
        &stale_output::RULE,
        // Names and values of attributes.
        &name_style::RULE,
        &ambiguous_action_name::RULE,
        &raw_not_string::RULE,
        &format_date_without_timezone::RULE,
    ],
    project_rules: &[&colliding_action_names::RULE, &undeclared_attribute::RULE, &session_attribute_lifetime::RULE],
};
