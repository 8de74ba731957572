//! Verboo's WEBHOOK integration, <https://verboo.ai/en/docs/integrations/webhook>.

pub mod assumptions;
mod body;
mod declared;
mod headers;
pub mod lints;
mod lower;
mod names;
mod shape;
mod url;
mod written;

use super::Dialect;
use crate::plan::{ListText, Naming, Substitution};
use crate::spec::KnownExits;
use crate::value::{AttributeType, Scalar};

/// What the trigger's model extracted from the conversation.
const ARGUMENTS: &str = "arguments";
/// What the session was created or updated with.
const CLIENT_DATA: &str = "client_data";
/// What the user sent.
const IMAGES: &str = "images";

/// The system variables and what stands for each in a case that gives none, page "Webhook", System Variables.
const SYSTEM: [(&str, &str, &str); 3] = [
    ("session", "id", "00000000-0000-4000-8000-000000000001"),
    ("company", "id", "test-company"),
    ("assistant", "id", "test-assistant"),
];

/// Page "Webhook", Available Variables and Variable Substitution Behavior.
pub static SUBSTITUTION: Substitution = Substitution {
    mark: '$',
    reserved: &[("session", "id"), ("company", "id"), ("assistant", "id")],
    contexts: &[ARGUMENTS, CLIENT_DATA],
    lists: &[IMAGES],
};

pub static DIALECT: Dialect = Dialect {
    name: "verboo",
    contexts: &["session", "company", "assistant", CLIENT_DATA, ARGUMENTS, "secret"],
    default_context: CLIENT_DATA,
    assumptions: assumptions::ASSUMPTIONS,
    lints: &lints::LINTS,
    sections: shape::SECTIONS,
    top_level: &shape::TOP_LEVEL,
    exits: KnownExits { names: &["ok", "http-error", "error"], are_by_status: false },
    naming: Naming { unnamed_context: None, bare: &[IMAGES], mark: Some(SUBSTITUTION.mark) },
    list_text: ListText::Json,
    type_synonyms: TYPE_SYNONYMS,
    declare: declared::declare,
    reference_length: names::bare_length,
    reply_bodies: body::reply_bodies,
    lower: lower::lower,
    template: lower::template,
};

/// The types of JSON Schema that parameters have, page "Triggers", and their near relations.
const TYPE_SYNONYMS: &[(&str, AttributeType)] = &[
    ("number", AttributeType::one(Scalar::Float)),
    ("integer", AttributeType::one(Scalar::Int)),
    ("array", AttributeType::one(Scalar::Json)),
    ("object", AttributeType::one(Scalar::Json)),
];
