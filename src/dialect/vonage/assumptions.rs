//! Where the documentation of Vonage AI Studio is silent: what we do by default, and what else the platform might do.
//!
//! Each can be settled by one run of a webhook node on the platform, and then switched in the manifest for good.

use crate::assumption::Assumption;

/// Every open point of the studio's webhook node.
pub static ASSUMPTIONS: &[Assumption] = assumptions! {
    "vonage":
    "overlapping_names": "longest-word", or ["longest-beginning"], such as "longest-beginning",
        "which parameter is meant where one name is the beginning of another, or of a longer word",
        open: "`$ORDER_ID` begins with `$ORDER`, and `$ORDERS` with it as well. Which of several names that fit is taken, and
where a name ends, is not said.",
        values: "- `longest-word` (default): a name ends where no letter, digit or underscore follows, so `$ORDERS` is not
  `$ORDER`.
- `longest-beginning`: where the whole word is no parameter, the longest one that it begins with is taken, and the rest of
  the word stays behind its value.";
    "undeclared_name": "as-typed", or ["empty"], such as "empty",
        "what stands in the place of a name that is not declared",
        open: "What becomes of `$oder_id` when there is no such parameter is not said.",
        values: "- `as-typed` (default): it is sent as it was typed, with its `$`.
- `empty`: nothing is sent in its place.";
    "unset_value": "empty", or ["as-typed"], such as "as-typed",
        "what stands in the place of a parameter that has no value",
        open: "A query value may be empty, \"and have the caller fill it during the conversation\". What is sent for a parameter
that nothing has filled is not said. A test request of the platform's own example with an unset parameter is answered with
status 200 and no data, as if the value were empty.",
        values: "- `empty` (default): nothing stands in its place.
- `as-typed`: it is sent as it was typed, with its `$`.";
    "url_space": "%20", or ["+"], such as "+",
        "how a space in a value is written in the URL",
        open: "That values in the URL are encoded at all is not said, and so not how.",
        values: "- `%20` (default): RFC 3986; every server reads it as a space, in the path as well as in the query.
- `+`: as HTML forms write it. Only a query may be read that way.";
    "url_slash": "encode", or ["keep"], such as "keep",
        "whether a `/` in a value is encoded in the path of the URL",
        open: "Whether a value in the path may bring a `/` of its own is not said.",
        values: "- `encode` (default): `c/2` becomes `c%2F2` and stays one segment of the path.
- `keep`: it becomes two segments.";
    "form_space": "%20", or ["+"], such as "+",
        "how a space is written in a form's body",
        open: "How values of an x-www-form-urlencoded body are encoded is not said. Servers read both spellings of a space.",
        values: "- `%20` (default): percent-encoded like all else.
- `+`: as browsers write forms.";
    "html_values": "literal", or ["escape"], such as "escape",
        "whether values in an HTML body are escaped",
        open: "Whether `<` or `&` in a value is written as an entity in an HTML body is not said.",
        values: "- `literal` (default): the value is inserted as it is, so it can hold markup, a user's as well.
- `escape`: `&`, `<`, `>` and quotes become entities.";
    "unquoted_value": "as-is", or ["json-text", "quote-text"], such as "quote-text",
        "what a parameter outside of quotes becomes in a JSON body",
        open: "`{\"qty\":$QTY}` keeps a number a number. What is done with a text there is not said.",
        values: "- `as-is` (default): the value's text is inserted as it is. One that would change what stands around it, and is no
  JSON itself, is refused with `invalid-body`.
- `json-text`: a value that is no JSON is refused with `invalid-body`.
- `quote-text`: a text gets quotes, and its escapes.";
    "malformed_body": "send", or ["refuse"], such as "refuse",
        "whether a body that is no JSON once its values stand in it is sent",
        open: "Whether the platform looks at the body before it sends it is not said. A parameter without a value is enough to
make `{\"qty\":}`.",
        values: "- `send` (default): it is sent as it is, and logged.
- `refuse`: nothing is sent, the error is `invalid-body`.";
    "exit_precedence": "exact-first", or ["class-first"], such as "class-first",
        "which exit is taken when a code and its class are both listed",
        open: "Exits may be single codes and classes. Which of them counts for 404 when both `404` and `4xx` are there is not
said.",
        values: "- `exact-first` (default): the code, as most routers do.
- `class-first`: the class, so that the code's own exit is never taken.";
    "unlisted_status": "failed", or ["default"], such as "default",
        "the exit for a status other than 2xx that no exit is for",
        open: "The default output \"takes into account all successful 2xx responses\". Where a reply of 404 goes when there is no
exit for it is not said.",
        values: "- `failed` (default): it leaves by \"Failed\", and nothing is stored but the status.
- `default`: it leaves by the default exit, and what is found is stored.";
    "redirect_exit": "by-status", or ["failed"], such as "failed",
        "what a redirect does",
        open: "301 and 3xx are offered as exits, so redirects seem not to be followed. It is not said.",
        values: "- `by-status` (default): redirects are not followed, and take the exits that are listed for them.
- `failed`: they are not followed, and leave by \"Failed\" whatever exits are listed. Choose it if yours are followed on the
  platform, so that a case shows that the first reply is not the last.";
    "missed_path": "failed", or ["skip"], such as "skip",
        "what happens when a mapped path finds nothing in a reply of 2xx, or a value does not fit its parameter",
        open: "\"Failed\" is also for \"you didn't receive the correct parameters\". Whether one missing value among several is enough,
and what becomes of the others, is not said.",
        values: "- `failed` (default): the node leaves by \"Failed\", and stores nothing but the status.
- `skip`: the default exit is taken, and what is found is stored.";
    "missed_path_on_error": "skip", or ["failed"], such as "failed",
        "the same on a listed exit other than 2xx",
        open: "Error replies differ by nature from those that the mapping was made for. Whether the mapping must hold there too is not
said.",
        values: "- `skip` (default): what is found is stored, the rest is left alone.
- `failed`: the node leaves by \"Failed\", as on 2xx.";
    "number_from_text": "convert", or ["miss"], such as "miss",
        "whether text of digits fits a parameter of the entity `sys.number`",
        open: "The platform's own example maps `\"76.31\"`, a text, into a number. What is done with other texts is not said.",
        values: "- `convert` (default): numeric text becomes a number, and loses leading zeros; any other value is a miss.
- `miss`: only a number fits.";
    "no_content": "failed", or ["default"], such as "default",
        "the exit for a reply of 2xx without a body when something is mapped",
        open: "A reply of 204 has nothing to map. Whether that is \"Failed\" is not said.",
        values: "- `failed` (default): the right parameters did not come back.
- `default`: nothing is mapped, and the exit is the one for its status.";
    "async_exit": "default", or ["failed-when-not-sent"], such as "failed-when-not-sent",
        "the exit of an asynchronous node whose request does not reach its server",
        open: "The flow goes on \"without depending on the node\". What it goes on by when the request cannot even be sent is not said.",
        values: "- `default` (default): always by the default exit, with nothing mapped and no status kept.
- `failed-when-not-sent`: by \"Failed\" when no connection was made.";
    "duplicate_header": "headers-win", or ["auth-wins", "both"], such as "auth-wins",
        "an `Authorization` header of your own while signing is on",
        open: "The signature stands in the header `Authorization`. What happens to one that is configured is not said.",
        values: "- `headers-win` (default): the configured one is sent, and no signature: bearer tokens for other services are the
  common case.
- `auth-wins`: the signature is sent in its place.
- `both`: both are sent.";
    "payload_hash": "compact", or ["raw"], such as "raw",
        "what the claim `payload_hash` of a signed request is the hash of, where the body is JSON",
        open: "The support article hashes compact JSON of the body; the maintainers of libraries hash the bytes that were received. Both
agree where the body is sent compact.",
        values: "- `compact` (default): the JSON without white space, its escapes as JavaScript writes them.
- `raw`: the bytes as they are sent. A body that is not JSON is always hashed so.";
    "empty_payload": "object", or ["empty-text"], such as "empty-text",
        "what `payload_hash` is for a request without body and query",
        open: "A GET is signed over a JSON object of its query. What that is without any query is not said.",
        values: "- `object` (default): the hash of `{}`, the rule applied to nothing.
- `empty-text`: the hash of nothing.";
    "xml_attributes": "ignore", or ["keep"], such as "keep",
        "whether attributes of an XML reply can be mapped",
        open: "Paths to elements are documented. Whether there is one to an attribute is not said.",
        values: "- `ignore` (default): attributes are left out.
- `keep`: an attribute `id` stands under `@id`, as many converters have it; an element with text and attributes has its text
  under `#text`.";
    "xml_prefixes": "keep", or ["drop"], such as "drop",
        "whether the prefix of a namespace belongs to an element's name",
        open: "Nothing is said about namespaces of XML replies.",
        values: "- `keep` (default): `<soap:Body>` is `soap:Body` in a path.
- `drop`: it is `Body`.";
    "xml_siblings": "by-count", or ["always-list"], such as "always-list",
        "whether one element alone is a list",
        open: "Elements of an XML reply that repeat must become a list. Whether one that stands alone does too is not said.",
        values: "- `by-count` (default): one is a value, several of one name are a list.
- `always-list`: every element but the root is in a list, so a path names its position: `orders.order[0].id[0]`.";
};
