//! Where the documentation of the legacy action is silent: what we do by default, and what else the platform might do.

use crate::assumption::Assumption;

/// Every open point of legacy actions.
pub static ASSUMPTIONS: &[Assumption] = assumptions! {
    "opendialog-legacy":
    "body_format": "compact", or ["php"], such as "php",
        "how the JSON of the body is laid out when it is sent",
        open: "The page shows the request over several lines. What is sent is not said.",
        values: "- `compact` (default): no spaces, inputs in the order listed, whole numbers without fraction, `/` and letters
  beyond ASCII as they are.
- `php`: compact with PHP's escapes: `\\/` for `/` and `\\u00e9` for `é`.";
    "no_inputs": "object", or ["list"], such as "list",
        "what `attributes` is in the request of an action without inputs",
        open: "The page shows requests with inputs only. PHP writes an array without entries as a list unless told otherwise.",
        values: "- `object` (default): `{\"input_data\":{\"attributes\":{}}}`.
- `list`: `{\"input_data\":{\"attributes\":[]}}`. Choose it if your service receives that.";
    "header_whitespace": "trim", or ["keep"], such as "keep",
        "whether spaces around a header's value are removed",
        open: "The release notes of January 2025 mention a mend for spaces around header values, and not what it does.",
        values: "- `trim` (default): spaces at both ends are removed.
- `keep`: they are sent.";
    "unknown_context": "drop", or ["empty"], such as "empty",
        "what an input in a context that does not exist reads",
        open: "For `foo.bar` the published engine of 2021 drops the unknown context and reads `bar` in `user`. What today's does
is not documented.",
        values: "- `drop` (default): as in 2021.
- `empty`: the input has no value, so the action never runs.";
    "inactive_action": "nothing-set", or ["success-false"], such as "success-false",
        "what an action leaves behind that is not active",
        open: "An action has to be made active before it runs. What a conversation sees that reaches one which is not, is not
said.",
        values: "- `nothing-set` (default): everything keeps its old value, `action_success` too.
- `success-false`: `action_success` and `<action_name>_action_success` are false, as after an action that failed.";
    "error_status": "fails", or ["report-counts"], such as "report-counts",
        "what a reply means whose status is not 2xx and that says `\"successful\": true`, or brings attributes",
        open: "Whether the status of a reply matters beside its `successful` is not said.",
        values: "- `fails` (default): the action fails, and nothing is written.
- `report-counts`: the reply counts as if its status were 200.

The messages of its `errors` go into the log in any case.";
    "non_boolean_success": "false", or ["truthy"], such as "truthy",
        "what `successful` means when it is no boolean",
        open: "The page shows `true` and `false`. What happens with text or a number is not said.",
        values: "- `false` (default): only `true` is success.
- `truthy`: as PHP sees it, where everything but null, `0`, `\"\"`, `\"0\"` and an empty list is true.

A reply without `successful` is no success either way.";
    "failed_outputs": "ignored", or ["written"], such as "written",
        "whether the attributes of a reply are written that says `\"successful\": false`",
        open: "The page shows replies with `errors` or with `output_data`, and none with both.",
        values: "- `ignored` (default): a failed action writes `action_success` and nothing else of the reply.
- `written`: its attributes are written, and removed where they are null, as after a success.";
    "reported_type": "coerce", or ["empty"], such as "empty",
        "what is written when a value of the reply does not have the attribute's type",
        open: "The page says that values are mapped to attributes of their types, and not what happens where they do not fit. The
published engine of 2021 makes the attribute's type of any value: `\"5 stars\"` is 5 for a whole number.",
        values: "- `coerce` (default): as in 2021.
- `empty`: the attribute becomes empty, as with a Webhook V2 action.";
    "undeclared_type": "as-given", or ["string"], such as "string",
        "the type of an attribute that nothing declares",
        open: "On the platform an attribute without a type is a string. A spec may simply not repeat the declaration that the
platform has, so that the type cannot be known here.",
        values: "- `as-given` (default): the attribute has the type of the value that a case gives or a reply writes into it.
- `string`: as on the platform. Choose it when your specs declare every attribute that is not a string.";
    "action_name": "snake", or ["lower"], such as "lower",
        "how the action's name becomes part of the default outputs",
        open: "The platform sets `<action_name>_action_success` and `<action_name>_status_code`. How a name such as `Get Diagnosis`
is written there is not said.",
        values: "- `snake` (default): words in lower case joined by `_`, a capital inside a word begins a new one:
  `Get Diagnosis` gives `get_diagnosis`, `GET User` gives `get_user`, `getUser` gives `get_user`.
- `lower`: the same, but a capital begins no word: `getUser` gives `getuser`.

Names of plain lower-case words (`create ticket`) are the same either way.";
    "no_reply": "success-false-no-status", or ["nothing-set"], such as "nothing-set",
        "what an action leaves behind when no reply comes",
        open: "What is set after a time-out, after a refused connection, or when an input has no value, is not said.",
        values: "- `success-false-no-status` (default): `action_success` and `<action_name>_action_success` are false, the status
  code and all outputs keep their old values.
- `nothing-set`: everything keeps its old value, `action_success` too. Conditions then see the result of the action before.";
    "reply_content_type": "parse-anyway", or ["require-json"], such as "require-json",
        "whether a JSON reply is read when its Content-Type says something else",
        open: "Whether the platform looks at the header of a reply or only at its content is not said.",
        values: "- `parse-anyway` (default): what can be read as JSON counts.
- `require-json`: without a JSON Content-Type the action fails.";
    "timeout": "30s", or [], such as "10s",
        "how long the platform waits for a reply",
        open: "No limit is documented. Thirty seconds is the default of Laravel's HTTP client, and the platform is built on Laravel.",
        values: "- `30s` (default).
- Any duration up to a day: `500ms`, `10s`, `1m`. Choose what you measured with a slow reply.";
};

#[cfg(test)]
mod tests {
    use super::ASSUMPTIONS;
    use std::collections::BTreeSet;

    #[test]
    fn defaults_others_and_pages_agree() {
        let names: BTreeSet<&str> = ASSUMPTIONS.iter().map(|assumption| assumption.name).collect();
        assert_eq!(names.len(), ASSUMPTIONS.len());
        for assumption in ASSUMPTIONS {
            let name = assumption.name;
            assert!(assumption.allows(assumption.default) && !assumption.others.contains(&assumption.default), "{name}");
            assert!(!assumption.allows("no such value"), "{name}");
            assert!(assumption.page.contains(&format!("- `{}` (default)", assumption.default)), "{name}");
            for other in assumption.others {
                assert!(assumption.page.contains(&format!("- `{other}`: ")), "{name} {other}");
            }
            let line = format!("{name} = \"");
            let shown: Vec<&str> = assumption.page.lines().filter_map(|written| written.strip_prefix(&line)).collect();
            assert_eq!(shown.len(), 2, "{name}");
            let value = shown[0].trim_end_matches('"');
            assert!(assumption.allows(value) && value != assumption.default, "{name}");
        }
    }
}
