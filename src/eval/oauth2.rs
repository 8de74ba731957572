//! OAuth2 client credentials (RFC 6749 section 4.4), pure: which token request is needed, and what its reply means.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::assumption::id;
use crate::case::Reply;
use crate::plan::{OAuth2, Plan, Text};
use crate::value::TaintedText;

use super::expression::{AuthScope, Evaluator, KnownParts};
use super::header::check_header_value;
use super::{ErrorKind, Failure, Inputs, Record, Request};

/// A bearer token (RFC 6750).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    value: TaintedText,
    pub expires_in_seconds: Option<u64>,
}

/// The encoding of `application/x-www-form-urlencoded`, but for the space.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

fn form(text: &str) -> String {
    utf8_percent_encode(text, FORM).to_string().replace("%20", "+")
}

/// What one token is asked for with. Another of any of these is another token.
///
/// The platform keeps one for "each unique combination of client credentials and scope" (Webhook action page, "Token
/// caching"); the token URL is part of it here, since credentials belong to the endpoint that gave them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenKey {
    token_url: TaintedText,
    client_id: TaintedText,
    client_secret: TaintedText,
    scope: Option<TaintedText>,
}

/// A request for a token, and under what the token is kept.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    pub key: TokenKey,
    pub request: Request,
}

/// The request for a token.
pub fn token_request(oauth: &OAuth2, plan: &Plan, inputs: &Inputs<'_>, record: &Record) -> Result<TokenRequest, Failure> {
    let url = token_url(oauth, plan, inputs, record)?;
    let client_id = field(plan, inputs, record, &oauth.client_id, false)?.map(form);
    let client_secret = field(plan, inputs, record, &oauth.client_secret, true)?.map(form);
    let mut body = TaintedText::plain("grant_type=client_credentials");
    let scope = match &oauth.scope {
        Some(scope) => Some(field(plan, inputs, record, scope, false)?.trim()).filter(|scope| !scope.is_empty()),
        None => None,
    };
    if let Some(scope) = &scope {
        body.push_plain("&scope=");
        body.push(&scope.map(form));
    }
    let mut headers = vec![("Content-Type".to_string(), TaintedText::plain("application/x-www-form-urlencoded"))];
    if record.assume(&plan.assumptions, id::OAUTH_CLIENT_AUTH) == "post" {
        for (name, value) in [("client_id", &client_id), ("client_secret", &client_secret)] {
            body.push_plain(&format!("&{name}="));
            body.push(value);
        }
    } else {
        headers.push(("Authorization".to_string(), basic(&client_id, &client_secret)));
    }
    let key = TokenKey { token_url: url.clone(), client_id, client_secret, scope };
    Ok(TokenRequest { key, request: Request { method: "POST".into(), url, headers, body: Some(body) } })
}

#[cfg(test)]
impl TokenKey {
    pub(crate) fn for_tests(url: &str, id: &str, secret: &str, scope: &str) -> TokenKey {
        let plain = |text: &str| TaintedText::plain(text);
        TokenKey {
            token_url: plain(url),
            client_id: plain(id),
            client_secret: TaintedText::secret(secret),
            scope: Some(plain(scope)),
        }
    }
}

#[cfg(test)]
impl Token {
    pub(crate) fn for_tests(value: &str, expires_in_seconds: Option<u64>) -> Token {
        Token { value: TaintedText::secret(value), expires_in_seconds }
    }
}

fn token_url(oauth: &OAuth2, plan: &Plan, inputs: &Inputs<'_>, record: &Record) -> Result<TaintedText, Failure> {
    let url = field(plan, inputs, record, &oauth.token_url, false)?;
    let parts = KnownParts::default();
    let url = Evaluator::new(plan, inputs, record, &parts).token_url(url, &plan.request.url);
    url.map_err(|failure| Failure { message: format!("token URL: {}", failure.message), ..failure })
}

/// The scope in which an authentication field is resolved, for the token request.
fn field(plan: &Plan, inputs: &Inputs<'_>, record: &Record, text: &Text, secret: bool) -> Result<TaintedText, Failure> {
    let parts = KnownParts::default();
    let scope = AuthScope::default();
    let mut evaluator = Evaluator::new(plan, inputs, record, &parts);
    evaluator.authentication = secret.then_some(&scope);
    evaluator.text(text)
}

/// RFC 6749 section 2.3.1: id and secret form-encoded inside Basic (RFC 7617).
fn basic(client_id: &TaintedText, client_secret: &TaintedText) -> TaintedText {
    use base64::Engine;
    let credentials = format!("{}:{}", client_id.reveal(), client_secret.reveal());
    let mut header = TaintedText::plain("Basic ");
    header.push(&TaintedText::secret(base64::engine::general_purpose::STANDARD.encode(credentials)));
    header
}

/// RFC 6749 sections 5.1 and 5.2.
#[derive(Deserialize)]
struct TokenReply {
    access_token: Option<String>,
    token_type: Option<String>,
    expires_in: Option<serde_json::Value>,
    error: Option<String>,
    error_description: Option<String>,
}

/// The token in the endpoint's reply.
pub fn token(reply: &Reply, record: &Record) -> Result<Token, Failure> {
    let failed = |message: String| Failure::new(ErrorKind::TokenRequestFailed, message);
    let parsed: Result<TokenReply, _> = serde_json::from_slice(&reply.body);
    let parsed = match parsed {
        Ok(parsed) => parsed,
        Err(_) => return Err(failed(format!("the token endpoint answered {} without a JSON object", reply.status))),
    };
    if let Some(error) = parsed.error {
        let description = parsed.error_description.map(|words| format!(": {words}")).unwrap_or_default();
        return Err(failed(format!("the token endpoint refused with `{error}`{description}")));
    }
    if !(200..300).contains(&reply.status) {
        return Err(failed(format!("the token endpoint answered {}", reply.status)));
    }
    if let Some(kind) = parsed.token_type.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(failed(format!("the token is of type `{kind}`, not a bearer token")));
    }
    let Some(value) = parsed.access_token.filter(|token| !token.is_empty()) else {
        return Err(failed("the token endpoint's reply has no `access_token`".into()));
    };
    check_header_value("Authorization", &TaintedText::secret(value.as_str()))?;
    let expires_in_seconds = parsed.expires_in.and_then(|value| match value {
        serde_json::Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    });
    let token = Token { value: TaintedText::secret(value), expires_in_seconds };
    token.register(record);
    Ok(token)
}

/// What the token endpoint of a case answers when the case does not say.
pub fn default_token_reply() -> Reply {
    Reply {
        status: 200,
        headers: vec![("Content-Type".into(), "application/json".into())],
        delay_milliseconds: 0,
        body: br#"{"access_token":"test-token","token_type":"Bearer","expires_in":3600}"#.to_vec(),
    }
}

impl Token {
    /// Tells the record that the token is a secret.
    pub fn register(&self, record: &Record) {
        record.secrets.borrow_mut().insert(self.value.reveal());
    }

    /// `Authorization: Bearer …`.
    pub fn header(&self) -> (String, TaintedText) {
        let mut value = TaintedText::plain("Bearer ");
        value.push(&self.value);
        ("Authorization".into(), value)
    }
}
