//! An exit that cannot be listed.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::ExitPattern;
use crate::source::Spanned;

/// An exit that cannot be listed.
pub static EXIT_LIST: Lint = Lint {
    name: "exit-list",
    severity: Severity::Error,
    summary: "an exit that is no code or class, is repeated, or is the default one",
    page: r#"## What it does
Looks at the listed exits. Finds what is neither a code from 200 to 599 nor a class from 3xx to 5xx, one that is listed
twice, and `2xx`, which is the default exit. A code inside of a listed class is told as info.

## Why this is bad
Exits are "individual codes" and "code classes", besides the default output for 2xx (Vonage AI Studio documentation, Webhook,
Response status code). Anything else cannot be set up there. Which of `404` and `4xx` counts for 404 is not documented; see
`exit_precedence`.

## Example
```toml
[action.response]
exits = ["2xx", "4XX", "timeout"]
```

## Instead
```toml
[action.response]
exits = ["4xx"]
```

## Fix
`--fix --unsafe` writes a class in small letters.

## When it stays silent
For single codes of 2xx, such as `204`, which are no class.
"#,
};

/// The exits that can be used, each once.
pub fn check(written: &[Spanned<String>], found: &mut Vec<Diagnostic>) -> Vec<Spanned<ExitPattern>> {
    let mut listed: Vec<Spanned<ExitPattern>> = Vec::new();
    for exit in written {
        match pattern(exit) {
            Err(problem) => found.push(*problem),
            Ok(pattern) => match listed.iter().find(|known| known.value == pattern) {
                Some(known) => {
                    let diagnostic = Diagnostic::new(&EXIT_LIST, exit.span, format!("`{}` is listed twice", exit.value));
                    found.push(diagnostic.related(known.span, "it is listed here already"));
                }
                None => listed.push(Spanned::new(pattern, exit.span)),
            },
        }
    }
    found.extend(listed.iter().filter_map(|exit| inside_of_a_class(exit, &listed)));
    listed
}

/// A finding is large, and most exits have none.
fn pattern(exit: &Spanned<String>) -> Result<ExitPattern, Box<Diagnostic>> {
    let parsed = ExitPattern::parse(&exit.value).filter(|pattern| pattern.to_string() == exit.value);
    match parsed {
        Some(ExitPattern::Class(DEFAULT)) => {
            let message = "`2xx` is the default exit, which every node has";
            Err(Box::new(Diagnostic::new(&EXIT_LIST, exit.span, message).help("take it out")))
        }
        Some(ExitPattern::Class(1) | ExitPattern::Status(100..200)) => {
            let message = format!("`{}` is no final reply, so this exit is never taken", exit.value);
            Err(Box::new(Diagnostic::new(&EXIT_LIST, exit.span, message).help("take it out")))
        }
        Some(pattern) => Ok(pattern),
        None => {
            let message = format!("`{}` is neither a code nor a class", exit.value.escape_debug());
            let diagnostic = Diagnostic::new(&EXIT_LIST, exit.span, message);
            let lower = exit.value.trim().to_ascii_lowercase();
            let near = ExitPattern::parse(&lower).map(|pattern| pattern.to_string()).filter(|near| *near == lower);
            Err(Box::new(match near {
                Some(near) => diagnostic.guess(&near, exit.span),
                None => diagnostic.help("write a code such as `404`, or a class such as `5xx`"),
            }))
        }
    }
}

/// The class that the default exit takes.
const DEFAULT: u8 = 2;

fn inside_of_a_class(exit: &Spanned<ExitPattern>, listed: &[Spanned<ExitPattern>]) -> Option<Diagnostic> {
    let ExitPattern::Status(status) = exit.value else { return None };
    let class = listed.iter().find(|other| other.value == ExitPattern::Class((status / 100) as u8))?;
    let message = format!("`{status}` is listed beside its class: which of the two counts is not documented");
    let diagnostic = Diagnostic::new(&EXIT_LIST, exit.span, message).related(class.span, "the class");
    Some(Diagnostic { severity: Severity::Info, ..diagnostic }.help("we take the code first; see `exit_precedence`"))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::case::test_support::name;

    fn messages(exits: &[&str]) -> (usize, Vec<String>) {
        let written: Vec<_> = exits.iter().map(|exit| name(exit)).collect();
        let mut found = Vec::new();
        let listed = check(&written, &mut found);
        (listed.len(), found.into_iter().map(|found| format!("{}: {}", found.severity.word(), found.message)).collect())
    }

    #[test]
    fn what_cannot_be_listed() {
        assert_eq!(messages(&["404", "5xx", "204"]), (3, Vec::new()));
        for exit in ["2xx", "4XX", "6xx", "99", "0404", "+404", "", "timeout", "1xx", "101", "4", "xx", "40x"] {
            let (listed, found) = messages(&[exit]);
            assert!(listed == 0 && found.len() == 1 && found[0].starts_with("error"), "{exit}: {found:?}");
        }
        assert_eq!(messages(&["404", "404"]), (1, vec!["error: `404` is listed twice".to_string()]));
    }

    #[test]
    fn a_code_inside_of_a_class_is_an_info() {
        let (listed, found) = messages(&["404", "4xx", "500"]);
        assert_eq!((listed, found.len()), (3, 1));
        assert!(found[0].starts_with("info: `404`"), "{found:?}");
    }
}
