//! OpenDialog's legacy webhook action, which the platform keeps running and no longer offers: page "[Deprecated] developing a
//! webhook action" of <https://docs.opendialog.ai>, and "Webhook actions" for its form.

pub mod assumptions;
mod attributes;
pub mod lints;
mod lower;
mod migration;
mod shape;

pub use migration::migrate;

use super::opendialog_shared::{CONTEXTS, DEFAULT_CONTEXT, EXITS, NAMING, TYPE_SYNONYMS};
use super::{Dialect, nothing_declared};
use crate::plan::ListText;

pub static DIALECT: Dialect = Dialect {
    name: "opendialog-legacy",
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
