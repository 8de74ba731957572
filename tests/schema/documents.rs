//! Documents that hold every key of the format between them.

pub const SMALL: &str = r#"
[action]
name = "Small"
method = "GET"
url = "https://api.example.com"
[[case]]
name = "one"
"#;

pub const SPECS: [&str; 9] = [HEADER, MUTUAL_TLS, OAUTH2, FILES, LEGACY, VONAGE, VONAGE_FORM, VERBOO, VERBOO_FILE];

const VONAGE: &str = r#"
dialect = "vonage"
[action]
label = "Everything"
method = "POST"
url = "https://api.example.com/$ORDER_ID"
query = { id = "$ORDER_ID" }
headers = [["X-Tag", "a"], ["X-Tag", "$ORDER_ID"]]
body = { type = "json", content = '{"id":"$ORDER_ID"}' }
timeout = 12.5
async = false
signing = { api_key = "abcd1234", application_id = "one", secret = "signature_secret" }
[action.response]
type = "json"
mapping = { NAME = "$[0].name", parameters = { AGE = "$[0].age" } }
status_parameter = "HTTP_STATUS"
exits = ["404", "5xx"]
[parameters]
ORDER_ID = "system"
NAME = "sys.any"
AGE = { entity = "sys.number", secret = true }
HTTP_STATUS = "sys.number"
[assume]
unset_value = "as-typed"
[[case]]
name = "one"
given.parameters = { ORDER_ID = "7" }
given.secret.signature_secret = "s"
reply.json = [{ name = "Ada", age = 36 }]
expect = { exit = "default", attributes = { NAME = "Ada" } }
"#;

const VONAGE_FORM: &str = r#"
dialect = "vonage"
[action]
method = "PUT"
url = "https://api.example.com"
body = { type = "form", fields = { a = "b" } }
[[case]]
name = "one"
"#;

const HEADER: &str = r#"
dialect = "opendialog"
sequence = []
expect_lints = []
[action]
name = "Everything"
description = "All keys"
method = "POST"
url = "https://api.example.com/{user.id}"
headers = { X-Channel = "web" }
body = '{"a": "{b}"}'
[action.auth]
type = "header"
variables = { key = "{secret.api_key}" }
headers = { Authorization = "{_auth.key}" }
config = '{"headers": {"X-Key": "{secret.api_key}"}}'
[action.response.1xx]
action_success = "TRUE"
[action.response.2xx]
action_success = "a"
outputs = { x = "a.b", user = { y = "c" } }
raw = "all"
[action.response.3xx]
[action.response.4xx]
[action.response.5xx]
[attributes]
age = "int"
"session.names" = "string[]"
user = { size = "Whole Number" }
[lint]
unknown-filter = "warn"
name-too-long = { level = "allow", reason = "ours are longer" }
[assume]
url_space = "+"
timeout = "10s"
[defaults]
now = 2026-01-15T10:00:00Z
timezone = "Europe/London"
uuid = "7d9f1c1e-0000-4000-8000-000000000001"
null = ["user.middle_name"]
given = { user = { id = 7 }, secret = { api_key = "k" } }
[defaults.reply]
status = 201
[defaults.token_reply]
status = 201
[defaults.expect]
success = true
[[case]]
name = "whole"
now = "2026-01-15T10:00:00Z"
timezone = "UTC"
uuid = "7d9f1c1e000040008000000000000001"
null = ["x"]
[case.given]
user = { first_name = "Ada" }
age = 3
"secret.other" = "k"
secret = { number = 12, binary = { base64 = "aGVsbG8=" } }
[case.reply]
status = 200
headers = { X-A = "a", X-B = 1, X-C = true }
delay = "150ms"
template = true
json = { a = "{user.first_name}" }
[case.token_reply]
headers = [["X-A", "a"], ["X-A", "b"]]
delay = "1ms"
json = { access_token = "t" }
[case.expect]
success = true
exit = "2xx"
sent = true
error = "timeout"
attributes = { x = { any = true }, user = { y = 1 } }
null = ["n"]
unset = ["u"]
not_written = ["w"]
directive = "d"
log = ["l"]
[case.expect.request]
method = "POST"
url = { matches = "^https" }
headers = { X-Channel = "web" }
no_headers = ["X-None"]
body = { a = "b" }
sent = true
[case.expect.token_request]
sent = true
[[case]]
name = "bare"
[[case]]
name = "table"
[[case.row]]
name = "1"
now = 5
timezone = "UTC"
uuid = "7d9f1c1e-0000-4000-8000-000000000001"
null = []
given = {}
reply = { template = false, body = "text" }
token_reply = { body = "text" }
expect = { not_written = "all" }
[[case.row]]
name = "2"
reply = { fault = "timeout" }
token_reply = { fault = "timeout" }
"#;

