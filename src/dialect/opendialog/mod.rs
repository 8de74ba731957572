//! OpenDialog's Webhook action (V2), <https://docs.opendialog.ai>, page "Webhook action".

pub mod assumptions;
mod auth;
mod body;
mod fields;
pub mod lints;
mod lower;
mod response;
mod shape;
#[cfg(test)]
mod url_tests;

use super::opendialog_shared::{CONTEXTS, TYPE_SYNONYMS, grammar, json};
use super::{Dialect, nothing_declared};
use crate::plan::{ListText, Naming};
use crate::spec::KnownExits;

pub static DIALECT: Dialect = Dialect {
    name: "opendialog",
    contexts: CONTEXTS,
    default_context: "user",
    assumptions: assumptions::ASSUMPTIONS,
    lints: &lints::LINTS,
    sections: shape::SECTIONS,
    top_level: &shape::TOP_LEVEL,
    exits: KnownExits { names: &["1xx", "2xx", "3xx", "4xx", "5xx", "error"], are_by_status: false },
    naming: Naming { unnamed_context: None, bare: &[], mark: None },
    list_text: ListText::Joined,
    type_synonyms: TYPE_SYNONYMS,
    declare: nothing_declared,
    reference_length: grammar::reference_length,
    reply_bodies: json::reply_bodies,
    lower: lower::lower,
    template: lower::template,
};
