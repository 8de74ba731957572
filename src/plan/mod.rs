//! What a webhook action means, whatever platform it was written for.
//!
//! Every name stands for its meaning, or for an explicit unknown with what the platform does then, so that evaluation can
//! show what really happens even where a check complains.

mod body;
mod by_name;
mod credential;
mod located;
mod name;
mod outcome;
mod substitution;
mod template;
mod url;
mod walk;
mod xml_position;

pub use body::{BodyPosition, BodySyntax, BodyText, cut_body};
pub use by_name::{ByName, HasName};
pub use credential::{Credential, CredentialPosition, is_credential_name, looks_like_credential, names_credential};
pub use located::Located;
pub use name::{AttributeName, Naming};
pub use outcome::{
    ExitPattern, Exits, Group, Merged, OutcomePlan, OutcomeRule, Output, ReplyFormat, Reported, SuccessRule, Target,
    succeeds_by_default,
};
pub use substitution::{NameTable, Named, Substitution};
pub use template::{
    AuthValue, Choice, Expression, FilterArgument, FilterUse, Function, FunctionUse, JsonKey, JsonTemplate, Reading,
    RequestPart, Step, Text, TextPiece, ValueSource,
};

pub use url::{COMPONENT, cut_url};
pub use walk::Place;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::assumption::{Assumptions, id};
use crate::selector::xml;
use crate::source::{Mapped, Span, Spanned};
use crate::value::{AttributeType, Scalar};

/// One compiled webhook action.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The action's name on the platform.
    pub name: Spanned<String>,
    pub description: Option<Spanned<String>>,
    pub request: RequestPlan,
    pub authentication: Authentication,
    pub outcome: OutcomePlan,
    /// The attributes whose types are declared.
    pub types: ByName<Declaration>,
    /// The names that the action's own tables declare, each with the place where it does.
    pub parameters: Vec<Spanned<AttributeName>>,
    /// The platform's own attributes, which stand in the default context and need no declaration.
    pub own_attributes: OwnAttributes,
    pub assumptions: Assumptions,
    /// The contexts that exist: the platform's and the project's own.
    pub contexts: Vec<String>,
    /// The context of a name without one; empty where such a name stands in none.
    pub default_context: &'static str,
    pub naming: Naming,
    /// The contexts that only the project's own people fill: what stands there is no end user's text.
    pub trusted_contexts: &'static [&'static str],
    /// The contexts in which nothing stands while a webhook runs.
    pub absent_contexts: &'static [&'static str],
    /// The attributes whose values are secrets, wherever they come from.
    pub secret_attributes: Vec<AttributeName>,
    pub secret_place: SecretPlace,
    pub list_text: ListText,
    /// Whether a reference can pass its value through filters.
    pub has_filters: bool,
    /// Whether values have names that nothing here can declare: a platform's own file, read alone, has no place for them.
    pub has_other_names: bool,
}

/// Where a value can be kept so that nobody who sees the action can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// Among the platform's secrets, which are decrypted in the authentication and nowhere else.
    Authentication,
    /// In any value that is declared as secret.
    Declared,
    /// In none: this kind of action has no secrets, the one that came after it does.
    Nowhere,
}

/// What a list becomes inside a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListText {
    /// Its items, joined by `:`.
    Joined,
    Json,
}

/// An attribute and the type that the project or the spec declares for it.
#[derive(Clone, Debug)]
pub struct Declaration {
    pub name: AttributeName,
    pub declared: AttributeType,
    /// Where the name was written: in the spec or in the manifest.
    pub span: Span,
}

impl HasName for Declaration {
    fn name(&self) -> &AttributeName {
        &self.name
    }
}

/// Names of a platform's own attributes, each with its type where that is known.
pub type OwnAttributes = &'static [(&'static str, Option<AttributeType>)];

/// The request before any value is known.
#[derive(Clone, Debug)]
pub struct RequestPlan {
    pub method: Spanned<String>,
    /// The methods that the platform has.
    pub methods: &'static [&'static str],
    pub url: UrlPlan,
    pub headers: Vec<HeaderPlan>,
    pub body: BodyPlan,
    /// Where the body was written, if one was: its key.
    pub body_span: Option<Span>,
    /// The Content-Type that the platform adds when there is a body.
    pub content_type: &'static str,
    /// The attributes without which the action does not run.
    pub required: Vec<Spanned<AttributeName>>,
    /// How long the action waits for a reply, in milliseconds; `None`: as the assumption `timeout` says.
    pub timeout_milliseconds: Option<u64>,
}

/// A URL cut at the places where another encoding begins.
#[derive(Clone, Debug)]
pub struct UrlPlan {
    pub parts: Vec<(UrlPosition, Text)>,
    pub span: Span,
}

/// Where in a URL a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlPosition {
    /// `https://` as written, or a reference that holds scheme and host.
    Prefix,
    Host,
    Path,
    Query,
    Fragment,
}

#[derive(Clone, Debug)]
pub struct HeaderPlan {
    pub name: Spanned<String>,
    pub value: Text,
}

#[derive(Clone, Debug)]
pub enum BodyPlan {
    None,
    /// A JSON document; `source` is the text it was written as, when it was one.
    Json {
        root: JsonTemplate,
        source: Option<Mapped>,
    },
    /// Text in which values are put first, and which may be read as something afterwards.
    Text(BodyText),
    /// Written, but nothing that the platform could send.
    Unusable {
        message: String,
        /// What could be read of it all the same, for checks.
        root: Option<JsonTemplate>,
    },
}

