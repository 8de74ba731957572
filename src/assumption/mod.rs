//! Choices where a platform's documentation is silent: named, switchable, and reported where they mattered.
//!
//! The tables (which platform has which, and the page of each) belong to the dialects; here are the ids that `eval` asks
//! for and the choices that were made.

use std::collections::BTreeSet;

/// One open point of a platform and the values it may take.
#[derive(Debug)]
pub struct Assumption {
    pub name: &'static str,
    pub default: &'static str,
    /// The values besides the default. Empty: any duration.
    pub others: &'static [&'static str],
    /// One line: what is open.
    pub summary: &'static str,
    /// The page that `explain` prints, in Markdown, without a title.
    pub page: &'static str,
}

impl Assumption {
    pub fn allows(&self, value: &str) -> bool {
        match self.others {
            [] => parse_duration(value).is_some(),
            others => value == self.default || others.contains(&value),
        }
    }
}

/// Ids that more than one module asks for.
pub mod id {
    pub const ERROR_STATUS: &str = "error_status";
    pub const FAILED_OUTPUTS: &str = "failed_outputs";
    pub const INACTIVE_ACTION: &str = "inactive_action";
    pub const NO_INPUTS: &str = "no_inputs";
    pub const REPORTED_TYPE: &str = "reported_type";
    pub const BODY_ON_GET: &str = "body_on_get";
    pub const CONTENT_TYPE_WITH_BODY: &str = "content_type_with_body";
    pub const DIRECTIVE_WITHOUT_REPLY: &str = "directive_without_reply";
    pub const HEADER_LINE_BREAK: &str = "header_line_break";
    pub const IMAGE_OUT_OF_RANGE: &str = "image_out_of_range";
    pub const LIST_IN_TEXT: &str = "list_in_text";
    pub const MERGE_DEPTH: &str = "merge_depth";
    pub const MERGE_NULL: &str = "merge_null";
    pub const MERGE_STATUS: &str = "merge_status";
    pub const MERGE_UNINTERPRETED: &str = "merge_uninterpreted";
    pub const NESTED_CLIENT_DATA: &str = "nested_client_data";
    pub const QUERY_SPACE: &str = "query_space";
    pub const SAME_NAME: &str = "same_name";
    pub const SUBSTITUTION: &str = "substitution";
    pub const UNKNOWN_VARIABLE: &str = "unknown_variable";
    pub const URL_LITERALS: &str = "url_literals";
    pub const VARIABLE_IN_HOST: &str = "variable_in_host";
    pub const WORD_BOUNDARY: &str = "word_boundary";
    pub const FORM_SPACE: &str = "form_space";
    pub const HTML_VALUES: &str = "html_values";
    pub const MALFORMED_BODY: &str = "malformed_body";
    pub const UNQUOTED_VALUE: &str = "unquoted_value";
    pub const UNSET_VALUE: &str = "unset_value";
    pub const EXIT_PRECEDENCE: &str = "exit_precedence";
    pub const UNLISTED_STATUS: &str = "unlisted_status";
    pub const REDIRECT_EXIT: &str = "redirect_exit";
    pub const MISSED_PATH: &str = "missed_path";
    pub const MISSED_PATH_ON_ERROR: &str = "missed_path_on_error";
    pub const NO_CONTENT: &str = "no_content";
    pub const NUMBER_FROM_TEXT: &str = "number_from_text";
    pub const ASYNC_EXIT: &str = "async_exit";
    pub const PAYLOAD_HASH: &str = "payload_hash";
    pub const EMPTY_PAYLOAD: &str = "empty_payload";
    pub const XML_ATTRIBUTES: &str = "xml_attributes";
    pub const XML_PREFIXES: &str = "xml_prefixes";
    pub const XML_SIBLINGS: &str = "xml_siblings";
    pub const URL_SPACE: &str = "url_space";
    pub const URL_SLASH: &str = "url_slash";
    pub const URL_PREFIX_REFERENCE: &str = "url_prefix_reference";
    pub const BODY_FORMAT: &str = "body_format";
    pub const CONTENT_TYPE_WITHOUT_BODY: &str = "content_type_without_body";
    pub const UNDECLARED_TYPE: &str = "undeclared_type";
    pub const MISSING_BODY_VALUE: &str = "missing_body_value";
    pub const REFERENCES_IN_JSON_KEYS: &str = "references_in_json_keys";
    pub const WEBHOOK_HEADERS: &str = "webhook_headers";
    pub const WEBHOOK_QUERY_PARAMS: &str = "webhook_query_params";
    pub const HEADER_WHITESPACE: &str = "header_whitespace";
    pub const ACTION_NAME: &str = "action_name";
    pub const HMAC_FUNCTION_ENCODING: &str = "hmac_function_encoding";
    pub const TIMESTAMP_MICRO: &str = "timestamp_micro";
    pub const ORDINAL_GROUPING: &str = "ordinal_grouping";
    pub const CASE_BEYOND_ASCII: &str = "case_beyond_ascii";
    pub const NO_REPLY: &str = "no_reply";
    pub const NON_BOOLEAN_SUCCESS: &str = "non_boolean_success";
    pub const REPLY_CONTENT_TYPE: &str = "reply_content_type";
    pub const TIMEOUT: &str = "timeout";
    pub const DUPLICATE_HEADER: &str = "duplicate_header";
    pub const BYTES_IN_TEXT: &str = "bytes_in_text";
    pub const UNKNOWN_CONTEXT: &str = "unknown_context";
    pub const CA_CERTIFICATE_TRUST: &str = "ca_certificate_trust";
    pub const OAUTH_CLIENT_AUTH: &str = "oauth_client_auth";
    pub const OAUTH_REFRESH_BEFORE: &str = "oauth_refresh_before";
    pub const OAUTH_RETRY_AFTER_401: &str = "oauth_retry_after_401";
    pub const OAUTH_TOKEN_TYPE: &str = "oauth_token_type";
}

