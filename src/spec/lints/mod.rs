//! The lints that are found while a spec is read: the reader and the dialects give them, through the constructors here.
//!
//! One file each: what the lint is called, the page that `explain` prints, and how its findings are worded. A finding's
//! place is the narrowest thing that is wrong; the place of a name or of a string is what stands between its quotes, so
//! that a fix can replace it.

pub mod body_not_json;
pub mod duplicate_case_name;
pub mod invalid_url;
pub mod missing_key;
pub mod selector_syntax;
pub mod template_syntax;
pub mod toml_1_1;
pub mod toml_syntax;
pub mod unknown_action;
pub mod unknown_key;
pub mod unquoted_reference_in_json;
pub mod wrong_type;

use crate::case::LintSet;

/// What the reader can find in any spec.
pub static LINTS: LintSet = LintSet {
    while_reading: &[
        &toml_syntax::TOML_SYNTAX,
        &toml_1_1::TOML_1_1,
        &unknown_key::UNKNOWN_KEY,
        &missing_key::MISSING_KEY,
        &wrong_type::WRONG_TYPE,
        &duplicate_case_name::DUPLICATE_CASE_NAME,
        &unknown_action::UNKNOWN_ACTION,
        &template_syntax::TEMPLATE_SYNTAX,
        &invalid_url::INVALID_URL,
        &body_not_json::BODY_NOT_JSON,
        &unquoted_reference_in_json::UNQUOTED_REFERENCE_IN_JSON,
        &selector_syntax::SELECTOR_SYNTAX,
    ],
    rules: &[],
    project_rules: &[],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::source::{Mapped, Name, Sources, Span, Spanned};

    fn span() -> Span {
        Span::new(Sources::in_memory().add("a.toml", "metod = 1"), 0, 5)
    }

    fn name(text: &str) -> Name {
        Spanned::new(text.into(), span())
    }

    fn help(diagnostic: &Diagnostic) -> &str {
        diagnostic.help.as_deref().unwrap_or_default()
    }

    #[test]
    fn an_unknown_key_gets_the_nearest_one() {
        let found = unknown_key::found(&name("metod"), &["method", "url"], None);
        assert_eq!(found.message, "no key named `metod` here");
        assert_eq!(help(&found), "did you mean `method`?");
        assert_eq!(found.fix.map(|fix| fix.edits[0].text.clone()), Some("method".into()));
    }

    #[test]
    fn an_unknown_key_that_belongs_elsewhere_is_not_renamed() {
        let found = unknown_key::found(&name("query"), &["url", "quero"], Some("the `other` dialect"));
        assert_eq!(help(&found), "`query` belongs to the `other` dialect");
        assert!(found.fix.is_none());
    }

    #[test]
    fn an_unknown_key_that_is_near_nothing_gets_the_list() {
        let found = unknown_key::found(&name("zzz"), &["method", "url"], None);
        assert_eq!(help(&found), "the keys here are `method` and `url`");
        assert!(help(&unknown_key::found(&name("zzz"), &[], None)).is_empty());
    }

    #[test]
    fn case_names_that_differ_but_share_a_file_are_told_so() {
        let same = duplicate_case_name::found(&name("opens"), &name("opens"), "opens");
        assert_eq!(same.message, "two cases are named `opens`");
        let slug = duplicate_case_name::found(&name("Opens!"), &name("opens"), "opens");
        assert_eq!(slug.message, "`Opens!` and `opens` give one snapshot name, `opens`");
        assert_eq!(slug.related.len(), 1);
    }

    #[test]
    fn a_bare_reference_is_put_in_quotes() {
        let file = Sources::in_memory().add("body.json", "");
        let edits = |text: &str| {
            let found = unquoted_reference_in_json::found(&Mapped::verbatim(text, file, 0), 1..text.len() - 1);
            let edits = found.fix.map(|fix| fix.edits).unwrap_or_default();
            edits.into_iter().map(|edit| (edit.span.start, edit.text)).collect::<Vec<_>>()
        };
        assert_eq!(edits("[{x}]"), [(1, "\"".to_string()), (4, "\"".to_string())]);
        assert_eq!(edits("[{\"}]"), [(1, "\"".to_string()), (2, "\\".to_string()), (4, "\"".to_string())]);
        assert_eq!(edits("[{a \\\"b\\\"}]"), [(1, "\"".to_string()), (10, "\"".to_string())], "escaped already");
        assert!(edits("[{\n}]").is_empty(), "JSON strings have no line breaks");
    }
}
