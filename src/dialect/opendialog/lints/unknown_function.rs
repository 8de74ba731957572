//! A function that the platform does not have, or not there.

use std::ops::Range;

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AuthValue, Authentication, FunctionUse, Place, Text, TextPiece};
use crate::source::Span;

const HMAC_SHA256: &str = "hmac-sha256";

/// `hmac-sha256(data, key)`.
const ARGUMENTS: usize = 2;

/// A function that the platform does not have, or not there.
pub static UNKNOWN_FUNCTION: Lint = Lint {
    name: "unknown-function",
    severity: Severity::Error,
    summary: "a function other than `hmac-sha256(data, key)`, or one outside `variables`",
    page: r#"## What it does
Finds functions that the platform does not have, `hmac-sha256` with other than two arguments, and `hmac-sha256(…)` where it
is no function: outside the variables of the authentication, or in a variable with something before, behind or around it, as
in `sha256=hmac-sha256(…)` or without its closing parenthesis.

## Why this is bad
The platform documents one function, `hmac-sha256(data, key)`, and only in `variables` (OpenDialog documentation, Webhook
action). Anything else is plain text: it is sent in place of the signature, with your data and the key itself in it.

## Example
```toml
[action.auth.variables]
signature = "hmac-sha512({_webhook.body}, {secret.key})"
```

## Instead
```toml
[action.auth.variables]
signature = "{_webhook.body | hmac sha512 @secret.key text | base64}"
```

## Fix
`--fix --unsafe` mends a misspelt `hmac-sha256`. For another algorithm use the filter `hmac`, which also says how the result
is encoded.

## When it stays silent
For `hmac-sha256` with two arguments in `variables`, and for text that merely has parentheses in it, also behind the name
and a space: `uses hmac-sha256 (new)`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &UNKNOWN_FUNCTION, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if let Authentication::Header(header) = &subject.plan.authentication {
        for variable in &header.variables {
            if let AuthValue::Function(function) = &variable.value {
                found.extend(check_call(function));
            }
        }
    }
    for (place, text) in subject.plan.texts() {
        found.extend(call_in_text(text).map(|(name, span)| sent_as_text(&name, span, place)));
    }
}

fn sent_as_text(name: &str, span: Span, place: Place) -> Diagnostic {
    let message = match place {
        Place::Variable => format!("`{name}(…)` is not all of this value, so it is text: the key goes into it as it is"),
        _ => format!("`{HMAC_SHA256}` works only in `variables`, so this is sent as it stands"),
    };
    let help = match place {
        Place::Variable => "write `hmac-sha256(data, key)` alone in a variable, and read that one here as `{_auth.…}`",
        _ => "define a variable with it, and write `{_auth.…}` here",
    };
    Diagnostic::new(&UNKNOWN_FUNCTION, span, message).help(help)
}

fn check_call(function: &FunctionUse) -> Option<Diagnostic> {
    let name = &function.call.name;
    if function.function.is_none() {
        let message = format!("no function named `{}`", name.value);
        let diagnostic = Diagnostic::new(&UNKNOWN_FUNCTION, name.span, message);
        return Some(match other_algorithm(&name.value) {
            Some(algorithm) => diagnostic.help(format!("use the filter: `| hmac {algorithm} @secret.key text | base64`")),
            None => diagnostic.help(format!("the only function is `{HMAC_SHA256}(data, key)`")).suggest(
                &name.value,
                [HMAC_SHA256],
                name.span,
            ),
        });
    }
    let given = function.arguments.len();
    if given == ARGUMENTS {
        return None;
    }
    let message = format!("`{}` takes {ARGUMENTS} arguments, and {given} {} given", name.value, is_or_are(given));
    let diagnostic = Diagnostic::new(&UNKNOWN_FUNCTION, function.call.arguments_span, message);
    Some(diagnostic.help(format!("it is written `{HMAC_SHA256}(data, key)`")))
}

fn is_or_are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// The algorithm that the filter `hmac` has and the function has not.
fn other_algorithm(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    ["sha512", "sha1", "md5"].into_iter().find(|algorithm| name.replace(['-', '_'], "").ends_with(algorithm))
}

