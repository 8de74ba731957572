//! Where Verboo's documentation is silent: what we do by default, and what else the platform might do.
//!
//! Each can be settled by one run of a webhook on the platform, and then switched in the manifest for good.

use crate::assumption::Assumption;

/// Every open point of Verboo's webhooks.
pub static ASSUMPTIONS: &[Assumption] = assumptions! {
    "verboo":
    "word_boundary": "none", or ["word"], such as "word",
        "whether a name must end where a word ends",
        open: "Variables are substituted \"from longest to shortest name\", which would need no order if a name had to end
where a word does. Whether `$planet` is `$plan` with `et` behind it, where there is no `planet`, is not said.",
        values: "- `none` (default): a name ends where it ends: `$planet` becomes the plan and `et`.
- `word`: a name that a letter, a digit or `_` follows is another name, and unknown.";
    "substitution": "one-pass", or ["name-by-name"], such as "name-by-name",
        "whether a value that was put in is looked through for shorter names",
        open: "Longer names are substituted before shorter ones. A program that replaces one name after the other in the whole
text does so, and finds the shorter names also in what it has just put in. Whether the platform does is not said. If it
does, an argument in which a user wrote `$erp_token` carries the token out.",
        values: "- `one-pass` (default): what was put in is left alone.
- `name-by-name`: the worst case: each name, from the longest to the shortest, is replaced all through the text.";
    "unknown_variable": "as-typed", or ["empty"], such as "empty",
        "what becomes of a variable that has no value",
        open: "What happens to a name that is neither a system variable nor in the client data nor an argument is not said. An
argument that the model did not find is such a name.",
        values: "- `as-typed` (default): nothing replaces it, so `$trace_id` is sent.
- `empty`: it is taken out.";
    "image_out_of_range": "as-typed", or ["list-and-index", "empty"], such as "list-and-index",
        "what becomes of `$images[5]` when there are fewer images",
        open: "`$images[0]` is the first image's address, `$images` the list. What `$images[5]` becomes with two images is not
said.",
        values: "- `as-typed` (default): the whole name with its number is left as it is.
- `list-and-index`: `$images` in it is replaced, and `[5]` stays behind the list: a body is no JSON any more.
- `empty`: it is taken out.";
    "unquoted_value": "json", or ["quote-text", "as-text"], such as "quote-text",
        "what a variable other than `$images` becomes outside of double quotes",
        open: "Only `$images` is shown without double quotes in a body. What other variables become there is not said.",
        values: "- `json` (default): numbers, booleans, lists and objects as JSON; a text makes the body invalid.
- `quote-text`: a text gets its quotes.
- `as-text`: the text as it is, where it stays one JSON value or one word.";
    "list_in_text": "json", or ["joined"], such as "joined",
        "what a list becomes inside of a text",
        open: "`$images` is a JSON list. What it becomes inside of double quotes, in a header or in the URL is not said.",
        values: "- `json` (default): the list's JSON as text, encoded for its place.
- `joined`: its items with commas between them.";
    "references_in_json_keys": "resolve", or ["literal"], such as "literal",
        "whether variables in the keys of the body are replaced",
        open: "Variables are documented for \"URLs, headers, and body\", shown in values. Whether keys are looked through is not
said.",
        values: "- `resolve` (default): a key is a string of the body like any other.
- `literal`: keys are sent as they are written.";
    "same_name": "arguments", or ["client-data"], such as "client-data",
        "which value counts when an argument and client data have one name",
        open: "Arguments and client data are written in the same way. Which counts when both have a name is not said. The names
of system variables are reserved in either case.",
        values: "- `arguments` (default): what the model found in the conversation.
- `client-data`: what the session was given.";
    "nested_client_data": "unsupported", or ["path"], such as "path",
        "whether `$address.city` reads an entry of an object",
        open: "System variables have a dot in their names. Whether a dot leads into an object of the client data is not said.",
        values: "- `unsupported` (default): `$address` is replaced by its JSON, and `.city` stays.
- `path`: the entry `city` of `address` is put in.";
    "query_space": "%20", or ["+"], such as "+",
        "how a space in a value is written in the query of the URL",
        open: "Values in the path and the query are URL-encoded \"(%20, %2F, etc.)\" in the path's row of the table, and
\"URL-encoded\" in the query's. Programs write a space in a query in either way.",
        values: "- `%20` (default): the only form that is named.
- `+`: as HTML forms do.";
    "url_literals": "as-typed", or ["encoded"], such as "encoded",
        "how a character that no URL can hold is written, where you typed it",
        open: "Values are encoded. What happens to a `{`, a space or a letter beyond ASCII that stands in the configured URL is
not said; the client that sends it encodes it in any case.",
        values: "- `as-typed` (default): shown as configured. On the wire it is encoded.
- `encoded`: shown as it is on the wire.";
    "variable_in_host": "refuse", or ["fill"], such as "fill",
        "what happens to a variable in the scheme or host of the URL, or in place of all of it",
        open: "Values are encoded in the path and the query. What happens before the path is not said; encoding would break the
URL. A template's parameters, such as the address of your shop, are filled in when the template is applied, before all that.",
        values: "- `refuse` (default): the request fails with `invalid-url`.
- `fill`: a variable that the URL begins with is filled in as it is, one in the host encoded.";
    "header_line_break": "refuse", or ["space"], such as "space",
        "what happens to a line break in a header value",
        open: "Headers are substituted literally. A value with a line break would add headers of its own (RFC 9110, section 5.5).",
        values: "- `refuse` (default): the request fails with `invalid-header`.
- `space`: each line break becomes a space.";
    "content_type_with_body": "add", or ["omit"], such as "omit",
        "whether `Content-Type` is added to a body when no header sets it",
        open: "One documented example sends JSON and sets no `Content-Type`. Whether the platform adds it is not said.",
        values: "- `add` (default): `Content-Type: application/json` is added.
- `omit`: it is not.";
    "body_on_get": "send", or ["drop"], such as "drop",
        "whether the body of a GET is sent",
        open: "A body is shown for POST. What happens to one that is configured for GET is not said.",
        values: "- `send` (default): it is sent as configured.
- `drop`: it is left out.";
    "malformed_body": "refuse", or ["send"], such as "send",
        "what happens to a body that is no JSON once its values are in",
        open: "The stored body need not be JSON before its variables are replaced. What happens when it is none afterwards either
is not said.",
        values: "- `refuse` (default): the request fails with `invalid-body`.
- `send`: it is sent as it is, and the log says so. A text outside of double quotes is refused all the same, since it could
  change what stands around it: see `unquoted_value`.";
    "merge_depth": "shallow", or ["deep"], such as "deep",
        "how an object of the reply meets one of the client data",
        open: "Values in `session.client_data` are \"merged into the session\". Whether an object replaces the one that is there or
is merged with it is not said.",
        values: "- `shallow` (default): each key's value is replaced whole.
- `deep`: objects are merged entry by entry.";
    "merge_null": "store", or ["remove"], such as "remove",
        "what a null in `session.client_data` does",
        open: "Whether a null is kept as a value or takes the key away is not said.",
        values: "- `store` (default): the key is there and holds null.
- `remove`: the key is taken away.";
    "merge_status": "2xx", or ["any"], such as "any",
        "whether the reply of a failed call is merged",
        open: "Which statuses count is not said.",
        values: "- `2xx` (default): a failed call changes nothing.
- `any`: every reply is merged.";
    "merge_uninterpreted": "merge", or ["skip"], such as "skip",
        "whether a reply is merged that the model does not read",
        open: "With `interpretResponse` set to false the directive is ignored. Whether the client data are still merged is not
said.",
        values: "- `merge` (default): the two have nothing to do with each other.
- `skip`: the reply does nothing.";
    "directive_without_reply": "none", or ["given"], such as "given",
        "whether the model is given the directive when no reply came",
        open: "The directive says how to use the reply. What the model is told after a time-out is not said.",
        values: "- `none` (default): there is nothing to use.
- `given`: the model gets the directive nevertheless.";
    "timeout": "30s", or [], such as "10s",
        "how long the platform waits for a reply",
        open: "No time-out is documented.",
        values: "- `30s` (default), or any duration of at most a day: `150ms`, `10s`, `2m`.";
};
