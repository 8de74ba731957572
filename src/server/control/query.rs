//! Query parameters, by what the table says of them.

use std::collections::BTreeMap;

use url::form_urlencoded;

use super::Refused;
use super::table::{Kind, Parameter};
use crate::diagnostic::suggesting;

/// The longest text that is searched for.
pub const MAX_TEXT_BYTES: usize = 1024;

/// What was asked for; empty values count as none.
#[derive(Debug, Default)]
pub struct Query {
    values: BTreeMap<&'static str, String>,
}

impl Query {
    /// Reads a query. A name or a value that makes no sense is refused: an answer to another question helps nobody.
    pub fn read(text: &str, parameters: &'static [Parameter]) -> Result<Query, Refused> {
        let mut query = Query::default();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let Some(parameter) = parameters.iter().find(|known| known.name == name) else {
                return Err(unknown(&name, parameters));
            };
            if value.is_empty() {
                continue;
            }
            check(parameter, &value)?;
            if query.values.insert(parameter.name, value.into_owned()).is_some() {
                return Err(Refused::bad_request(format!("`{name}` is given twice")));
            }
        }
        Ok(query)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }
}

fn unknown(name: &str, parameters: &[Parameter]) -> Refused {
    let name: String = name.chars().take(64).collect();
    let message = format!("there is no query parameter `{name}` here");
    Refused::bad_request(suggesting(message, &name, parameters.iter().map(|parameter| parameter.name)))
}

fn check(parameter: &Parameter, value: &str) -> Result<(), Refused> {
    let name = parameter.name;
    match parameter.kind {
        Kind::Number if value.parse::<u64>().is_err() => Err(Refused::bad_request(format!("`{name}` is a whole number"))),
        Kind::Words(words) if !words.contains(&value) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            Err(Refused::bad_request(format!("`{name}` is one of {}", words.join(", "))))
        }
        Kind::Status if !is_status(value) => {
            Err(Refused::bad_request(format!("`{name}` is a status (`201`), a class (`4xx`), or `none` for faults")))
        }
        _ if value.len() > MAX_TEXT_BYTES => {
            Err(Refused::bad_request(format!("`{name}` is longer than {MAX_TEXT_BYTES} bytes")))
        }
        _ => Ok(()),
    }
}

fn is_status(value: &str) -> bool {
    value == "none" || matches!(value.as_bytes(), [b'1'..=b'5', rest @ ..] if rest == b"xx" || is_two_digits(rest))
}

fn is_two_digits(text: &[u8]) -> bool {
    text.len() == 2 && text.iter().all(u8::is_ascii_digit)
}

/// Whether a status is what `201`, `2xx` or `none` asks for.
pub fn is_wanted(status: Option<u64>, wanted: &str) -> bool {
    match (status, wanted) {
        (None, wanted) => wanted == "none",
        (Some(status), wanted) => match wanted.strip_suffix("xx") {
            Some(class) => (status / 100).to_string() == class,
            None => status.to_string() == wanted,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::at;
    use super::*;

    fn read(text: &str) -> Result<Query, String> {
        let (endpoints, _) = at("requests");
        let list = endpoints.into_iter().find(|endpoint| endpoint.method == "GET").expect("the list");
        Query::read(text, list.parameters).map_err(|refused| refused.message)
    }

    #[test]
    fn what_makes_no_sense_is_refused_in_words() {
        for (text, message) in [
            ("limit=many", "`limit` is a whole number"),
            ("limit=-1", "`limit` is a whole number"),
            ("after=1&after=2", "`after` is given twice"),
            ("verdict=good", "`verdict` is one of `matches`, `differs`, `unmatched`"),
            ("status=600", "`status` is a status (`201`), a class (`4xx`), or `none` for faults"),
            ("status=2x", "`status` is a status (`201`), a class (`4xx`), or `none` for faults"),
            ("serach=x", "there is no query parameter `serach` here; did you mean `search`?"),
        ] {
            assert_eq!(read(text).unwrap_err(), message, "{text}");
        }
        assert!(read(&format!("search={}", "x".repeat(MAX_TEXT_BYTES + 1))).is_err());
    }

    #[test]
    fn what_is_empty_counts_as_none() {
        let query = read("search=&limit=5&status=none&spec=a%2Fb").unwrap();
        assert_eq!((query.text("search"), query.number("limit"), query.text("spec")), (None, Some(5), Some("a/b")));
    }

    #[test]
    fn a_status_is_asked_for_by_number_by_class_or_as_none() {
        for (status, wanted, fits) in [
            (Some(201), "201", true),
            (Some(201), "2xx", true),
            (Some(201), "200", false),
            (Some(404), "2xx", false),
            (Some(404), "none", false),
            (None, "none", true),
            (None, "2xx", false),
        ] {
            assert_eq!(is_wanted(status, wanted), fits, "{status:?} {wanted}");
        }
    }
}
