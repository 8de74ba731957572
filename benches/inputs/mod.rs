//! The specs that the benches work on.

/// The manifest of a project with generated specs.
pub const MANIFEST: &str = r#"
[attributes]
customer_id = "string"
"session.channel" = "string"

[global]
api_version = "v2"

[secrets]
names = ["helpdesk_api_key"]
"#;

/// A spec of ordinary size without anything wrong in it, and unlike every other.
pub fn spec(number: usize) -> String {
    SPEC.replace("<NUMBER>", &number.to_string())
}

const SPEC: &str = r#"[action]
name = "Open ticket <NUMBER>"
description = "Opens a ticket for the user."
method = "POST"
url = "https://helpdesk.example.com/api/v2/customers/{customer_id}/tickets?via={session.channel}&n=<NUMBER>"
headers = { X-Api-Version = "{global.api_version}", X-Request = "{first_name | uppercase}-<NUMBER>" }
body = '''
{
  "title": "Ticket <NUMBER> of {first_name | uppercase_first}",
  "age": "{age}",
  "priority": "high",
  "note": "{first_name}, the {age | ordinal}",
  "tags": ["bot", "{session.channel}"]
}
'''

[action.auth]
type = "header"
[action.auth.headers]
Authorization = "Bearer {secret.helpdesk_api_key}"

[action.response.2xx]
action_success = "id != null"
[action.response.2xx.outputs]
ticket_id = "id"
assignee = "data.assignee.name"

[attributes]
first_name = "string"
age = "int"
ticket_id = "int"
"#;
