//! What is wrong with a reference, in a user's words.

use pest::error::{ErrorVariant, InputLocation};

use super::Rule;
use super::intent::{self, is_name_character};
use crate::diagnostic::Diagnostic;
use crate::dialect::opendialog_shared::lints::literal_braces;
use crate::source::{Mapped, Span};
use crate::spec::lints::template_syntax;

/// A parse error in a user's words. `range` is the block in the source, braces included.
pub(super) fn explain(
    source: &Mapped,
    range: std::ops::Range<usize>,
    inside: &str,
    error: &pest::error::Error<Rule>,
) -> Diagnostic {
    let base = range.start + 1;
    if inside.trim().is_empty() {
        let help = "name an attribute, such as `{user.first_name}`";
        return template_syntax::found(source.span(range), "an empty reference", Some(help));
    }
    let is_meant = intent::is_meant_as_reference(inside);
    if let Some(brace) = inside.rfind('{') {
        return match is_meant || intent::is_meant_as_reference(&inside[brace + 1..]) {
            true => nested(source.span(base + brace..base + brace + 1), is_meant),
            false => literal_braces::found(source.span(range), literal_help(inside)),
        };
    }
    if !is_meant {
        return literal_braces::found(source.span(range), literal_help(inside));
    }
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at.min(inside.len()),
    };
    if let Some(quote) = open_quote(inside) {
        let rest = &source.text[range.end..];
        let brace_inside = rest.contains(&inside[quote..quote + 1]);
        let span = source.span(base + quote..base + quote + 1);
        return if brace_inside {
            let end = source.span(range.end - 1..range.end);
            let message = "a filter argument cannot hold `}`: the platform ends the reference there";
            template_syntax::found(end, message, None).related(span, "the argument starts here")
        } else {
            let help = "close it before the `}`";
            template_syntax::found(span, "a quote that is never closed", Some(help))
        };
    }
    let end = at + inside[at..].chars().next().map_or(0, char::len_utf8);
    let (message, help) = describe(inside, at, error);
    template_syntax::found(source.span(base + at..base + end), message, help)
}

/// `is_meant`: the outer braces were meant as a reference, and not as those of a query or of code.
fn nested(brace: Span, is_meant: bool) -> Diagnostic {
    let help = match is_meant {
        true => "the platform ends a reference at the first `}`; put the inner value into a filter argument with `@`",
        false => {
            "the platform takes all braces for references, to the first `}`; keep a text with braces, such as a GraphQL query, \
             in an attribute and refer to that"
        }
    };
    template_syntax::found(brace, "a reference inside a reference", Some(help))
}

fn literal_help(inside: &str) -> &'static str {
    let is_words = inside.split_whitespace().all(|word| word.chars().all(is_name_character));
    match is_words {
        true => "an attribute name has no spaces; for plain text use other brackets, since nothing escapes a brace",
        false => "use other brackets, or keep the text in an attribute and refer to that: nothing escapes a brace",
    }
}

/// Where a quote opens that nothing closes.
fn open_quote(inside: &str) -> Option<usize> {
    let mut open: Option<(usize, char)> = None;
    let mut previous = ' ';
    for (at, character) in inside.char_indices() {
        match open {
            Some((_, quote)) if character == quote => open = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'') && !is_name_like(previous) => open = Some((at, character)),
            None => {}
        }
        previous = character;
    }
    open.map(|(at, _)| at)
}

fn is_name_like(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn describe(inside: &str, at: usize, error: &pest::error::Error<Rule>) -> (String, Option<&'static str>) {
    let is_open = |text: &str| open_bracket(text).filter(|closing| !text.ends_with(*closing));
    if let Some(closing) = is_open(&inside[..at]) {
        return (format!("expected `{closing}`"), Some(closing_help(closing)));
    }
    if inside[at..].starts_with('[')
        && let Some(closing) = is_open(inside)
    {
        return ("a bracket that is never closed".to_string(), Some(closing_help(closing)));
    }
    let found = match inside[at..].chars().next() {
        Some(character) if character.is_control() => format!("`{}`", character.escape_default()),
        Some(character) => format!("`{character}`"),
        None => "the end of the reference".to_string(),
    };
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => expectation(positives),
        ErrorVariant::CustomError { .. } => "an attribute",
    };
    let help = match inside[at..].chars().next() {
        Some('"' | '\'' | '@' | '$') if inside[..at].trim().is_empty() => {
            Some("write the attribute alone: `{user.first_name}`")
        }
        Some('"' | '\'') if at > 0 => Some("put white space between arguments"),
        None | Some('|') if inside[..at].trim_end().ends_with('|') => {
            Some("name a filter behind the `|`, or take the `|` away")
        }
        Some(_) if inside[..at].ends_with(' ') => Some("an attribute name has no spaces; filters follow a `|`"),
        _ => None,
    };
    (format!("expected {expected}, found {found}"), help)
}

fn closing_help(closing: char) -> &'static str {
    match closing {
        ']' => "close the key or index with `]`",
        _ => "close the arguments of the filter with `)`",
    }
}

/// What closes the bracket that was opened last, outside of quotes.
fn open_bracket(text: &str) -> Option<char> {
    let (mut open, mut quote) = (None, None);
    for character in text.chars() {
        match (character, quote) {
            (_, Some(closing)) if character == closing => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(character),
            ('[', None) => open = Some(']'),
            ('(', None) => open = Some(')'),
            (']' | ')', None) => open = None,
            _ => {}
        }
    }
    open
}

/// What the first of the rules that could have followed is to a user.
fn expectation(rules: &[Rule]) -> &'static str {
    rules.iter().map(|rule| words(*rule)).find(|words| !words.is_empty()).unwrap_or("something else")
}

/// Every rule in a user's words; empty for those that never help.
fn words(rule: Rule) -> &'static str {
    match rule {
        Rule::attribute | Rule::expression => "an attribute name",
        Rule::name | Rule::name_char => "a name",
        Rule::filter => "the name of a filter",
        Rule::dotted => "`.` and a name",
        Rule::bracketed => "`[` and a key",
        Rule::bare_key => "a key",
        Rule::argument | Rule::call_argument | Rule::bare | Rule::call_bare | Rule::quoted => "an argument",
        Rule::call_arguments => "arguments in parentheses",
        Rule::at_reference => "`@` and an attribute",
        Rule::single_quoted | Rule::single_text | Rule::double_quoted | Rule::double_text => "text in quotes",
        Rule::EOI => "`|` or the end of the reference",
        Rule::separator | Rule::blank | Rule::inner | Rule::WHITESPACE => "",
        Rule::function | Rule::function_arguments | Rule::function_argument | Rule::braces => "a function",
    }
}
