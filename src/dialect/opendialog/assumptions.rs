//! Where OpenDialog's documentation is silent: what we do by default, and what else the platform might do.
//!
//! Each can be settled by one run of a webhook on the platform, and then switched in the manifest for good.

use crate::assumption::Assumption;

/// Every open point of OpenDialog webhook actions.
pub static ASSUMPTIONS: &[Assumption] = assumptions! {
    default "opendialog":
    "url_space": "%20", or ["+"], such as "+",
        "how a space in a value is written in the URL",
        open: "Values in the URL are \"automatically URL encoded\". How a space is encoded is not said. PHP has one function
for each of the two ways.",
        values: "- `%20` (default): every server reads it as a space, in the path as well as in the query.
- `+`: choose it if the platform's testing panel shows `+` in the sent URL. Only a query may be read that way.";
    "url_slash": "encode", or ["keep"], such as "keep",
        "whether a `/` in a value is encoded in the path of the URL",
        open: "Values in the URL are encoded automatically. Whether a `/` in a value of the path is encoded too is not said.",
        values: "- `encode` (default): `a/b` becomes `a%2Fb` and stays one segment of the path.
- `keep`: `a/b` becomes two segments. Choose it if your attributes hold whole paths and the platform sends them as they are.";
    "url_prefix_reference": "as-is", or ["encode"], such as "encode",
        "whether a reference at the front of the URL, with scheme and host, is encoded",
        open: "`{global.base_url}/orders` is a natural way to write a URL, but encoding `https://…` would leave no URL. The
documentation allows a reference in the host and says nothing about one that holds scheme and host.",
        values: "- `as-is` (default): a reference at the very front of the URL is filled in as it is.
- `encode`: it is encoded like all others, and the request fails with `invalid-url`.";
    "body_format": "compact", or ["as-written", "php"], such as "php",
        "how the JSON of the body is laid out when it is sent",
        open: "The body has to be read and written again for references to keep their types. Which spaces and escapes the
written JSON has is not said. It matters for signatures over the body.",
        values: "- `compact` (default): no spaces, keys in the order written, whole numbers without fraction, `/` and letters
  beyond ASCII as they are.
- `as-written`: the spaces of the configured text stay, and only the references are replaced.
- `php`: compact with PHP's escapes: `\\/` for `/` and `\\u00e9` for `é`.";
    "content_type_without_body": "omit", or ["add"], such as "add",
        "whether `Content-Type` is added to a request without body",
        open: "`Content-Type: application/json` is \"added automatically\". Whether also to a request without a body is not said.",
        values: "- `omit` (default): no body, no Content-Type.
- `add`: it is always there. Choose it if your API sees it on GET requests.";
    "undeclared_type": "as-given", or ["string"], such as "string",
        "the type of an attribute that nothing declares",
        open: "On the platform an attribute without a type is a string. A spec may simply not repeat the declaration that the
platform has, so that the type cannot be known here.",
        values: "- `as-given` (default): the attribute has the type of the value that a case gives or a reply maps to it.
- `string`: as on the platform. Choose it when your specs declare every attribute that is not a string.";
    "missing_body_value": "null", or ["empty", "omit"], such as "empty",
        "what a lone reference in the body becomes when it has no value",
        open: "`\"age\": \"{age}\"` keeps the type of the value. What is sent when there is no value is not said.",
        values: "- `null` (default): `\"age\": null`.
- `empty`: `\"age\": \"\"`, as references in texts are removed.
- `omit`: the key is left out.";
    "references_in_json_keys": "resolve", or ["literal"], such as "literal",
        "whether references in the keys of the body are filled in",
        open: "References are documented for the values of the JSON body. Its keys are not mentioned.",
        values: "- `resolve` (default): `{\"{key}\": 1}` gets the value as its key, as if the body were one text.
- `literal`: the key is sent with its braces.";
    "webhook_headers": "object", or ["object-of-arrays"], such as "object-of-arrays",
        "the form of `_webhook.headers`",
        open: "`_webhook.headers` is \"a JSON string\". Its form is not said, nor what becomes of a name that stands twice.",
        values: "- `object` (default): `{\"X-Channel\":\"web\"}`, as configured; of a repeated name the last.
- `object-of-arrays`: `{\"X-Channel\":[\"web\"]}`, as PHP's HTTP clients keep headers.";
    "webhook_query_params": "object", or ["object-of-arrays"], such as "object-of-arrays",
        "the form of `_webhook.query_params`",
        open: "`_webhook.query_params` is \"a JSON string\". Its form is not said, nor what becomes of a name that stands twice.",
        values: "- `object` (default): `{\"user\":\"42\"}`; all values are strings, and of a repeated name the last counts.
- `object-of-arrays`: `{\"user\":[\"42\"]}`.";
    "header_whitespace": "trim", or ["keep"], such as "keep",
        "whether spaces around a header's value are removed",
        open: "The release notes of January 2025 mention a mend for spaces around header values, for the older webhook action.
The current one is not mentioned.",
        values: "- `trim` (default): spaces at both ends are removed.
- `keep`: they are sent, and count in a signature over the header.";
    "action_name": "snake", or ["lower"], such as "lower",
        "how the action's name becomes part of the default outputs",
        open: "The platform sets `<action_name>_action_success` and `<action_name>_status_code`. How a name such as `Get Diagnosis`
is written there is not said.",
        values: "- `snake` (default): words in lower case joined by `_`, a capital inside a word begins a new one:
  `Get Diagnosis` gives `get_diagnosis`, `GET User` gives `get_user`, `getUser` gives `get_user`.
- `lower`: the same, but a capital begins no word: `getUser` gives `getuser`.

Names of plain lower-case words (`create ticket`) are the same either way.";
    "hmac_function_encoding": "hex", or ["base64"], such as "base64",
        "how the result of `hmac-sha256(data, key)` is written",
        open: "The documentation shows the function, but not what it gives: the bytes in hex digits or in base64.",
        values: "- `hex` (default): 64 digits in lower case, as PHP's `hash_hmac` gives.
- `base64`: 44 characters. Choose it if your API accepts the platform's signature only that way.

The filter leaves no doubt: `{_webhook.body | hmac sha256 @secret.key text | base64}`.";
    "timestamp_micro": "integer", or ["float"], such as "float",
        "the form of `_auth.timestamp_micro`",
        open: "It is the time \"in microseconds\" on one page and with \"microsecond precision\" on an older one.",
        values: "- `integer` (default): `1768471200000000`, microseconds since 1970.
- `float`: `1768471200.000000`, seconds with six digits behind the point.";
    "ordinal_grouping": "plain", or ["grouped"], such as "grouped",
        "whether the filter `ordinal` writes thousands in groups",
        open: "The examples of `ordinal` are small numbers. PHP's number formatter writes `1,001st` unless told otherwise.",
        values: "- `plain` (default): `1001st`.
- `grouped`: `1,001st`.";
    "case_beyond_ascii": "unicode", or ["ascii"], such as "ascii",
        "whether filters that change the case also change letters beyond ASCII",
        open: "The examples of `uppercase` and the others are English. PHP has functions that change every letter and functions
that change only `a` to `z`.",
        values: "- `unicode` (default): `über` becomes `ÜBER`.
- `ascii`: `über` becomes `üBER`.";
    "no_reply": "success-false-no-status", or ["nothing-set"], such as "nothing-set",
        "what an action leaves behind when no reply comes",
        open: "What is set after a time-out, a refused connection or a failed authentication is not said.",
        values: "- `success-false-no-status` (default): `action_success` and `<action_name>_action_success` are false, the status
  code and all outputs keep their old values.
- `nothing-set`: everything keeps its old value, `action_success` too. Conditions then see the result of the action before.";
    "non_boolean_success": "false", or ["truthy"], such as "truthy",
        "what a success expression means when it gives no boolean",
        open: "`action_success` may be an expression \"pointing to a boolean\". What happens with text, a number or nothing is not said.",
        values: "- `false` (default): only `true` is success.
- `truthy`: as PHP sees it, where everything but null, `0`, `\"\"`, `\"0\"` and an empty list is true.";
    "reply_content_type": "parse-anyway", or ["require-json"], such as "require-json",
        "whether a JSON reply is read when its Content-Type says something else",
        open: "\"Only mapping for `application/json` responses is supported.\" Whether the platform looks at the header or only at
the content is not said.",
        values: "- `parse-anyway` (default): what can be read as JSON is mapped.
- `require-json`: without a JSON Content-Type all outputs become empty. Choose it if your API says `text/plain`.";
    "timeout": "30s", or [], such as "10s",
        "how long the platform waits for a reply",
        open: "No limit is documented. Thirty seconds is the default of Laravel's HTTP client, and the platform is built on Laravel.",
        values: "- `30s` (default).
- Any duration up to a day: `500ms`, `10s`, `1m`. Choose what you measured with a slow reply.";
    "duplicate_header": "auth-wins", or ["headers-win", "both"], such as "both",
        "which header is sent when headers and authentication set the same one",
        open: "The authentication runs after the request is prepared. What happens to a header that is there already is not said.",
        values: "- `auth-wins` (default): the authentication's header replaces the ordinary one.
- `headers-win`: the ordinary one stays.
- `both`: two headers of one name are sent.";
    "bytes_in_text": "latin1", or ["lossy", "refuse"], such as "refuse",
        "what raw bytes become in a text: `md5` or `hmac` without `base64`",
        open: "`md5` and `hmac` give raw bytes, which are no text. What a header or a body made of them looks like is not said.",
        values: "- `latin1` (default): one character for each byte, so that nothing is lost.
- `lossy`: bytes that are not UTF-8 become `\u{fffd}`.
- `refuse`: the request is not sent.

With `| base64` behind the filter the question does not come up.";
    "unknown_context": "drop", or ["empty"], such as "empty",
        "what a reference into a context that does not exist reads",
        open: "For `{foo.bar}` the published engine of 2021 drops the unknown context and reads `bar` in `user`. What today's does
is not documented.",
        values: "- `drop` (default): as in 2021.
- `empty`: the reference has no value.";
    "ca_certificate_trust": "only", or ["added"], such as "added",
        "whether the CA certificate of mutual TLS stands in the place of the ones that are trusted anyway",
        open: "It is \"for verifying the server certificate\". Whether certificates that every machine trusts still count beside it
is not said.",
        values: "- `only` (default): nothing else is trusted, as with PHP's `CURLOPT_CAINFO`, which takes one file in the place of all.
- `added`: the machine's own count as well. Choose it if the platform reaches a public server in spite of a private CA.

Without a CA certificate the machine's own are trusted. `test` never verifies a server with it: its server is our own.";
    "oauth_client_auth": "basic", or ["post"], such as "post",
        "how client id and client secret reach the token endpoint",
        open: "The OAuth2 client credentials grant is named, but not where the credentials stand in the token request.",
        values: "- `basic` (default): in an `Authorization: Basic` header, which every server must accept (RFC 6749, section 2.3.1).
- `post`: as `client_id` and `client_secret` in the form body. Choose it if your server's log shows them there.";
    "oauth_refresh_before": "30s", or [], such as "2m",
        "how long before its expiry a cached token is replaced",
        open: "A cached token that is \"close to expiring\" is replaced by a fresh one. How close is not said.",
        values: "- `30s` (default); for a token that lives for less than five minutes, the last tenth of its life, or its last second if
  that is more.
- Any duration up to a day: `500ms`, `10s`, `2m`.

A token whose reply has no `expires_in` is used until the end of the run.";
    "oauth_retry_after_401": "never", or ["once"], such as "once",
        "whether a 401 reply to a cached token makes the platform ask for a fresh one and send again",
        open: "A server may revoke a token before it expires, and answers 401 then. What happens to the cached token is not said.",
        values: "- `never` (default): the 401 is the reply, and the token stays cached until it expires.
- `once`: the token is dropped, a fresh one is asked for and the webhook is sent once more. A fresh token that is refused is
  not replaced.";
    "oauth_token_type": "any", or ["bearer"], such as "bearer",
        "whether a token is used whose reply does not call it a bearer token",
        open: "The token is sent as `Authorization: Bearer`. A reply must say the token's type, and a client must not use a type
that it does not know (RFC 6749, sections 5.1 and 7.1), but many clients do not look at it. Whether the platform does is not
said.",
        values: "- `any` (default): a token without a type, or of another, is sent as a bearer token.
- `bearer`: the token request has failed.";
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assumption::{Assumptions, id};
    use std::collections::BTreeSet;

    const IDS: [&str; 28] = [
        id::URL_SPACE,
        id::URL_SLASH,
        id::URL_PREFIX_REFERENCE,
        id::BODY_FORMAT,
        id::CONTENT_TYPE_WITHOUT_BODY,
        id::UNDECLARED_TYPE,
        id::MISSING_BODY_VALUE,
        id::REFERENCES_IN_JSON_KEYS,
        id::WEBHOOK_HEADERS,
        id::WEBHOOK_QUERY_PARAMS,
        id::HEADER_WHITESPACE,
        id::ACTION_NAME,
        id::HMAC_FUNCTION_ENCODING,
        id::TIMESTAMP_MICRO,
        id::ORDINAL_GROUPING,
        id::CASE_BEYOND_ASCII,
        id::NO_REPLY,
        id::NON_BOOLEAN_SUCCESS,
        id::REPLY_CONTENT_TYPE,
        id::TIMEOUT,
        id::DUPLICATE_HEADER,
        id::BYTES_IN_TEXT,
        id::UNKNOWN_CONTEXT,
        id::CA_CERTIFICATE_TRUST,
        id::OAUTH_CLIENT_AUTH,
        id::OAUTH_REFRESH_BEFORE,
        id::OAUTH_RETRY_AFTER_401,
        id::OAUTH_TOKEN_TYPE,
    ];

    #[test]
    fn every_id_has_its_row_and_every_row_its_id() {
        let names: Vec<&str> = ASSUMPTIONS.iter().map(|assumption| assumption.name).collect();
        assert_eq!(names, IDS);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }

    #[test]
    fn the_default_is_allowed_and_not_among_the_others() {
        for assumption in ASSUMPTIONS {
            assert!(assumption.allows(assumption.default), "{}", assumption.name);
            assert!(!assumption.others.contains(&assumption.default), "{}", assumption.name);
            assert!(!assumption.allows("no such value"), "{}", assumption.name);
        }
    }

    #[test]
    fn every_page_names_every_value_and_switches_to_one_that_is_allowed() {
        for assumption in ASSUMPTIONS {
            assert!(assumption.page.contains(&format!("- `{}` (default)", assumption.default)), "{}", assumption.name);
            for other in assumption.others {
                assert!(assumption.page.contains(&format!("- `{other}`: ")), "{} {other}", assumption.name);
            }
            let line = format!("{} = \"", assumption.name);
            let shown: Vec<&str> = assumption.page.lines().filter_map(|written| written.strip_prefix(&line)).collect();
            assert_eq!(shown.len(), 2, "{}", assumption.name);
            let value = shown[0].trim_end_matches('"');
            assert!(assumption.allows(value) && value != assumption.default, "{}", assumption.name);
        }
    }

    #[test]
    fn a_choice_replaces_a_default() {
        let mut assumptions = Assumptions::defaults(ASSUMPTIONS);
        assert_eq!(assumptions.get(id::TIMEOUT), "30s");
        assert!(assumptions.choose(id::URL_SPACE, "+"));
        assert_eq!(assumptions.get(id::URL_SPACE), "+");
    }
}
