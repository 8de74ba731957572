//! Every text of a plan, with the place it stands in: what a check walks over.

use super::{AuthValue, Authentication, BodyPlan, BodyPosition, Expression, JsonTemplate, Plan, Text, ValueSource};

/// Where a text of a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Url,
    Header,
    Body,
    BodyKey,
    /// A variable of the header authentication.
    Variable,
    /// A header of the header authentication.
    AuthenticationHeader,
    /// A field of mutual TLS, OAuth2 or a signed token that takes secrets.
    SecretField,
    /// A field of OAuth2 or a signed token that does not.
    PlainField,
    /// The reply that a case has for the request: no part of it.
    Reply,
}

impl Place {
    /// Whether secrets are decrypted there.
    pub fn takes_secrets(self) -> bool {
        matches!(self, Place::Variable | Place::AuthenticationHeader | Place::SecretField)
    }

    /// Whether it belongs to the authentication.
    pub fn is_authentication(self) -> bool {
        matches!(self, Place::Variable | Place::AuthenticationHeader | Place::SecretField | Place::PlainField)
    }
}

impl Plan {
    /// Every text in the order of the request: URL, headers, body, authentication.
    pub fn texts(&self) -> Vec<(Place, &Text)> {
        let mut texts: Vec<(Place, &Text)> = self.request.url.parts.iter().map(|(_, text)| (Place::Url, text)).collect();
        texts.extend(self.request.headers.iter().map(|header| (Place::Header, &header.value)));
        texts.extend(self.request.body.texts());
        self.authentication_texts(&mut texts);
        texts
    }

    /// Every expression with its place, outermost only; see [`Expression::sources`] for what filter arguments read.
    pub fn expressions(&self) -> Vec<(Place, &Expression)> {
        let texts = self.texts();
        texts.into_iter().flat_map(|(place, text)| text.expressions().map(move |expression| (place, expression))).collect()
    }

    /// The secrets that the action really uses, each once: elsewhere than in the authentication no secret is decrypted.
    pub fn used_secrets(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for (place, expression) in self.all_expressions() {
            if let ValueSource::Secret(name) = &expression.source
                && place.takes_secrets()
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }

    /// Every expression with its place, those in filter arguments included.
    pub fn all_expressions(&self) -> Vec<(Place, &Expression)> {
        let outermost = self.expressions().into_iter();
        outermost.flat_map(|(place, outer)| outer.with_arguments().into_iter().map(move |inner| (place, inner))).collect()
    }

    fn authentication_texts<'a>(&'a self, texts: &mut Vec<(Place, &'a Text)>) {
        match &self.authentication {
            Authentication::None => {}
            Authentication::Header(header) => {
                for variable in &header.variables {
                    texts.extend(variable.value.texts().into_iter().map(|text| (Place::Variable, text)));
                }
                texts.extend(header.headers.iter().map(|header| (Place::AuthenticationHeader, &header.value)));
            }
            Authentication::MutualTls(tls) => {
                let fields = [Some(&tls.certificate), Some(&tls.password), tls.ca_certificate.as_ref()];
                texts.extend(fields.into_iter().flatten().map(|text| (Place::SecretField, text)));
            }
            Authentication::OAuth2(oauth) => {
                let plain = [Some(&oauth.token_url), Some(&oauth.client_id), oauth.scope.as_ref()];
                texts.extend(plain.into_iter().flatten().map(|text| (Place::PlainField, text)));
                texts.push((Place::SecretField, &oauth.client_secret));
            }
            Authentication::SignedToken(token) => {
                let plain = [&token.api_key, &token.application_id];
                texts.extend(plain.into_iter().flatten().map(|text| (Place::PlainField, text)));
                texts.push((Place::SecretField, &token.secret));
            }
        }
    }
}

impl BodyPlan {
    /// Every text of the body, in order.
    pub fn texts(&self) -> Vec<(Place, &Text)> {
        let mut texts = Vec::new();
        match self {
            BodyPlan::Json { root, .. } | BodyPlan::Unusable { root: Some(root), .. } => json_texts(root, &mut texts),
            BodyPlan::Text(body) => texts.extend(body.parts.iter().map(|(position, text)| (place_of(*position), text))),
            BodyPlan::None | BodyPlan::Unusable { root: None, .. } => {}
        }
        texts
    }
}

impl AuthValue {
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            AuthValue::Text(text) => vec![text],
            AuthValue::Function(function) => function.arguments.iter().collect(),
        }
    }
}

fn place_of(position: BodyPosition) -> Place {
    match position {
        BodyPosition::JsonKey => Place::BodyKey,
        _ => Place::Body,
    }
}

fn json_texts<'a>(json: &'a JsonTemplate, texts: &mut Vec<(Place, &'a Text)>) {
    match json {
        JsonTemplate::Null | JsonTemplate::Boolean(_) | JsonTemplate::Number(_) => {}
        JsonTemplate::Text { text, .. } => texts.push((Place::Body, text)),
        JsonTemplate::Array(items) => items.iter().for_each(|item| json_texts(item, texts)),
        JsonTemplate::Object(entries) => {
            for (key, value) in entries {
                texts.push((Place::BodyKey, &key.text));
                json_texts(value, texts);
            }
        }
    }
}
