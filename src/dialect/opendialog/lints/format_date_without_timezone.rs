//! A date in whatever time zone the end user's browser has.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::{FilterArgument, FilterUse};

/// A date in whatever time zone the end user's browser has.
pub static FORMAT_DATE_WITHOUT_TIMEZONE: Lint = Lint {
    name: "format-date-without-timezone",
    severity: Severity::Warning,
    summary: "`format_date` without a time zone, which depends on the end user's browser",
    page: r#"## What it does
Finds `format_date` with a format alone.

## Why this is bad
Without a time zone the platform takes that of the end user's browser (OpenDialog documentation, Attribute filters).
So one attribute gives another date for each visitor, around midnight another day, and the service that receives it
cannot tell which zone was meant.

## Example
```toml
[action]
url = "https://calendar.example.com/days/{slot_start | format_date \"Y-m-d\"}"
```

## Instead
```toml
[action]
url = "https://calendar.example.com/days/{slot_start | format_date \"Y-m-d\" \"Europe/London\"}"
```

## Fix
None: only you know the zone.

## When it stays silent
When a time zone is given, also as a reference, and for formats that are the same in every zone: `U`, the Unix time.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &FORMAT_DATE_WITHOUT_TIMEZONE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (_, expression) in &subject.expressions {
        for used in &expression.filters {
            let FilterUse::Known { filter, arguments, arguments_span, .. } = used else { continue };
            let [format] = arguments.as_slice() else { continue };
            if filter.name != "format_date" || is_the_same_everywhere(format) {
                continue;
            }
            let message = "no time zone, so the date is written in that of the end user's browser";
            let diagnostic = Diagnostic::new(&FORMAT_DATE_WITHOUT_TIMEZONE, arguments_span.after(), message)
                .help("name a zone behind the format, such as `\"UTC\"` or `\"Europe/London\"`");
            found.push(diagnostic);
        }
    }
}

/// Whether no code of the format depends on a zone: Unix time, fractions of a second, and what is no code at all.
fn is_the_same_everywhere(format: &FilterArgument) -> bool {
    const CODES: &str = "dDjlNSwzWFmMntLoXxYyaABgGhHisIeOPpTZcr";
    let FilterArgument::Text { text, .. } = format else { return false };
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            code if CODES.contains(code) => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::text_argument;

    #[test]
    fn unix_time_is_the_same_in_every_zone() {
        assert!(is_the_same_everywhere(&text_argument("U", 0)));
        assert!(is_the_same_everywhere(&text_argument(r"\Y U.v", 0)));
        assert!(!is_the_same_everywhere(&text_argument("U H", 0)));
    }
}
