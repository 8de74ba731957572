//! OAuth2 client credentials (RFC 6749 section 4.4), pure: which token request is needed, and what its reply means.

mod reply;
mod token_texts;

pub use reply::token;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::assumption::id;
use crate::case::Reply;
use crate::plan::{OAuth2, Plan, Text};
use crate::value::TaintedText;

use super::expression::{AuthScope, Evaluator, KnownParts};
use super::{ErrorKind, Failure, Hosts, Inputs, Record, Request, is_host_of};

/// A bearer token (RFC 6750).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    value: TaintedText,
    pub expires_in_seconds: Option<u64>,
}

/// The encoding of `application/x-www-form-urlencoded` (RFC 6749, appendix B), but for the space.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// Into room for all of it: a text that grows leaves copies behind.
fn form(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * "%20".len());
    encoded.extend(utf8_percent_encode(text, FORM).map(|piece| if piece == "%20" { "+" } else { piece }));
    encoded
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

/// The request for a token. What is secret in it is told to the record, as it is encoded there: the reply may echo it.
pub fn token_request(oauth: &OAuth2, plan: &Plan, inputs: &Inputs<'_>, record: &Record) -> Result<TokenRequest, Failure> {
    let url = token_url(oauth, plan, inputs, record)?;
    let client_id = field(plan, inputs, record, &oauth.client_id, false)?;
    let client_secret = field(plan, inputs, record, &oauth.client_secret, true)?;
    // It is one even where it is written out in the spec.
    let client_secret = TaintedText::secret(client_secret.into_plain());
    let scope = match &oauth.scope {
        Some(scope) => Some(field(plan, inputs, record, scope, false)?.trim()).filter(|scope| !scope.is_empty()),
        None => None,
    };
    let post = record.assume(&plan.assumptions, id::OAUTH_CLIENT_AUTH) == "post";
    let key = TokenKey { token_url: url, client_id, client_secret, scope };
    let request = if post { key.request_with_credentials_in_body() } else { key.request_with_basic() };
    register_secrets(&key, &request, record);
    Ok(TokenRequest { key, request })
}

impl TokenKey {
    pub fn token_url(&self) -> &TaintedText {
        &self.token_url
    }

    pub fn client_id(&self) -> &TaintedText {
        &self.client_id
    }

    pub fn client_secret(&self) -> &TaintedText {
        &self.client_secret
    }

    pub fn scope(&self) -> Option<&TaintedText> {
        self.scope.as_ref()
    }

    /// RFC 6749 section 2.3.1: id and secret form-encoded inside Basic (RFC 7617).
    fn request_with_basic(&self) -> Request {
        use base64::Engine;
        let (id, secret) = (form(self.client_id.reveal()), Zeroizing::new(form(self.client_secret.reveal())));
        let mut credentials = Zeroizing::new(String::with_capacity(id.len() + 1 + secret.len()));
        credentials.extend([&id, ":", secret.as_str()]);
        let mut header = TaintedText::plain("Basic ");
        header.push(&TaintedText::secret(base64::engine::general_purpose::STANDARD.encode(credentials.as_bytes())));
        let mut request = self.request(self.body());
        request.headers.push(("Authorization".to_string(), header));
        request
    }

    /// The other form that RFC 6749 section 2.3.1 describes: `client_secret_post`.
    fn request_with_credentials_in_body(&self) -> Request {
        let mut body = self.body();
        for (name, value) in [("client_id", &self.client_id), ("client_secret", &self.client_secret)] {
            body.push_plain(&format!("&{name}="));
            body.push(&value.map(form));
        }
        self.request(body)
    }

    /// RFC 6749 section 4.4.2. A scope is left out rather than sent without a word in it.
    fn body(&self) -> TaintedText {
        let mut body = TaintedText::plain("grant_type=client_credentials");
        if let Some(scope) = &self.scope {
            body.push_plain("&scope=");
            body.push(&scope.map(form));
        }
        body
    }

    fn request(&self, body: TaintedText) -> Request {
        let headers = vec![("Content-Type".to_string(), TaintedText::plain("application/x-www-form-urlencoded"))];
        Request { method: "POST".into(), url: self.token_url.clone(), headers, body: Some(body) }
    }
}

fn register_secrets(key: &TokenKey, request: &Request, record: &Record) {
    let mut secrets = record.secrets.borrow_mut();
    let sent = request.headers.iter().map(|(_, value)| value).chain(&request.body);
    for (piece, _) in sent.chain([&key.client_secret]).flat_map(TaintedText::pieces).filter(|(_, is_secret)| *is_secret) {
        secrets.insert(piece);
    }
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
    if url.reveal().contains('#') {
        let message = "token URL: it has a fragment (`#`), which RFC 6749, section 3.2, forbids";
        return Err(Failure::new(ErrorKind::InvalidUrl, message));
    }
    if matches!(inputs.hosts, Hosts::Base(_)) && !has_host_of_action(&url, plan, inputs)? {
        let inputs = Inputs { hosts: Hosts::AsWritten, ..*inputs };
        return placed_token_url(url, plan, &inputs, record);
    }
    placed_token_url(url, plan, inputs, record)
}

fn placed_token_url(url: TaintedText, plan: &Plan, inputs: &Inputs<'_>, record: &Record) -> Result<TaintedText, Failure> {
    let parts = KnownParts::default();
    let url = Evaluator::new(plan, inputs, record, &parts).token_url(url);
    url.map_err(|failure| Failure { message: format!("token URL: {}", failure.message), ..failure })
}

/// Whether the token endpoint has the action's host. An action without a URL has none to compare: no client secret is sent.
fn has_host_of_action(url: &TaintedText, plan: &Plan, inputs: &Inputs<'_>) -> Result<bool, Failure> {
    // The request is made later, and notes for itself what it reads and logs.
    let record = Record::of(inputs.given);
    let parts = KnownParts::default();
    let action = Evaluator::new(plan, inputs, &record, &parts).written_url(&plan.request.url)?;
    Ok(is_host_of(action.reveal(), url.reveal()))
}

/// The scope in which an authentication field is resolved, for the token request.
fn field(plan: &Plan, inputs: &Inputs<'_>, record: &Record, text: &Text, secret: bool) -> Result<TaintedText, Failure> {
    let parts = KnownParts::default();
    let scope = AuthScope::default();
    let mut evaluator = Evaluator::new(plan, inputs, record, &parts);
    evaluator.authentication = secret.then_some(&scope);
    evaluator.text(text)
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
    pub fn value(&self) -> &TaintedText {
        &self.value
    }

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

#[cfg(test)]
mod tests;
