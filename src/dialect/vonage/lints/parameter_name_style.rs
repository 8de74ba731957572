//! A parameter whose name is not in capitals.

use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::dialect::vonage::parameters::Parameters;

/// A parameter whose name is not in capitals.
pub static PARAMETER_NAME_STYLE: Lint = Lint {
    name: "parameter-name-style",
    severity: Severity::Info,
    summary: "a parameter whose name is not capitals joined by `_`",
    page: r#"## What it does
Finds declared parameters with names other than capitals and digits joined by `_`.

## Why this is bad
"Use capital letters and _ in between the words" (Vonage AI Studio documentation, Parameters). Other names work, but
`$name` is easily mistaken for text, and for a different parameter than `$NAME`. A name with other characters than
letters, digits and underscores cannot be told from the text behind it.

## Example
```toml
[parameters]
pinNumber = "sys.number"
```

## Instead
```toml
[parameters]
PIN_NUMBER = "sys.number"
```

## Fix
None: the name is the one that the agent has.

## When it stays silent
For names of capitals, digits and underscores that begin with a capital.
"#,
};

pub fn check(parameters: &Parameters, found: &mut Vec<Diagnostic>) {
    let names = parameters.all.iter().map(|parameter| &parameter.name);
    for name in names.filter(|name| !is_in_style(&name.value)) {
        let is_word = name.value.chars().all(|character| character.is_alphanumeric() || character == '_');
        let message = match is_word && !name.value.is_empty() {
            true => format!("`{}` is not written in capitals joined by `_`", name.value.escape_debug()),
            false => {
                format!("`{}` is more than one word: `$` takes only its letters, digits and `_`", name.value.escape_debug())
            }
        };
        let styled = styled(&name.value);
        let help = format!("the studio's advice is `{styled}`");
        let diagnostic = Diagnostic::new(&PARAMETER_NAME_STYLE, name.span, message);
        found.push(diagnostic.help_if(Some(help).filter(|_| is_in_style(&styled))));
    }
}

fn is_in_style(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// `pinNumber` and `pin-number` as `PIN_NUMBER`.
fn styled(name: &str) -> String {
    let mut styled = String::with_capacity(name.len());
    let mut previous = '_';
    for character in name.chars() {
        if character.is_ascii_uppercase() && previous.is_ascii_lowercase() {
            styled.push('_');
        }
        styled.push(if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' });
        previous = character;
    }
    styled
}

#[cfg(test)]
mod tests {
    use super::{is_in_style, styled};

    #[test]
    fn names_in_the_studios_style() {
        assert!(is_in_style("ORDER_ID") && is_in_style("A1"));
        assert!(!is_in_style("pin_number") && !is_in_style("") && !is_in_style("_A") && !is_in_style("ÄRGER"));
        assert_eq!(styled("pinNumber"), "PIN_NUMBER");
        assert_eq!(styled("pin-number"), "PIN_NUMBER");
    }
}
