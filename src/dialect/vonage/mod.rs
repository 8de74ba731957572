//! Vonage AI Studio's webhook node, <https://studio.docs.ai.vonage.com>, pages "Webhook" and "Parameters".

pub mod assumptions;
mod body;
mod grammar;
pub mod lints;
mod lower;
mod parameters;
mod reply;
mod response;
mod shape;
mod signing;
mod templates;
mod url;

use super::Dialect;
use crate::plan::{ListText, Naming};
use crate::spec::KnownExits;

/// The flow's parameters, whose names stand alone on the platform, and the secrets of the project.
const CONTEXTS: &[&str] = &["parameters", "secret"];

pub static DIALECT: Dialect = Dialect {
    name: "vonage",
    contexts: CONTEXTS,
    default_context: "parameters",
    assumptions: assumptions::ASSUMPTIONS,
    lints: &lints::LINTS,
    sections: shape::SECTIONS,
    top_level: &shape::TOP_LEVEL,
    exits: KnownExits { names: &["default", "failed"], are_by_status: true },
    naming: Naming { unnamed_context: Some("parameters"), bare: &[], mark: Some('$') },
    list_text: ListText::Json,
    // Entities are no types: a parameter keeps what it is given.
    type_synonyms: &[],
    declare: parameters::declare,
    reference_length: grammar::reference_length,
    reply_bodies: reply::reply_bodies,
    lower: lower::lower,
    template: lower::template,
};
