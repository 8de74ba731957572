//! Credentials that stand in a plan as they are, instead of as a reference to a secret.

mod body;
mod name;
mod shape;

use super::{
    AuthValue, Authentication, BodyPlan, HeaderPlan, JsonTemplate, Plan, Text, TextPiece, UrlPlan, UrlPosition, cut_url,
};
use crate::source::Span;
use name::NameKind;
use shape::{Found, by_shape, random, under_name};

/// A literal that looks like a credential. Its text is never shown: only its place is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    pub span: Span,
    /// `a token`, `a password`.
    pub what: &'static str,
    /// The place in a user's words: ``the header `Authorization` ``.
    pub place: String,
    pub position: CredentialPosition,
}

/// What kind of place a credential stands in, for what can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialPosition {
    Url,
    Header,
    Body,
    Authentication,
}

/// Whether a name says that what stands under it is a credential: `api_token`, `apiToken`, `X-API-KEY`.
pub fn names_credential(name: &str) -> bool {
    matches!(name::kind(name), NameKind::Credential(_))
}

/// Whether a header of this name carries a credential.
pub fn is_credential_name(header: &str) -> bool {
    names_credential(header) || header.eq_ignore_ascii_case("cookie")
}

/// Whether a text under a name, perhaps none, looks like a credential.
pub fn looks_like_credential(name: &str, literal: &str) -> bool {
    named(name, literal).is_some()
}

impl Plan {
    /// Every literal that looks like a credential, in the order of the request.
    pub fn credentials(&self) -> Vec<Credential> {
        let mut search = Search { position: CredentialPosition::Url, found: Vec::new() };
        search.url(&self.request.url, "the URL");
        search.position = CredentialPosition::Header;
        search.headers(&self.request.headers);
        search.position = CredentialPosition::Body;
        match &self.request.body {
            BodyPlan::Json { root, .. } | BodyPlan::Unusable { root: Some(root), .. } => search.json("", root),
            BodyPlan::Text(body) => search.text_body(body),
            BodyPlan::None | BodyPlan::Unusable { root: None, .. } => {}
        }
        search.position = CredentialPosition::Authentication;
        search.authentication(&self.authentication);
        search.found
    }
}

struct Search {
    position: CredentialPosition,
    found: Vec<Credential>,
}

impl Search {
    fn push(&mut self, span: Span, what: &'static str, place: String) {
        self.found.push(Credential { span, what, place, position: self.position });
    }

    fn headers(&mut self, headers: &[HeaderPlan]) {
        for header in headers {
            self.field(&header.name.value, &header.value, || format!("the header `{}`", header.name.value));
        }
    }

    fn json(&mut self, key: &str, node: &JsonTemplate) {
        match node {
            JsonTemplate::Null | JsonTemplate::Boolean(_) | JsonTemplate::Number(_) => {}
            JsonTemplate::Text { text, .. } if key.is_empty() => self.field(key, text, || "the body".to_string()),
            JsonTemplate::Text { text, .. } => self.field(key, text, || format!("`{key}` of the body")),
            JsonTemplate::Array(items) => items.iter().for_each(|item| self.json(key, item)),
            JsonTemplate::Object(entries) => entries.iter().for_each(|(key, value)| self.json(&key.literal, value)),
        }
    }

    fn authentication(&mut self, authentication: &Authentication) {
        match authentication {
            Authentication::None => {}
            Authentication::Header(header) => {
                for variable in &header.variables {
                    self.variable(&variable.name.value, &variable.value);
                }
                self.headers(&header.headers);
            }
            Authentication::MutualTls(tls) => {
                // In PKCS #12 the certificate and its key are one; a certificate alone is public, but framed as PEM.
                self.field("key", &tls.certificate, || "`certificate`".to_string());
                self.field("password", &tls.password, || "`password`".to_string());
            }
            Authentication::OAuth2(oauth) => {
                self.url(&cut_url(oauth.token_url.clone()), "`token_url`");
                self.field("client_secret", &oauth.client_secret, || "`client_secret`".to_string());
            }
            Authentication::SignedToken(token) => self.field("secret", &token.secret, || "`secret`".to_string()),
        }
    }

