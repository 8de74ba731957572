//! Values that an end user can choose.

use crate::plan::{Expression, Plan, ValueSource};

/// Whether what the source gives may be an end user's text: all but secrets and what the project's own people fill. A context that does
/// not exist may turn out to be one of theirs.
pub fn is_user_fed(plan: &Plan, source: &ValueSource) -> bool {
    match source {
        ValueSource::Attribute(name) => {
            // What is declared to be a secret is nothing that a user types.
            !plan.trusted_contexts.contains(&name.context()) && !plan.secret_attributes.contains(name)
        }
        ValueSource::UnknownContext { .. } => true,
        ValueSource::Secret(_)
        | ValueSource::Variable(_)
        | ValueSource::Uuid
        | ValueSource::TimestampSeconds
        | ValueSource::TimestampMicroseconds
        | ValueSource::Request(_)
        | ValueSource::UnknownRequestPart(_) => false,
    }
}

/// The first user-fed expression among this one and its filters' arguments.
pub fn user_fed<'a>(plan: &Plan, expression: &'a Expression) -> Option<&'a Expression> {
    expression.with_arguments().into_iter().find(|inner| is_user_fed(plan, &inner.source))
}

/// The name of what an expression reads, in a user's words.
pub fn name(expression: &Expression) -> String {
    match &expression.source {
        ValueSource::Attribute(name) => format!("`{name}`"),
        ValueSource::UnknownContext { context, attribute } => format!("`{context}.{attribute}`"),
        _ => "this value".to_string(),
    }
}