const LEGACY: &str = r#"
dialect = "opendialog-legacy"
[action]
name = "Legacy"
url = "https://api.example.com/opendialog"
headers = { X-Channel = "web" }
inputs = ["first_name", "session.last_name"]
outputs = ["user.full_name"]
active = true
[attributes]
full_name = "String"
[lint]
legacy-action = "allow"
[assume]
error_status = "report-counts"
timeout = "10s"
[[case]]
name = "one"
reply.json = { successful = true }
expect = { exit = "2xx", success = true, unset = ["user.x"] }
"#;

const MUTUAL_TLS: &str = r#"
[action]
name = "Mutual TLS"
method = "GET"
url = "https://api.example.com"
headers = [["X-A", "a"], ["X-A", "b"]]
body = { a = [1, 1.5, true, "x"] }
[action.auth]
type = "mtls"
certificate = "{secret.certificate}"
password = "{secret.password}"
ca_certificate = "{global.ca}"
[[case]]
name = "one"
"#;

const OAUTH2: &str = r#"
[action]
name = "OAuth2"
method = "PATCH"
url = "https://api.example.com"
body = ["a"]
[action.auth]
type = "oauth2"
token_url = "https://auth.example.com"
client_id = "c"
client_secret = "{secret.s}"
scope = "a b"
[[case]]
name = "one"
"#;

const FILES: &str = r#"
[action]
name = "Files"
method = "GET"
url = "https://api.example.com"
[[case]]
name = "one"
given.secret = { certificate = { file = "../Cargo.toml" } }
reply = { file = "../Cargo.toml" }
token_reply = { file = "../Cargo.toml" }
"#;

const VERBOO: &str = r#"
dialect = "verboo"
[action]
type = "WEBHOOK"
url = "https://api.example.com/$order_number"
method = "POST"
headers = [{ key = "X-Tag", value = "$session.id" }]
body = '{"images": $images}'
responseDirective = "Say so."
[trigger]
name = "check_order"
description = "The customer asks."
interpretResponse = true
isActive = true
copilotOnly = false
parameters = { type = "object" }
[client_data]
order_number = "string"
pin = { type = "string", secret = true }
[assume]
substitution = "name-by-name"
[[case]]
name = "one"
given = { client_data = { order_number = "7" }, images = [] }
reply.status = 200
expect.exit = "http-error"
"#;

const VERBOO_FILE: &str = r#"
dialect = "verboo"
[action]
from = "verboo/page/basic_configuration.json"
[[case]]
name = "one"
"#;

pub const MANIFEST: &str = r#"
[project]
specs = ["specs"]
snapshots = "snapshots"
contexts = ["mine"]
[attributes]
age = "int"
session = { channel = "string" }
[global]
version = "v2"
[secrets]
names = ["api_key"]
env_prefix = "X_"
file = ".secrets.toml"
[environments.staging]
hosts = { "a.example.com" = "https://b.example.com" }
global = { version = "v3" }
[defaults]
now = 2026-01-15
timezone = "UTC"
uuid = "7d9f1c1e-0000-4000-8000-000000000001"
null = ["x"]
given = { user = { id = 1 } }
token_reply = { status = 200 }
reply = { status = 200 }
expect = { success = true }
[lint]
unknown-filter = "info"
name-too-long = { level = "error", reason = "why" }
[assume.opendialog]
url_space = "+"
"#;

/// Every key of a flow. `small` is the spec above.
pub const FLOW: &str = r#"
name = "Everything"
given = { user = { id = 7 }, secret = { api_key = "k", binary = { base64 = "aGVsbG8=" } } }
null = ["user.middle_name"]
now = 2026-01-15T10:00:00Z
timezone = "Europe/London"
uuid = "7d9f1c1e-0000-4000-8000-000000000001"
expect_lints = []
[attributes]
age = "int"
user = { size = "Whole Number" }
[lint]
unknown-filter = "warn"
name-too-long = { level = "allow", reason = "ours are longer" }
[assume]
url_space = "+"
[[step]]
action = "small"
case = "one"
advance = "1h"
now = 5
timezone = "UTC"
uuid = "7d9f1c1e-0000-4000-8000-000000000001"
null = ["x"]
given = { user = { first_name = "Ada" } }
[step.reply]
status = 200
template = true
headers = { X-A = "a" }
delay = "150ms"
json = { a = 1 }
[step.token_reply]
body = "text"
[step.expect]
success = true
exit = "2xx"
sent = true
error = "timeout"
attributes = { x = { any = true } }
null = ["n"]
unset = ["u"]
not_written = "all"
directive = "d"
log = ["l"]
request = { method = "GET", url = "https://a.example.com", headers = {}, no_headers = [], body = {}, sent = true }
token_request = { sent = true }
[[step]]
set = { user = { a = 1 }, "session.b" = 2 }
null = ["c"]
when = "2xx"
advance = "30d"
[[step]]
action = "small"
when = "error"
reply = { file = "../Cargo.toml" }
token_reply = { status = 200, headers = { X-A = "a" }, delay = "1ms", json = { a = 1 } }
[[step]]
action = "small"
reply = { body = "text" }
token_reply = { file = "../Cargo.toml" }
[[step]]
action = "small"
reply = { fault = "tls" }
token_reply = { fault = "timeout" }
"#;