/// The first call of such a function in the literal parts of a text, and the place of its name.
fn call_in_text(text: &Text) -> Option<(String, Span)> {
    let is_literal_call =
        |piece: &TextPiece| matches!(piece, TextPiece::Literal(literal) if call_start(literal, false).is_some());
    if !text.pieces.iter().any(is_literal_call) {
        return None;
    }
    let has_values = text.expressions().next().is_some();
    let pieces = text.located();
    pieces.iter().enumerate().find_map(|(index, located)| {
        let literal = located.literal()?;
        let range = call_start(literal, index > 0 || !has_values)?;
        Some((literal[range.clone()].to_string(), located.part(range)))
    })
}

/// The name of a function for signatures with `(` behind it. With a space between, words in parentheses look the same: then
/// it must stand `first` in a text with a reference in it.
fn call_start(literal: &str, must_be_joined: bool) -> Option<Range<usize>> {
    let is_of_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let first = literal.len() - literal.trim_start().len();
    literal.match_indices('(').find_map(|(open, _)| {
        let before = literal[..open].trim_end();
        let start = before.trim_end_matches(is_of_name).len();
        let is_certain = before.len() == open || !must_be_joined && start == first;
        (is_certain && is_signing(&before[start..])).then_some(start..before.len())
    })
}

fn is_signing(name: &str) -> bool {
    const LONGEST: usize = 20;
    const SIGNING: [&str; 4] = ["hmacsha256", "hmacsha512", "hmacsha1", "hmacmd5"];
    name.len() <= LONGEST && SIGNING.contains(&name.to_ascii_lowercase().replace(['-', '_'], "").as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{findings, header, literal, name, plan, span};
    use crate::plan::{AuthVariable, Function, HeaderAuthentication};
    use crate::template::FunctionCall;

    fn found(function: Option<Function>, called: &str, arguments: usize) -> Vec<Diagnostic> {
        let call = FunctionCall { name: name(called), arguments: Vec::new(), arguments_span: span() };
        let value = AuthValue::Function(FunctionUse { function, arguments: vec![literal("x"); arguments], call });
        let mut plan = plan();
        let variables = vec![AuthVariable { name: name("signature"), value, removal: None }];
        plan.authentication = Authentication::Header(HeaderAuthentication::new(variables, Vec::new()));
        findings(&plan, &RULE)
    }

    #[test]
    fn one_function_with_two_arguments() {
        assert!(found(Some(Function::HmacSha256), "hmac-sha256", 2).is_empty());
        let one = found(Some(Function::HmacSha256), "hmac-sha256", 1);
        assert_eq!(one[0].message, "`hmac-sha256` takes 2 arguments, and 1 is given");
    }

    #[test]
    fn a_misspelt_one_is_suggested_and_another_algorithm_is_not() {
        assert_eq!(found(None, "hmac_sha256", 2)[0].help.as_deref(), Some("did you mean `hmac-sha256`?"));
        let other = found(None, "hmac-sha512", 2).remove(0);
        assert_eq!(other.help.as_deref(), Some("use the filter: `| hmac sha512 @secret.key text | base64`"));
        assert!(other.fix.is_none());
    }

    #[test]
    fn a_call_in_a_header_is_sent_as_text() {
        let mut plan = plan();
        plan.request.headers = vec![header("X-Signature", "hmac-sha256(a, b)"), header("X-Note", "uses hmac-sha256 (new)")];
        assert_eq!(findings(&plan, &RULE).len(), 1);
    }

    #[test]
    fn a_call_begins_with_the_whole_name() {
        assert_eq!(call_start("v1=hmac-sha256(", true), Some(3..14));
        assert_eq!(call_start("base64(hmac_SHA512(", true), Some(7..18));
        assert_eq!(call_start(" hmac-sha256 (", false), Some(1..12));
        assert_eq!(call_start("hmac-sha256 (", true), None);
        assert_eq!(call_start("no hmac-sha256 (", false), None);
        assert_eq!(call_start("my-hmac-sha256(", true), None);
    }
}
