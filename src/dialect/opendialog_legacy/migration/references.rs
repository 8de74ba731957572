//! Whether V2 can name what the legacy action sends. Its references take part of many names for an accessor or a filter, or
//! cannot be read.

use super::{changes, inputs, written};
use crate::case::Given;
use crate::dialect::migration::Unmigrated;
use crate::dialect::{Alone, Dialect};
use crate::plan::{AuthValue, Plan, TextPiece, ValueSource};
use crate::source::Mapped;
use crate::spec::Contexts;

/// # Errors
/// With the inputs that no reference can name.
pub fn check(plan: &Plan, to: &Dialect) -> Result<(), Unmigrated> {
    let contexts = Contexts { known: plan.contexts.clone(), default: plan.default_context, naming: plan.naming };
    let file = plan.name.span.file;
    let means = |source: &ValueSource| {
        let reference = Mapped::verbatim(&format!("{{{}}}", written(source)), file, 0);
        let alone = Alone {
            contexts: &contexts,
            assumptions: &plan.assumptions,
            given: &Given::default(),
            in_authentication: false,
        };
        is_reference_to(source, &(to.template)(&reference, &alone, &mut Vec::new()))
    };
    let others = inputs(plan).into_iter().map(|(_, source)| source).filter(|source| !means(source));
    let names: Vec<String> = others.map(written).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some(listed) = changes::listed(&names) else { return Ok(()) };
    let noun = if names.len() == 1 { "the input" } else { "the inputs" };
    let why = format!("{noun} {listed} cannot be written as a reference of `{}`", to.name);
    Err(Unmigrated::Inexpressible(why))
}

fn is_reference_to(source: &ValueSource, read: &AuthValue) -> bool {
    let AuthValue::Text(text) = read else { return false };
    match text.pieces.as_slice() {
        [TextPiece::Value(expression)] => {
            expression.source == *source && expression.path.is_empty() && expression.filters.is_empty()
        }
        _ => false,
    }
}
