//! The lints of Verboo's webhooks, one file each.

pub mod client_data_misplaced;
pub mod directive_field_unknown;
pub mod directive_ignored;
pub mod expansion_leak;
pub mod headers_not_a_list;
pub mod image_index;
pub mod merge_overwrites;
pub mod merged_never_used;
pub mod name_clash;
pub mod optional_argument;
pub mod prefix_capture;
pub mod prompt_syntax_in_webhook;
pub mod quoted_images;
pub mod schema_type;
pub mod secret_in_client_data;
pub mod trigger_description_length;
pub mod trigger_name_style;
pub mod unknown_variable;

mod choices;
mod known;
mod unquoted_variable;

use crate::case::LintSet;

/// What only Verboo's webhooks can get wrong.
pub static LINTS: LintSet = LintSet {
    while_reading: &[
        &headers_not_a_list::HEADERS_NOT_A_LIST,
        &trigger_name_style::TRIGGER_NAME_STYLE,
        &trigger_description_length::TRIGGER_DESCRIPTION_LENGTH,
        &schema_type::SCHEMA_TYPE,
        &optional_argument::OPTIONAL_ARGUMENT,
        &directive_ignored::DIRECTIVE_IGNORED,
    ],
    rules: &[
        &unknown_variable::RULE,
        &prompt_syntax_in_webhook::RULE,
        &unquoted_variable::RULE,
        // What a name may turn out to be.
        &prefix_capture::RULE,
        &expansion_leak::RULE,
        &quoted_images::RULE,
        &image_index::RULE,
        &name_clash::RULE,
        &secret_in_client_data::RULE,
        // What replies do.
        &directive_field_unknown::RULE,
        &client_data_misplaced::RULE,
        &merge_overwrites::RULE,
    ],
    project_rules: &[&merged_never_used::RULE],
};
