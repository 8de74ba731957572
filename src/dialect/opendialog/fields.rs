//! Fields that hold templates, wherever they stand in an action.

use crate::diagnostic::Diagnostic;
use crate::dialect::Lowering;
use crate::dialect::opendialog_shared::{grammar, meaning};
use crate::plan::{AuthValue, HeaderPlan, Text};
use crate::source::Mapped;
use crate::spec::{Contexts, Table};

/// The headers of a table, in order.
pub fn headers(table: &Table, lowering: &mut Lowering<'_, '_>) -> Vec<HeaderPlan> {
    let Some(node) = table.get("headers") else { return Vec::new() };
    let mut headers = Vec::new();
    for (name, value) in lowering.reading.pairs(node) {
        match value.as_text() {
            Some(source) => {
                let value = meaning::text(source, lowering.contexts, &mut lowering.reading.findings);
                headers.push(HeaderPlan { name, value });
            }
            None => lowering.reading.not_text(value),
        }
    }
    headers
}

/// A field that holds a template.
pub fn field(table: &Table, key: &str, lowering: &mut Lowering<'_, '_>) -> Option<Text> {
    let source = lowering.reading.text(table, key)?;
    Some(meaning::text(source, lowering.contexts, &mut lowering.reading.findings))
}

/// What an authentication variable is: a function call if it has that shape, else text.
pub fn variable(source: &Mapped, contexts: &Contexts, findings: &mut Vec<Diagnostic>) -> AuthValue {
    match grammar::function(source, findings) {
        Some(call) => AuthValue::Function(meaning::function_use(call, contexts)),
        None => AuthValue::Text(meaning::text(source, contexts, findings)),
    }
}