    fn variable(&mut self, name: &str, value: &AuthValue) {
        let place = || format!("the variable `{name}`");
        match value {
            // What an authentication calls a key is one.
            AuthValue::Text(text) if name::words(name).last().is_some_and(|word| word == "key") => {
                self.field("secret_key", text, place);
            }
            AuthValue::Text(text) => self.field(name, text, place),
            AuthValue::Function(function) => function.arguments.iter().for_each(|text| self.field("", text, place)),
        }
    }

    /// A text under a name. One with a reference in it is only looked at for shapes.
    fn field(&mut self, name: &str, text: &Text, place: impl Fn() -> String) {
        let is_lone = matches!(text.pieces.as_slice(), [TextPiece::Literal(_)]);
        let looks = |literal: &str| if is_lone { named(name, literal) } else { by_shape(literal) };
        if !text.pieces.iter().any(|piece| matches!(piece, TextPiece::Literal(literal) if looks(literal).is_some())) {
            return;
        }
        for located in text.located() {
            if let Some((range, what)) = located.literal().and_then(looks) {
                self.push(located.part(range), what, place());
            }
        }
    }

    fn url(&mut self, url: &UrlPlan, called: &str) {
        if !url.parts.iter().any(|(_, text)| text.pieces.iter().any(may_hold_one)) {
            return;
        }
        let pieces = url.located();
        for (index, (position, located)) in pieces.iter().enumerate() {
            let Some(literal) = located.literal() else { continue };
            let found = match position {
                UrlPosition::Host => user_info(literal).map(|found| (found, called.to_string())),
                UrlPosition::Query => {
                    let is_value = |at: Option<usize>| {
                        at.and_then(|at| pieces.get(at)).is_some_and(|(_, piece)| piece.literal().is_none())
                    };
                    let open = (is_value(index.checked_sub(1)), is_value(Some(index + 1)));
                    let pairs = parameters(literal, open);
                    pairs.into_iter().for_each(|((range, what), name)| {
                        self.push(located.part(range), what, format!("the query parameter `{name}`"));
                    });
                    None
                }
                _ => by_shape(literal).map(|found| (found, called.to_string())),
            };
            if let Some(((range, what), place)) = found {
                self.push(located.part(range), what, place);
            }
        }
    }
}

/// What looks like a credential in a text that is all that stands under a name.
fn named(name: &str, literal: &str) -> Option<Found> {
    let of_name = match name::kind(name) {
        NameKind::Credential(what) => under_name(name, literal, what),
        NameKind::Perhaps => random(literal),
        NameKind::Short => password_shape(literal).and_then(|()| under_name(name, literal, "a password")),
        NameKind::Other => None,
    };
    by_shape(literal).or(of_name)
}

/// A word of several kinds of characters: `pass` may also be a ticket.
fn password_shape(literal: &str) -> Option<()> {
    let has = |is: fn(char) -> bool| literal.contains(is);
    let is_mixed = has(|character| character.is_ascii_digit()) && has(|character| character.is_ascii_punctuation());
    (is_mixed && has(char::is_alphabetic)).then_some(())
}

/// Whether a piece of a URL is worth a look: short words of a path are not.
fn may_hold_one(piece: &TextPiece) -> bool {
    matches!(piece, TextPiece::Literal(literal) if literal.contains(['=', '@']) || literal.len() > 12)
}

/// The password in `user:password@host`, or a token in the user's place.
fn user_info(literal: &str) -> Option<Found> {
    let (before, _) = literal.rsplit_once('@')?;
    let Some((user, password)) = before.split_once(':') else { return by_shape(before).or_else(|| random(before)) };
    let is_shown = password.is_empty() || password.contains(['<', '•', '*']) || password.starts_with("xxx");
    (!is_shown).then(|| (user.len() + 1..before.len(), "a password"))
}

/// The query parameters of a literal whose whole value stands in it, and that look like a credential. `open` says whether a
/// value stands before it, and behind it.
fn parameters(literal: &str, open: (bool, bool)) -> Vec<(Found, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    let last = literal.split('&').count() - 1;
    for (index, pair) in literal.split('&').enumerate() {
        let start = at;
        at += pair.len() + 1;
        let is_cut = index == 0 && open.0 || index == last && open.1;
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let value_start = start + pair.len() - value.len();
        let looks = if is_cut { by_shape(value) } else { named(name, value) };
        if let Some((range, what)) = looks {
            found.push(((value_start + range.start..value_start + range.end, what), name.trim_start_matches('?')));
        }
    }
    found
}

#[cfg(test)]
mod tests;
