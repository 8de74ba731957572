//! A header that cannot be sent.

use super::header_names::references;
use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{Authentication, HeaderPlan, TextPiece};

/// A header that cannot be sent.
pub static INVALID_HEADER: Lint = Lint {
    name: "invalid-header",
    severity: Severity::Error,
    summary: "a header name that is not one word, or a line break in a header value",
    page: r#"## What it does
Looks at the ordinary headers and at those of the authentication. Finds names with anything in them but letters,
digits and ``!#$%&'*+-.^_`|~``: a space, a colon, braces. Finds values with a line break or a NUL character.

## Why this is bad
HTTP does not allow such headers (RFC 9110, sections 5.1 and 5.5), so the request is refused and nothing is sent. A
line break in a value would also let text slip in a header of its own.

## Example
```toml
[action.headers]
"X Channel:" = "web"
```

## Instead
```toml
[action.headers]
X-Channel = "web"
```

## Fix
None: what was meant cannot be guessed.

## When it stays silent
About values that a reference brings in: they are known only when the action runs. A line break there refuses the
request too, with the error `invalid-header`. About names in which nothing but a reference is wrong: that is
`reference-in-header-name`.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &INVALID_HEADER, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let of_authentication = match &subject.plan.authentication {
        Authentication::Header(header) => header.headers.as_slice(),
        _ => &[],
    };
    for header in subject.plan.request.headers.iter().chain(of_authentication) {
        check_name(header, subject.plan.naming.mark, found);
        check_value(header, found);
    }
}

fn check_name(header: &HeaderPlan, mark: Option<char>, found: &mut Vec<Diagnostic>) {
    let name = header.name.value.as_str();
    if !references(name, mark).is_empty() {
        return; // `reference-in-header-name` speaks of it.
    }
    let Some((at, wrong)) = wrong_character(name) else {
        if name.is_empty() {
            found.push(Diagnostic::new(&INVALID_HEADER, header.name.span, "a header without a name"));
        }
        return;
    };
    let message = format!("a header name cannot hold {}: `{}`", described(wrong), name.escape_debug());
    let help = match wrong {
        '{' | '}' | '$' => "only the value of a header can hold references",
        _ => "a header name is one word of letters, digits and dashes",
    };
    let span = header.name.part(at..at + wrong.len_utf8());
    found.push(Diagnostic::new(&INVALID_HEADER, span, message).help(help));
}

fn check_value(header: &HeaderPlan, found: &mut Vec<Diagnostic>) {
    let is_wrong = |text: &str| text.find(['\r', '\n', '\0']);
    let mut literals = header.value.pieces.iter().filter_map(TextPiece::literal);
    let Some(wrong) = literals.find_map(|text| text[is_wrong(text)?..].chars().next()) else { return };
    let place = header.value.located().into_iter().find_map(|located| {
        let at = is_wrong(located.literal()?)?;
        Some(located.part(at..at + wrong.len_utf8()))
    });
    let message = format!("the value of `{}` holds {}, so nothing is sent", header.name.value, described(wrong));
    let span = place.unwrap_or(header.value.span);
    found.push(Diagnostic::new(&INVALID_HEADER, span, message).help("write the value on one line"));
}

/// The first character that is not allowed in a token (RFC 9110, section 5.6.2), and where it stands.
fn wrong_character(name: &str) -> Option<(usize, char)> {
    name.char_indices().find(|(_, character)| !character.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(*character))
}

fn described(character: char) -> String {
    match character {
        ' ' => "a space".into(),
        '\r' | '\n' => "a line break".into(),
        '\0' => "a NUL character".into(),
        '`' => "a backtick".into(),
        other => format!("`{}`", other.escape_debug()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{findings, header, plan};

    #[test]
    fn names_are_tokens() {
        assert_eq!(wrong_character("X-Request_ID.2"), None);
        assert_eq!(wrong_character("X Channel"), Some((1, ' ')));
        assert_eq!(wrong_character("Grüße"), Some((2, 'ü')));
        let mut plan = plan();
        plan.request.headers = vec![header("X:", "web"), header("", "x"), header("X-Ok", "a"), header("X-{channel}", "a")];
        let messages: Vec<_> = findings(&plan, &RULE).into_iter().map(|found| found.message).collect();
        assert_eq!(messages, ["a header name cannot hold `:`: `X:`", "a header without a name"]);
    }

    #[test]
    fn values_stand_on_one_line() {
        let mut plan = plan();
        plan.request.headers = vec![header("X-Note", "a\nb")];
        assert_eq!(findings(&plan, &RULE)[0].message, "the value of `X-Note` holds a line break, so nothing is sent");
    }
}