/// The choices in force for one spec.
#[derive(Clone, Debug)]
pub struct Assumptions {
    table: &'static [Assumption],
    chosen: Vec<Option<String>>,
    /// What came up when the action was read.
    met: BTreeSet<&'static str>,
}

impl Assumptions {
    /// The defaults of a table.
    pub fn defaults(table: &'static [Assumption]) -> Assumptions {
        Assumptions { table, chosen: vec![None; table.len()], met: BTreeSet::new() }
    }

    /// Switches one; false when the table has no such name. The value must be allowed.
    pub fn choose(&mut self, name: &str, value: &str) -> bool {
        match self.table.iter().position(|assumption| assumption.name == name) {
            Some(index) => {
                self.chosen[index] = Some(value.to_string());
                true
            }
            None => false,
        }
    }

    /// Notes that an open point came up when the action was read: it mattered in whatever comes of the action.
    pub fn meet(&mut self, name: &'static str) {
        self.met.insert(name);
    }

    /// The value in force; empty for a name that the platform does not have.
    pub fn get(&self, name: &str) -> &str {
        match self.table.iter().position(|assumption| assumption.name == name) {
            Some(index) => self.chosen[index].as_deref().unwrap_or(self.table[index].default),
            None => "",
        }
    }

    /// Whether the point is open on the platform at all.
    pub fn has(&self, name: &str) -> bool {
        self.table.iter().any(|assumption| assumption.name == name)
    }

    pub fn table(&self) -> &'static [Assumption] {
        self.table
    }

    /// `name=value` for each that occurred, in alphabetical order.
    pub fn report(&self, occurred: &BTreeSet<&'static str>) -> Vec<String> {
        occurred.union(&self.met).map(|name| format!("{name}={}", self.get(name))).collect()
    }
}

const DAY_IN_MILLISECONDS: f64 = 86_400_000.0;

/// `150ms`, `30s`, `1.5s`, `2m`, `1h`; in milliseconds. At most a day.
pub fn parse_duration(text: &str) -> Option<u64> {
    duration_up_to(text, DAY_IN_MILLISECONDS)
}

/// The same for what passes between two actions: `30d`. At most a year of 366 days.
pub fn parse_long_duration(text: &str) -> Option<u64> {
    duration_up_to(text, 366.0 * DAY_IN_MILLISECONDS)
}

fn duration_up_to(text: &str, most: f64) -> Option<u64> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let number: f64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" => 60_000.0,
        "h" => 3_600_000.0,
        "d" => DAY_IN_MILLISECONDS,
        _ => return None,
    };
    let milliseconds = number * unit;
    (milliseconds <= most).then_some(milliseconds.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(parse_duration("150ms"), Some(150));
        assert_eq!(parse_duration("1.5s"), Some(1500));
        assert_eq!(parse_duration("30 s"), Some(30_000));
        assert_eq!(parse_duration("30"), None);
        assert_eq!(parse_duration("99999999999h"), None);
        assert_eq!((parse_duration("2d"), parse_long_duration("2d")), (None, Some(172_800_000)));
        assert_eq!((parse_long_duration("367d"), parse_long_duration("-1s")), (None, None));
    }
}
