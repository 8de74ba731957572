//! OpenDialog's Webhook action (V2), <https://docs.opendialog.ai>, page "Webhook action".

pub mod assumptions;
mod auth;
mod body;
mod fields;
mod grammar;
pub mod lints;
mod lower;
mod meaning;
mod response;
mod shape;
#[cfg(test)]
mod url_tests;

use super::opendialog_shared::{CONTEXTS, DEFAULT_CONTEXT, EXITS, NAMING, TYPE_SYNONYMS};
use super::{Dialect, nothing_declared};
use crate::plan::ListText;

pub static DIALECT: Dialect = Dialect {
    name: "opendialog",
    contexts: CONTEXTS,
    default_context: DEFAULT_CONTEXT,
    assumptions: assumptions::ASSUMPTIONS,
    lints: &lints::LINTS,
    sections: shape::SECTIONS,
    top_level: &shape::TOP_LEVEL,
    exits: EXITS,
    naming: NAMING,
    list_text: ListText::Joined,
    type_synonyms: TYPE_SYNONYMS,
    declare: nothing_declared,
    lower: lower::lower,
    template: lower::template,
};
