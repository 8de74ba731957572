//! The filters of a template, one file each: documentation, signature, function, tests.
//!
//! A filter gets a value and its arguments and gives a value. It knows nothing of requests, and nothing of secrets: whether
//! its output may be shown is decided by [`Filter::one_way`] and the taint of what goes in.

mod base64;
mod case;
mod count;
mod field;
mod format_date;
mod hmac;
mod last;
mod loose;
mod lowercase;
mod md5;
mod number_to_words;
mod numeric;
mod ordinal;
mod ordinal_words;
mod php_date;
#[cfg(test)]
mod properties;
mod range;
mod replace;
mod select;
mod spell_out;
mod support;
mod uppercase;
mod uppercase_first;
mod uppercase_words;
mod url_decode;
mod url_encode;
mod where_filter;

pub use format_date::seconds_of_date;

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::assumption::Assumptions;
use crate::value::Value;

/// No filter gives more than this; a larger result is a [`FilterFault::WrongInput`].
pub const MAX_OUTPUT_BYTES: usize = 16 * 1024 * 1024;

/// A filter of the platform.
#[derive(Debug)]
pub struct Filter {
    pub name: &'static str,
    pub parameters: &'static [Parameter],
    pub input: Input,
    /// What it gives, by the arguments that are literal (`None`: a reference).
    pub output: fn(&[Option<&str>]) -> Output,
    /// Nobody gets from the output back to the input: a hash or a MAC. Its output over a secret may be shown.
    pub one_way: bool,
    /// One line: what it does.
    pub summary: &'static str,
    /// The page that `explain` prints, in Markdown, without a title: what, arguments, examples, source.
    pub page: &'static str,
    /// Looks at the arguments that are literal (`None`: a reference, known only later) and says what is wrong with one.
    pub check: fn(&[Option<&str>]) -> Option<BadArgument>,
    pub apply: fn(&Value, &[Value], &Context<'_>) -> Result<Value, FilterFault>,
}

#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub required: bool,
}

impl Parameter {
    pub const fn required(name: &'static str) -> Parameter {
        Parameter { name, required: true }
    }

    pub const fn optional(name: &'static str) -> Parameter {
        Parameter { name, required: false }
    }
}

/// What a filter works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    Any,
    Text,
    /// A single value, by its text.
    Single,
    Number,
    /// A Unix timestamp or the text of a date.
    Date,
    /// A list, or an object as the collection of its entries.
    Collection,
}

/// What a filter gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    Text,
    Bytes,
    /// Text, or bytes where they are no UTF-8.
    TextOrBytes,
    Number,
    Collection,
    /// An item of the collection that goes in, or a field of it: of any kind.
    Item,
}

/// An argument that the platform does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadArgument {
    pub index: usize,
    pub message: String,
    pub help: Option<String>,
}

/// Why a filter could not do its work. The platform then goes on with the value as it was, and logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterFault {
    /// The value is of a kind that the filter does not work on.
    WrongInput(String),
    /// An argument that only evaluation could know is wrong.
    BadArgument(BadArgument),
}

impl From<BadArgument> for FilterFault {
    fn from(argument: BadArgument) -> FilterFault {
        FilterFault::BadArgument(argument)
    }
}

impl FilterFault {
    /// What went wrong, in a sentence for the log. It never holds a secret.
    pub fn message(&self) -> &str {
        match self {
            FilterFault::WrongInput(message) => message,
            FilterFault::BadArgument(argument) => &argument.message,
        }
    }
}

/// What a filter may ask of the world: all of it is given, nothing is looked up.
pub struct Context<'a> {
    /// Unix time in seconds.
    pub now: i64,
    /// The end user's time zone.
    pub timezone: &'a str,
    pub assumptions: &'a Assumptions,
    /// The assumptions that mattered so far.
    pub occurred: &'a RefCell<BTreeSet<&'static str>>,
}

impl Context<'_> {
    /// The choice for an open point that has come up, which is thereby recorded.
    pub fn assume(&self, name: &'static str) -> &str {
        self.occurred.borrow_mut().insert(name);
        self.assumptions.get(name)
    }
}

/// For filters without arguments that could be wrong.
pub fn any_argument(_: &[Option<&str>]) -> Option<BadArgument> {
    None
}

/// Every filter, in the order of the platform's page.
pub static FILTERS: &[&Filter] = &[
    &uppercase::UPPERCASE,
    &lowercase::LOWERCASE,
    &uppercase_first::UPPERCASE_FIRST,
    &uppercase_words::UPPERCASE_WORDS,
    &number_to_words::NUMBER_TO_WORDS,
    &ordinal::ORDINAL,
    &ordinal_words::ORDINAL_WORDS,
    &replace::REPLACE,
    &format_date::FORMAT_DATE,
    &count::COUNT,
    &last::LAST,
    &where_filter::WHERE,
    &range::RANGE,
    &select::SELECT,
    &url_encode::URL_ENCODE,
    &url_decode::URL_DECODE,
    &base64::BASE64,
    &md5::MD5,
    &hmac::HMAC,
];

/// The filter of a name. Names are case-sensitive, as on the platform.
pub fn find(name: &str) -> Option<&'static Filter> {
    FILTERS.iter().copied().find(|filter| filter.name == name)
}

/// Whether a text counts as a number, as PHP's `is_numeric`.
pub fn is_numeric(text: &str) -> bool {
    numeric::Number::parse(text).is_some()
}

/// Whether PHP, and so the platform, knows a time zone of this name.
pub fn knows_timezone(name: &str) -> bool {
    php_date::Zone::find(name).is_some()
}
