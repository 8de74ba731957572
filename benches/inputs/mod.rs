//! The specs that the benches work on.

/// The manifest of a project with generated specs.
pub const MANIFEST: &str = r#"
[attributes]
customer_id = "string"
"session.channel" = "string"

[global]
api_version = "v2"

oauth_client_id = "bench"

[secrets]
names = [
  "helpdesk_api_key",
  "oauth_client_secret",
  "payment_signing_key",
  "payment_api_key",
  "mtls_certificate",
  "cert_password",
]
"#;

/// Specs of ordinary size without anything wrong in them: every kind of authentication, of body, of output and of reply.
const SPECS: [&str; 4] =
    [include_str!("ticket.toml"), include_str!("search.toml"), include_str!("payment.toml"), include_str!("profile.toml")];

/// A spec unlike every other: the kinds take turns.
pub fn spec(number: usize) -> String {
    SPECS[number % SPECS.len()].replace("<NUMBER>", &number.to_string())
}
