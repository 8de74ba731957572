//! A function that the platform does not have, or not there.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{AuthValue, Authentication, FunctionUse, Place, Text, TextPiece};

const HMAC_SHA256: &str = "hmac-sha256";

/// `hmac-sha256(data, key)`.
const ARGUMENTS: usize = 2;

/// A function that the platform does not have, or not there.
pub static UNKNOWN_FUNCTION: Lint = Lint {
    name: "unknown-function",
    severity: Severity::Error,
    summary: "a function other than `hmac-sha256(data, key)`, or one outside `variables`",
    page: r#"## What it does
Finds functions that the platform does not have, `hmac-sha256` with other than two arguments, and `hmac-sha256(…)` outside
the variables of the authentication.

## Why this is bad
The platform documents one function, `hmac-sha256(data, key)`, and only in `variables` (OpenDialog documentation, Webhook
action). Anything else is plain text: it is sent in place of the signature, with your data and the key's name in it.

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
For `hmac-sha256` with two arguments in `variables`, and for text that merely has parentheses in it.
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
        if place != Place::Variable && looks_like_call(text) {
            let message = format!("`{HMAC_SHA256}` works only in `variables`, so this is sent as it stands");
            let help = "define a variable with it, and write `{_auth.…}` here";
            found.push(Diagnostic::new(&UNKNOWN_FUNCTION, text.span, message).help(help));
        }
    }
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

/// A text that is one call, from end to end.
fn looks_like_call(text: &Text) -> bool {
    let starts = matches!(text.pieces.first(), Some(TextPiece::Literal(first)) if is_call_start(first));
    let ends = matches!(text.pieces.last(), Some(TextPiece::Literal(last)) if last.trim_end().ends_with(')'));
    starts && ends
}

fn is_call_start(text: &str) -> bool {
    text.trim_start().strip_prefix(HMAC_SHA256).is_some_and(|rest| rest.trim_start().starts_with('('))
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
}