#[derive(Clone, Debug)]
pub enum Authentication {
    None,
    Header(HeaderAuthentication),
    MutualTls(MutualTls),
    OAuth2(OAuth2),
    SignedToken(SignedToken),
}

/// Named values that are resolved when they are needed, and the headers made of them.
#[derive(Clone, Debug, Default)]
pub struct HeaderAuthentication {
    pub variables: Vec<AuthVariable>,
    pub headers: Vec<HeaderPlan>,
    /// Where each variable stands, once somebody has asked.
    by_name: OnceLock<HashMap<String, usize>>,
}

impl HeaderAuthentication {
    pub fn new(variables: Vec<AuthVariable>, headers: Vec<HeaderPlan>) -> HeaderAuthentication {
        HeaderAuthentication { variables, headers, by_name: OnceLock::new() }
    }

    /// The variable of a name; of several the first. All variables must be there by now.
    pub fn variable(&self, name: &str) -> Option<&AuthVariable> {
        let by_name = self.by_name.get_or_init(|| {
            let names = self.variables.iter().enumerate().rev();
            names.map(|(index, variable)| (variable.name.value.clone(), index)).collect()
        });
        by_name.get(name).and_then(|index| self.variables.get(*index))
    }
}

/// A named value of the header authentication.
#[derive(Clone, Debug)]
pub struct AuthVariable {
    pub name: Spanned<String>,
    pub value: AuthValue,
    /// All that goes when the variable goes: its lines, or its place in a list with the comma. `None`: not known.
    pub removal: Option<Span>,
}

#[derive(Clone, Debug)]
pub struct MutualTls {
    pub certificate: Text,
    pub password: Text,
    pub ca_certificate: Option<Text>,
    pub span: Span,
}

/// OAuth2 client credentials, RFC 6749 section 4.4.
#[derive(Clone, Debug)]
pub struct OAuth2 {
    pub token_url: Text,
    pub client_id: Text,
    pub client_secret: Text,
    pub scope: Option<Text>,
}

/// A JSON Web Token (RFC 7519) in the header `Authorization`, signed with HS256 (RFC 7518 section 3.2), that names the issuer,
/// the sender and a hash of what is sent.
#[derive(Clone, Debug)]
pub struct SignedToken {
    pub issuer: &'static str,
    pub api_key: Option<Text>,
    pub application_id: Option<Text>,
    pub secret: Text,
    pub span: Span,
}

/// The longest chain of variables, each of which reads the next, that is followed; the platform's own limit is not known.
pub const LONGEST_CHAIN: usize = 100;

impl Plan {
    /// The variable of the authentication of a name; of several the first.
    pub fn variable(&self, name: &str) -> Option<&AuthVariable> {
        match &self.authentication {
            Authentication::Header(header) => header.variable(name),
            _ => None,
        }
    }

    /// The context that a name without one is in; `None` where such a name stands in none.
    pub fn implied_context(&self) -> Option<&'static str> {
        (!self.default_context.is_empty()).then_some(self.default_context)
    }

    /// The declared type of an attribute.
    pub fn declared(&self, name: &AttributeName) -> Option<AttributeType> {
        self.declaration(name).map(|declaration| declaration.declared)
    }

    /// Where and as what an attribute is declared.
    pub fn declaration(&self, name: &AttributeName) -> Option<&Declaration> {
        self.types.get(name)
    }

    /// The type of an attribute: as declared, else the one that the platform gives to an attribute of its own.
    pub fn attribute_type(&self, name: &AttributeName) -> Option<AttributeType> {
        self.declared(name).or_else(|| self.default_output_type(name)).or_else(|| {
            let own = self.own_attributes.iter().find(|(known, _)| *known == name.attribute());
            own.filter(|_| name.context() == self.default_context).and_then(|(_, known)| *known)
        })
    }

    /// The type of what the platform writes of itself after the action.
    fn default_output_type(&self, name: &AttributeName) -> Option<AttributeType> {
        let is_success = self.outcome.success_names.contains(name);
        let is_status = || self.outcome.status_names.contains(name);
        is_success
            .then_some(AttributeType::one(Scalar::Boolean))
            .or_else(|| is_status().then_some(AttributeType::one(Scalar::Int)))
    }

    /// How an XML reply becomes a tree, under the assumptions on it.
    pub fn xml_style(&self) -> xml::Style {
        let is_chosen = |name: &str, value: &str| self.assumptions.get(name) == value;
        xml::Style {
            keeps_attributes: is_chosen(id::XML_ATTRIBUTES, "keep"),
            drops_prefixes: is_chosen(id::XML_PREFIXES, "drop"),
            always_lists: is_chosen(id::XML_SIBLINGS, "always-list"),
        }
    }

    /// Whether the action fails where a well reply lacks what is taken from it. Elsewhere that is not filled.
    pub fn fails_on_missed_path(&self) -> bool {
        self.outcome.is_strict() && self.assumptions.get(id::MISSED_PATH) != "skip"
    }

    /// Every attribute that a reply is written into, by name.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.outcome.targets()
    }
}
