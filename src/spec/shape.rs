//! What the value of a key may be, stated once: the JSON Schema and the pages of `explain` are made from it.

use super::keys::Section;

/// What a value may be. The names of closed sets that the dialects or the lints own come from them.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text, templates included.
    Text,
    /// Text of at least one character.
    Name,
    /// Text that is more than spaces.
    Filled,
    /// One of these texts.
    Word(&'static [&'static str]),
    Boolean,
    /// The status of a final reply.
    Status,
    /// A date, an RFC 3339 text or Unix seconds.
    Time,
    TimeZone,
    Uuid,
    Duration,
    /// A duration of at most a year.
    LongDuration,
    /// The name of a case of another spec.
    CaseName,
    /// Names of the spec's own cases.
    CaseNames,
    /// The name of a file beside the spec.
    File,
    /// The name of a file that holds what else the table needs.
    WholeTable,
    Base64,
    /// A host, perhaps with its scheme and its port.
    Origin,
    /// A list of texts.
    Texts,
    /// A table or list of the format.
    Table(&'static Section),
    Tables(&'static Section),
    /// At least one table: of the first section or, where it alone has the key, of the second.
    Either(&'static Section, &'static Section),
    /// A table whose keys are the user's.
    Map(&'static Shape),
    /// The same, with names nested in their contexts or dotted.
    ByContext(&'static Shape),
    /// Names with values, in order: a table or, where a name repeats, rows.
    Pairs(&'static Shape),
    /// Values by context, the secrets among them.
    Given,
    /// Any value.
    Anything,
    /// Any table.
    AnyTable,
    /// JSON text, a table or a list.
    Body,
    /// Names of headers with texts, numbers or booleans.
    ReplyHeaders,
    Number,
    /// `true` and nothing else.
    True,
    /// A value, or a rule for one.
    Matcher,
    /// Text, or a rule for one.
    TextMatcher,
    AnyOf(&'static [Shape]),
    Dialect,
    /// The dialect's own table of the action.
    Action,
    AttributeType,
    Fault,
    Exit,
    ErrorKind,
    /// Names of lints, each once.
    Lints,
    /// Severities by lint.
    Levels,
    /// Choices of the spec's dialect.
    Assumptions,
    /// Choices by dialect.
    AssumptionsByDialect,
}

impl Shape {
    /// The shape in words: "a list of texts".
    pub fn words(self) -> String {
        let fixed = match self {
            Shape::Text | Shape::Name | Shape::Filled => "text",
            Shape::Word(words) => return quoted(words),
            Shape::Boolean => "`true` or `false`",
            Shape::Status => "a whole number from 200 to 599",
            Shape::Time => "a date and time, its RFC 3339 text, or Unix seconds",
            Shape::TimeZone => "a time zone as text, such as `\"Europe/London\"`",
            Shape::CaseName => "the name of a case of the action's spec",
            Shape::CaseNames => "a list of names of the spec's cases",
            Shape::Uuid => "a UUID as text",
            Shape::File | Shape::WholeTable => "the name of a file beside the spec",
            Shape::Base64 => "text in base64",
            Shape::Origin => "scheme, host and port alone, such as `\"https://staging.example.com:8443\"`",
            Shape::Duration => "a duration of at most a day as text, such as `\"150ms\"`",
            Shape::LongDuration => "a duration of at most a year as text, such as `\"1h\"`",
            Shape::Texts => "a list of texts",
            Shape::Table(section) => return format!("a table: {}", section.title),
            Shape::Tables(section) => return format!("a list of tables: {}", section.title),
            Shape::Either(section, other) => {
                return format!("a list of at least one table: {}, or {}", section.title, other.title);
            }
            Shape::Map(inner) => return format!("a table of your own names, each with {}", inner.words()),
            Shape::ByContext(inner) => return format!("a table of attribute names, each with {}", inner.words()),
            Shape::Pairs(inner) => {
                return format!("a table of names, or rows `[[\"name\", …], …]`, each with {}", inner.words());
            }
            Shape::Given => "a table of values by context",
            Shape::Anything => "any value",
            Shape::AnyTable => "a table of your own names and values",
            Shape::Body => "JSON text, a table or a list",
            Shape::ReplyHeaders => {
                "a table of names, or rows `[[\"name\", …], …]`, each with text, a whole number or a boolean"
            }
            Shape::Number => "a number",
            Shape::True => "`true`",
            Shape::Matcher => "a value or a matcher",
            Shape::TextMatcher => "text or a matcher",
            Shape::AnyOf(shapes) => {
                let words: Vec<String> = shapes.iter().map(|shape| shape.words()).collect();
                return words.join(", or ");
            }
            Shape::Dialect => "a dialect's name",
            Shape::Action => "a table: `[action]`",
            Shape::AttributeType => "an attribute type, such as `\"int\"` or `\"string[]\"`",
            Shape::Fault => "a fault's name",
            Shape::Exit => "an exit's name",
            Shape::ErrorKind => "an error kind",
            Shape::Lints => "a list of lint names, each once",
            Shape::Levels => "a table: lint name = severity",
            Shape::Assumptions => "a table: assumption = choice",
            Shape::AssumptionsByDialect => "a table: dialect = a table of assumption = choice",
        };
        fixed.to_string()
    }
}

/// `"a"`, `"b"` or `"c"`.
fn quoted(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
    match quoted.as_slice() {
        [firsts @ .., last] if !firsts.is_empty() => format!("{} or {last}", firsts.join(", ")),
        all => all.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn shapes_in_words() {
        let headers = Shape::Pairs(&Shape::Text);
        assert_eq!(headers.words(), "a table of names, or rows `[[\"name\", …], …]`, each with text");
        let names = Shape::AnyOf(&[Shape::Texts, Shape::Word(&["all"])]);
        assert_eq!(names.words(), "a list of texts, or `\"all\"`");
        assert_eq!(Shape::Word(&["a", "b", "c"]).words(), "`\"a\"`, `\"b\"` or `\"c\"`");
    }
}
