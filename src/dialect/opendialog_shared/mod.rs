//! What both of OpenDialog's webhook actions share, the current one and the legacy one: contexts, types, the names of default
//! outputs, and lints on all of these.

pub mod action_name;
pub mod default_outputs;
pub mod lints;
mod own_attributes;
pub mod url;

pub use own_attributes::OWN_ATTRIBUTES;

use crate::plan::Naming;
use crate::spec::KnownExits;
use crate::value::{AttributeType, Scalar};

/// Where an outcome goes: by the class of the status, page "Webhook action".
pub const EXITS: KnownExits<'static> =
    KnownExits { names: &["1xx", "2xx", "3xx", "4xx", "5xx", "error"], are_by_status: false };

/// The context of a name without one, page "Contexts".
pub const DEFAULT_CONTEXT: &str = "user";

/// Every name stands in a context, and references stand in braces.
pub const NAMING: Naming = Naming { unnamed_context: None, bare: &[], mark: None };

/// Contexts that exist only while an intent is interpreted, page "Contexts".
pub const ABSENT_CONTEXTS: &[&str] = &["_intent", "interpretation"];

/// Contexts that no end user can write into, page "Contexts".
pub const TRUSTED_CONTEXTS: &[&str] = &["global"];

/// Contexts of the page "Contexts"; `secret`, `_auth` and `_webhook` have meanings of their own.
pub const CONTEXTS: &[&str] = &[
    "user",
    "session",
    "global",
    "secret",
    "conversation",
    "history",
    "message_history",
    "interpretation",
    "_intent",
    "_webhook",
    "_auth",
];

/// The platform's ids and names of attribute types in any letter case, page "About attributes".
pub const TYPE_SYNONYMS: &[(&str, AttributeType)] = &[
    ("attribute.core.string", AttributeType::one(Scalar::String)),
    ("attribute.core.boolean", AttributeType::one(Scalar::Boolean)),
    ("attribute.core.int", AttributeType::one(Scalar::Int)),
    ("attribute.core.float", AttributeType::one(Scalar::Float)),
    ("attribute.core.timestamp", AttributeType::one(Scalar::Timestamp)),
    ("attribute.core.stringCollection", AttributeType::many(Scalar::String)),
    ("attribute.core.booleanCollection", AttributeType::many(Scalar::Boolean)),
    ("attribute.core.intCollection", AttributeType::many(Scalar::Int)),
    ("attribute.core.floatCollection", AttributeType::many(Scalar::Float)),
    ("attribute.core.timestampCollection", AttributeType::many(Scalar::Timestamp)),
    ("attribute.core.jsonInferredComposite", AttributeType::one(Scalar::Json)),
    ("attribute.core.arrayData", AttributeType::one(Scalar::Json)),
    ("attribute.core.array", AttributeType::one(Scalar::Json)),
    ("attribute.core.json", AttributeType::one(Scalar::Json)),
    ("attribute.core.composite", AttributeType::one(Scalar::Json)),
    ("string", AttributeType::one(Scalar::String)),
    ("text", AttributeType::one(Scalar::String)),
    ("boolean", AttributeType::one(Scalar::Boolean)),
    ("timestamp", AttributeType::one(Scalar::Timestamp)),
    ("whole number", AttributeType::one(Scalar::Int)),
    ("integer", AttributeType::one(Scalar::Int)),
    ("decimal", AttributeType::one(Scalar::Float)),
    ("string collection", AttributeType::many(Scalar::String)),
    ("boolean collection", AttributeType::many(Scalar::Boolean)),
    ("whole number collection", AttributeType::many(Scalar::Int)),
    ("decimal collection", AttributeType::many(Scalar::Float)),
    ("timestamp collection", AttributeType::many(Scalar::Timestamp)),
    ("json inferred composite", AttributeType::one(Scalar::Json)),
    ("composite", AttributeType::one(Scalar::Json)),
    ("list", AttributeType::one(Scalar::Json)),
];

#[cfg(test)]
mod tests {
    use super::TYPE_SYNONYMS;
    use crate::spec::settings::attribute_type;

    #[test]
    fn the_platforms_names_of_types_in_any_letter_case() {
        let found = |name| attribute_type(name, &[TYPE_SYNONYMS]).map(|found| found.to_string());
        for (name, wanted) in [
            ("Boolean", "boolean"),
            ("String", "string"),
            ("Timestamp", "timestamp"),
            ("Decimal", "float"),
            ("Whole number", "int"),
            ("Whole Number Collection", "int[]"),
            ("JSON Inferred Composite", "json"),
            ("attribute.core.json", "json"),
            ("attribute.core.stringcollection", "string[]"),
        ] {
            assert_eq!(found(name).as_deref(), Some(wanted), "{name}");
        }
        assert_eq!((found("attribute.string"), found("core.string")), (None, None));
    }
}
