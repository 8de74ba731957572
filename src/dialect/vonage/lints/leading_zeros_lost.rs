//! Digits that are no quantity, stored as a number.

use crate::case::{Rule, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::plan::OutcomeRule;
use crate::selector::{Selector, StepKind};
use crate::value::{AttributeType, Json, Scalar};

/// Digits that are no quantity, stored as a number.
pub static LEADING_ZEROS_LOST: Lint = Lint {
    name: "leading-zeros-lost",
    severity: Severity::Warning,
    summary: "a PIN, postcode or phone number that is stored as a number",
    page: r#"## What it does
Finds results that are stored in a parameter of the entity `sys.number` although their name says PIN, postcode, phone or
account number, or a recorded reply has text there with a leading zero or plus sign.

## Why this is bad
A number has no leading zeros: the PIN `"0042"` is stored as 42 (Vonage AI Studio documentation, Parameters and System
Entities List). The caller who says "zero zero four two" is refused.

## Example
```toml
[action.response]
mapping = { PIN = "customer.pin" }

[parameters]
PIN = "sys.number"
```

## Instead
```toml
[action.response]
mapping = { PIN = "customer.pin" }

[parameters]
PIN = "sys.any"
```

## Fix
None: the entity belongs to the agent's parameter, which other nodes may use.

## When it stays silent
For other entities, and for numbers that are amounts, counts and ids by their names, as long as no recorded reply shows a
leading zero.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &LEADING_ZEROS_LOST, check };

/// Words for digits that are no quantity.
const WORDS: [&str; 18] = [
    "pin",
    "postcode",
    "postal",
    "zip",
    "zipcode",
    "plz",
    "phone",
    "telephone",
    "tel",
    "mobile",
    "msisdn",
    "iban",
    "ssn",
    "passcode",
    "otp",
    "barcode",
    "accountnumber",
    "accountno",
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let OutcomeRule::Exits(exits) = &subject.plan.outcome.rule else { return };
    for output in exits.outputs.iter().filter(|output| output.target.declared == Some(AttributeType::one(Scalar::Float))) {
        let Some(selector) = output.selector.as_deref() else { continue };
        let sample = subject.samples(2).iter().find(|sample| has_zeros(selector, &sample.document));
        if sample.is_none() && !is_said_to_be_digits(output.target.name.attribute(), selector) {
            continue;
        }
        let name = &output.target.name;
        let message = format!("`{name}` is a number, which keeps no leading zeros: `0042` becomes 42");
        let mut diagnostic = Diagnostic::new(&LEADING_ZEROS_LOST, output.target.span, message);
        if let Some(sample) = sample {
            diagnostic = diagnostic.related(sample.case.name.span, "the recorded reply of this case has one");
        }
        found.push(diagnostic.help("give the parameter the entity `sys.any`"));
    }
}

fn has_zeros(selector: &dyn Selector, document: &Json) -> bool {
    let Ok(Some(Json::String(text))) = selector.find(document) else { return false };
    let text = text.trim();
    let digits = text.strip_prefix('+').or(text.strip_prefix('0'));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_said_to_be_digits(parameter: &str, selector: &dyn Selector) -> bool {
    let paths = selector.paths();
    let last = paths.first().and_then(|path| path.steps.last()).and_then(|step| match &step.kind {
        StepKind::Field(name) => Some(name.as_str()),
        _ => None,
    });
    [Some(parameter), last].into_iter().flatten().any(|name| {
        let words = words(name);
        let pairs = words.windows(2).map(|pair| pair.concat());
        pairs.chain(words.iter().cloned()).any(|word| WORDS.contains(&word.as_str()))
    })
}

/// `pinNumber`, `PIN_NUMBER` and `pin-number` as `pin` and `number`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for character in name.chars() {
        let begins = !character.is_alphanumeric() || (character.is_uppercase() && previous.is_lowercase());
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_in_words() {
        for name in ["pinNumber", "PIN_NUMBER", "pin-number", "pin number"] {
            assert_eq!(words(name), ["pin", "number"], "{name}");
        }
        assert_eq!(words("SHIPPING"), ["shipping"]);
    }
}
