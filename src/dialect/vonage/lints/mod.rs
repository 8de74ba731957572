//! What only webhook nodes of the studio can get wrong, one file each.

pub mod async_with_results;
pub mod authorization_with_signing;
pub mod body_not_compact_when_signed;
pub mod body_type_mismatch;
pub mod duplicate_query_key;
pub mod exit_list;
pub mod leading_zeros_lost;
pub mod loose_object_path;
pub mod mapping_into_system_parameter;
pub mod mapping_type_mismatch;
pub mod nested_expansion;
pub mod parameter_name_style;
pub mod parameter_prefix_overlap;
pub mod quoted_boolean;
pub mod short_signature_secret;
pub mod status_parameter_entity;
pub mod system_parameter_channel;
pub mod timeout_out_of_range;
pub mod undeclared_parameter;
pub mod unhandled_failures;
pub mod unset_parameter;
pub mod xml_path_unsupported;

mod sample_body;

use crate::case::LintSet;

/// What only webhook nodes of the studio can get wrong.
pub static LINTS: LintSet = LintSet {
    while_reading: &[
        &body_type_mismatch::BODY_TYPE_MISMATCH,
        &undeclared_parameter::UNDECLARED_PARAMETER,
        &parameter_name_style::PARAMETER_NAME_STYLE,
        &parameter_prefix_overlap::PARAMETER_PREFIX_OVERLAP,
        &timeout_out_of_range::TIMEOUT_OUT_OF_RANGE,
        &async_with_results::ASYNC_WITH_RESULTS,
        &unhandled_failures::UNHANDLED_FAILURES,
        &exit_list::EXIT_LIST,
        &mapping_into_system_parameter::MAPPING_INTO_SYSTEM_PARAMETER,
        &status_parameter_entity::STATUS_PARAMETER_ENTITY,
        &loose_object_path::LOOSE_OBJECT_PATH,
        &duplicate_query_key::DUPLICATE_QUERY_KEY,
        &system_parameter_channel::SYSTEM_PARAMETER_CHANNEL,
    ],
    rules: &[
        &body_type_mismatch::RULE,
        &quoted_boolean::RULE,
        &nested_expansion::RULE,
        &unset_parameter::RULE,
        &authorization_with_signing::RULE,
        &short_signature_secret::RULE,
        &body_not_compact_when_signed::RULE,
        &mapping_type_mismatch::RULE,
        &xml_path_unsupported::RULE,
        &leading_zeros_lost::RULE,
    ],
    project_rules: &[],
};
